"""A choice question about concepts answered: each statement judged by the facts nearest to it, the letter from those."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant408.kb.facts import Fact
from assistant408.tutor.item import Item, dissect
from assistant408.tutor.judge import Judge, claims_of

__all__ = ["Verdict", "bare", "choose_by_facts", "explain", "is_conceptual"]

SURE = 0.6  # share of the probability that the letter must have to be given without reserve
_NUMBER = re.compile(r"[-−+（(]?[\d.,，、:：/×^*%～~\s−-]*\d[\d.,，、:：/×^*%～~\s−-]*[^\d\s]{0,4}[）)]?")


@dataclass(frozen=True)
class Judged:
    """A statement, the odds that it is true, and the fact that speaks most for that verdict, if one is near."""

    label: str
    text: str
    log_odds: float
    fact: Fact | None


@dataclass(frozen=True)
class Verdict:
    """The answer to a choice question.

    Attributes:
        letter: the most probable choice.
        scores: probability of each choice.
        judged: the statements, in the question's order.
        item: the question taken apart.
    """

    letter: str
    scores: Mapping[str, float]
    judged: tuple[Judged, ...]
    item: Item

    @property
    def sure(self) -> bool:
        """Whether the letter stands out."""
        return self.scores[self.letter] >= SURE


def is_conceptual(choices: Mapping[str, str]) -> bool:
    """Whether the choices are words, sets of statements or formulas rather than numbers.

    Examples:
        >>> is_conceptual({"A": "互斥条件", "B": "O(n)"}), is_conceptual({"A": "12 次", "B": "10.5 ms"})
        (True, False)
    """
    return sum(_NUMBER.fullmatch(c.strip(" $")) is None for c in choices.values()) * 2 > len(choices)


def choose_by_facts(judge: Judge, stem: str, choices: Mapping[str, str]) -> Verdict:
    """Judges a question's statements and gives the letter that fits the verdicts best."""
    item = dissect(stem, choices)
    odds, used = judge.log_odds(claims_of(item.statements))
    truth = dict(zip(item.statements, odds, strict=True))
    raw = item.scores(truth)
    top = max(raw.values())
    whole = sum(math.exp(v - top) for v in raw.values())
    judged = tuple(
        Judged(label, text, truth[label], _decisive(judge, near, truth[label] > 0))
        for (label, text), near in zip(item.statements.items(), used, strict=True)
    )
    letter = max(raw, key=lambda k: raw[k])
    return Verdict(letter, {k: math.exp(v - top) / whole for k, v in raw.items()}, judged, item)


def _decisive(judge: Judge, used: list[int], true: bool) -> Fact | None:
    """The nearest known fact of that truth whose note can be quoted."""
    for i in used:
        fact = judge.facts.facts[i]
        if fact.true == true and fact.quote and fact.doc:
            return fact
    return None


def bare(quote: str) -> str:
    """A quote without the mark that ends it: the same words cited once."""
    return quote.rstrip("。；")


def explain(verdict: Verdict, cite: Mapping[str, str]) -> str:
    """The answer as Markdown: the letter, then each statement with the words of the notes that settle it.

    Args:
        cite: by `bare` quote, the mark of its citation, such as ``[1]``.
    """
    lead = (
        f"选 **{verdict.letter}**。" if verdict.sure else f"最可能是 **{verdict.letter}**，把握不大，请对照下面的依据。"
    )
    lines = [lead, ""]
    claimed = verdict.item.holds[verdict.letter]
    for j in verdict.judged:
        holds = (j.label in claimed) != verdict.item.wrong if not verdict.item.counts else j.log_odds > 0
        fact = j.fact
        if fact is None:
            lines.append(f"- {j.label}：{'对' if holds else '错'}。")
        else:
            lines.append(f"- {j.label}：{'对' if holds else '错'}。依据：{fact.quote}{cite.get(bare(fact.quote), '')}")
    return "\n".join(lines)
