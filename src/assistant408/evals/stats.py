"""Intervals, paired tests, and the summary of a run."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["mcnemar", "summarize", "wilson"]


def wilson(correct: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% Wilson score interval of a proportion.

    Examples:
        >>> [round(x, 3) for x in wilson(8, 10)]
        [0.49, 0.943]

    Source: Wilson, JASA 22 (1927).
    """
    if n == 0:
        return 0.0, 1.0
    p = correct / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (centre - half) / scale, (centre + half) / scale


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value that two paired systems are equally often right.

    Args:
        only_first, only_second: items that only the first, only the second got right.

    Examples:
        >>> mcnemar(1, 9)
        0.021484375

    Source: McNemar, Psychometrika 12 (1947), binomial form.
    """
    n = only_first + only_second
    if n == 0:
        return 1.0
    tail: float = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
    return min(1.0, 2 * tail)


def summarize(samples: Sequence[Mapping[str, Any]], groups: Sequence[str] = ()) -> dict[str, Any]:
    """Counts and accuracy with 95% Wilson intervals: of the first group in all, by subject and by way of answering.

    Args:
        groups: the scorings of the run, ``letter`` or ``letter/2`` (the second other order of the choices). With more
            than one, ``scorings`` holds each scoring's summary, and ``robustness`` compares a scoring's orders.
    """
    by_group = _grouped(samples, "group")
    first = by_group.get(groups[0], []) if groups else list(samples)
    out = {
        **_score(first),
        "subjects": {k: _score(v) for k, v in sorted(_grouped(first, "subject").items())},
        "by_way": {k: _score(v) for k, v in sorted(_grouped(first, "how").items())},
        "letters": dict(sorted(Counter(s["answer"] if isinstance(s["answer"], str) else "?" for s in first).items())),
    }
    if len(out["letters"]) > 26:  # no letters: the answers are ids or texts
        del out["letters"]
    if metrics := _means([s["metrics"] for s in first if "metrics" in s]):
        out["metrics"] = metrics
    plain = [g for g in groups if "/" not in g]
    if len(plain) > 1:
        out["scorings"] = {g: _score(by_group.get(g, [])) for g in plain}
    orders = {g: [by_group.get(o, []) for o in groups if o.partition("/")[0] == g] for g in plain}
    if robust := {g: _robustness(runs) for g, runs in orders.items() if len(runs) > 1}:
        out["robustness"] = robust
    return out


def _robustness(runs: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Accuracy under several orders of the choices, and how often the same choice is taken in all of them."""
    accuracies = [sum(bool(s["correct"]) for s in run) / len(run) for run in runs if run]
    chosen: dict[str, list[Any]] = defaultdict(list)
    for run in runs:
        for s in run:
            chosen[s["id"]].append(s.get("chosen"))
    whole = [c for c in chosen.values() if len(c) == len(runs)]
    same = sum(len(set(c)) == 1 and c[0] is not None for c in whole)
    return {
        "orders": len(runs),
        "mean": round(sum(accuracies) / len(accuracies), 4) if accuracies else None,
        "lowest": round(min(accuracies), 4) if accuracies else None,
        "highest": round(max(accuracies), 4) if accuracies else None,
        "consistency": round(same / len(whole), 4) if whole else None,
    }


def _score(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    n = len(samples)
    correct = sum(bool(s["correct"]) for s in samples)
    low, high = wilson(correct, n)
    return {
        "n": n,
        "correct": correct,
        "accuracy": round(correct / n, 4) if n else None,
        "interval": [round(low, 4), round(high, 4)],
        "parse_failures": sum(s["answer"] is None for s in samples),
        "seconds_each": round(sum(s["seconds"] for s in samples) / n, 3) if n else None,
    }


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each metric over the samples that have it."""
    names = dict.fromkeys(name for row in rows for name in row)
    values = {name: [row[name] for row in rows if name in row] for name in names}
    return {name: round(sum(v) / len(v), 4) for name, v in values.items()}


def _grouped(samples: Sequence[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    out: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for s in samples:
        out[s.get(key, "")].append(s)
    return out
