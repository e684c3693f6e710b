"""Headings as Chinese textbooks number them, and paragraphs put together from lines."""

from __future__ import annotations

import re

__all__ = ["continues", "heading_level", "is_chinese_numbered", "is_contents_entry", "is_item", "join"]

_NUMBER = r"[一二三四五六七八九十百零〇\d]{1,4}"
_LEVELS = (
    (re.compile(rf"第\s*{_NUMBER}\s*(?:章|篇|部分|编|单元|讲)(?=$|[\s　：:、.．]|\S)"), 1),
    (re.compile(rf"第\s*{_NUMBER}\s*节(?=$|[\s　：:、.．]|\S)"), 2),
    (re.compile(r"附录\s*[A-Z一二三四五六七八九十](?=$|[\s　：:])"), 1),
    (re.compile(r"Chapter\s+\d+\b"), 1),
)
_DOTTED = re.compile(r"(\d{1,2}(?:\s?[.．]\s?\d{1,2}){1,3})[.．]?(?:[\s　]+|(?=[^\W\d]))(?=[^\W\d_])")
_CHINESE = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)")
_LEADERS = re.compile(r"(?:(?:[.．·]\s*){3,}|…)\s*\d*\s*$|\s{2,}\d{1,4}$")
_ITEM = re.compile(
    r"(?:[①-⑳❶-❿•●○■◆▪▶–－*]|[-－—]\s|[(（]\s?(?:\d{1,2}|[a-zA-Z])\s?[)）]|\d{1,2}\s?[)）、]|\d{1,2}[.．](?!\d)\s?|[A-H][.．、]\s?|例\s?\d|[【〔])"
)
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—"


def heading_level(text: str) -> int:
    """The level that a numbered heading states, 1–6; 0 if `text` states none or is an entry of a table of contents.

    Examples:
        >>> [heading_level(t) for t in ("第3章 存储系统", "3.2 主存储器", "3.2.1 SRAM", "3.2 主存储器 …… 75")]
        [1, 2, 3, 0]
        >>> heading_level("1.5 GHz 的处理器每秒执行的指令数为多少？"), heading_level("第一章讲的内容很重要，请务必先读完再做题。")
        (0, 0)
    """
    text = text.strip()
    if len(text) > 40 or _LEADERS.search(text) or re.search(r"[。；，,;？?！]$", text) or re.search(r"[，。；]", text):
        return 0
    for pattern, level in _LEVELS:
        if pattern.match(text):
            return level
    if dotted := _DOTTED.match(text):
        return min(len(re.findall(r"\d+", dotted[1])), 6)
    return 0


def is_contents_entry(text: str) -> bool:
    """Whether `text` is a line of a table of contents: dots that lead to a page number.

    Examples:
        >>> is_contents_entry("3.2 主存储器 …… 75"), is_contents_entry("见图 3.2")
        (True, False)
    """
    return bool(_LEADERS.search(text.strip()))


def is_chinese_numbered(text: str) -> bool:
    """Whether `text` begins like 一、 or （二）, a heading only if it also looks like one."""
    return bool(_CHINESE.match(text.strip()))


def is_item(text: str) -> bool:
    """Whether a line begins a list item, a choice or an example, so that it doesn't continue the one before.

    Examples:
        >>> [is_item(t) for t in ("① 互斥", "（1）先来", "A．栈", "2. 队列", "3.14 是圆周率", "互斥")]
        [True, True, True, True, False, False]
    """
    return bool(_ITEM.match(text.strip()))


def join(before: str, after: str) -> str:
    """Two lines of a paragraph as one: nothing between Chinese, a space between words, a hyphenated word made whole.

    Examples:
        >>> join("进程因竞争资源而", "互相等待"), join("the page", "fault"), join("algo-", "rithm")
        ('进程因竞争资源而互相等待', 'the page fault', 'algorithm')
    """
    before, after = before.rstrip(), after.lstrip()
    if re.search(r"[a-z]-$", before) and re.match(r"[a-z]", after):
        return before[:-1] + after
    if re.search(rf"[{_CJK}]$", before) or re.match(rf"[{_CJK}]", after):
        return before + after
    return f"{before} {after}" if before and after else before + after


def continues(before: str, after: str) -> bool:
    """Whether `after`, the next line of a plain text, goes on with the sentence of `before`."""
    return bool(before and after) and not re.search(r"[。！？：；.!?:;」』”）)]$", before) and not is_item(after)
