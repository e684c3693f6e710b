"""A deterministic embedder, and a small knowledge base about four things."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import Chunk, chunk_markdown
from assistant408.kb.store.sqlite import Document
from assistant408.kb.text import Terms, tokens

NOTES = {
    "os/deadlock": (
        "死锁",
        "## 死锁的必要条件 {#os.deadlock.conditions}\n### 考点\n死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。\n"
        "### 易错\n- 四个条件缺一不可，破坏一个就能预防死锁。\n\n"
        "## 银行家算法 {#os.deadlock.banker}\n### 考点\n银行家算法用来避免死锁，每次分配前检查系统是否处于安全状态。\n",
    ),
    "os/memory": (
        "页面置换",
        "## LRU {#os.memory.lru}\n### 考点\nLRU 淘汰最长时间未被访问的页，不会出现 Belady 异常。\n"
        "| 算法 | Belady 异常 |\n|---|---|\n| FIFO | 可能出现 |\n| LRU | 不会出现 |\n",
    ),
    "cn/tcp": (
        "TCP",
        "## 三次握手 {#cn.tcp.handshake}\n### 考点\nTCP 用三次握手建立连接，第一次发送 SYN 报文段，TCP/IP 的首部最短 20 字节。\n",
    ),
    "ds/sort": (
        "排序",
        "## 快速排序 {#ds.sort.quick}\n### 考点\n快速排序的平均时间复杂度是 O(nlogn)，不稳定，最坏 O(n^2)。\n",
    ),
}


class FakeEmbedder:
    """Hashes tokens into 96 dimensions: texts that share words are near."""

    name = "fake-96"
    dim = 96

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def _one(self, text: str) -> np.ndarray:
        out = np.full(self.dim, 0.01, np.float32)
        for t in tokens(text):
            out[int.from_bytes(hashlib.sha256(t.encode()).digest()[:4], "big") % self.dim] += 1
        return out / np.linalg.norm(out)

    def query(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return self._one(text)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += texts
        return np.stack([self._one(t) for t in texts])


def document(id: str, title: str = "", collection: str = "notes", position: int = 0) -> Document:
    return Document(id, title or id, collection, f"{id}.md", "0" * 64, None, "", position)


def chunks_of(id: str) -> list[Chunk]:
    title, text = NOTES[id]
    return chunk_markdown(id, title, text)


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(params=["keywords", "hybrid"])
def kb(request: pytest.FixtureRequest, tmp_path: Path, embedder: FakeEmbedder) -> KnowledgeBase:
    """The four notes, indexed with and without vectors."""
    make: Callable = (lambda: None) if request.param == "keywords" else (lambda: embedder)
    base = KnowledgeBase(tmp_path / "kb.db", make, Terms(["银行家算法", "安全状态"]))
    documents = [document(id, NOTES[id][0], position=i) for i, id in enumerate(NOTES)]
    base.put(documents, [c for id in NOTES for c in chunks_of(id)])
    return base
