"""Hints: how an argument of a solver is read out of a question by rules.

A hint is a function of a `Reader` that gives a JSON-ready value or `None`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from assistant408.tutor.quantity import Quantity, compiled, convert, plain_number, quantities, search
from assistant408.tutor.reader import Assumed, Free, Hint, Reader

__all__ = [
    "Assumed",
    "Free",
    "Hint",
    "Pick",
    "Reader",
    "as_size",
    "assume",
    "const",
    "first",
    "flag",
    "lone",
    "num",
    "pick",
    "raw",
    "resolve_free",
    "seq",
    "text",
    "words",
]


def _number(q: Quantity, unit: str, kind: type) -> int | float | str | Free | None:
    if unit == "free":
        q = as_size(q)
        return Free(q) if q.kind in ("time", "size") else plain_number(q.value)
    if unit.startswith("raw:"):
        return q.raw.replace(" ", "")
    value = convert(q, unit)
    if kind is int and value.denominator != 1:
        return None
    return plain_number(value)


def as_size(q: Quantity) -> Quantity:
    """``512K`` of memory is a size.

    Examples:
        >>> as_size(quantities("512K")[0]).unit
        'KB'
    """
    if q.kind != "count" or q.unit not in ("K", "M", "G"):
        return q
    return replace(q, kind="size", scale=q.scale * 8, unit=f"{q.unit}B")


def lone(kinds: str) -> Hint:
    """The only quantity of its kind, as text with its unit.

    Examples:
        >>> lone("rate")(Reader("在 1Gb/s 的链路上")), lone("rate")(Reader("1Gb/s 和 2Gb/s"))
        ('1Gb/s', None)
    """

    def read(r: Reader) -> str | None:
        fit = [q for q in r.numbers if q.kind in kinds.split("|")]
        if len(fit) != 1 or r.is_used(fit[0].start, fit[0].end):
            return None
        r.take(fit[0].start, fit[0].end)
        return fit[0].raw.replace(" ", "")

    return read


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
            group = next((i for i in range(1, m.re.groups + 1) if m[i]), 0) if m else 0
            if m and group:
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


@dataclass(frozen=True)
class Pick:
    """The option whose pattern stands first (or last) in the text; see `pick`."""

    patterns: tuple[tuple[Any, re.Pattern[str]], ...]
    last: bool = False
    take: bool = False

    def __call__(self, r: Reader) -> Any:
        """The option, or `None`."""
        found = [(m.start(), -len(m[0]), i) for i, (_, p) in enumerate(self.patterns) for m in p.finditer(r.text)]
        if not found:
            return None
        if self.take:
            for start, length, _ in found:
                r.take(start, start - length)
        best = max(found, key=lambda f: (f[0], -f[1])) if self.last else min(found)
        return self.patterns[best[2]][0]

    def said(self, text: str) -> list[Any]:
        """All the options that the text names, in its order; a longer name hides those inside it."""
        found = sorted((m.start(), -m.end(), i) for i, (_, p) in enumerate(self.patterns) for m in p.finditer(text))
        out: list[Any] = []
        end = 0
        for start, stop, i in found:
            value = self.patterns[i][0]
            if start >= end and value not in out:
                out.append(value)
            end = max(end, -stop)
        return out


def pick(options: Mapping[Any, str], last: bool = False, take: bool = False) -> Pick:
    """The option whose pattern stands first (or last) in the text.

    Args:
        take: the words count as data that was read.

    Examples:
        >>> policy = pick({"LRU": "LRU|最近最久未", "FIFO": "FIFO|先进先出"})
        >>> policy(Reader("用先进先出算法")), policy.said("FIFO 和 LRU 的缺页次数")
        ('FIFO', ['FIFO', 'LRU'])
    """
    patterns = [(value, compiled(pattern, re.IGNORECASE)) for value, pattern in options.items()]
    return Pick(tuple(patterns), last, take)


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
