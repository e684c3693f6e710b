"""Before anything long (预检): memory, disk, the data, and whether the chat template gives back what was put in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.machine import available_memory
from assistant408.training.arguments import lora_arguments
from assistant408.training.base import Base, load_config_only, require
from assistant408.training.config import SftConfig
from assistant408.training.conversation import Conversation
from assistant408.training.encode import round_trip

__all__ = ["check_room", "check_template", "estimate", "free_memory"]

_CHECKED = 40  # conversations whose round trip is tried
_RESERVE = 300 << 20  # bytes: Python, PyTorch, the tokenizer


def estimate(base: Base, config: SftConfig, bf16: bool) -> dict[str, int]:
    """Parameters, and bytes of memory and of disk that the run takes.

    Weights take 4 bytes a parameter in fp32, 2 in bf16, some 0.55 in NF4 (embeddings stay whole); each trained one 16
    more for itself, its gradient and Adam's two moments. Activations: about 34 bytes a token, layer and hidden unit in
    half precision (Korthikanti et al., 2022), twice that in fp32, one layer's worth with checkpointing; and the logits
    of a sequence, three times over.
    """
    transformers = require()
    import peft
    import torch

    architecture = load_config_only(base)
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(architecture, trust_remote_code=base.trust_remote_code)
        embedding = model.get_input_embeddings().weight.numel()
        whole = sum(p.numel() for p in model.parameters())
        adapted = peft.get_peft_model(model, peft.LoraConfig(**lora_arguments(config)))
        trained = sum(p.numel() for p in adapted.parameters() if p.requires_grad)
    width = 2 if bf16 else 4
    weights = int((whole - embedding) * 0.55) + embedding * width if config.lora.bits == 4 else whole * width
    tokens = config.train.batch * config.train.max_length
    layers = 1 if config.train.gradient_checkpointing else architecture.num_hidden_layers
    activations = 17 * width * tokens * layers * architecture.hidden_size + 3 * 4 * tokens * architecture.vocab_size
    return {
        "parameters": whole,
        "trained": trained,
        "memory_bytes": weights + 16 * trained + activations + _RESERVE,
        "disk_bytes": 4 * 12 * trained + (64 << 20),  # two checkpoints, the best one, and the adapter
    }


def free_memory() -> int | None:
    """Bytes on the GPU, or of main memory, that can be had; `None` if that can't be told."""
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    return available_memory()


def check_room(need: Mapping[str, int], out: Path, memory: int | None, disk: int | None = None) -> None:
    """Refuses early rather than being killed late.

    Raises:
        InputError: memory or disk is short.
    """
    if memory is not None and memory < need["memory_bytes"]:
        raise InputError(
            f"内存不足：训练约需 {need['memory_bytes'] >> 20} MB，现在只有 {memory >> 20} MB 可用；"
            "请减小 train.max_length、train.batch 或 lora.r，打开 gradient_checkpointing，或换用更小的模型。"
        )
    disk = shutil.disk_usage(_existing(out)).free if disk is None else disk
    if disk < need["disk_bytes"]:
        raise InputError(
            f"磁盘不足：{str(out)!r} 处约需 {need['disk_bytes'] >> 20} MB，只剩 {disk >> 20} MB，请换一个 --out。"
        )


def check_template(tokenizer: Any, conversations: Sequence[Conversation]) -> None:
    """Tries the round trip on some conversations of each source.

    Raises:
        InputError: the first that didn't come back.
    """
    by_source: dict[str, list[Conversation]] = {}
    for c in conversations:
        by_source.setdefault(c.source, []).append(c)
    share = max(1, _CHECKED // max(1, len(by_source)))
    for problem in round_trip(tokenizer, [c for some in by_source.values() for c in some[:share]]):
        raise InputError(problem)


def _existing(path: Path) -> Path:
    path = path.resolve()
    while not path.exists():
        path = path.parent
    return path
