"""From a solution to the letter of a choice: what the choices say, part by part, against what was computed.

A choice may be one value (“6 次”) or several (“6 次、5 次”). Each computed value is a `Fact`, with how well its name
fits the words of the question; a letter is given only if one choice alone is borne out, or borne out clearly better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from assistant408.core.registry import Out
from assistant408.core.trace import Value
from assistant408.kb.text import normalize
from assistant408.tutor.quantity import prepare, prose, quantities
from assistant408.tutor.values import readable, same

__all__ = ["Fact", "Letter", "facts_of", "match", "parts_of", "tail_of"]

_SEPARATORS = (
    r"[;；]",
    r"[、]",
    r"[,，]",
    r"[,，;；、]|(?<=[\dA-Za-z%])\s?[和与]\s?(?=[\dA-Za-z-])|[~～]|至",
    r"[和与]|以及",
    r"(?<=\d个)\s?(?=\d)",
    r"(?<=\d) 个 ?(?=\d)",
)
_ORDINAL = re.compile(r"第\s?(\d+|[一二三四五六七八九十])\s?(?:个|趟|次|轮|条|片|步|块|级|位)?")
_ASKED, _FIRST, _NAMED = 3.0, 1.9, 1.5
_LEAST = 0.25  # how well a result that isn't asked for must be named by the question
_MARGIN = 0.15
_MAX_TRIES = 400


@dataclass(frozen=True)
class Fact:
    """A computed value.

    Args:
        name: the result it is, or is a part of.
        fit: how well it answers the question: 3 and more if asked for, 1.9 if it is what the solver is asked most, to
            1.5 by the words of its label.
        place: its position among several that are asked for, −1 if unknown.
    """

    name: str
    value: Value
    out: Out
    fit: float
    place: int = -1


@dataclass(frozen=True)
class Letter:
    """A choice, and whether it follows from what is asked for alone (`sure`)."""

    choice: str
    sure: bool


def tail_of(text: str) -> str:
    """The clause that asks: what stands before the blank, from the last full stop on.

    Examples:
        >>> tail_of("分配 3 个页框。采用 LRU,缺页次数是( )。")
        '采用 LRU,缺页次数是( )。'
    """
    text = prose(text)
    parts = [p for p in re.split(r"(?<=[。?!\n])", text) if p.strip()]
    asking = [p for p in parts if re.search(r"[((]\s*[))]|__|[??]|多少|几", p)]
    return (asking or parts or [text])[-1]


def facts_of(
    answer: Mapping[str, Value],
    outs: Mapping[str, Out],
    asked: Sequence[str],
    usual: str,
    text: str,
    given: Iterable[str],
) -> list[Fact]:
    """All that a solution says, and the single values that the question points at in lists and tables.

    Args:
        asked: what the question asks for by its words; without them, `usual` is what it may be after.
        given: the arguments as text; a result that only repeats one of them is no answer unless it is asked for.
    """
    tail = tail_of(text)
    plain = normalize(tail)
    repeated = set(given)
    last = re.split(r"[,;:]", tail[:-1])[-1]  # the clause of the blank
    out: list[Fact] = []
    for name, value in answer.items():
        if name not in outs:
            continue
        place = asked.index(name) if name in asked else -1
        named = likeness(outs[name].label, plain)
        fit = _ASKED + 0.1 * place + 0.4 * named if place >= 0 else _NAMED * named
        if not asked and name == usual:
            fit = max(fit, _FIRST)
        if fit < _FIRST and str(value) in repeated:
            continue
        whole = Fact(name, value, outs[name], fit, place)
        out.append(whole)
        out += list(_pointed(whole, last)) or _pointed(whole, tail)
    return out


def likeness(label: str, plain: str) -> float:
    """The share of a label's pairs of characters that stand in normalized text.

    Examples:
        >>> likeness("缺页次数", "则缺页的次数是")
        0.6666666666666666
    """
    label = normalize(re.split(r"[（(]", label)[0])
    grams = {label[i : i + 2] for i in range(len(label) - 1)}
    return sum(g in plain for g in grams) / len(grams) if grams else 0.0


def _pointed(whole: Fact, tail: str) -> Iterator[Fact]:
    """The entries of a list or a table that the question points at: ``第三个``, ``P1 的``, ``A[3][2]``."""
    value = whole.value
    if isinstance(value, Mapping):
        places = [(m.start(), k) for k in value if (m := _mention(str(k), tail)) is not None]
        for i, (_, key) in enumerate(sorted(places)):
            yield replace(whole, value=value[key], place=i, fit=whole.fit + 0.3)
        ordinals = _ORDINAL.findall(tail)
        for i, k in enumerate(_numbers(ordinals)) if not places else ():
            if 1 <= k <= len(value):
                yield replace(whole, value=list(value.values())[k - 1], place=i, fit=whole.fit + 0.2)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        cell = re.search(r"\[\s?(\d+)\s?\]\s?\[\s?(\d+)\s?\]|_(\d)(\d)(?!\d)", tail)
        if cell and isinstance(value[0], (list, tuple)):
            row, column = (int(g) for g in cell.groups() if g is not None)
            if row < len(value) and isinstance(inner := value[row], (list, tuple)) and column < len(inner):
                yield replace(whole, value=inner[column], fit=whole.fit + 0.3)
            return
        for i, k in enumerate(_numbers(_ORDINAL.findall(tail))):
            if 1 <= k <= len(value):
                yield replace(whole, value=value[k - 1], place=i, fit=whole.fit + 0.2)
        if re.search(r"最后|最终|末", tail):
            yield replace(whole, value=value[-1], fit=whole.fit + 0.1)
        if re.search(r"下一个|首先|最先|最早", tail):
            yield replace(whole, value=value[0], fit=whole.fit + 0.1)


def _mention(key: str, tail: str) -> re.Match[str] | None:
    return re.search(rf"(?<![A-Za-z\d.]){re.escape(key)}(?![A-Za-z\d.])", tail) if key else None


def _numbers(words: Sequence[str]) -> list[int]:
    return [int(q[0].value) for w in words if (q := quantities(w if w.isdigit() else w + "个"))]


# --- choices --------------------------------------------------------------------------------------------------------


def parts_of(choices: Mapping[str, str]) -> Iterator[dict[str, list[str]]]:
    """The choices cut into equally many parts, in each way that there is, coarse ones first.

    Examples:
        >>> list(parts_of({"A": "10、C", "B": "11、C", "C": "10、B"}))
        [{'A': ['10', 'C'], 'B': ['11', 'C'], 'C': ['10', 'B']}]
    """
    seen: list[dict[str, list[str]]] = []
    for separator in _SEPARATORS:
        cut = {c: _cut(t.replace(",000", "000"), separator) for c, t in choices.items()}
        sizes = {len(parts) for parts in cut.values()}
        if len(sizes) == 1 and sizes.pop() in (2, 3, 4) and cut not in seen:
            seen.append(cut)
            yield cut


def _cut(text: str, separator: str) -> list[str]:
    """Cuts outside brackets."""
    text = re.sub(r"^\s*[(([](.*)[))\]]\s*$", r"\1", text)
    out, depth, last = [], 0, 0
    marks = {m.start(): m.end() for m in re.finditer(separator, text)}
    for i, c in enumerate(text):
        depth += (c in "([{<（") - (c in ")]}>）")
        if i in marks and depth <= 0 and i >= last:
            out.append(text[last:i])
            last = marks[i]
    return [p.strip() for p in [*out, text[last:]] if p.strip()]


def _says(part: str, fact: Fact, unit: str, rough: bool) -> bool:
    """Whether a part of a choice states the fact; words around it (``补 2 个虚段``, ``i=5``) are let pass."""
    if same(part, fact.value, fact.out, unit, rough):
        return True
    if fact.value == 0 and re.match(r"不用|无需|不需|没有|不必", part):
        return True
    bare = re.sub(r"^[A-Za-z\u4e00-\u9fff]{1,8}\s?[:：=为是]\s?", "", part)
    return bare != part and same(bare, fact.value, fact.out, unit, rough)


def match(choices: Mapping[str, str], facts: Sequence[Fact], unit: str, rough: bool) -> Letter | None:
    """The choice that the facts bear out.

    Args:
        unit: of results without one of their own.
        rough: the question asks for an approximate value.
    """
    one = _one(choices, facts, unit, rough)
    if one is not None and one.sure:
        return one
    several = _several(choices, facts, unit, rough)
    return several if several is not None and (several.sure or one is None) else one


def _one(choices: Mapping[str, str], facts: Sequence[Fact], unit: str, rough: bool) -> Letter | None:
    """A choice is one value."""
    best: dict[str, float] = {}
    for loose in (False, True) if rough else (False,):
        for fact in facts:
            hits = [c for c, t in choices.items() if _says(t, fact, unit, loose)]
            if len(hits) == 1:
                best[hits[0]] = max(best.get(hits[0], 0.0), fact.fit)
        if max(best.values(), default=0) >= 2:
            break
    if not best:
        return None
    order = sorted(best.items(), key=lambda item: -item[1])
    letter, fit = order[0]
    # the question names a result that the choices could be, but none has its value: something was misread
    said = any(f.fit >= 2 and all(readable(t, f.value, f.out, unit) for t in choices.values()) for f in facts)
    if fit < (_NAMED * 0.5 if said else _LEAST) or (len(order) > 1 and fit - order[1][1] < _MARGIN and fit < 2):
        return None
    return Letter(letter, fit >= _ASKED)


def _several(choices: Mapping[str, str], facts: Sequence[Fact], unit: str, rough: bool) -> Letter | None:
    """A choice is several values, in the order in which they are asked for."""
    for cut in parts_of(choices):
        n = len(next(iter(cut.values())))
        found: dict[str, tuple[float, bool]] = {}
        for letter, parts in cut.items():
            fits = [[f for f in facts if _says(p, f, unit, rough)] for p in parts]
            if all(fits) and (way := _assign(fits, parts)):
                found[letter] = way
        if not found:
            continue
        order = sorted(found.items(), key=lambda item: -item[1][0])
        (letter, (score, placed)), rest = order[0], order[1:]
        told = all(len(re.findall(r"[A-Za-z\d]", p)) > 2 for p in cut[letter])  # no chance hit on “0、1”
        if (score / n >= _LEAST or (told and not rest)) and (not rest or score - rest[0][1][0] >= _MARGIN):
            return Letter(letter, placed and not any(whole for _, (_, whole) in rest))
    return None


def _assign(fits: Sequence[Sequence[Fact]], parts: Sequence[str]) -> tuple[float, bool] | None:
    """The best way to give each part a fact of its own; facts out of their places count less."""
    best: tuple[float, bool] | None = None
    for chosen in islice(_ways(fits), _MAX_TRIES):
        places = [f.place for f in chosen]
        known = [p for p in places if p >= 0]
        ordered = known == sorted(known)
        score = sum(
            f.fit + 0.5 * likeness(f.out.label, normalize(prepare(p))) for f, p in zip(chosen, parts, strict=True)
        )
        score -= 0.0 if ordered else 1.0
        whole = ordered and len(known) == len(places) == len(set(known))
        if best is None or score > best[0]:
            best = (score, whole)
    return best


def _ways(fits: Sequence[Sequence[Fact]]) -> Iterator[tuple[Fact, ...]]:
    def extend(taken: tuple[Fact, ...]) -> Iterator[tuple[Fact, ...]]:
        if len(taken) == len(fits):
            yield taken
            return
        for f in sorted(fits[len(taken)], key=lambda f: -f.fit):
            if f not in taken and not any(t.name == f.name and t.out.unit != f.out.unit for t in taken):
                yield from extend((*taken, f))

    return extend(())
