"""Which of a solver's results a question asks for."""

from __future__ import annotations

import re

from assistant408.core.registry import Solver
from assistant408.kb.text import normalize
from assistant408.tutor.hints import asks_of
from assistant408.tutor.quantity import prose

__all__ = ["asked_answers", "asked_in_words"]

_CLAUSE = re.compile(r"(?<=[,。;?!\n])")
_WANT = re.compile(
    r"多少|几|多久|多长|多大|求|计算|给出|写出|[((]\s*[))]|__|(?:是|为)[,。;?!\s]*$|各是|分别|什么|哪|判断|能否|是否|会不会|吗|[??]"
)


def asked_answers(solver: Solver, text: str) -> tuple[str, ...]:
    """Names of results, the likeliest first; the solver's first result if the words don't say.

    Examples:
        >>> from assistant408.core.registry import get_solver
        >>> asked_answers(get_solver("os.page_replacement"), "采用 LRU,求缺页次数和缺页率")
        ('faults', 'fault_rate')
    """
    return asked_in_words(solver, text) or (next(iter(solver.answers)),)


def asked_in_words(solver: Solver, text: str, near: bool = False) -> tuple[str, ...]:
    """Names of the results that the words ask for, in the order of the words; none if they don't say.

    Args:
        near: only the words of the sentence that asks count, and of names that overlap only the one that begins first.
    """
    text = prose(text)
    parts = [p for p in re.split(r"(?<=[。?!\n])", text) if p.strip()]
    tail = next((p for p in reversed(parts) if _WANT.search(p)), parts[-1] if parts else text)
    clauses = [c for c in _CLAUSE.split(tail) if c.strip()]
    wanting = [c for c in clauses if _WANT.search(c)] or clauses[-1:]
    scopes = ("".join(wanting), tail) if near else ("".join(wanting), tail, text)
    patterns = asks_of(solver)
    sure = [name for name, p in patterns.items() if p[0] == "@" and re.search(p[1:], text, re.IGNORECASE)]
    if sure:
        return tuple(sure)
    for scope in scopes:
        said = [
            (m.start(), -m.end(), name)
            for name, p in patterns.items()
            if p[0] != "@" and (m := re.search(p, scope, re.IGNORECASE))
        ]
        if said:
            return _apart(sorted(said)) if near else tuple(dict.fromkeys(name for _, _, name in sorted(said)))
    for scope in scopes:
        found = _by_label(solver, scope)
        if found:
            return found
    return ()


def _apart(said: list[tuple[int, int, str]]) -> tuple[str, ...]:
    """Names in order, without those whose words overlap a name that began earlier (``叶结点`` and ``结点数``)."""
    out: list[str] = []
    end = 0
    for start, stop, name in said:
        if start >= end or (start, stop) == (said[0][0], said[0][1]):
            out.append(name)
            end = max(end, -stop)
    return tuple(dict.fromkeys(out))


def _by_label(solver: Solver, scope: str) -> tuple[str, ...]:
    """Results whose label stands in the text, or the one that shares most of its characters."""
    plain = normalize(scope)
    scored = []
    for order, (name, out) in enumerate(solver.answers.items()):
        label = normalize(re.split(r"[（(]", out.label)[0])
        if label in plain:
            scored.append((-1.0 - len(label) / 100, order, name))
            continue
        grams = {label[i : i + 2] for i in range(len(label) - 1)}
        share = sum(g in plain for g in grams) / len(grams) if grams else 0.0
        if share >= 0.6:
            scored.append((-share, order, name))
    if not scored:
        return ()
    scored.sort()
    whole = [n for s, _, n in scored if s <= -1]
    if whole:
        labels = {n: normalize(re.split(r"[（(]", solver.answers[n].label)[0]) for n in whole}
        keep = [n for n in whole if not any(n != m and labels[n] in labels[m] for m in whole)]
        return tuple(sorted(keep, key=lambda n: plain.find(labels[n])))
    return (scored[0][2],)
