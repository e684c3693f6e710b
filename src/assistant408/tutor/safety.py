"""Choices that tell the outcome of a safety check: safe or not, one safe sequence or several, and which."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant408.core.trace import Value

__all__ = ["safety"]


def safety(choices: Mapping[str, str], answer: Mapping[str, Value]) -> str | None:
    """The one choice that is true of a safety check's answer; `None` if they don't all speak of safety.

    Args:
        answer: with `safe`, `count` and `sequences` of the banker's algorithm.

    Examples:
        >>> found = {"safe": True, "count": 1, "sequences": ["P3→P1→P2"]}
        >>> safety({"A": "不存在安全序列", "B": "存在多个安全序列", "C": "存在唯一安全序列 P3、P1、P2"}, found)
        'C'
        >>> safety({"A": "5", "B": "6", "C": "7"}, found) is None
        True
    """
    if "safe" not in answer or len(choices) < 3 or not all(re.search("安全", t) for t in choices.values()):
        return None
    hits = [letter for letter, text in choices.items() if _holds(text, answer)]
    return hits[0] if len(hits) == 1 else None


def _holds(text: str, answer: Mapping[str, Value]) -> bool:
    """Whether all that a choice says is so."""
    safe = bool(answer["safe"])
    if re.search("不安全|不存在安全|没有安全|无安全", text):
        return not safe
    if not safe:
        return False
    sequences = answer.get("sequences")
    found = (
        [re.findall(r"\w+", s) if isinstance(s, str) else s for s in sequences] if isinstance(sequences, list) else []
    )
    count = answer.get("count", len(found))
    if re.search("多个|不唯一|不止", text) and not (isinstance(count, int) and count > 1):
        return False
    if re.search("唯一|只有", text) and "不唯一" not in text and count != 1:
        return False
    named = re.findall(r"P_?\d|[A-Z]\d", text.replace("_", ""))
    return not named or named in found
