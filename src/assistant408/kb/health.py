"""What became of a document, in numbers and in one sentence that never says more than is true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant408.kb.parse.types import PageKind

__all__ = ["Health", "State", "health"]

State = Literal["ready", "partial", "empty", "failed"]
_DOUBTFUL = 0.85


@dataclass(frozen=True)
class Health:
    """Pages by what became of them.

    Attributes:
        text: pages read as text.
        ocr: pages recognised.
        empty: pages with nothing on them.
        failed: pages that were not read.
        doubtful: recognised pages whose confidence is under 0.85.
        confidence: mean of the recognised pages, 1 if there are none.
        chunks: passages that can be found.
    """

    text: int = 0
    ocr: int = 0
    empty: int = 0
    failed: int = 0
    doubtful: int = 0
    confidence: float = 1.0
    chunks: int = 0

    @property
    def pages(self) -> int:
        """All pages looked at so far."""
        return self.text + self.ocr + self.empty + self.failed

    @property
    def state(self) -> State:
        """``ready`` only if there is something to find and no page is missing."""
        if not self.chunks:
            return "failed" if self.failed else "empty"
        return "partial" if self.failed else "ready"

    @property
    def sentence(self) -> str:
        """For the learner, in Chinese.

        Examples:
            >>> print(health([("text", 1.0)] * 3 + [("failed", 0.0)], chunks=9).sentence)
            可以检索，但 4 页中有 1 页没有读出来。
            >>> print(health([("empty", 1.0)], chunks=0).sentence)
            没有可以检索的内容：1 页都是空白。
            >>> print(health([("text", 1.0), ("ocr", 0.7)], chunks=4).sentence)
            可以检索，共 2 页；其中 1 页是识别的，1 页把握不大，请对照原图核对。
        """
        if self.state == "failed":
            return f"没有读出内容：{self.pages} 页中有 {self.failed} 页没有读出来，其余没有文字。"
        if self.state == "empty":
            blank = f"{self.pages} 页都是空白" if self.empty == self.pages else f"{self.pages} 页里没有成段的文字"
            return f"没有可以检索的内容：{blank}。"
        if self.state == "partial":
            return f"可以检索，但 {self.pages} 页中有 {self.failed} 页没有读出来。"
        out = f"可以检索，共 {self.pages} 页"
        if self.ocr:
            out += f"；其中 {self.ocr} 页是识别的"
            out += f"，{self.doubtful} 页把握不大，请对照原图核对" if self.doubtful else ""
        return out + "。"


def health(pages: Iterable[tuple[PageKind, float]], chunks: int) -> Health:
    """The health of a document from kind and confidence of its pages, and how many passages of it are indexed."""
    count: dict[str, int] = {"text": 0, "ocr": 0, "empty": 0, "failed": 0}
    scores: list[float] = []
    for kind, confidence in pages:
        count[kind] += 1
        if kind == "ocr":
            scores.append(confidence)
    mean = round(sum(scores) / len(scores), 3) if scores else 1.0
    return Health(**count, doubtful=sum(s < _DOUBTFUL for s in scores), confidence=mean, chunks=chunks)
