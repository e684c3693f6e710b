"""Grounding: a sentence of the model is shown only if a passage bears it out.

The check is lexical and cheap, so that it can run while the answer streams: content tokens, every number, and
negation. What it can't confirm is dropped rather than shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant408.kb.cite import support
from assistant408.kb.text import normalize

__all__ = ["MIN_SUPPORT", "Checked", "check_sentence", "split_sentences"]

MIN_SUPPORT = 0.5  # calibrated on the practice questions, see docs/decisions/0004-grounding.md
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DENIES = re.compile(r"(不|非|无|未|没有|不能|不会|不是|不要|不可|不必|无须|无需|不需)$")
_END = re.compile(r"[。！？；\n]")


@dataclass(frozen=True)
class Checked:
    """The verdict on a sentence: `index` of the passage and `quote` if `ok`, `why` not otherwise."""

    ok: bool
    index: int = -1
    quote: str = ""
    score: float = 0.0
    why: str = ""


def check_sentence(sentence: str, passages: Sequence[str], question: str = "") -> Checked:
    """Whether a passage bears `sentence` out.

    Args:
        passages: their texts, headings included.
        question: its numbers may be repeated.
    """
    found = support(sentence, passages)
    if found is None:
        return Checked(False, why="没有内容")
    if not found.numbers and not _numbers(sentence) <= _numbers(" ".join(passages) + question):
        return Checked(False, found.index, found.quote, found.score, "出现了资料里没有的数")
    if found.score < MIN_SUPPORT:
        return Checked(False, found.index, found.quote, found.score, "资料不支持")
    if _contradicts(sentence, found.quote):
        return Checked(False, found.index, found.quote, found.score, "与资料的肯定或否定相反")
    return Checked(True, found.index, found.quote, found.score)


def split_sentences(text: str) -> tuple[list[str], str]:
    """Finished sentences of streamed text, ends included, and the unfinished rest.

    Examples:
        >>> split_sentences("互斥。不剥夺。循环")
        (['互斥。', '不剥夺。'], '循环')
    """
    out, start = [], 0
    for end in _END.finditer(text):
        out.append(text[start : end.end()])
        start = end.end()
    return out, text[start:]


def _contradicts(sentence: str, quote: str) -> bool:
    """Whether a term is denied in one and affirmed in the other, and never the other way round."""
    said, have = _polarity(sentence), _polarity(quote)
    return any(said[t].isdisjoint(have[t]) for t in said.keys() & have.keys())


def _polarity(text: str) -> dict[str, set[bool]]:
    """For each pair of Chinese characters, whether it stands right behind a negation (`True`) or not."""
    out: dict[str, set[bool]] = {}
    text = normalize(text)
    for run in _HAN.finditer(text):
        word = run[0]
        for i in range(len(word) - 1):
            before = word[max(0, i - 2) : i]
            pair = word[i : i + 2]
            if pair[0] not in "不无未非没" and pair[0] not in "能会是要可必须需":
                denied = bool(_DENIES.search(before))
                out.setdefault(pair, set()).add(denied)
    return out


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))
