"""What a question takes for granted, and the sentence of the notes that says otherwise.

“为什么堆排序是稳定的？” presupposes that heap sort is stable. The notes are searched for a sentence about the same
terms that denies it, gives another number, has the opposite word, or quotes the claim as a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant408.kb.cite import content_tokens, readable, units
from assistant408.kb.text import normalize
from assistant408.tutor.ground import contradicts, numbers, same_order

__all__ = ["MIN_ALIKE", "claims", "refuting"]

MIN_ALIKE = 0.6  # share of a claim's content tokens that the refuting sentence, with its heading, has
FindTerms = Callable[[str], Sequence[tuple[str, ...]]]
_CLAUSE = re.compile(r"[，,。！？?；;]")
_WHY = re.compile(r"为什么|为何|为啥|凭什么|怎么会|怎么能|既然|请问|那么|就是说|，?(对吗|对吧|是吗|吧|吗)$")
_OPEN = re.compile(r"什么|怎么|怎样|如何|哪|多少|几|谁|是不是|有没有|能不能|会不会|是否|可不可以|还是|区别|不同|吗$")
_WRONG = re.compile(
    r"“([^”]{4,60})”(?:的说法|这种说法|这一说法|一类说法)?(?:都|就)?(?:是错|错在|错误|不准确|不正确|不对|不成立|过于绝对|没有依据)"
    r"|(?:^|[。；])(?:把|误以为|认为|以为|说)([^，。；“”]{4,40}?)(?:都|就)?(?:是错|是常见的错|不准确|不正确)"
)
_PAIRS = tuple(
    (a, b)
    for pair in [
        "先进先出 后进先出",
        "面向连接 无连接",
        "有状态 无状态",
        "可靠 不可靠",
        "最短 最长",
        "线性 指数",
        "越大 越小",
        "越多 越少",
        "越高 越低",
        "预防 避免",
        "可变 固定",
        "唯一 不唯一",
        "直接 间接",
        "快 慢",
        "硬件 软件",
        "发送方 接收方",
        "有序 无序",
        "同步 异步",
        "静态 动态",
        "必须 不必",
    ]
    for a, b in (tuple(pair.split()), tuple(reversed(pair.split())))
)


def claims(question: str) -> list[str]:
    """The statements that a question presupposes.

    Examples:
        >>> claims("为什么堆排序是稳定的？")
        ['堆排序是稳定的']
        >>> claims("IP 协议是面向连接的，它在哪一步建立连接？")
        ['IP 协议是面向连接的']
        >>> claims("什么是死锁？")
        []
    """
    parts = [p for p in _CLAUSE.split(question) if p.strip()]
    out = []
    for i, part in enumerate(parts):
        asked_why = re.search(r"为什么|为何|为啥|凭什么", part) is not None
        tail = i + 1 < len(parts) and _OPEN.search(parts[i + 1]) is not None
        plain = _WHY.sub("", part).strip()
        if len(plain) >= 5 and (asked_why or tail) and not _OPEN.search(plain):
            out.append(plain)
    return out


def refuting(
    question: str, passages: Sequence[tuple[str, str]], terms: FindTerms = lambda _: ()
) -> tuple[int, str] | None:
    """The passage and its unit, verbatim, that denies what the question presupposes.

    Args:
        passages: heading and text of each.
        terms: finds the field's terms in a text, each as the tuple of its names; a sentence that denies a claim is
            about all its terms.

    Examples:
        >>> notes = [("排序", "归并排序稳定。堆排序不稳定。")]
        >>> refuting("为什么堆排序是稳定的？", notes), refuting("为什么堆排序是不稳定的？", notes)
        ((0, '堆排序不稳定。'), None)
    """
    lines = [(i, unit, readable(unit, text)) for i, (_, text) in enumerate(passages) for unit in units(text)]
    best: tuple[float, int, str] | None = None
    for claim in claims(question):
        said = content_tokens(claim)
        named = [{_tight(n) for n in names} for names in terms(claim)]
        scored = [(_denies(claim, line, passages[i][0], said, named), i, unit) for i, unit, line in lines]
        top = max(scored, key=lambda s: s[0], default=(0.0, 0, ""))
        if top[0] == 0 or (best is not None and top[0] <= best[0]):
            continue
        rest = (line for (score, _, _), (_, _, line) in zip(scored, lines, strict=True) if score == 0)
        if not any(_alike(claim, line) >= 0.95 for line in rest if not _WRONG.search(line)):  # none says the claim
            best = top
    return None if best is None else best[1:]


def _denies(claim: str, line: str, heading: str, said: set[str], named: Sequence[set[str]]) -> float:
    """How surely `line` denies `claim`; 0 if it doesn't."""
    for wrong in _WRONG.finditer(line):
        quoted = wrong[1] or wrong[2]
        wrongly = content_tokens(quoted)
        common = len(said & wrongly)
        alike = common / max(len(said), 1)
        if alike >= MIN_ALIKE and 2 * common >= len(wrongly) and not contradicts(claim, quoted):
            return 1 + alike
    place = _tight(f"{heading}{line}")
    if any(not any(n in place for n in names) for names in named):
        return 0.0
    near = _tight(heading.rpartition(" › ")[2] + line)
    if named and not any(any(n in near for n in names) for names in named):
        return 0.0
    have = content_tokens(f"{heading} {line}")
    alike = len(said & have) / len(said) if said else 0.0
    if alike >= MIN_ALIKE and contradicts(claim, line):
        return alike
    for word, opposite in _PAIRS:
        if word in claim and opposite in line and word not in line.replace(opposite, ""):
            rest = content_tokens(claim.replace(word, "，"))
            alike = len(rest & have) / len(rest) if rest else 0.0
            if alike >= MIN_ALIKE:
                return alike
    figures = numbers(claim)
    if figures and not figures & numbers(line):
        for figure in figures:
            after = re.search(rf"{re.escape(figure)}\s*([\u4e00-\u9fff]{{1,2}})", claim)
            rest = {t for t in said if not t.isdigit()}
            alike = len(rest & have) / len(rest) if rest else 0.0
            if after and alike >= 0.8 and re.search(rf"\d\s*{after[1]}", line):
                return alike
    return 0.0


def _alike(claim: str, line: str) -> float:
    return same_order(normalize(claim), normalize(line))


def _tight(text: str) -> str:
    return normalize(text).replace(" ", "")
