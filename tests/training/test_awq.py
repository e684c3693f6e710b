"""AWQ's packing undone, against a packer written the other way round; and the quantizer's process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant408.core.errors import A408Error, InputError
from assistant408.training import awq

ORDER = [0, 2, 4, 6, 1, 3, 5, 7]  # which column of eight stands in which nibble, lowest first (AutoAWQ, GEMM)


def test_unpacking_undoes_packing() -> None:
    torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assistant408[train]'")
    generator = torch.Generator().manual_seed(0)
    rows, columns, group = 256, 24, 128
    numbers = torch.randint(0, 16, (rows, columns), generator=generator)
    zeros = torch.randint(0, 16, (rows // group, columns), generator=generator)
    scales = torch.rand(rows // group, columns, generator=generator).half()

    def pack(table: object) -> object:
        packed = torch.zeros(table.shape[0], columns // 8, dtype=torch.int64)  # type: ignore[attr-defined]
        for word in range(columns // 8):
            for nibble, column in enumerate(ORDER):
                packed[:, word] |= table[:, 8 * word + column] << (4 * nibble)  # type: ignore[index]
        return (packed - ((packed >> 31) << 32)).to(torch.int32)

    state = {"l.qweight": pack(numbers), "l.qzeros": pack(zeros), "l.scales": scales, "l.bias": torch.ones(3)}
    got = awq.unpack(state, group)
    at = torch.arange(rows) // group
    want = (numbers - zeros[at]).float() * scales.float()[at]
    assert torch.equal(got["l.weight"], want.T)
    assert set(got) == {"l.weight", "l.bias"}


def test_calibration_needs_enough_text() -> None:
    with pytest.raises(InputError, match="3 个词元"):
        awq.calibration([{"input_ids": [1, 2, 3]}], 2, 2)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A quantizer that writes one file, or fails, in a process of its own."""
    path = tmp_path / "quantizer.py"
    path.write_text(
        "import json, pathlib, sys\n"
        "job = json.load(open(sys.argv[1]))\n"
        "out = pathlib.Path(job['out']) / 'w4g128'; out.mkdir(parents=True)\n"
        "(out / 'config.json').write_text('{}')\n"
        "(out / 'model.safetensors').write_bytes(bytes(len(job['windows'])))\n"
        "print('packed', len(job['windows']))\n"
        "sys.exit(job.get('fail', 0))\n"
    )
    monkeypatch.setattr(awq, "QUANTIZERS", {"mine": path})
    return path


def test_a_quantizer_runs_in_its_own_environment(script: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    done = awq.quantize(tmp_path, tmp_path / "out", [[1, 2]] * 3, "mine", sys.executable, {}, lines.append)
    assert done["bytes"] == 3 and lines == ["packed 3"]
    before = (tmp_path / "out" / "model.safetensors").stat().st_mtime_ns
    assert awq.quantize(tmp_path, tmp_path / "out", [[1, 2]] * 3, "mine") == done
    assert (tmp_path / "out" / "model.safetensors").stat().st_mtime_ns == before


def test_a_failed_quantizer_leaves_nothing_under_the_final_name(script: Path, tmp_path: Path) -> None:
    with pytest.raises(A408Error, match="packed 1"):
        awq.quantize(tmp_path, tmp_path / "out", [[1]], "mine", sys.executable, {"fail": 1})
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="'gptq'"):
        awq.quantize(tmp_path, tmp_path / "out", [[1]], "gptq")
