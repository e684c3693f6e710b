"""Adapters in the forms that trainers leave them in (适配器): PEFT folders, XTuner and plain ``.pth``, DeepSpeed folders."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.training.run_folder import whole_folder

__all__ = ["convert_checkpoint", "is_peft", "lora_state"]

_FRONT = re.compile(r"^(?:module\.|llm\.|model\.(?=base_model\.))+")
_LORA = re.compile(r"\.lora_(A|B)(?:\.default)?\.weight$")


def is_peft(path: Path) -> bool:
    """Whether a folder is an adapter as PEFT saves it."""
    return (path / "adapter_config.json").is_file()


def convert_checkpoint(path: Path, out: Path, base: str, alpha: int) -> Path:
    """Writes a trainer's checkpoint as a PEFT folder.

    Args:
        path: a ``.pth``, ``.pt``, ``.bin`` or ``.safetensors`` file, or DeepSpeed's folder around
            ``mp_rank_00_model_states.pt`` (ZeRO 1 or 2, or gathered ZeRO 3).
        base: what ``adapter_config.json`` names as the base model.
        alpha: LoRA's α, which these files don't hold.

    Raises:
        InputError: there is no LoRA in it.
    """
    state = lora_state(_load(_weights_file(path)), path.name)
    ranks = {v.shape[0] for k, v in state.items() if k.endswith("lora_A.weight")}
    if len(ranks) != 1:
        raise InputError(f"{path.name!r} 里 LoRA 的秩有 {sorted(ranks)}，应只有一个。")
    targets = sorted({k.rpartition(".lora_")[0].rpartition(".")[2] for k in state})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": ranks.pop(),
        "lora_alpha": alpha,
        "lora_dropout": 0.0,
        "target_modules": targets,
        "bias": "none",
        "inference_mode": True,
    }
    from safetensors.torch import save_file

    with whole_folder(out) as part:
        save_file({k: v.contiguous() for k, v in state.items()}, part / "adapter_model.safetensors")
        (part / "adapter_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    return out


def lora_state(state: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """The LoRA matrices of a checkpoint under the names that PEFT saves them by.

    Raises:
        InputError: there are none, or an A is without its B.

    Examples:
        >>> list(lora_state({"llm.base_model.model.l.q.lora_A.default.weight": 1, "llm.base_model.model.l.q.lora_B.default.weight": 2}))
        ['base_model.model.l.q.lora_A.weight', 'base_model.model.l.q.lora_B.weight']
    """
    for key in ("state_dict", "module", "model"):
        if isinstance(state.get(key), Mapping):
            return lora_state(state[key], name)
    out = {}
    for key, value in state.items():
        if not _LORA.search(key):
            continue
        key = _LORA.sub(r".lora_\1.weight", _FRONT.sub("", key))
        out[key if key.startswith("base_model.model.") else f"base_model.model.{key}"] = value
    if not out:
        raise InputError(f"{name!r} 里没有 LoRA 的权重，应含名为 …lora_A… 与 …lora_B… 的矩阵。")
    if alone := [k for k in out if k.replace("lora_A", "lora_B") not in out]:
        raise InputError(f"{name!r} 里的 {alone[0]!r} 没有成对的 lora_B，检查点可能不完整。")
    return out


def _weights_file(path: Path) -> Path:
    if path.is_file():
        return path
    for pattern in (
        "mp_rank_00_model_states.pt",
        "*/mp_rank_00_model_states.pt",
        "pytorch_model.bin",
        "adapter_model.bin",
    ):
        if found := sorted(path.glob(pattern)):
            return found[-1]
    hint = (
        "这是 ZeRO-3 的分片，请先运行其中的 zero_to_fp32.py，再把得到的文件给我。"
        if list(path.rglob("zero_pp_rank_*"))
        else ""
    )
    raise InputError(
        f"{str(path)!r} 不是适配器：应为 PEFT 文件夹、.pth 文件，或含 mp_rank_00_model_states.pt 的 DeepSpeed 文件夹。{hint}"
    )


def _load(path: Path) -> Mapping[str, Any]:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return dict(load_file(path))
    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as e:  # unpicklable, truncated, or no PyTorch file at all
        raise InputError(
            f"检查点 {path.name!r} 读不出来（{str(e).splitlines()[0][:120]}），应为 torch.save 的权重文件。"
        ) from None
    if not isinstance(state, Mapping):
        raise InputError(f"检查点 {path.name!r} 里是 {type(state).__name__}，应为权重的字典。")
    return state
