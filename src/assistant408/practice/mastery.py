"""How well each point of the syllabus is mastered (掌握度): an exact Bayesian model on the tree.

Every node has an ability on a logit scale; a child's scatters around its parent's, so a leaf without answers leans on
its chapter and subject. Inference is sum-product on a grid. ``docs/reference/memory-model.md`` has the formulas.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant408.content.questions import Question
from assistant408.content.syllabus import Syllabus
from assistant408.store.attempts import Attempt

__all__ = ["Answer", "Estimate", "Mastery", "estimate", "evidence", "kept"]

Vector: TypeAlias = NDArray[np.float64]

GRID: Vector = np.linspace(-6.0, 6.0, 49)  # (G,) abilities
UNIT: Vector = (np.arange(1000) + 0.5) / 1000  # shares
PRIOR_MEAN, PRIOR_SD = -0.4, 1.0  # of a subject
SCATTER = (0.7, 0.6, 0.8)  # of a chapter around its subject, a section around its chapter, a leaf around its parent
STEP = 0.5  # ability lost for each grade of difficulty above 3
SLIP = 0.05
GUESS = {"single": 0.25, "judge": 0.5, "blank": 0.0, "big": 0.0}
REPEAT = 0.5  # an older answer to the same question counts this much less than the next one


@dataclass(frozen=True)
class Answer:
    """Evidence on a leaf: `score` 0 to 1, `guess` the chance of being right unknowingly, `weight` what it counts."""

    score: float
    guess: float
    difficulty: int
    weight: float


@dataclass(frozen=True)
class Estimate:
    """Mastery now, 0 to 1, with its 90% interval; `n` answers stand behind it and what was known is kept by `recall`."""

    mean: float
    low: float
    high: float
    n: int
    recall: float = 1.0


@dataclass(frozen=True)
class Mastery:
    """Estimates by node id, and of the whole paper under the id ``""``; `fresh` is a leaf's mean without forgetting."""

    nodes: Mapping[str, Estimate]
    fresh: Mapping[str, float]


def evidence(attempts: Iterable[Attempt], questions: Mapping[str, Question]) -> dict[str, list[Answer]]:
    """What the answers say, by leaf; a question on several leaves is shared out among them."""
    tries: dict[str, list[Attempt]] = defaultdict(list)
    for a in attempts:
        if a.question in questions:
            tries[a.question].append(a)
    found: dict[str, list[Answer]] = defaultdict(list)
    for id, made in tries.items():
        q = questions[id]
        for age, a in enumerate(reversed(made)):
            weight = REPEAT**age / len(q.syllabus)
            for leaf in q.syllabus:
                found[leaf].append(Answer(a.score, GUESS[q.kind], q.difficulty, weight))
    return found


def kept(
    memories: Mapping[str, float], latest: Mapping[str, bool], questions: Mapping[str, Question]
) -> dict[str, float]:
    """The share of what was known on a leaf that is still there: the mean recall of its questions last answered right.

    Args:
        memories: recall now, by question.
        latest: whether the last answer was right, by question.
    """
    by_leaf: dict[str, list[float]] = defaultdict(list)
    for id, recalled in memories.items():
        if latest.get(id) and id in questions:
            for leaf in questions[id].syllabus:
                by_leaf[leaf].append(recalled)
    return {leaf: sum(found) / len(found) for leaf, found in by_leaf.items()}


def estimate(
    syllabus: Syllabus, answers: Mapping[str, Sequence[Answer]], recall: Mapping[str, float] | None = None
) -> Mastery:
    """The mastery of every node.

    Args:
        answers: evidence by leaf; see `evidence`.
        recall: by leaf; see `kept`. 1 where it is missing.
    """
    return _Tree(syllabus, answers, recall or {}).mastery()


def _sigmoid(x: Vector) -> Vector:
    out: Vector = 1.0 / (1.0 + np.exp(-x))
    return out


def _kernel(scatter: float) -> NDArray[np.float64]:
    """(G, G): row i is the distribution of a child whose parent's ability is ``GRID[i]``."""
    k = np.exp(-0.5 * ((GRID[None, :] - GRID[:, None]) / scatter) ** 2)
    out: NDArray[np.float64] = k / k.sum(axis=1, keepdims=True)
    return out


KERNELS = [_kernel(s) for s in SCATTER]
KNOWN = _sigmoid(GRID)  # (G,) the chance of knowing a question of difficulty 3
BLANK = [(k @ KNOWN, k @ KNOWN**2 - (k @ KNOWN) ** 2) for k in KERNELS]  # mean and variance of a leaf given its parent


def _likelihood(answers: Sequence[Answer]) -> Vector:
    """(G,) of a leaf's ability, scaled to a maximum of 1."""
    log: Vector = np.zeros_like(GRID)
    for a in answers:
        knows = _sigmoid(GRID - STEP * (a.difficulty - 3))
        right = a.guess + (1 - a.guess - SLIP) * knows
        right = np.clip(right, 1e-6, 1 - 1e-6)
        log += a.weight * (a.score * np.log(right) + (1 - a.score) * np.log(1 - right))
    out: Vector = np.exp(log - log.max())
    return out


@dataclass
class _Node:
    """Sums over what lies below: the likelihood of the data, and marks earned (mean, variance), given the ability."""

    below: Vector = field(default_factory=lambda: np.ones_like(GRID))
    mean: Vector = field(default_factory=lambda: np.zeros_like(GRID))
    var: Vector = field(default_factory=lambda: np.zeros_like(GRID))
    marks: float = 0.0
    kept: float = 0.0
    n: int = 0
    message: Vector | None = None  # (G,) to the parent; None says nothing


class _Tree:
    def __init__(
        self, syllabus: Syllabus, answers: Mapping[str, Sequence[Answer]], recall: Mapping[str, float]
    ) -> None:
        self.syllabus = syllabus
        self.answers = answers
        self.recall = recall
        self.nodes = {id: _Node() for id in syllabus.nodes}

    @cached_property
    def depth(self) -> dict[str, int]:
        """0 for a subject's children; a leaf always takes the last scatter."""
        return {
            id: 2 if id in self.syllabus.leaves else min(n.id.count(".") - 1, 1)
            for id, n in self.syllabus.nodes.items()
            if n.parent
        }

    def mastery(self) -> Mastery:
        for leaf in self.syllabus.leaves:
            self._leaf(leaf)
        for id in reversed(self.syllabus.nodes):  # children stand after their parents
            self._up(id)
        return self._down()

    def _leaf(self, id: str) -> None:
        node = self.nodes[id]
        node.marks = float(self.syllabus.marks(id))
        node.kept = node.marks * self.recall.get(id, 1.0)
        given = self.answers.get(id, ())
        node.n = len(given)
        if given:
            node.below = _likelihood(given)
        node.mean = node.kept * KNOWN

    def _up(self, id: str) -> None:
        parent_id = self.syllabus.nodes[id].parent
        if not parent_id:
            return
        node, parent, level = self.nodes[id], self.nodes[parent_id], self.depth[id]
        parent.n += node.n
        parent.marks += node.marks
        parent.kept += node.kept
        if id in self.syllabus.leaves and not node.n:
            parent.mean = parent.mean + node.kept * BLANK[level][0]
            parent.var = parent.var + node.kept**2 * BLANK[level][1]
            return
        joint = KERNELS[level] * node.below[None, :]  # (G parent, G child)
        message = joint.sum(axis=1)
        given = joint / message[:, None]
        mean = given @ node.mean
        parent.mean = parent.mean + mean
        parent.var = parent.var + given @ (node.var + node.mean**2) - mean**2
        if node.n:
            node.message = message / message.max()
            parent.below = parent.below * node.message

    def _down(self) -> Mastery:
        estimates: dict[str, Estimate] = {}
        fresh: dict[str, float] = {}
        prior: dict[str, Vector] = {}
        total_mean = total_var = 0.0
        root = np.exp(-0.5 * ((GRID - PRIOR_MEAN) / PRIOR_SD) ** 2)
        for id, place in self.syllabus.nodes.items():
            node = self.nodes[id]
            if not place.parent:
                prior[id] = root / root.sum()
            else:
                above = self.nodes[place.parent]
                rest = prior[place.parent] * above.below
                if node.message is not None:
                    rest = rest / node.message
                prior[id] = rest @ KERNELS[self.depth[id]]
            posterior = prior[id] * node.below
            posterior = posterior / posterior.sum()
            mean = float(posterior @ node.mean)
            var = float(posterior @ (node.var + node.mean**2)) - mean**2
            if id in self.syllabus.leaves:
                fresh[id] = float(posterior @ KNOWN)
                low, high = _quantiles(posterior, node.kept / node.marks)
            else:
                low, high = _interval(mean / node.marks, var / node.marks**2)
            estimates[id] = Estimate(mean / node.marks, low, high, node.n, node.kept / node.marks)
            if not place.parent:  # subjects are independent
                total_mean += mean
                total_var += var
        marks = sum(self.nodes[id].marks for id, p in self.syllabus.nodes.items() if not p.parent)
        n = sum(self.nodes[id].n for id, p in self.syllabus.nodes.items() if not p.parent)
        low, high = _interval(total_mean / marks, total_var / marks**2)
        estimates[""] = Estimate(total_mean / marks, low, high, n)
        return Mastery(estimates, fresh)


def _quantiles(posterior: Vector, scale: float) -> tuple[float, float]:
    """The 5% and 95% points of what a leaf's ability gives, between the points of the grid."""
    cumulated = np.cumsum(posterior) - posterior / 2
    low, high = np.interp((0.05, 0.95), cumulated, KNOWN)
    return float(low) * scale, float(high) * scale


def _interval(mean: float, var: float) -> tuple[float, float]:
    """The 5% and 95% points of the Beta distribution of that mean and variance."""
    mean = min(max(mean, 1e-4), 1 - 1e-4)
    size = max(mean * (1 - mean) / max(var, 1e-8) - 1, 1e-3)
    log = (mean * size - 1) * np.log(UNIT) + ((1 - mean) * size - 1) * np.log(1 - UNIT)
    density = np.exp(log - log.max())
    cumulated = (np.cumsum(density) - density / 2) / density.sum()
    low, high = np.interp((0.05, 0.95), cumulated, UNIT)
    return float(low), float(high)
