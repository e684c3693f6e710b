"""Arguments of a solver read out of a question by rules: a `Reader` over the text, and small hints made of it.

A hint is a function of a `Reader` that gives a JSON-ready value or `None`. The reader notes which numbers were
taken, so that a solver that leaves half of the data untouched can be told from one that explains all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assistant408.tutor.quantity import Quantity, compiled, convert, finditer, plain_number, quantities, search

__all__ = [
    "Assumed",
    "Free",
    "Hint",
    "Reader",
    "assume",
    "const",
    "first",
    "flag",
    "num",
    "pick",
    "raw",
    "resolve_free",
    "seq",
    "text",
    "words",
]

# what may stand between a name and its number
GLUE = (
    r"(?:[\s:=(,\"“]|为|是|有|分别|依次|约|等于|共|至少|最多|大小|各|均|都|需要?|用|的|了|达|长度?|设|取|占|在|只|被?划?分为|"
    r"设置|设定|固定|数量|个数|总数|数目?|值|平均|当前|每个?|一个|某|记作|即|就|才|要|花费?|[A-Za-z]\w{0,2}\s?=)*"
)
_ITEM = r"(?:0[xX][0-9A-Fa-f]+|(?<![0-9A-Za-z])[0-9A-F]+H(?![A-Za-z])|[+-]?(?<![A-Za-z_\d.^])\d+(?:\.\d+)?)"
_OTHER = r"(?![\d.])(?!\s?(?:个|条|块|级|路|阶|位|台|种|道|层|趟|页框|页帧|帧|物理|内存|叉|页(?!号)|次(?!序)|%))"  # a datum of its own
_TAIL = rf"(?:\s?(?:ns|us|ms|KB|MB|GB|B|K|号|s|字节)(?![A-Za-z\u4e00-\u9fff])|{_OTHER})"
_SEP = r"(?:\s*[,、;]\s*|\s+|\s*(?:->|→)\s*|\s*和\s*|\s*,?\s*以及\s*)"
_LIST = compiled(rf"{_ITEM}{_TAIL}(?:{_SEP}{_ITEM}{_TAIL})+")
_CELL = compiled(_ITEM)
_LETTER = r"[A-Za-z][A-Za-z]?\d{0,3}"
_LETTERS = compiled(rf"(?<![A-Za-z\d]){_LETTER}(?:\s*(?:[,、;]|->|→|\s)\s*{_LETTER})+(?![A-Za-z\d])")
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
        numbers = [q for q in self.numbers if not q.chinese]
        if not numbers:
            return 1.0
        return sum(self.is_used(q.start, q.end) for q in numbers) / len(numbers)

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


def _number(q: Quantity, unit: str, kind: type) -> int | float | str | Free | None:
    if unit == "free":
        return Free(q) if q.kind in ("time", "size") else plain_number(q.base if q.kind == "count" else q.value)
    if unit.startswith("raw:"):
        return q.raw.replace(" ", "")
    value = convert(q, unit)
    if kind is int and value.denominator != 1:
        return None
    return plain_number(value)


_KINDS = {
    "": ("", "count"),
    "free": ("", "time", "size", "count"),
    "share": ("", "percent"),
    "bits": ("", "size", "count"),
    "bytes": ("", "size", "count"),
    "kb": ("", "size", "count"),
    "mb": ("", "size", "count"),
    "gb": ("", "size", "count"),
    "rpm": ("", "rpm"),
    "db": ("", "db"),
    "hex": ("",),
}


def _kinds(unit: str) -> tuple[str, ...]:
    if unit.startswith("raw:"):
        return tuple(unit[4:].split("|"))
    if unit in _KINDS:
        return _KINDS[unit]
    if unit in ("ns", "us", "ms", "s"):
        return ("time",)
    if unit in ("mhz", "hz"):
        return ("freq",)
    return ("rate",)


def num(*after: str, before: Sequence[str] = (), unit: str = "", kind: type = Fraction, fresh: bool = True) -> Hint:
    """A number after or before a word.

    Args:
        unit: the unit of the result; ``free`` for fields that share one, ``share`` for a part of 1,
            ``raw:kind`` for the text with its unit.

    Examples:
        >>> num("页框", before=["个页框"])(Reader("分配 3 个页框"))
        3
        >>> num("主频", unit="mhz", kind=Fraction)(Reader("CPU 主频为 1.2 GHz"))
        1200
    """
    kinds = _kinds(unit)

    def read(r: Reader) -> Any:
        q = r.find(after, before, kinds, fresh=fresh, chinese=unit == "")
        return None if q is None else _number(q, unit, kind)

    return read


def raw(kinds: str, *after: str, before: Sequence[str] = ()) -> Hint:
    """A quantity as text with its unit.

    Examples:
        >>> raw("rate", "数据率")(Reader("数据率为 100 Mb/s"))
        '100Mb/s'
    """
    return num(*after, before=before, unit=f"raw:{kinds}", kind=str)


def seq(*after: str, least: int = 2, unit: str = "", longest: int = 0, gap: int = 24) -> Hint:
    """A number list after a word, or, with `longest`, the longest one of at least that length.

    Examples:
        >>> seq("访问序列", "走向")(Reader("页面走向为 7,0,1、2 0"))
        [7, 0, 1, 2, 0]
    """

    def read(r: Reader) -> Any:
        items = r.list_after(after, least, gap)
        if items is None and longest:
            items = r.longest_list(longest)
        if items is None:
            return None
        if unit == "free":
            last = next((q for q in reversed(items) if q.kind), None)
            items = [q if q.kind or last is None else _like(q, last) for q in items]
            return [_number(q, "free", Fraction) for q in items]
        return [plain_number(convert(q, unit)) for q in items]

    return read


def _like(q: Quantity, model: Quantity) -> Quantity:
    return Quantity(q.start, q.end, q.value, model.kind, model.scale, model.unit, q.raw)


def some(*after: str, gap: int = 8, unit: str = "") -> Hint:
    """A list after a word, or the single number there, as a list.

    Examples:
        >>> some("删除")(Reader("再删除 33")), some("删除")(Reader("删除 33、22"))
        ([33], [33, 22])
    """
    many = seq(*after, gap=gap, unit=unit)
    single = num(*after, unit=unit)

    def read(r: Reader) -> Any:
        found = many(r)
        if found is None and (one := single(r)) is not None:
            return [one]
        return found

    return read


def nth(*measures: str, unit: str = "") -> Hint:
    """An ordinal (``第二趟``) or a count of passes (``两趟后``).

    Examples:
        >>> nth("趟")(Reader("第 3 趟后")), nth("趟")(Reader("一趟排序后")), nth("趟")(Reader("趟数"))
        (3, 1, None)
    """
    measure = "|".join(measures)
    regex = compiled(rf"(?:第\s?|(?:经过?|过|做|进行)了?\s?)?(\d+|[一二两三四五六七八九十]+)\s?(?:{measure})")

    def read(r: Reader) -> Any:
        found = [m for m in regex.finditer(r.text) if not r.is_used(*m.span(1))]
        if not found:
            return None
        best = max(found, key=lambda m: (m[0].startswith("第"), m.start()))
        r.take(*best.span(1))
        q = quantities(best[1] + ("个" if not best[1].isdigit() else ""))
        return int(q[0].value) if q else None

    return read


def integer(*patterns: str) -> Hint:
    """The first group of the first pattern that is found, as a number (hexadecimal with H or 0x too).

    Examples:
        >>> integer(r"front\\s?=\\s?(\\d+)")(Reader("front=5,rear=2"))
        5
    """

    def read(r: Reader) -> Any:
        for pattern in patterns:
            m = search(pattern, r.text, re.IGNORECASE)
            if m:
                group = next(i for i in range(1, m.re.groups + 1) if m[i])
                found = quantities(m[group] + ("个" if not m[group][0].isascii() else ""))
                if found and found[0].value.denominator == 1:
                    r.take(*m.span(group))
                    return int(found[0].value)
        return None

    return read


def words(*after: str, least: int = 2, gap: int = 14) -> Hint:
    """Names after a word.

    Examples:
        >>> words("先序序列")(Reader("先序序列为 ABDCE")), words("进栈")(Reader("a、b、c 依次"))
        (['A', 'B', 'D', 'C', 'E'], None)
    """
    return lambda r: r.words_after(after, least, gap)


def pick(options: Mapping[str, str], last: bool = False) -> Hint:
    """The option whose pattern stands first (or last) in the text.

    Examples:
        >>> pick({"LRU": "LRU|最近最久未", "FIFO": "FIFO|先进先出"})(Reader("用先进先出算法"))
        'FIFO'
    """
    patterns = [(value, compiled(pattern, re.IGNORECASE)) for value, pattern in options.items()]

    def read(r: Reader) -> Any:
        found = [(m.start(), -len(m[0]), value) for value, p in patterns for m in p.finditer(r.text)]
        if not found:
            return None
        best = max(found, key=lambda f: (f[0], -f[1])) if last else min(found)
        return best[2]

    return read


def flag(yes: str, no: str = "") -> Hint:
    """True or false if the text says so."""

    def read(r: Reader) -> Any:
        if no and search(no, r.text, re.IGNORECASE):
            return False
        return True if search(yes, r.text, re.IGNORECASE) else None

    return read


def text(*patterns: str, case: bool = True) -> Hint:
    """The first group of the first pattern that is found.

    Examples:
        >>> text(r"模式串为\\s?([a-z]+)")(Reader("模式串为 abab"))
        'abab'
    """

    def read(r: Reader) -> Any:
        for pattern in patterns:
            m = search(pattern, r.text, 0 if case else re.IGNORECASE)
            if m:
                group = 1 if m.re.groups else 0
                r.take(*m.span(group))
                return m[group].strip()
        return None

    return read


def const(value: Any, when: str = "", unless: str = "") -> Hint:
    """`value` if the text matches `when` and not `unless`."""

    def read(r: Reader) -> Any:
        if unless and search(unless, r.text, re.IGNORECASE):
            return None
        return value if not when or search(when, r.text, re.IGNORECASE) else None

    return read


def assume(value: Any, when: str) -> Hint:
    """A value for a required parameter that the answer to such a question doesn't depend on."""
    return lambda r: Assumed(value) if search(when, r.text, re.IGNORECASE) else None


def first(*hints: Hint) -> Hint:
    """The first hint that gives a value."""

    def read(r: Reader) -> Any:
        for hint in hints:
            value = hint(r)
            if value is not None:
                return value
        return None

    return read


def resolve_free(args: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Brings all `Free` quantities to the smallest unit among them; gives the arguments and that unit.

    Examples:
        >>> a, b = quantities("100 ns,8 ms")
        >>> resolve_free({"memory": Free(a), "service": Free(b), "n": 2})
        ({'memory': 100, 'service': 8000000, 'n': 2}, 'ns')
    """
    found: list[Quantity] = []
    _walk(args, lambda f: found.append(f.quantity))
    smallest: dict[str, Quantity] = {}
    for q in found:
        if q.kind not in smallest or q.scale < smallest[q.kind].scale:
            smallest[q.kind] = q
    scales = {kind: q.scale for kind, q in smallest.items()}
    out = _walk(args, lambda f: plain_number(f.quantity.base / scales.get(f.quantity.kind, Fraction(1))))
    unit = next((smallest[kind].unit for kind in ("time", "size") if kind in smallest), "")
    return out, unit.replace("us", "μs")


def _walk(value: Any, change: Callable[[Free], Any]) -> Any:
    if isinstance(value, Free):
        return change(value)
    if isinstance(value, Mapping):
        return {k: _walk(v, change) for k, v in value.items()}
    if isinstance(value, list):
        return [_walk(v, change) for v in value]
    return value
