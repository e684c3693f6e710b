"""What is attached to one question (附件): the passages of it that speak most to the question, and a short one whole.

An attachment is the user's own text and serves this question alone. It is no part of the knowledge base: it is ranked
by words, which takes no model, and it may be quoted like any passage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from assistant408.kb.chunk import Chunk
from assistant408.kb.cite import content_tokens

__all__ = ["SHORT", "closest", "together"]

SHORT = 1500  # characters: an exercise rather than a document
_AS_A_WHOLE = re.compile(
    r"附件|文件|资料|文档|讲义|笔记|图片?(?:里|中|上)|这[道个张份篇段]|这题|本题|此题|上面|下面"
    r"|总结|概括|归纳|要点|讲了|说了|什么意思|解释|翻译|怎么[做解算]|选什么|选哪|答案"
)


def closest(question: str, chunks: Sequence[Chunk], most: int = 3) -> list[Chunk]:
    """The chunks that share the rarest words with the question.

    Where none is shared: the first ones for a question about the attachment as a whole, else none.

    Examples:
        >>> pages = [Chunk("a", "讲义", "讲义", "", n, text) for n, text in enumerate(["进程与线程", "死锁的检测", "磁盘调度"], 1)]
        >>> [c.page for c in closest("死锁怎么检测？", pages)]
        [2]
        >>> [c.page for c in closest("总结一下这份讲义", pages)]
        [1, 2, 3]
        >>> closest("红烧肉怎么炖？", pages)
        []
    """
    wanted = content_tokens(question)
    have = [content_tokens(c.text) for c in chunks]
    number = {w: sum(w in h for h in have) for w in wanted}
    scores = [sum(math.log(1 + len(chunks) / number[w]) for w in wanted & h) for h in have]
    if not any(scores):
        return list(chunks[:most]) if _AS_A_WHOLE.search(question) else []
    ranked = sorted(range(len(chunks)), key=lambda i: -scores[i])
    return [chunks[i] for i in ranked[:most] if scores[i] > 0.3 * scores[ranked[0]]]


def together(question: str, chunks: Sequence[Chunk]) -> str:
    """The question with a short attachment after it, as one pastes an exercise; the question alone before a long one.

    Examples:
        >>> together("怎么做？", [Chunk("a", "题", "题", "", 1, "快表命中率 90%。")])
        '怎么做？\\n快表命中率 90%。'
    """
    text = "\n".join(c.text for c in chunks)
    return f"{question}\n{text}" if 0 < len(text) <= SHORT else question
