"""What the wordings of data structures share."""

from __future__ import annotations

from assistant408.tutor.extract import Hint, num, seq, some
from assistant408.tutor.quantity import search

LIST = r"关键[字码](?:序列|集合)?|关键码|序列|记录|元素|数据|数列|数组|整数|数"

KEYS = seq(LIST, longest=3)

N = r"(\d+|[一二两三四五六七八九十]+)"

DELETES = some(r"(?:删除|删去|删掉)(?:关键字|结点|值|元素)?")

TARGET = num(r"(?:查找|检索|查|找)(?:表中)?(?:关键[字码]|元素|值|结点|键值)?(?:为|值为)?")


def as_int(word: str) -> int:
    """A small number in digits or in Chinese."""
    return int(word) if word.isdigit() else "零一二三四五六七八九十".find(word.replace("两", "二"))


def unless(words: str, hint: Hint) -> Hint:
    """Nothing if the text has one of the words."""
    return lambda r: None if search(words, r.text) else hint(r)
