"""What kind of question it is, decided by rules that can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from assistant408.kb.base import Hit
from assistant408.kb.cite import content_tokens

__all__ = ["INTRODUCTION", "Kind", "kind_of", "relevance", "relevant", "standalone", "strangers"]

MIN_RELEVANCE = 0.93  # cosine + coverage / 10; chosen on the tuning half, docs/decisions/0004-grounding.md

LONGEST_ASKED = 80  # characters; longer ones bring their own names: programs, tables, exam texts

Kind = Literal["introduction", "greeting", "question"]

INTRODUCTION = (
    "我是 assistant408，一个离线的 408 考研辅导助手，覆盖数据结构、计算机组成原理、操作系统和计算机网络。"
    "我根据自己的知识库回答并标出处，能算的题由精确的解题器给出步骤，不知道的会直说。"
)
GREETING = "你好。请直接提 408 的问题，例如：“死锁的四个必要条件是什么？”"

_INTRODUCE = re.compile(r"自我介绍|介绍(一下)?(你)?自己|你(是|叫)(谁|什么)|你能(做|干)(些)?什么|who are you", re.I)
_LATIN = re.compile(r"(?<![A-Za-z0-9_{`])[A-Za-z][A-Za-z0-9]*(?![A-Za-z0-9_}`])")  # no placeholder, no code
_GREET = re.compile(r"^\W*(你好|您好|hi|hello|嗨|在吗|谢谢|多谢|再见)\W*$", re.I)
_REFERS = re.compile(
    r"它|这个|那个|这种|那种|该|其中|上面|前者|后者|刚才|上一|两者|举个例|再说|还有呢|为什么呢|呢[？?]?$|^(那|为什么|怎么)"
)


def kind_of(question: str) -> Kind:
    """Sorts out what needs no passages."""
    if len(question) < 40 and _INTRODUCE.search(question):
        return "introduction"
    return "greeting" if _GREET.match(question) else "question"


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question for retrieval: one that leans on the conversation gets the previous question before it.

    Examples:
        >>> standalone("它有什么缺点？", [("什么是 LRU 算法？", "……")])
        '什么是 LRU 算法？ 它有什么缺点？'
        >>> standalone("TCP 首部多长？", [("什么是 LRU 算法？", "……")])
        'TCP 首部多长？'
    """
    if not history:
        return question
    leans = _REFERS.search(question) is not None and len(question) < 30
    if leans or len(content_tokens(question)) < 3:
        return f"{history[-1][0]} {question}"
    return question


def strangers(question: str, occurs: Callable[[str], bool]) -> list[str]:
    """Latin words of a short question that no document has; a question about them can't be answered.

    Of 274 questions of students on 408, 2 have such a word, and 24 of 80 on other things (docs/decisions/0004).

    Examples:
        >>> strangers("OSPG 和 RIP 有什么区别？", lambda word: word in {"rip", "ospf"})
        ['OSPG']
    """
    if len(question) > LONGEST_ASKED:
        return []
    words = dict.fromkeys(w for w in _LATIN.findall(question) if len(w) >= 3)
    return [w for w in words if not occurs(w.lower())]


def relevance(hits: Sequence[Hit]) -> float:
    """How much the best passages are about the question: cosine, plus a tenth of the share of its words found."""
    coverage = max((h.coverage for h in hits[:3]), default=0.0)
    cosine = max((h.cosine for h in hits[:3]), default=0.0)
    return cosine + 0.1 * coverage


def relevant(hits: Sequence[Hit]) -> bool:
    """Whether the question can be answered from the passages; see ``docs/decisions/0004-grounding.md``."""
    if hits and max(h.cosine for h in hits[:3]) == 0.0:  # no embedding model
        return max(h.coverage for h in hits[:3]) >= 0.5
    return relevance(hits) >= MIN_RELEVANCE
