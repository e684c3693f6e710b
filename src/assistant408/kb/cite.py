"""Quotes: the words of a passage that bear a sentence out, always verbatim."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant408.kb.text import normalize, sentences, tokens

__all__ = ["Support", "content_tokens", "key_units", "readable", "support", "units"]

_FENCE = re.compile(r"^```.*?^```[ \t]*$", re.S | re.M)
# a wrong statement quoted in order to be refuted, or a question: poor evidence on its own
_TRAP = re.compile(r"是错的|说法错误|不准确|[？?]$|[：:]$|^(把|误以为)")
_WHY = re.compile(r"为什么|为何|为啥|原因|凭什么|能不能|行不行|可不可以")
_REASON = re.compile(r"因为|由于|否则|若只|如果|以免|防止|避免|为了|使得|所以|因此|原因|目的")
_RULE = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)*%?")


@dataclass(frozen=True)
class Support:
    """How well a passage bears a sentence out.

    Attributes:
        index: which passage, 0-based.
        quote: the words of it, verbatim.
        score: share of the sentence's content tokens found in the passage, 0 to 1.
        numbers: whether every number of the sentence stands in the passage.
    """

    index: int
    quote: str
    score: float
    numbers: bool


def units(text: str) -> list[str]:
    """The quotable pieces of a passage, verbatim: sentences, list items, table rows; no code, rules or table heads.

    Examples:
        >>> units("- 互斥。\\n- 不剥夺。\\n\\n|a|b|\\n|---|---|\\n|1|2|")
        ['互斥。', '不剥夺。', '|1|2|']
    """
    out = []
    lines = _FENCE.sub("\n", text).splitlines() or [""]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        line = re.sub(r"^\s*(?:[-*+]|\d+\.|#{1,6}|>)\s+", "", line).strip()
        if not line or _RULE.fullmatch(line) or _RULE.fullmatch(after.strip() or "."):
            continue
        out += [line] if line.startswith("|") else sentences(line)
    return out


def readable(unit: str, text: str) -> str:
    """A unit as a sentence: a table row is read with the heads of its table, out of the passage `text`.

    Examples:
        >>> readable("|FIFO|可能|", "|算法|Belady|\\n|---|---|\\n|FIFO|可能|")
        'FIFO——Belady：可能。'
    """
    if not unit.startswith("|"):
        return unit
    lines = [line.strip() for line in text.splitlines()]
    at = lines.index(unit) if unit in lines else 0
    rules = [i for i in range(1, at) if _RULE.fullmatch(lines[i] or ".")]
    cells = [c.strip() for c in unit.strip("|").split("|")]
    if not rules:
        return "，".join(cells) + "。"
    heads = [c.strip() for c in lines[rules[-1] - 1].strip("|").split("|")]
    pairs = [f"{h}：{c}" if h else c for h, c in zip(heads[1:], cells[1:], strict=False)]
    return f"{cells[0]}——{'；'.join(pairs)}。"


def content_tokens(text: str) -> set[str]:
    """Tokens that carry meaning: Chinese bigrams, words, numbers."""
    return {t for t in tokens(text) if len(t) > 1 or t.isdigit()}


def key_units(
    question: str,
    texts: Sequence[str],
    budget: int,
    similar: Callable[[Sequence[str]], Sequence[float]] | None = None,
    prior: Sequence[float] = (),
    ratio: float = 0.0,
) -> list[tuple[int, str]]:
    """The units of several passages that speak most to a question, as (passage, unit), the best first.

    Args:
        texts: passages, the best first.
        budget: characters to return at most; at least one unit is returned.
        similar: similarity of each unit to the question, such as a cosine; sharpens the lexical choice.
        prior: what to add to the score of each passage's units.
        ratio: units below this share of the best score are left out.
    """
    asked = content_tokens(question)
    found = [(i, j, unit) for i, text in enumerate(texts) for j, unit in enumerate(units(text))]
    if not found:
        return [(0, texts[0].strip()[:budget])] if texts else []
    bags = [content_tokens(readable(unit, texts[i])) for i, _, unit in found]
    frequency = Counter(t for bag in bags for t in bag)
    weight = {t: math.log(1 + len(bags) / (1 + frequency[t])) for t in asked}
    whole = sum(weight.values()) or 1.0
    scores = [sum(weight[t] for t in asked & bag) / whole for bag in bags]
    if similar is not None:
        near = similar([readable(unit, texts[i]) for i, _, unit in found])
        low, high = min(near), max(near)
        scores = [s + (c - low) / (high - low or 1.0) for s, c in zip(scores, near, strict=True)]
    why = bool(_WHY.search(question))
    for at, (i, j, unit) in enumerate(found):
        scores[at] += 0.3 / (1 + i)  # the passages are ranked
        scores[at] += 0.15 if j == 0 else 0.0  # an opening sentence usually states the point
        scores[at] += prior[i] if prior else 0.0
        scores[at] -= 0.6 if _TRAP.search(unit) else 0.0
        scores[at] += 0.35 if why and _REASON.search(unit) else 0.0
    chosen: list[tuple[int, str]] = []
    used = 0
    enough = ratio * max(scores)
    for score, (i, _, unit) in sorted(zip(scores, found, strict=True), key=lambda pair: -pair[0]):
        if chosen and (score < enough or used + len(unit) > budget or any(unit == u for _, u in chosen)):
            continue
        chosen.append((i, unit))
        used += len(unit)
    return chosen


def support(sentence: str, passages: Iterable[str]) -> Support | None:
    """The passage that bears the sentence out best, with its quote; `None` if the sentence says nothing.

    Examples:
        >>> s = support("LRU 不会出现 Belady 异常。", ["FIFO 可能出现 Belady 异常。LRU 不会出现 Belady 异常。"])
        >>> s.quote, s.score
        ('LRU 不会出现 Belady 异常。', 1.0)
    """
    said = content_tokens(sentence)
    if not said:
        return None
    numbers = set(_NUMBER.findall(normalize(sentence)))
    best: Support | None = None
    for index, passage in enumerate(passages):
        whole = content_tokens(passage)
        score = len(said & whole) / len(said)
        quote, close = "", 0.0
        for unit in units(passage):
            have = content_tokens(unit)
            share = len(said & have) / len(said) - 0.002 * len(have - said)
            if share > close:
                quote, close = unit, share
        if not quote:
            continue
        found = numbers <= set(_NUMBER.findall(normalize(passage)))
        candidate = Support(index, quote, round(0.5 * score + 0.5 * max(close, 0.0), 4), found)
        candidate = candidate if close < 0.999 else Support(index, quote, 1.0, found)
        if best is None or candidate.score > best.score:
            best = candidate
    return best
