"""Reading the letter out of what a model wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["EXTRACT_VERSION", "extract_letter"]

EXTRACT_VERSION = 2  # raise it when a text may be read otherwise than before

_MARKUP = re.compile(r"[*_`#$]|\\(?:boxed|text|textbf|mathrm|mathbf)\s*|\\[()\[\]]")
_SAYS = r"(?:答案|正确选项|正确的?选项|正确答案|正确的?(?:是|为)|the answer|answer)"
_LINK = r"(?:\s*(?:应该|应当|应|就|只能|is|:|：|是|为|选择|选|项|option))*\s*"
_PICKS = r"(?:故|因此|所以|综上|应该|应当|应|本题|只能)?\s*,?\s*(?<![不勿可])选(?:择|项|的是)?(?:\s*[:：是为])?\s*"
_OPEN, _CLOSE = r"[(（\[【{<「“\"']*\s*", r"\s*[)）\]】}>」”\"']*"


def extract_letter(text: str, letters: Sequence[str], choices: Mapping[str, str] | None = None) -> str | None:
    """The letter that a text answers with; `None` if it doesn't say one clearly.

    What counts, in this order: the last “答案：B” or “选 B”; a letter at the very start; the only letter that the text
    names; with `choices`, the wording of one choice after “答案：” or as the whole text. Two letters at once are no answer.

    Examples:
        >>> extract_letter("分析……\\n答案：B", "ABCD"), extract_letter("选 (C)。", "ABCD"), extract_letter("不知道", "ABCD")
        ('B', 'C', None)
        >>> extract_letter("A 错，B 也错。\\n**答案：Ｄ**", "ABCD"), extract_letter("答案：A 或 B", "ABCD")
        ('D', None)
        >>> extract_letter("答案：后进先出。", "AB", {"A": "先进先出", "B": "后进先出"})
        'B'
    """
    text = _MARKUP.sub("", unicodedata.normalize("NFKC", text)).strip()
    allowed = "".join(re.escape(x) for x in letters)
    one = rf"{_OPEN}([{allowed}])(?![A-Za-z0-9]){_CLOSE}"
    for lead in (_SAYS + _LINK, _PICKS):
        found = list(re.finditer(lead + one, text, re.I))
        found = [m for m in found if m[1] in letters]  # `re.I` is for the English words only
        if found:
            last = found[-1]
            also = re.match(rf"\s*(?:、|,|/|或者?|和|与|及|or|and)?\s*{one}", text[last.end() :])
            return None if also else last[1]
    if choices and (named := _by_wording(text, choices)):
        return named
    if first := re.match(rf"{one}(?:\s*[.、,。:：;\n]|\s|$)", text):
        rest = set(re.findall(rf"(?<![A-Za-z0-9])([{allowed}])(?![A-Za-z0-9])", text)) - {first[1]}
        if not rest or text[first.end(1) :].lstrip(" )）]】").startswith((".", "\n", "。")):
            return first[1]
    alone = set(re.findall(rf"(?<![A-Za-z0-9])([{allowed}])(?![A-Za-z0-9])", text))
    return alone.pop() if len(alone) == 1 else None


def _by_wording(text: str, choices: Mapping[str, str]) -> str | None:
    """The choice whose words follow the last “答案：”, or are the whole text."""
    tail = re.split(_SAYS + _LINK, text, flags=re.I)[-1].strip().splitlines()
    said = _bare(tail[0]) if tail else ""
    same = [letter for letter, words in choices.items() if said and _bare(words) == said]
    return same[0] if len(same) == 1 else None


def _bare(text: str) -> str:
    return re.sub(r"[\s。.,;；、]+", "", _MARKUP.sub("", unicodedata.normalize("NFKC", text))).lower()
