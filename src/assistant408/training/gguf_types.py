"""Which tensor of a GGUF takes which type (量化方案): llama.cpp's mixtures, so that our files are laid out like its own.

Source: llama.cpp, ``src/llama-quant.cpp``, ``llama_tensor_get_type``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant408.core.errors import InputError

__all__ = ["MIXTURES", "plan_types"]

# name of the mixture: the type of most tensors, the type of those that need more
MIXTURES: Mapping[str, tuple[str, str]] = {
    "F16": ("F16", "F16"),
    "Q8_0": ("Q8_0", "Q8_0"),
    "Q6_K": ("Q6_K", "Q6_K"),
    "Q5_K_M": ("Q5_K", "Q6_K"),
    "Q4_K_M": ("Q4_K", "Q6_K"),
    "Q4_0": ("Q4_0", "Q6_K"),
}
_FALLBACK = {"Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0"}  # for rows that no block of 256 divides
_BLOCK = re.compile(r"^blk\.(\d+)\.")


def plan_types(shapes: Mapping[str, Sequence[int]], mixture: str) -> dict[str, str]:
    """The type of each tensor; vectors stay F32.

    Args:
        shapes: by tensor name, the length of a row first.

    Raises:
        InputError: there is no such mixture.

    Examples:
        >>> plan_types({"token_embd.weight": [896, 9], "blk.0.attn_q.weight": [1024, 9], "blk.0.attn_q.bias": [9]}, "Q4_K_M")
        {'token_embd.weight': 'Q8_0', 'blk.0.attn_q.weight': 'Q4_K', 'blk.0.attn_q.bias': 'F32'}
    """
    if mixture not in MIXTURES:
        raise InputError(f"量化类型 {mixture!r} 不存在，应为 {'、'.join(MIXTURES)} 之一。")
    plain, fine = MIXTURES[mixture]
    tied = "output.weight" not in shapes
    layers = _layers(shapes)
    out = {}
    for name, shape in shapes.items():
        if len(shape) < 2 or not name.endswith(".weight") or "norm" in name:
            out[name] = "F32"
            continue
        head = name == "output.weight" or (tied and name == "token_embd.weight")
        more = mixture.endswith("_M") and ("attn_v." in name or "ffn_down." in name) and _more(name, layers)
        kind = fine if head or more else plain
        out[name] = _FALLBACK.get(kind, kind) if shape[0] % 256 else kind
    return out


def _layers(names: Iterable[str]) -> int:
    return 1 + max((int(m[1]) for n in names if (m := _BLOCK.match(n))), default=0)


def _more(name: str, layers: int) -> bool:
    """The first and the last eighth of the layers, and every third one between them."""
    found = _BLOCK.match(name)
    i = int(found[1]) if found else 0
    return i < layers // 8 or i >= 7 * layers // 8 or (i - layers // 8) % 3 == 2
