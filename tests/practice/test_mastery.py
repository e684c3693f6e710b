"""The Bayesian model of mastery, against a brute-force sampler and by its properties."""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np
import pytest

from assistant408.content.syllabus import Node, Syllabus
from assistant408.practice import mastery as m
from assistant408.practice.mastery import Answer, estimate, evidence, kept
from assistant408.store.attempts import Attempt
from assistant408.web.services import Services

TREE = Syllabus(
    [
        Node("os", "操作系统", "", 0),
        Node("os.a", "甲章", "os", 0),
        Node("os.a.one", "一", "os.a", 2),
        Node("os.a.two", "二", "os.a", 1),
        Node("os.b", "乙章", "os", 0),
        Node("os.b.part", "节", "os.b", 0),
        Node("os.b.part.one", "三", "os.b.part", 2),
        Node("os.b.part.two", "四", "os.b.part", 5),
    ]
)
RIGHT, WRONG = Answer(1.0, 0.25, 3, 1.0), Answer(0.0, 0.25, 3, 1.0)


def sampled(answers: dict[str, list[Answer]], recall: dict[str, float]) -> dict[str, tuple[float, float, float]]:
    """Mean and 90% interval by importance sampling from the prior: no grid, no messages."""
    rng = np.random.default_rng(408)
    n = 400_000
    subject = rng.normal(m.PRIOR_MEAN, m.PRIOR_SD, n)
    ability = {}
    a, b = subject + rng.normal(0, m.SCATTER[0], n), subject + rng.normal(0, m.SCATTER[0], n)
    part = b + rng.normal(0, m.SCATTER[1], n)
    for leaf, above in (("os.a.one", a), ("os.a.two", a), ("os.b.part.one", part), ("os.b.part.two", part)):
        ability[leaf] = above + rng.normal(0, m.SCATTER[2], n)
    log = np.zeros(n)
    for leaf, given in answers.items():
        for x in given:
            knows = 1 / (1 + np.exp(m.STEP * (x.difficulty - 3) - ability[leaf]))
            right = x.guess + (1 - x.guess - m.SLIP) * knows
            log += x.weight * (x.score * np.log(right) + (1 - x.score) * np.log(1 - right))
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    known = {leaf: recall.get(leaf, 1.0) / (1 + np.exp(-x)) for leaf, x in ability.items()}
    marks = {leaf: float(TREE.marks(leaf)) for leaf in known}
    out = {}
    for node in TREE.nodes:
        below = [leaf for leaf in known if leaf == node or leaf.startswith(node + ".")]
        share = sum(marks[leaf] * known[leaf] for leaf in below) / sum(marks[leaf] for leaf in below)
        order = np.argsort(share)
        low, high = np.interp([0.05, 0.95], np.cumsum(weight[order]), share[order])
        out[node] = (float(share @ weight), float(low), float(high))
    return out


@pytest.mark.parametrize(
    ("answers", "recall"),
    [
        ({}, {}),
        ({"os.a.one": [RIGHT, RIGHT, RIGHT], "os.b.part.one": [WRONG, WRONG]}, {"os.a.one": 0.7}),
        ({"os.a.two": [Answer(0.4, 0.0, 5, 0.5), WRONG], "os.b.part.two": [Answer(1.0, 0.5, 1, 1.0)] * 4}, {}),
    ],
)
def test_the_grid_agrees_with_sampling(answers: dict[str, list[Answer]], recall: dict[str, float]) -> None:
    exact = estimate(TREE, answers, recall).nodes
    for node, (mean, low, high) in sampled(answers, recall).items():
        assert exact[node].mean == pytest.approx(mean, abs=0.006), node
        near = 0.015 if node in TREE.leaves else 0.04  # groups: a Beta of the same mean and variance
        assert exact[node].low == pytest.approx(low, abs=near), node
        assert exact[node].high == pytest.approx(high, abs=near), node


def test_without_data_nothing_is_claimed() -> None:
    nodes = estimate(TREE, {}).nodes
    leaf = nodes["os.a.one"]
    assert leaf.n == 0 and leaf.low < 0.1 and leaf.high > 0.85, "anything is possible"
    assert nodes[""].n == 0


def test_answers_move_a_leaf_and_less_its_relatives() -> None:
    before, after = estimate(TREE, {}).nodes, estimate(TREE, {"os.a.one": [RIGHT] * 4}).nodes
    moved = {id: after[id].mean - before[id].mean for id in TREE.leaves}
    assert moved["os.a.one"] > moved["os.a.two"] > moved["os.b.part.one"] > 0
    assert after["os.a.one"].high - after["os.a.one"].low < before["os.a.one"].high - before["os.a.one"].low
    assert after["os"].n == after["os.a"].n == after["os.a.one"].n == 4 and after["os.b"].n == 0


def test_a_right_guess_proves_less_and_a_hard_question_more() -> None:
    def mean(answer: Answer) -> float:
        return estimate(TREE, {"os.a.one": [answer] * 3}).nodes["os.a.one"].mean

    assert mean(Answer(1, 0.5, 3, 1)) < mean(RIGHT) < mean(Answer(1, 0, 3, 1)) < mean(Answer(1, 0, 5, 1))
    assert mean(WRONG) < mean(Answer(0, 0.25, 5, 1)), "failing at a hard one says less"
    assert mean(WRONG) < mean(Answer(0.5, 0.25, 3, 1)) < mean(RIGHT)


def test_what_is_forgotten_is_not_mastered() -> None:
    fresh = estimate(TREE, {"os.a.one": [RIGHT] * 4}).nodes["os.a.one"]
    stale = estimate(TREE, {"os.a.one": [RIGHT] * 4}, {"os.a.one": 0.6})
    assert stale.nodes["os.a.one"].mean == pytest.approx(0.6 * fresh.mean)
    assert stale.fresh["os.a.one"] == pytest.approx(fresh.mean)


def test_hundreds_of_answers_stay_finite() -> None:
    nodes = estimate(TREE, {leaf: [RIGHT] * 500 for leaf in TREE.leaves}).nodes
    assert all(0.9 < e.mean < 1 and e.low <= e.mean <= e.high + 0.01 for e in nodes.values())
    nodes = estimate(TREE, {leaf: [WRONG] * 500 for leaf in TREE.leaves}).nodes
    assert all(0 < e.mean < 0.05 for e in nodes.values())


def test_evidence_of_the_real_bank(services: Services) -> None:
    several = next(q for q in services.questions.values() if len(q.syllabus) > 1)
    at = datetime(2026, 11, 1, tzinfo=timezone.utc)
    tries = [Attempt(several.id, "A", score, None, at) for score in (0.0, 0.0, 1.0)]
    found = evidence([*tries, Attempt("gone-0001", "A", 1.0, None, at)], services.questions)
    assert set(found) == set(several.syllabus)
    weights = sorted(a.weight for a in found[several.syllabus[0]])
    assert weights == pytest.approx(
        [0.25 / len(several.syllabus), 0.5 / len(several.syllabus), 1 / len(several.syllabus)]
    )
    assert max(found[several.syllabus[0]], key=lambda a: a.weight).score == 1.0, "the newest counts most"


def test_only_what_was_last_right_can_be_kept(services: Services) -> None:
    a, b = list(services.questions.values())[:2]
    leaf = a.syllabus[0]
    assert kept({a.id: 0.8, b.id: 0.4}, {a.id: True, b.id: False}, services.questions)[leaf] == 0.8
