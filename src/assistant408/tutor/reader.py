"""A question being read: its numbers and lists, and which of them have been taken.

The reader notes what was taken, so that a solver that leaves half of the data untouched can be told from one that
explains all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant408.tutor.quantity import Quantity, compiled, finditer, quantities

__all__ = ["GLUE", "Assumed", "Free", "Hint", "Reader"]

# what may stand between a name and its number
GLUE = (
    r"(?:[\s:=(,\"“]|为|是|有|分别|依次|约|等于|共|至少|最多|大小|各|均|都|需要?|用|的|了|达|长度?|设|取|占|在|只|被?划?分为|"
    r"设置|设定|固定|数量|个数|总数|数目?|值|平均|当前|每个?|一个|某|记作|即|就|才|要|花费?|[A-Za-z]\w{0,2}\s?=)*"
)
_ITEM = r"(?:0[xX][0-9A-Fa-f]+|(?<![0-9A-Za-z])[0-9A-F]+H(?![A-Za-z])|[+-]?(?<![A-Za-z_\d.^])\d+(?:\.\d+)?)"
_OTHER = r"(?![\d.])(?!\s?(?:个|条|块|级|路|阶|位|台|种|道|层|趟|页框|页帧|帧|(?:物理|内存)(?!块[从由数号增])|叉|页(?!号)|次(?!序)|%))"  # a datum of its own
_TAIL = rf"(?:\s?(?:ps|ns|us|ms|KB|MB|GB|B|K|号|s|字节)(?![A-Za-z])(?:(?![\u4e00-\u9fff])|(?=[和与以]))|{_OTHER})"
_SEP = r"(?:\s*[,、;]\s*|\s+|\s*(?:->|→)\s*|\s*和\s*|\s*,?\s*以及\s*)"
_LAST = (
    rf"(?:\s*(?:、|和)\s*{_ITEM}(?![\d.])(?!\s?号?段)(?:\s?(?:ps|ns|us|ms|KB|MB|GB|B)(?![A-Za-z]))?)"  # “6、10、3 个”
)
_LIST = compiled(rf"{_ITEM}{_TAIL}(?:{_SEP}{_ITEM}{_TAIL})+{_LAST}?|{_ITEM}{_TAIL}{_LAST}")
_CELL = compiled(_ITEM)
_LETTER = r"[A-Za-z][A-Za-z]?\d{0,3}"
_LETTERS = compiled(rf"(?<![A-Za-z\d]){_LETTER}(?:\s*(?:[,、;]|->|→|\s)\s*{_LETTER})+(?![A-Za-z\d])")
# numbers that state a convention rather than a datum
_ASIDE = compiled(
    r"(?:根|单个)(?:结点)?的?(?:所在层)?的?(?:高度|深度|层数?)为\s?1|之差[^,。]{0,6}不超过\s?1|每个(?:结点|元素)占(?:用)?\s?1\s?个|从\s?[01]\s?(?:开始|起|算|编|号)|度为\s?[0-4](?=的|,|和|、)|含\s?1\s?位符号位?|(?:根)?(?:在|为)?第\s?1\s?层|[1-9]\s?位(?:出)?错"
    r"|(?<=[A-Za-z_])[({]?\d[)}]?(?![\d.])|按\s?\d+\s?(?:字节|B)(?:边界)?对齐|^\s?\d+\s?位(?:补码)?机|C\s?语言|\d+BASE|I\d:|(?<!\d)1\s?个(?=\s?(?:TCP|UDP|IP|来自|大小|长度|HTML|路由器))|(?<!\d)2\s?台(?=主机)|(?<!\d)[2-5]\s?个(?=连续的)|`[^`\n]*`|(?<=(\d{3})[×*])\s?\1|(?<=(\d{3})\s[×*])\s\2"
)
Hint = Callable[["Reader"], Any]


@dataclass(frozen=True)
class Free:
    """A quantity of a field without a unit of its own: all such fields of a solver share the smallest unit present."""

    quantity: Quantity


@dataclass(frozen=True)
class Assumed:
    """A value that the question doesn't state and its answer doesn't depend on."""

    value: Any


@dataclass
class Reader:
    """A question being read.

    Args:
        text: prepared by `quantity.prepare`.
    """

    text: str
    used: list[tuple[int, int]] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers = quantities(self.text)
        self.lists = [m.span() for m in _LIST.finditer(self.text)]
        self.letters = [m.span() for m in _LETTERS.finditer(self.text)]

    # --- taking --------------------------------------------------------------------------------------------------

    def take(self, start: int, end: int) -> None:
        """Notes that this stretch of the text has been read."""
        self.used.append((start, end))

    def is_used(self, start: int, end: int) -> bool:
        """Whether any of it has been read."""
        return any(a < end and start < b for a, b in self.used)

    @property
    def coverage(self) -> float:
        """The share of the question's (Arabic) numbers that have been read; lists count by the item, to eight."""
        numbers = self._data()
        return 1 - self.unused / len(numbers) if numbers else 1.0

    @property
    def unused(self) -> int:
        """How many of them have not been read."""
        return sum(not self.is_used(q.start, q.end) for q in self._data())

    def _data(self) -> list[Quantity]:
        aside = [m.span() for m in _ASIDE.finditer(self.text)]
        return [q for q in self.numbers if not q.chinese and not any(a <= q.start < b for a, b in aside)]

    # --- numbers -------------------------------------------------------------------------------------------------

    def find(
        self,
        after: Iterable[str] = (),
        before: Iterable[str] = (),
        kinds: Sequence[str] = (),
        test: Callable[[Quantity], bool] | None = None,
        fresh: bool = True,
        chinese: bool = True,
    ) -> Quantity | None:
        """A number that stands right after one of `after` or right before one of `before` (regular expressions).

        Patterns are tried in order; `kinds` are the measures allowed; `fresh` passes over numbers that were read.
        """
        fit = [
            q
            for q in self.numbers
            if (not kinds or q.kind in kinds)
            and (test is None or test(q))
            and not (fresh and self.is_used(q.start, q.end))
        ]
        for pattern in after:
            regex = compiled(rf"(?:{pattern}){GLUE}$", re.IGNORECASE)
            for q in fit:
                if q.chinese and q.value == 1:  # “一次”, “一块” rather than a datum
                    continue
                if regex.search(self.text[max(0, q.start - 40) : q.start]):
                    self.take(q.start, q.end)
                    return q
        for pattern in before:
            regex = compiled(rf"\s?(?:{pattern})", re.IGNORECASE)
            for q in fit:
                number_end = q.end - len(q.unit) if q.kind in ("size", "count", "length", "time") else q.end
                if q.chinese and q.value == 1:
                    continue
                if regex.match(self.text, q.end) or (q.unit and regex.match(self.text, number_end)):
                    self.take(q.start, q.end)
                    return q
        return None

    # --- lists ---------------------------------------------------------------------------------------------------

    def list_after(
        self, patterns: Iterable[str], least: int = 2, gap: int = 24, bar: str = ""
    ) -> list[Quantity] | None:
        """The first fresh number list that follows one of `patterns` within `gap` characters, none of them in `bar`."""
        for pattern in patterns:
            regex = compiled(rf"(?:{pattern})[^。;?!\n{bar}]{{0,{gap}}}?$")
            for start, end in self.lists:
                if self.is_used(start, end):
                    continue
                if regex.search(self.text[max(0, start - gap - 16) : start]):
                    items = self._cells(start, end)
                    if len(items) >= least:
                        self.take(start, end)
                        return items
        return None

    def longest_list(self, least: int = 3) -> list[Quantity] | None:
        """The longest fresh number list."""
        fresh = [(s, e) for s, e in self.lists if not self.is_used(s, e)]
        best = max(fresh, key=lambda span: len(self._cells(*span)), default=None)
        if best is None or len(self._cells(*best)) < least:
            return None
        self.take(*best)
        return self._cells(*best)

    def _cells(self, start: int, end: int) -> list[Quantity]:
        return [q for q in quantities(self.text[start:end]) if not q.chinese]

    def words_after(self, patterns: Iterable[str], least: int = 2, gap: int = 14) -> list[str] | None:
        """Names (``A, B, C``, ``ABCDE``, numbers too) that follow one of `patterns`."""
        for pattern in patterns:
            for m in finditer(rf"(?:{pattern})[^。;?!\nA-Za-z\d]{{0,{gap}}}", self.text, re.IGNORECASE):
                found = compiled(
                    rf"(?:{_LETTER}|\d+)(?:\s*(?:[,、]|->|→|\s)\s*(?:{_LETTER}|\d+))+|[A-Za-z\d]{{2,}}"
                ).match(self.text, m.end())
                if not found or self.is_used(*found.span()):
                    continue
                cells = re.findall(r"[A-Za-z]+\d*|\d+", found[0])
                if len(cells) == 1:
                    cells = list(cells[0])
                if len(cells) >= least:
                    self.take(*found.span())
                    return cells
        return None
