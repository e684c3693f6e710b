"""Checkpoints of other trainers become PEFT folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant408.core.errors import InputError
from assistant408.training.adapters import convert_checkpoint, is_peft, lora_state
from assistant408.training.run_folder import read_json

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assistant408[train]'")

MODULE = "model.layers.0.attention"
A, B = torch.arange(12.0).reshape(4, 3), torch.arange(20.0).reshape(5, 4)


def _state(prefix: str, infix: str = ".default") -> dict[str, Any]:
    base = f"{prefix}{MODULE}.wqkv"
    return {
        f"{base}.lora_A{infix}.weight": A,
        f"{base}.lora_B{infix}.weight": B,
        f"{base}.base_layer.weight": torch.zeros(5, 3),
    }


@pytest.mark.parametrize("prefix", ["base_model.model.", "llm.base_model.model.", "module.llm.base_model.model.", ""])
@pytest.mark.parametrize("infix", [".default", ""])
@pytest.mark.parametrize("inside", ["", "state_dict", "module"])
def test_pth_files_of_every_shape(tmp_path: Path, prefix: str, infix: str, inside: str) -> None:
    state = _state(prefix, infix)
    torch.save({inside: state, "meta": 1} if inside else state, tmp_path / "iter_90.pth")
    folder = convert_checkpoint(tmp_path / "iter_90.pth", tmp_path / "adapter", "internlm2", 16)
    assert is_peft(folder)
    config = read_json(folder / "adapter_config.json")
    assert (config["r"], config["lora_alpha"], config["target_modules"]) == (4, 16, ["wqkv"])
    from safetensors.torch import load_file

    got = load_file(folder / "adapter_model.safetensors")
    assert set(got) == {f"base_model.model.{MODULE}.wqkv.lora_{x}.weight" for x in "AB"}
    assert torch.equal(got[f"base_model.model.{MODULE}.wqkv.lora_B.weight"], B)


def test_a_deepspeed_folder(tmp_path: Path) -> None:
    folder = tmp_path / "iter_90.pth"
    folder.mkdir()
    torch.save({"module": _state("llm.base_model.model.")}, folder / "mp_rank_00_model_states.pt")
    assert is_peft(convert_checkpoint(folder, tmp_path / "adapter", "internlm2", 16))


def test_what_is_no_adapter_is_named(tmp_path: Path) -> None:
    torch.save({"layers.0.weight": A}, tmp_path / "plain.pth")
    (tmp_path / "noise.pth").write_bytes(b"\x80\x02garbage")
    (tmp_path / "zero3").mkdir()
    (tmp_path / "zero3" / "zero_pp_rank_0_mp_rank_00_optim_states.pt").touch()
    for name, said in (("plain.pth", "plain.pth"), ("noise.pth", "noise.pth"), ("zero3", "zero_to_fp32")):
        with pytest.raises(InputError, match=said):
            convert_checkpoint(tmp_path / name, tmp_path / "adapter", "m", 16)
    assert not (tmp_path / "adapter").exists()
    with pytest.raises(InputError, match="lora_B"):
        lora_state({k: v for k, v in _state("").items() if "lora_B" not in k})
