"""Text as the index sees it: one width, one case, tokens for Chinese and for symbols."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

__all__ = ["Terms", "common_in_order", "fts_token", "normalize", "sentences", "tokens"]

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
# big-O, dotted numbers with a prefix length, words with inner symbols (C++, TCP/IP, next[j]), numbers, runs of Chinese
_PIECE = re.compile(
    rf"o\([^()\s{_HAN}]{{1,20}}\)|\d+(?:\.\d+)+(?:/\d+)?|[a-z][a-z0-9]*(?:[+#/_.-]+[a-z0-9]+|\+{{1,2}}|#)*|\d+|[{_HAN}]+"
)
_STOP = frozenset("的了和与及或是在有为对于把被就也都而等这那什么怎么如何哪些哪个请问一下吗呢吧啊")


class Terms:
    """A dictionary of the field's terms, matched longest first.

    Examples:
        >>> list(Terms(["快表", "中断隐指令", "中断"]).find("中断隐指令由谁完成"))
        ['中断隐指令']
    """

    def __init__(self, words: Iterable[str]) -> None:
        cleaned = {normalize(w) for w in words}
        ordered = sorted((w for w in cleaned if len(w) > 2), key=lambda w: (-len(w), w))
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def find(self, text: str) -> Iterator[str]:
        """Terms of three or more characters in normalised text, left to right, without overlap."""
        if self._pattern is not None:
            yield from self._pattern.findall(text)


def normalize(text: str) -> str:
    """Full width to half width, compatibility forms unified, lower case.

    Examples:
        >>> normalize("ＴＣＰ／ＩＰ（协议）")
        'tcp/ip(协议)'
    """
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str, terms: Terms | None = None) -> list[str]:
    """Character unigrams and bigrams of Chinese, words and symbols whole, and the dictionary's terms.

    Examples:
        >>> tokens("快表TLB的作用")
        ['快', '快表', '表', 'tlb', '作', '作用', '用']
        >>> tokens("归并排序是 O(nlogn)；TCP/IP")[-4:]
        ['o(nlogn)', 'tcp/ip', 'tcp', 'ip']
    """
    text = normalize(text).replace("o(n log n)", "o(nlogn)")
    out: list[str] = []
    for piece in _PIECE.findall(text):
        if piece[0].isascii():
            out.append(piece)
            if not piece[0].isdigit():
                out += [p for p in re.split(r"[/-]", piece) if p and p != piece]
            continue
        for i, ch in enumerate(piece):
            if ch not in _STOP:
                out.append(ch)
                if i + 1 < len(piece) and piece[i + 1] not in _STOP:
                    out.append(piece[i : i + 2])
    if terms is not None:
        out += terms.find(text)
    return out


def fts_token(token: str) -> str:
    """A token spelt with characters that the full-text index takes as one word.

    Examples:
        >>> fts_token("tcp/ip")
        'tcp_2fip'
    """
    return "".join(c if c.isalnum() else f"_{ord(c):x}" for c in token)


_SENTENCE_END = re.compile(r"(?<=[。！？；])(?![」』”）])|\n+")


def sentences(text: str) -> list[str]:
    """Sentences of Chinese prose, each verbatim from `text` but for outer white space.

    Examples:
        >>> sentences("死锁有四个必要条件。缺一不可！")
        ['死锁有四个必要条件。', '缺一不可！']
    """
    return [s for part in _SENTENCE_END.split(text) if (s := part.strip())]


def common_in_order(a: str, b: str) -> int:
    """How many characters two texts share in the same order: the length of their longest common subsequence.

    Examples:
        >>> common_in_order("先进先出", "先入先出")
        3
    """
    row = [0] * (len(b) + 1)
    for c in a:
        before = 0
        for j, d in enumerate(b, 1):
            before, row[j] = row[j], before + 1 if c == d else max(row[j], row[j - 1])
    return row[-1]
