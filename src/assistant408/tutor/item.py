"""The anatomy of a choice question: the statements that it puts up for judgement, and how they make a choice right.

Three shapes cover the exam: choices that are statements (下列叙述中正确的是), choices that complete the stem (……的是（ ）),
and choices that are sets of numbered statements (仅Ⅰ、Ⅲ) or their count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Item", "dissect"]

_ROMAN = "ⅠⅡⅢⅣⅤⅥ"
_LIST = {"①": "Ⅰ", "②": "Ⅱ", "③": "Ⅲ", "④": "Ⅳ", "⑤": "Ⅴ", "⑥": "Ⅵ"}
_BLANK = re.compile(r"[（(][\s\u3000]*[)）]|_{2,}|＿{2,}")
_MARK = re.compile(rf"([{_ROMAN}])[\s\u3000]?[.、．:：)）]?[\s\u3000]*")
_NOUN = "叙述|说法|描述|陈述|论述|表述|结论|判断|理解|观点|命题|关系式?|选项"
_RIGHT = "正确|成立|恰当|合理|错误|不正确|不成立|不恰当|不合理|不对|有误|不符合"
_JUDGED = re.compile(
    rf"(?:{_NOUN})[^。;；]{{0,8}}?(?:{_RIGHT})的?|(?:{_RIGHT})的(?:{_NOUN})?\s*(?:是|有|为|共|选项|[（(])"
)
_WRONG = re.compile(r"(?:不正确|错误|不成立|不恰当|不合理|不对|有误|不符合)")
_TOPIC = re.compile(rf"(?:有关|关于|对于?)(.{{1,40}}?)的?(?:下列|以下)?(?:{_NOUN}|比较)")
_COUNT = re.compile(r"^\s*(\d|[一二三四五六])\s*(?:个|条|项|种)?\s*$")


@dataclass(frozen=True)
class Item:
    """A choice question taken apart.

    Attributes:
        statements: by label (a choice's letter, or Ⅰ, Ⅱ, …), each a sentence that stands alone.
        holds: by letter, the labels of the statements that are claimed; the others are denied.
        wrong: whether it asks for what is false.
        counts: whether the choices are how many of the statements hold.
    """

    statements: Mapping[str, str]
    holds: Mapping[str, frozenset[str]]
    wrong: bool = False
    counts: bool = False

    @property
    def combined(self) -> bool:
        """Whether the choices are sets, or numbers, of statements."""
        return set(self.statements) != set(self.holds)

    def scores(self, truth: Mapping[str, float]) -> dict[str, float]:
        """The log-odds of each letter, by the log-odds `truth` that each statement is true.

        Examples:
            >>> item = dissect("下列叙述中，错误的是（ ）。", {"A": "栈先进先出", "B": "队列先进先出"})
            >>> item.scores({"A": -2.0, "B": 3.0})
            {'A': 2.0, 'B': -3.0}
        """
        claimed = {label: -v if self.wrong else v for label, v in truth.items()}
        if not self.combined:
            return {letter: claimed[letter] for letter in self.holds}
        if not self.counts:
            return {
                letter: sum(_log_sigmoid(v if label in chosen else -v) for label, v in claimed.items())
                for letter, chosen in self.holds.items()
            }
        ways = [1.0]  # the probability that k of the statements seen so far hold
        for v in claimed.values():
            p = math.exp(_log_sigmoid(v))
            ways = [a * (1 - p) + b * p for a, b in zip([*ways, 0.0], [0.0, *ways], strict=True)]
        return {letter: math.log(max(ways[int(min(n))], 1e-12)) for letter, n in self.holds.items()}


def dissect(stem: str, choices: Mapping[str, str]) -> Item:
    """Takes a question apart.

    Examples:
        >>> dissect("死锁的必要条件不包括（ ）。", {"A": "互斥", "B": "抢占"}).statements["B"]
        '死锁的必要条件不包括抢占。'
        >>> item = dissect("关于栈，正确的是（ ）。\\nⅠ. 先进后出\\nⅡ. 先进先出", {"A": "仅Ⅰ", "B": "仅Ⅱ", "C": "Ⅰ、Ⅱ"})
        >>> item.statements["Ⅰ"], sorted(item.holds["C"]), item.combined
        ('关于栈：先进后出', ['Ⅰ', 'Ⅱ'], True)
    """
    for circled, roman in _LIST.items():
        if any(circled in c for c in choices.values()) and not any("→" in c for c in choices.values()):
            stem = stem.replace(circled, roman)
            choices = {k: v.replace(circled, roman) for k, v in choices.items()}
    head, parts = _numbered(stem)
    wrong = bool(_JUDGED.search(_question(head))) and bool(_WRONG.search(_question(head)))
    if len(parts) >= 2:
        statements = {label: _statement(head, text) for label, text in parts.items()}
        sets = {k: _set(v, parts) for k, v in choices.items()}
        if all(s is not None for s in sets.values()):
            return Item(statements, {k: s for k, s in sets.items() if s is not None}, wrong)
        numbers = {k: _count(v) for k, v in choices.items()}
        if all(n is not None and n <= len(parts) for n in numbers.values()):
            return Item(statements, {k: frozenset([str(n)]) for k, n in numbers.items()}, wrong, counts=True)
        head = stem
    return Item({k: _statement(head, v) for k, v in choices.items()}, {k: frozenset(k) for k in choices}, wrong)


def _numbered(stem: str) -> tuple[str, dict[str, str]]:
    """The stem without its numbered statements, and those."""
    found: list[tuple[str, int, int]] = []
    for m in _MARK.finditer(stem):
        if len(found) < len(_ROMAN) and m[1] == _ROMAN[len(found)]:
            found.append((m[1], m.start(), m.end()))
    if len(found) < 2:
        return stem, {}
    parts = {}
    tail = ""
    for i, (label, _, start) in enumerate(found):
        text = stem[start : found[i + 1][1] if i + 1 < len(found) else len(stem)].strip(" \n\u3000")
        if i == len(found) - 1 and "\n" in text:
            text, tail = text.split("\n", 1)
        parts[label] = text.strip(" \u3000;；。")
    return f"{stem[: found[0][1]].strip()}{tail}", parts


def _set(choice: str, labels: Mapping[str, str]) -> frozenset[str] | None:
    named = re.findall(f"[{_ROMAN}]", choice)
    through = re.search(rf"([{_ROMAN}])\s*[~～—–至-]+\s*([{_ROMAN}])", choice)
    if through:
        named += _ROMAN[_ROMAN.index(through[1]) : _ROMAN.index(through[2]) + 1]
    if named:
        return frozenset(named) if set(named) <= set(labels) else None
    if re.fullmatch(r"\s*(?:全部|都|均)(?:正确|是|对|可以)?\s*", choice):
        return frozenset(labels)
    return frozenset() if re.fullmatch(r"\s*(?:都不|均不|全不).{0,4}", choice) else None


def _count(choice: str) -> int | None:
    m = _COUNT.match(choice)
    return None if m is None else int(m[1]) if m[1].isdigit() else "零一二三四五六".index(m[1])


def _question(head: str) -> str:
    """The clause that asks."""
    clauses = [c for c in re.split(r"[。;；\n]", _BLANK.sub("（）", head)) if c.strip("（） \u3000")]
    return clauses[-1] if clauses else head


def _statement(head: str, text: str) -> str:
    """A choice, or a numbered statement, as a sentence of its own."""
    text = text.strip().rstrip("。")
    if _JUDGED.search(_question(head)):
        topic = _TOPIC.search(head)
        before = re.split(r"[。\n]", head)[:-2]  # the situation that the statements are about
        about = f"{topic[1]}：" if topic else ""
        if not about and (m := re.match(r"(关于.{1,30}?|.{1,20}?中)[,，:：]", _question(head))) and "列" not in m[1]:
            about = f"{m[1]}："
        return f"{'。'.join(before)[-120:]}{'。' if before else ''}{about}{text}"
    filled, n = _BLANK.subn(lambda _: text, head, count=1)
    return re.sub(r"^(?:在?)(?:下列|以下|下面)(?:各项)?", "", filled if n else f"{head.rstrip('。')}{text}")


def _log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x)) if x > -30 else x
