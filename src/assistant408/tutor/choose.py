"""Which solver a question is for: words, weighted by how few solvers share them, and rules that keep concepts out."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from assistant408.core.registry import Solver
from assistant408.kb.text import normalize, tokens
from assistant408.tutor.hints import sign_of
from assistant408.tutor.quantity import prepare

__all__ = ["Index", "is_concept", "split_choices", "split_claim"]

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
_SEEDS = range(4)  # stems drawn from a solver's own generator, as wordings of it

_CHOICE = re.compile(r"(?:^|[\s\n。)(])([A-D])\s?[.、．:)]\s?(?=\S)")
_LINES = re.compile(
    r"\n\s*A\s?[.、．:)]\s?(?P<A>\S[^\n]*)"
    + "".join(rf"\n\s*{c}\s?[.、．:)]\s?(?P<{c}>\S[^\n]*)" for c in "BC")
    + r"(?:\n\s*D\s?[.、．:)]\s?(?P<D>\S[^\n]*))?\s*$"
)
_CLAIM = re.compile(
    r"[,。;\s]*(?:我|自己|答案)(?:自己)?(?:算|求|得|做|写|选|认为|觉得|的答案|得到|算出)(?:的|出来|出|到|得)?(?:结果)?(?:是|为|了|:|=)*"
    r"\s?(?P<value>[^,。;?!\n]{1,60}?)(?:\s*(?:,|。|;|\?|!|对吗|对不对|是否正确|正确吗|对么|错在哪|哪里错|$))"
)
_CONCEPT = re.compile(
    r"什么是|是什么[??]?$|是什么意思|为什么|为何|区别|优缺点|优点|缺点|有哪些|有何|简述|试述|谈谈|含义|定义(?!了|为)|概念|作用是|原理|"
    r"如何(?:实现|解决|避免|理解|处理|区分)|怎么(?:理解|实现|区分|记)|怎样(?:实现|避免)|什么(?:情况|时候|条件|关系|算法|方法)|"
    r"(?:叙述|说法|描述|表述|论述|选项|陈述|措施|现象|因素|特点|特征)(?:中)?,?.{0,8}?(?:正确|错误|不正确|不属于|属于|不对|恰当)|"
    r"(?:正确|错误|不正确)的(?:叙述|说法|描述|是\s*[((]?\s*[))]?\s*[。.]?\s*$)|哪(?:些|种|个)(?:算法|方法|策略|协议)|"
    r"(?:能否|会不会|是否会|可能会?)(?:导致|产生|引起|发生)|取决于|有关|无关|影响|适合|适用|条件是|思想|步骤是|过程是|举例|介绍|"
    r"属于|主要目的|目的是|引入(?!的[^,。]{0,6}(?:延迟|时延|开销))|好处|应该选|比较好|更好|哪个好|意义"
)


def split_choices(text: str) -> tuple[str, dict[str, str]]:
    """The stem and the choices of a multiple-choice item.

    Examples:
        >>> split_choices("缺页次数是( )。 A. 5 B. 6 C. 7 D. 8")
        ('缺页次数是( )。', {'A': '5', 'B': '6', 'C': '7', 'D': '8'})
    """
    lines = _LINES.search(text)
    if lines:  # one a line, whatever letters they contain
        return text[: lines.start()].rstrip(), {c: lines[c].strip(" \n;,。.") for c in "ABCD" if lines[c]}
    marks = list(_CHOICE.finditer(text))
    for i in range(len(marks) - 1, -1, -1):
        run = marks[i : i + 4]
        letters = "".join(m[1] for m in run)
        if len(run) >= 3 and "ABCD".startswith(letters):
            ends = [m.start() for m in run[1:]] + [len(text)]
            return text[: run[0].start(1)].rstrip(), {
                m[1]: text[m.end() : end].strip(" \n;,。.") for m, end in zip(run, ends, strict=True)
            }
    return text, {}


def split_claim(text: str) -> tuple[str, str]:
    """The question without the student's own answer, and that answer.

    Examples:
        >>> split_claim("3 个页框 LRU 缺页几次?我算的是 7 次,对吗?")
        ('3 个页框 LRU 缺页几次?', '7 次')
    """
    m = _CLAIM.search(text)
    if m is None:
        return text, ""
    rest = re.sub(r"^[,。;]*(?:对吗|对不对|是否正确|正确吗|对么|错在哪里?|哪里错了?)\s*[?。!]?", "", text[m.end() :])
    mark = text[m.start()] if text[m.start()] in "。?" else ""
    return (text[: m.start()] + mark + rest).strip(), m["value"].strip()


def is_concept(text: str) -> bool:
    """Whether the wording asks for an explanation or a judgement of statements rather than for a value."""
    return _CONCEPT.search(text) is not None


class Index:
    """Solvers by the words of their description and of questions that they generate.

    Args:
        solvers: by id.
        embed: gives vectors of texts, compared by their inner product, or `None` for words only.
    """

    def __init__(self, solvers: Mapping[str, Solver], embed: Embed | None = None) -> None:
        self.ids = list(solvers)
        self._embed = embed
        self._words: list[Counter[str]] = []
        self._keywords: list[list[str]] = []
        self._signs: list[re.Pattern[str] | None] = []
        for s in solvers.values():
            self._words.append(_document(s))
            self._keywords.append([normalize(k) for k in (*s.keywords, s.title) if len(k) > 1])
            sign = sign_of(s)
            self._signs.append(re.compile(sign, re.IGNORECASE) if sign else None)
        n = len(self.ids)
        present = Counter(t for d in self._words for t in d)
        self._idf = {t: math.log(1 + (n - c + 0.5) / (c + 0.5)) for t, c in present.items()}
        shared = Counter(k for ks in self._keywords for k in set(ks))
        self._rarity = {k: 1 / c for k, c in shared.items()}
        self._length = [sum(d.values()) for d in self._words]
        self._mean = sum(self._length) / max(1, n)
        self._vectors = [embed([f"{s.title}。{s.summary}"])[0] for s in solvers.values()] if embed else []

    def rank(self, text: str, limit: int = 8) -> list[tuple[str, float]]:
        """Solver ids with scores, the best first; about 1 is a clear match and 0.3 a chance one."""
        query = set(tokens(_without_data(text)))
        plain = normalize(text)
        ideal = sum(self._idf.get(t, 0.0) for t in query) or 1.0
        found = []
        similar = self._similar(text)
        for i, id in enumerate(self.ids):
            d = self._words[i]
            norm = 0.4 + 0.6 * self._length[i] / self._mean
            words = sum(self._idf[t] * d[t] * 2 / (d[t] + norm) for t in query if t in d)
            keys = sum(self._rarity[k] * min(3, len(k)) for k in self._keywords[i] if k in plain)
            sign = self._signs[i]
            signed = 0.45 if sign is not None and sign.search(text) else 0.0
            found.append((words / (2 * ideal) + 0.5 * (1 - math.exp(-keys / 4)) + signed + similar[i], id))
        found.sort(reverse=True)
        return [(id, score) for score, id in found[:limit]]

    def _similar(self, text: str) -> list[float]:
        if self._embed is None:
            return [0.0] * len(self.ids)
        v = self._embed([text])[0]
        return [0.5 * sum(a * b for a, b in zip(v, w, strict=True)) for w in self._vectors]


def _document(s: Solver) -> Counter[str]:
    parts = [(s.title, 3), (s.summary, 2), (" ".join(s.keywords), 3)]
    parts += [(f.param.label, 1) for f in s.fields] + [(o.label, 1) for o in s.answers.values()]
    out: Counter[str] = Counter()
    for text, weight in parts:
        for t in tokens(text):
            out[t] += weight
    if s.generates:
        for seed in _SEEDS:
            stem = s.generate(random.Random(seed), 3).stem
            out.update(tokens(_without_data(prepare(stem))))
    return out


def _without_data(text: str) -> str:
    return re.sub(r"\d+(?:\.\d+)?", " ", text)
