"""Whether a claim holds, by the facts nearest to it: the choices of an exam question are judged this way.

A claim is compared with ten statements known to be true or false and with five sentences of the notes. What they
have in common and what they don't is weighed by a small network, trained on the statements themselves, and by a
linear model, trained on the practice bank (`benchmarks/judge.py` fits both and reports a held-back half).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant408.kb.cite import content_tokens
from assistant408.kb.embed import Vectors
from assistant408.kb.facts import Facts, Near
from assistant408.kb.text import common_in_order, normalize

__all__ = ["FEATURES", "STATEMENTS", "Claim", "Judge", "Weights", "claims_of", "read_weights"]

STATEMENTS, SENTENCES = 10, 5  # facts that a claim is compared with
ELSEWHERE = 0.15  # what a fact about another abbreviation is set back, in the units of `Near.score`
SAME = 0.85  # share of the characters, negations aside, that a claim and its opposite have in the same order
FEATURES = (
    "statements",  # what the network makes of the comparisons
    "verdict",  # the same between 0 and 1
    "lead",  # nearest true statement less nearest false one
    "neighbours",  # vote of the nearest statements
    "difference",  # words that tell a true statement from its false sibling
    "sentence",  # nearness of the best sentence of the notes
    "refuted",  # the same, less that of the best refuted mistake
    "distinct",  # words of this choice alone beside those shared by all choices
    "order",  # share of the claim's characters that a sentence has in the same order
    "meaning",  # best cosine with a sentence
    "polarity",  # whether the best sentence has one negation more or less
    "numbers",  # share of the claim's numbers that no near sentence has
)
_NEGATION = re.compile("不|无|未|没|非")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十两](?=[个种次类级层位条步段])")
_LATIN = re.compile(r"[a-z][a-z0-9+*/-]*")
_MARKUP = re.compile(r"[*`#$\\ ，。：、,.:]")
_OPPOSITES = re.findall(
    r"(\S+)-(\S+)",
    "增-减 大-小 硬件-软件 前-后 高-低 静态-动态 内-外 同步-异步 逻辑-物理 相同-不同 需要-不需 最大-最小 最多-最少 发送-接收 "
    "顺序-随机 升-降 先-后 入-出 读-写 左-右 主-从 长-短 快-慢 全部-部分 源-目的 客户-服务 就绪-阻塞 系统-用户 有-无 奇-偶 "
    "上-下 早-晚 多-少 独立-共享 共享-私有 硬-软 串行-并行 首-尾 父-子 任意-特定 总是-有时 必须-可以 一定-不一定",
)


@dataclass(frozen=True)
class Claim:
    """A sentence to judge.

    Attributes:
        shared: words that the other choices of its question have too.
        group: facts that were made from the same question, to be left out when a question of the bank is judged.
    """

    text: str
    shared: frozenset[str] = frozenset()
    group: str = ""


def claims_of(statements: Mapping[str, str], group: str = "") -> list[Claim]:
    """The statements of one question as claims."""
    bags = [content_tokens(s) for s in statements.values()]
    common = frozenset(set.intersection(*bags)) if bags else frozenset()
    return [Claim(s, common, group) for s in statements.values()]


@dataclass(frozen=True)
class Weights:
    """What was learnt: arrays by name, for the comparisons (`mean`, `spread`, two small networks) and the features."""

    arrays: Mapping[str, Vectors]

    def compared(self, pairs: Vectors, signs: Vectors) -> Vectors:
        """What the comparisons say, of shape (claims,): `pairs` (claims, facts, features), `signs` (claims, facts)."""
        a = self.arrays
        x = np.clip((pairs - a["mean"]) / a["spread"], -5, 5)
        out: Vectors = np.full(len(pairs), a["bias"][0], np.float32)
        for name, part in (("stated", slice(0, STATEMENTS)), ("said", slice(STATEMENTS, None))):
            inner = np.tanh(x[:, part] @ a[f"{name}.1"] + a[f"{name}.2"])
            out += 0.3 * (signs[:, part] * (inner @ a[f"{name}.3"] + a[f"{name}.4"][0])).sum(1)
        return out

    def log_odds(self, features: Vectors) -> Vectors:
        """Log-odds of the claims of one question, of shape (claims,): `features` (claims, features)."""
        a = self.arrays
        x = (features - a["feature_mean"]) / a["feature_spread"]
        out: Vectors = x @ a["alone"] + (x - x.mean(0)) @ a["beside"] + a["offset"][0]
        return out


@dataclass(frozen=True)
class Judge:
    """Judges claims.

    Attributes:
        facts: the statements and the notes' sentences.
        embed: unit vectors of texts.
        terms: the field's terms in normalised text.
    """

    facts: Facts
    weights: Weights
    embed: Callable[[Sequence[str]], Vectors]
    terms: Callable[[str], Iterable[str]]
    _seen: dict[int, _Said] = field(default_factory=dict, repr=False)

    def log_odds(self, claims: Sequence[Claim]) -> tuple[list[float], list[list[int]]]:
        """For the claims of one question: log-odds that each is true, and the facts that each was compared with."""
        features, used = self.features(claims)
        return [float(v) for v in self.weights.log_odds(features)], used

    def features(self, claims: Sequence[Claim]) -> tuple[Vectors, list[list[int]]]:
        """The features of claims, of shape (claims, len(FEATURES)), and the facts compared with each."""
        pairs, signs, rest, used = self.compare(claims, self.embed([c.text for c in claims]))
        network = self.weights.compared(pairs, signs)
        return np.concatenate([network[:, None], 1 / (1 + np.exp(-network))[:, None], rest], axis=1), used

    def compare(self, claims: Sequence[Claim], vectors: Vectors) -> tuple[Vectors, Vectors, Vectors, list[list[int]]]:
        """Comparisons (claims, facts, …), the facts' signs, the features that need no network, and the facts."""
        beside = {shared: self._beside(shared) for shared in {c.shared for c in claims}}
        rows = [self._compare(c, v, beside[c.shared]) for c, v in zip(claims, vectors, strict=True)]
        return (
            np.array([r[0] for r in rows], np.float32),
            np.array([r[1] for r in rows], np.float32),
            np.array([r[2] for r in rows], np.float32),
            [r[3] for r in rows],
        )

    def _beside(self, shared: frozenset[str]) -> Vectors:
        """The share of the words common to a question's choices that each sentence of the notes has."""
        out: Vectors = self.facts.shared(shared)[self.facts.plain] / (self.facts.weigh(shared) or 1.0)
        return out

    def _compare(
        self, claim: Claim, vector: Vectors, beside: Vectors
    ) -> tuple[list[list[float]], list[float], list[float], list[int]]:
        tokens = content_tokens(claim.text)
        near = self.facts.near(tokens, vector, claim.group)
        said = _Said.of(claim.text, self.terms)
        stated = self._about_it(said, near, self.facts.best(near, True, 32))[:16]
        sentences = self.facts.best(near, False, SENTENCES)
        used = [*stated[:STATEMENTS], *sentences]
        mass = self.facts.weigh(tokens) or 1.0
        pairs = []
        for first, rows in ((stated[0], stated[:STATEMENTS]), (sentences[0], sentences)):
            for rank, i in enumerate(rows):
                pairs.append(self._pair(said, i, near, mass, float(near.score[first]), rank / len(rows)))
        signs = [1.0 if self._holds(said, i) else -1.0 for i in used]
        rest = [
            *self._by_statements(tokens, said, near, stated),
            *self._by_sentences(tokens - claim.shared, beside, said, near, sentences),
        ]
        return pairs, signs, rest, used

    def _other(self, i: int) -> _Said:
        if i not in self._seen:
            self._seen[i] = _Said.of(self.facts.facts[i].text, self.terms)
        return self._seen[i]

    def _about_it(self, said: _Said, near: Near, rows: Sequence[int]) -> list[int]:
        """Facts in the order of their scores, lowered first where a fact lacks an abbreviation that the claim names.

        "DMA …由 CPU 完成" is nearer in words to a sentence about interrupts than to one about DMA.
        """
        for i in rows:
            near.score[i] -= ELSEWHERE * (not said.latin <= self._other(i).latin)
        return sorted(rows, key=lambda i: -float(near.score[i]))

    def _denies(self, said: _Said, i: int) -> bool:
        """Whether a fact says the opposite in the same words: one of the two has a negation, and little else differs."""
        other = self._other(i)
        if (said.negations - other.negations) % 2 == 0:
            return False
        return common_in_order(said.bare, other.bare) >= SAME * max(len(said.bare), len(other.bare))

    def _holds(self, said: _Said, i: int) -> bool:
        """The truth of a fact as it bears on a claim."""
        return bool(self.facts.true[i]) != self._denies(said, i)

    def _pair(self, said: _Said, i: int, near: Near, mass: float, top: float, rank: float) -> list[float]:
        other = self._other(i)
        common = common_in_order(said.tight, other.tight)
        own = mass * (1 - float(near.contained[i]))
        whole = mass * float(near.contained[i]) / max(float(near.covered[i]), 1e-6) if near.covered[i] > 0 else 8.0
        return [
            float(near.jaccard[i]),
            float(near.cosine[i]),
            float(near.contained[i]),
            float(near.covered[i]),
            float((said.negations - other.negations) % 2 and not self._denies(said, i)),
            float(said.negations > 0),
            float(other.negations > 0),
            len(said.numbers - other.numbers),
            len(other.numbers - said.numbers),
            float(bool(said.numbers)),
            len(said.latin - other.latin),
            len(other.latin - said.latin),
            len(said.terms - other.terms),
            len(other.terms - said.terms),
            common / max(1, len(said.tight)),
            common / max(1, len(other.tight)),
            min(3, _opposed(said.text, other.text)),
            float(near.score[i]) - top,
            float(near.score[i]),
            rank,
            own / 8,
            (whole * (1 - float(near.covered[i]))) / 8,
            abs(len(said.tight) - len(other.tight)) / 20,
        ]

    def _by_statements(self, tokens: set[str], said: _Said, near: Near, best: Sequence[int]) -> list[float]:
        """`lead`, `neighbours` and `difference`."""
        facts = self.facts
        holds = {i: self._holds(said, i) for i in best}
        odd = {i: (said.negations - self._other(i).negations) % 2 and not self._denies(said, i) for i in best}
        nearest = {True: -9.0, False: -9.0}
        for i in best:
            truth = holds[i]
            nearest[truth] = max(nearest[truth], float(near.score[i]) - 0.25 * odd[i])
        floor = float(near.score[best[-1]])
        lead = max(nearest[True], floor) - max(nearest[False], floor)
        weight = {i: math.exp((float(near.score[i]) - float(near.score[best[0]])) * 8) for i in best}
        votes = {i: (1 if holds[i] else -1) * (-0.3 if odd[i] else 1.0) for i in best}
        neighbours = sum(weight[i] * votes[i] for i in best) / sum(weight.values())
        total = told = 0.0
        for group in list(dict.fromkeys(facts.facts[i].group for i in best))[:5]:
            sides = [[i for i in facts.groups[group] if bool(facts.true[i]) == truth] for truth in (True, False)]
            if not sides[0] or not sides[1]:
                continue
            right, wrong = (max(side, key=lambda i: float(near.score[i])) for side in sides)
            only_right, only_wrong = (
                facts.tokens[right] - facts.tokens[wrong],
                facts.tokens[wrong] - facts.tokens[right],
            )
            w = math.exp((max(float(near.score[right]), float(near.score[wrong])) - float(near.score[best[0]])) * 8)
            total += w
            told += w * facts.weigh(only_right & tokens) / (facts.weigh(only_right) or 1.0)
            told -= w * facts.weigh(only_wrong & tokens) / (facts.weigh(only_wrong) or 1.0)
        return [lead, neighbours, told / total if total else 0.0]

    def _by_sentences(
        self, own: set[str], beside: Vectors, said: _Said, near: Near, best: Sequence[int]
    ) -> list[float]:
        """`sentence`, `refuted`, `distinct`, `order`, `meaning`, `polarity` and `numbers`.

        Args:
            own: the claim's words that the other choices don't have.
            beside: see `_beside`.
        """
        facts, plain = self.facts, self.facts.plain
        score = near.contained + 2.5 * (near.cosine - 0.8)
        sentence = float(score[plain].max())
        mistake = float(score[facts.refuted].max()) if facts.refuted.any() else 0.0
        distinct = float(((0.2 + beside) * facts.shared(own)[plain] / facts.weigh(own)).max()) if own else 0.0
        others = [self._other(i) for i in best[:4]]
        order = max(common_in_order(said.tight, o.tight) for o in others) / max(1, len(said.tight))
        known = frozenset[str]().union(*(o.numbers for o in others))
        missing = len(said.numbers - known) / max(1, len(said.numbers))
        odd = float((said.negations - others[0].negations) % 2)
        return [sentence, sentence - mistake, distinct, order, float(near.cosine[plain].max()), odd, missing]


@dataclass(frozen=True)
class _Said:
    """What a text says, in the parts that are compared."""

    text: str
    tight: str
    bare: str
    negations: int
    numbers: frozenset[str]
    latin: frozenset[str]
    terms: frozenset[str]

    @classmethod
    def of(cls, text: str, terms: Callable[[str], Iterable[str]]) -> _Said:
        plain = normalize(text)
        tight = _MARKUP.sub("", plain)
        return cls(
            plain,
            tight,
            _NEGATION.sub("", tight),
            len(_NEGATION.findall(plain)),
            frozenset(_NUMBER.findall(plain)),
            frozenset(_LATIN.findall(plain)),
            frozenset(terms(plain)),
        )


def _opposed(a: str, b: str) -> int:
    """How many opposites stand one in each text only."""
    return sum(
        (x in a and x not in b and y in b and y not in a) or (y in a and y not in b and x in b and x not in a)
        for x, y in _OPPOSITES
    )


def read_weights(path: Path) -> Weights:
    """The weights that `benchmarks/judge.py` wrote."""
    with np.load(path, allow_pickle=False) as data:
        return Weights({k: data[k].astype(np.float32) for k in data.files})
