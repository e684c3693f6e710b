"""AWQ W4A16 (四位权重): packed by another library in an environment of its own, calibrated on our own text; and unpacked.

The quantizers need versions of transformers that training can't share, so that each runs as a script under the
interpreter of its own environment. What goes between is a JSON file of token ids.

Source: Lin et al., AWQ, MLSys 2024; the packing order is that of AutoAWQ's GEMM kernels.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import A408Error, InputError
from assistant408.training.formats import write_text
from assistant408.training.run_folder import read_json

__all__ = ["QUANTIZERS", "calibration", "quantize", "unpack"]

GROUP = 128
_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)  # the place of each of eight columns in its 32 bits
_FOLDER = Path(__file__).parent / "quantizers"
QUANTIZERS: Mapping[str, Path] = {"autoround": _FOLDER / "autoround.py", "lmdeploy": _FOLDER / "lmdeploy.py"}


def calibration(rows: Sequence[dict[str, list[int]]], samples: int, length: int) -> list[list[int]]:
    """Windows of `length` tokens over conversations joined end to end.

    Raises:
        InputError: there are too few tokens.

    Examples:
        >>> calibration([{"input_ids": [1, 2, 3]}, {"input_ids": [4, 5, 6]}], 2, 2)
        [[1, 2], [3, 4]]
    """
    tokens = [t for row in rows for t in row["input_ids"]]
    if len(tokens) < samples * length:
        raise InputError(
            f"校准文本只有 {len(tokens)} 个词元，{samples} 段 × {length} 需要 {samples * length} 个，请减小 --samples 或 --length。"
        )
    return [tokens[i * length : (i + 1) * length] for i in range(samples)]


def quantize(
    model: Path,
    out: Path,
    windows: Sequence[Sequence[int]],
    quantizer: str = "autoround",
    python: str = sys.executable,
    options: Mapping[str, Any] | None = None,
    log: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Runs a quantizer over a Hugging Face folder; `out` is there whole or not at all.

    Args:
        windows: calibration tokens, from `calibration`.
        python: the interpreter whose environment has the quantizer.
        options: for the script, such as ``iters`` of AutoRound (0: rounding to nearest).
        log: takes the lines that the quantizer prints.

    Raises:
        InputError: there is no such quantizer.
        A408Error: it failed; with the last line that it printed.
    """
    if quantizer not in QUANTIZERS:
        raise InputError(f"量化器 {quantizer!r} 不存在，应为 {'、'.join(QUANTIZERS)} 之一。")
    job = {"model": str(model.resolve()), "group": GROUP, "windows": [list(w) for w in windows], **(options or {})}
    made_of = {k: v for k, v in job.items() if k != "windows"} | {"quantizer": quantizer, "samples": len(windows)}
    if (done := read_json(out / "awq.json")) is not None and done["made_of"] == made_of:
        return dict(done)
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    job["out"] = str(part.resolve())
    jobs = out.with_name(out.name + ".job.json")
    write_text(jobs, json.dumps(job))
    last = "没有输出"
    command = [python, str(QUANTIZERS[quantizer]), str(jobs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last = line.strip() or last
            log(line.rstrip())
    if process.returncode:
        raise A408Error(f"量化器 {quantizer!r} 失败（环境 {python!r}）：{last[:300]}")
    return _finish(part, out, jobs, made_of)


def _finish(part: Path, out: Path, jobs: Path, made_of: Mapping[str, Any]) -> dict[str, Any]:
    model = next((f.parent for f in sorted(part.rglob("config.json"))), None)  # some write into a folder of their own
    size = sum(f.stat().st_size for f in model.glob("*.safetensors")) if model else 0
    if model is None or not size:
        raise A408Error(f"量化器没有写出模型，{str(part)!r} 里应有 config.json 与量化后的 safetensors。")
    result = {"made_of": dict(made_of), "bytes": size}
    write_text(model / "awq.json", json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    if out.exists():
        shutil.rmtree(out)
    os.replace(model, out)
    shutil.rmtree(part, ignore_errors=True)
    jobs.unlink()
    return result


def unpack(state: Mapping[str, Any], group: int = GROUP) -> dict[str, Any]:
    """A packed model's weights as floats, under the names of the unpacked model.

    Args:
        state: tensors of the safetensors files: ``qweight`` (in, out/8) and ``qzeros`` (in/group, out/8) in int32,
            ``scales`` (in/group, out); others are taken as they are.
    """
    import torch

    out: dict[str, Any] = {}
    for name, value in state.items():
        stem, _, kind = name.rpartition(".")
        if kind == "qweight":
            zeros, scales = _nibbles(state[f"{stem}.qzeros"]), state[f"{stem}.scales"].float()
            weight = _nibbles(value).float() - zeros.float().repeat_interleave(group, 0)
            out[f"{stem}.weight"] = (weight * scales.repeat_interleave(group, 0)).T.contiguous()
        elif kind not in ("qzeros", "scales"):
            out[name] = value.to(torch.float32)
    return out


def _nibbles(packed: Any) -> Any:
    """(rows, n) int32 as (rows, 8n) numbers from 0 to 15, in the order of the columns."""
    import torch

    shifts = torch.tensor([4 * _ORDER.index(i) for i in range(8)])
    return ((packed[:, :, None] >> shifts) & 0xF).reshape(packed.shape[0], -1)
