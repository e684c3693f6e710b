"""Running heads, feet and page numbers: what repeats at the edges of neighbouring pages is not the text."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant408.kb.parse.types import Line

__all__ = ["NEIGHBOURS", "Margins"]

NEIGHBOURS = 3  # pages before and after that are compared
_EDGE = 0.11  # of the page's height
_SAME_HEIGHT = 0.012
_PAGE_NUMBER = re.compile(
    r"[\s·•\-–—~|/.]*(?:第\s*\d{1,4}\s*页(?:[\s/，,]*共\s*\d{1,4}\s*页)?|(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?|[ivxlc]{1,7})[\s·•\-–—~|/.]*",
    re.I,
)


@dataclass(frozen=True)
class _Edge:
    key: str
    height: float  # of the middle of the line, as a share of the page's


@dataclass
class Margins:
    """The lines at the edges of the pages seen so far."""

    _pages: dict[int, tuple[_Edge, ...]] = field(default_factory=dict)

    def knows(self, number: int) -> bool:
        """Whether page `number` was noted."""
        return number in self._pages

    def note(self, number: int, lines: Sequence[Line], height: float) -> None:
        """Remembers the edges of page `number`."""
        self._pages[number] = tuple(
            _Edge(_key(line.text), _middle(line, height)) for line in lines if _at_edge(line, height)
        )

    def strip(self, number: int, lines: Sequence[Line], height: float) -> list[Line]:
        """`lines` of page `number` without page numbers and what the pages near it have at the same place.

        A line larger than the text stays: slides repeat their titles.
        """
        self.note(number, lines, height)
        near = [
            self._pages[n]
            for n in range(number - NEIGHBOURS, number + NEIGHBOURS + 1)
            if n != number and n in self._pages
        ]
        need = 2 if len(near) > NEIGHBOURS else 1
        body = statistics.median([line.size for line in lines for _ in line.text] or [0.0])
        tops = [line.flow[1] for line in lines]
        bottoms = [line.flow[3] for line in lines]

        def runs(line: Line) -> bool:
            if not _at_edge(line, height):
                return False
            outer = line.flow[1] <= min(tops) + line.size or line.flow[3] >= max(bottoms) - line.size
            if outer and _PAGE_NUMBER.fullmatch(line.text.strip()):
                return True
            if line.size > body * (1.2 if line.score == 1 else 1.5):  # heights in pictures are rough
                return False
            key, place = _key(line.text), _middle(line, height)
            return (
                sum(any(e.key == key and abs(e.height - place) < _SAME_HEIGHT for e in page) for page in near) >= need
            )

        return [line for line in lines if not runs(line)]


def _at_edge(line: Line, height: float) -> bool:
    return height > 0 and not _EDGE < _middle(line, height) < 1 - _EDGE


def _middle(line: Line, height: float) -> float:
    return (line.flow[1] + line.flow[3]) / 2 / height if height else 0.5


def _key(text: str) -> str:
    """The text without its numbers and spaces, which change from page to page."""
    return re.sub(r"\s+", "", re.sub(r"\d+", "#", text))
