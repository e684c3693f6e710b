"""Grounding: a sentence of the model is shown only if a passage bears it out.

The check is cheap, so that it can run while the answer streams. Clause by clause it asks that one sentence of a
passage say nearly the same in nearly the same order, with the same numbers and the same things as subjects, and
without the opposite polarity. What it can't confirm is dropped rather than shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant408.kb.cite import content_tokens, readable, support, units
from assistant408.kb.text import common_in_order, normalize

FindTerms = Callable[[str], Sequence[tuple[str, ...]]]

__all__ = [
    "MIN_CLAUSE",
    "MIN_SUPPORT",
    "Checked",
    "check_sentence",
    "contradicts",
    "numbers",
    "same_order",
    "split_sentences",
]

MIN_SUPPORT = 0.5  # share of a sentence's content tokens; see docs/decisions/0004-grounding.md
MIN_CLAUSE = 0.7  # share of a clause's characters that one sentence has in the same order
_END = re.compile(r"[。！？；\n]")
_CLAUSE = re.compile(r"[，,；;：:。！？、\n]|(?<=[^a-z])而(?=[^且])")
_PART = re.compile(r"[，,；;。、]")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_OPENING = re.compile(r"^(因为|所以|因此|由于|但是|但|而且|而|并且|即|其中|这是|也就是说|如果|若)")
_REFUTED = re.compile(r"“([^”]+)”[^“”]{0,6}(是错|错误|不准确|不正确|不对|没有依据)")
_WORD = re.compile(r"[a-z][a-z0-9]*[+*]*")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DENIES = re.compile(
    r"(不|非|无|未|没有|不能|不会|不是|不要|不可|不必|不得|不用|不应|无须|无需|不需|"
    r"不可能|不能够|不需要|不应该|不一定|没必要)$"
)
_COUNT = re.compile(r"[二三四五六七八九十两](?=[个种次类级层位条步段项])")


@dataclass(frozen=True)
class Checked:
    """The verdict on a sentence: `index` of the passage and `quote` if `ok`, `why` not otherwise."""

    ok: bool
    index: int = -1
    quote: str = ""
    score: float = 0.0
    why: str = ""


def check_sentence(
    sentence: str, passages: Sequence[str], question: str = "", terms: FindTerms = lambda _: ()
) -> Checked:
    """Whether a passage bears `sentence` out.

    Args:
        passages: their texts, the heading on the first line.
        question: its numbers may be repeated.
        terms: finds the field's terms in a text, each as the tuple of its names; a clause must be about the terms
            that its line, or the heading, is about.

    Examples:
        >>> note = "排序\\n堆排序不稳定。归并排序稳定。"
        >>> check_sentence("归并排序是稳定的。", [note]).ok, check_sentence("堆排序是稳定的。", [note]).ok
        (True, False)
    """
    found = support(sentence, passages)
    if found is None:
        return Checked(False, why="没有内容")

    def no(why: str) -> Checked:
        return Checked(False, found.index, found.quote, found.score, why)

    if not found.numbers and not numbers(sentence) <= numbers(" ".join(passages) + question):
        return no("出现了资料里没有的数")
    if found.score < MIN_SUPPORT:
        return no("资料不支持")
    passage = passages[found.index]
    if contradicts(sentence, found.quote) or contradicts(sentence, passage):
        return no("与资料的肯定或否定相反")
    if any(same_order(normalize(wrong[1]), normalize(sentence)) > 0.85 for wrong in _REFUTED.finditer(passage)):
        return no("资料指出这种说法是错的")
    heading = passage.partition("\n")[0]
    lines = [normalize(f"{readable(u, passage)}") for p in passages for u in units(p) if not _REFUTED.search(u)]
    for clause in _clauses(sentence):
        if not _borne_out(clause, lines, normalize(heading), numbers(question), terms):
            return no(f"分句没有依据：{clause}")
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


def _clauses(sentence: str) -> list[str]:
    """Clauses of four characters or more, without connectives and markup."""
    plain = re.sub(r"[*`#$\\ ]", "", normalize(sentence))
    parts = (_OPENING.sub("", p.strip()) for p in _CLAUSE.split(plain))
    return [p for p in parts if len(p) >= 4]


def _borne_out(clause: str, lines: Sequence[str], heading: str, asked: set[str], terms: FindTerms) -> bool:
    """Whether one line says the clause in the same order, about the same things, with the same numbers."""
    said = content_tokens(clause)
    words = set(_WORD.findall(clause))
    figures = numbers(clause) - numbers(heading) - asked
    named = [{_tight(n) for n in names} for names in terms(clause)]
    about = _tight(heading)
    for line in lines:
        bare = re.sub(r"[*`#$\\ ]", "", line)
        have = set(_WORD.findall(bare))
        if len(said & content_tokens(bare)) < 0.4 * len(said):
            continue
        # a line that leaves its subject to the heading may be about it; one that names another may not
        if not words <= have and (have - words or not words <= have | set(_WORD.findall(heading))):
            continue
        if any(not any(n in bare or n in about for n in names) for names in named):
            continue
        if not figures <= numbers(bare) or not all(_beside(clause, bare, f) for f in figures):
            continue
        if not contradicts(clause, bare) and same_order(clause, bare) >= MIN_CLAUSE:
            return True
    return not said


def _beside(clause: str, line: str, figure: str) -> bool:
    """Whether `figure` stands in that part of `line` which the clause is most like: no number is taken from next door."""
    parts = [p for p in _PART.split(line) if numbers(p)]
    if len(parts) < 2:
        return True
    plain = _DIGITS.sub("", clause)
    likeness = [same_order(plain, _DIGITS.sub("", p)) for p in parts]
    words = set(_WORD.findall(clause))
    for part, alike in zip(parts, likeness, strict=True):
        have = set(_WORD.findall(part))
        if figure in numbers(part) and alike >= max(likeness) and (words <= have or not have - words):
            return True
    return False


def _tight(text: str) -> str:
    return normalize(text).replace(" ", "")


def same_order(short: str, long: str) -> float:
    """Length of the longest common subsequence over the length of `short`."""
    return common_in_order(short, long) / len(short) if short else 1.0


def contradicts(sentence: str, text: str) -> bool:
    """Whether a term is denied in one and affirmed in the other, and never the other way round."""
    said, have = _polarity(sentence), _polarity(text)
    return any(said[t].isdisjoint(have[t]) for t in said.keys() & have.keys())


def _polarity(text: str) -> dict[str, set[bool]]:
    """For each pair of Chinese characters, whether it stands right behind a negation (`True`) or not."""
    out: dict[str, set[bool]] = {}
    for run in _HAN.finditer(normalize(text)):
        word = run[0]
        for i in range(len(word) - 1):
            pair = word[i : i + 2]
            if word[i + 2 : i + 3] != "性" and pair[0] not in "不无未非没能会是要可必须需":
                out.setdefault(pair, set()).add(bool(_DENIES.search(word[max(0, i - 3) : i])))
    return out


def numbers(text: str) -> set[str]:
    """Numbers, and counts spelt in Chinese (四个)."""
    counts = {str("零一二三四五六七八九十".index(c.replace("两", "二"))) for c in _COUNT.findall(text)}
    return set(re.findall(r"\d+(?:\.\d+)?", text)) | counts
