"""An audit of shown sentences: do the words cited for a sentence say it?

It shares no rule with the tutor's own check: it knows nothing but the answer as shown and its citations, aligns each
sentence with one cited quote character by character, and looks at what the alignment leaves over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

__all__ = ["MIN_ALIGNED", "Finding", "audit"]

MIN_ALIGNED = 0.6  # share of a sentence's characters that one quote has in the same order
_MARK = re.compile(r"((?:\[\d+\])+)")
_END = re.compile(r"[。！？\n]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LATIN = re.compile(r"[a-z][a-z0-9]+")
_NOISE = re.compile(r"[\s*`$#>_，,。；;：:、！？!?“”\"'（）()|-]")
_NEGATIONS = frozenset("不未无非没")
_OPPOSITE = [*zip("先大高快增升左上前内长多强同硬静", "后小低慢减降右下后外短少弱异软动", strict=True)]


@dataclass(frozen=True)
class Finding:
    """A shown sentence and what is wrong with it; `fault` is empty if its quote says it."""

    sentence: str
    quote: str
    fault: str


def audit(answer: str, citations: Sequence[Mapping[str, Any]], question: str = "") -> list[Finding]:
    """One finding a sentence of an answer that cites.

    Args:
        citations: with `n`, `quote` and `section`.
        question: its numbers and Latin words may be repeated.

    Lines that end in a colon are the program's own headings, not statements.

    Examples:
        >>> cited = [{"n": 1, "quote": "TCP 首部最短 20 字节。", "section": "TCP"}]
        >>> [f.fault for f in audit("TCP 首部最短 20 字节。[1]", cited)]
        ['']
        >>> [f.fault for f in audit("TCP 首部最短 40 字节。[1]\\n它很快。", cited)]
        ['数 40 不在引文里', '没有引文']
    """
    findings = []
    pieces = _MARK.split(answer)
    for text, marks in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        sentences = [s.strip().strip("-* ") for s in _END.split(text)]
        sentences = [s for s in sentences if _plain(s) and not s.endswith(("：", ":"))]
        numbers = {int(n) for n in re.findall(r"\d+", marks)}
        cited = [c for c in citations if c["n"] in numbers]
        for k, sentence in enumerate(sentences):
            # a mark stands behind the sentence that it bears out; a quote may hold several sentences
            whole = any(_plain(sentence) in _plain(str(c["quote"])) for c in cited)
            findings.append(_best(sentence, cited if whole or k == len(sentences) - 1 else [], question))
    return findings


def _best(sentence: str, cited: Sequence[Mapping[str, Any]], question: str) -> Finding:
    found = [Finding(sentence, str(c["quote"]), _fault(sentence, c, question)) for c in cited]
    return next((f for f in found if not f.fault), found[0] if found else Finding(sentence, "", "没有引文"))


def _fault(sentence: str, citation: Mapping[str, Any], question: str) -> str:
    quote, section = str(citation["quote"]), str(citation.get("section", ""))
    cells = [_plain(c) for c in quote.split("|") if _plain(c)]
    if quote.startswith("|") and all(c in _plain(sentence) for c in cells):  # a row, read with its table's heads
        return ""
    said, have = _plain(sentence), _plain(quote)
    around = _lower(f"{section} {question}")
    blocks = [b for b in SequenceMatcher(None, said, have, autojunk=False).get_matching_blocks() if b.size]
    kept = {i for b in blocks for i in range(b.a, b.a + b.size)}
    used = {j for b in blocks for j in range(b.b, b.b + b.size)}
    for number in _NUMBER.findall(_lower(sentence)):
        if number not in _NUMBER.findall(_lower(quote)) and number not in _NUMBER.findall(around):
            return f"数 {number} 不在引文里"
    for word in _LATIN.findall(_lower(sentence)):
        if word not in _lower(quote) and word not in around:
            return f"{word} 不在引文里"
    if len(kept) < MIN_ALIGNED * len(said):
        return "与引文不同"
    added = {said[i] for i in range(len(said)) if i not in kept}
    between = range(min(used), max(used) + 1)
    dropped = {have[j] for j in between if j not in used}
    denied = any(have[j] in _NEGATIONS and j not in used and j + 1 in used for j in between)
    if (added & _NEGATIONS) or denied:
        return "否定与引文不同"
    if any((a in added and b in dropped) or (b in added and a in dropped) for a, b in _OPPOSITE):
        return "用了相反的词"
    return ""


def _lower(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _plain(text: str) -> str:
    return _NOISE.sub("", _lower(text))
