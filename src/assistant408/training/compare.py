"""Any two of our artefacts side by side (比较): folders, GGUF files, AWQ folders, adapters; as floats, in one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.training.adapters import is_peft
from assistant408.training.awq import unpack
from assistant408.training.base import Base, find_base, load_model, load_tokenizer, require
from assistant408.training.conversation import Conversation
from assistant408.training.encode import encode_all
from assistant408.training.measure import compare_models
from assistant408.training.run_folder import read_json
from assistant408.training.speed import measure_speed

__all__ = ["compare", "open_floats"]

MAX_LENGTH = 1024


def compare(
    home: Path,
    reference: str,
    candidate: str,
    valid: Sequence[Conversation],
    speed: bool,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Perplexity and KL of a candidate against a reference; size, and speed where it is a GGUF.

    A quantized model is compared with its weights as they come out of the quantization, in fp32 arithmetic: what is
    measured is the loss of the weights, without that of an engine's kernels.
    """
    require()
    first = open_floats(home, reference)
    tokenizer = load_tokenizer(_base(home, reference))
    second = open_floats(home, candidate)
    if first.config.vocab_size != second.config.vocab_size:
        raise InputError(
            f"{candidate!r} 的词表有 {second.config.vocab_size} 项，{reference!r} 的有 {first.config.vocab_size} 项，不能比较。"
        )
    rows, _ = encode_all(tokenizer, valid, MAX_LENGTH)
    out = compare_models(rows, first, second, report)
    file = _base(home, candidate).file
    out["bytes"] = file.stat().st_size if file else _size(Path(candidate))
    out["speed"] = measure_speed(file) if speed and file else None
    return out


def open_floats(home: Path, name: str) -> Any:
    """A model in fp32, whatever it is stored as."""
    import torch

    path = Path(name).expanduser()
    if path.is_dir() and is_peft(path):
        import peft

        base = str(read_json(path / "adapter_config.json")["base_model_name_or_path"])
        adapted = peft.PeftModel.from_pretrained(load_model(find_base(home, base), torch.float32), str(path))
        return adapted.merge_and_unload().eval()
    if (
        path.is_dir()
        and (read_json(path / "config.json") or {}).get("quantization_config", {}).get("quant_method") == "awq"
    ):
        return _open_awq(path)
    return load_model(find_base(home, name), torch.float32).eval()


def _open_awq(folder: Path) -> Any:
    """An AWQ folder with its weights unpacked, since its kernels need a GPU."""
    import torch
    from safetensors.torch import load_file

    transformers = require()
    config = transformers.AutoConfig.from_pretrained(folder)
    group = config.quantization_config["group_size"]
    del config.quantization_config
    state = {k: v for file in sorted(folder.glob("*.safetensors")) for k, v in load_file(file).items()}
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    missing, unexpected = model.load_state_dict(unpack(state, group), strict=False)
    if config.tie_word_embeddings:
        model.tie_weights()
        missing = [m for m in missing if m != "lm_head.weight"]
    if missing or unexpected:
        raise InputError(f"{str(folder)!r} 的权重与结构不符：缺 {missing[:2]}，多 {unexpected[:2]}。")
    return model.eval()


def _base(home: Path, name: str) -> Base:
    path = Path(name).expanduser()
    if path.is_dir() and is_peft(path):
        return find_base(home, str(read_json(path / "adapter_config.json")["base_model_name_or_path"]))
    return find_base(home, name)


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.glob("*.safetensors"))
