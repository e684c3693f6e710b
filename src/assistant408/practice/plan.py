"""What to do today (今日计划): the questions that promise most exam points for each minute. A pure function.

A leaf's marks are shared out among its questions, so a question stands for a part of the paper; practising it is worth
that part times what it adds to the probability of knowing it on the day of the exam. The rest is a greedy choice under
a budget of minutes. ``docs/reference/memory-model.md`` has the formulas and a study of what it brings.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import fsrs

from assistant408.content.questions import Question
from assistant408.content.syllabus import Syllabus
from assistant408.practice.mastery import STEP, Mastery
from assistant408.practice.schedule import advance, expected_seconds, recall
from assistant408.store.attempts import Attempt
from assistant408.store.cards import Memory

__all__ = ["Candidate", "Plan", "Task", "candidates", "make_plan", "own_cards", "pace"]

Reason = Literal["due", "wrong", "new"]

READING_S = 40  # seconds to read why, after a wrong answer
SAME_LEAF = 0.6  # the next question on a leaf counts this much of the one before, on one day
AGAIN = 0.4  # what a question already seen is worth: the exam asks others on the same point
REST = timedelta(hours=8)  # what was answered more recently than this isn't asked again
CARD_S = 15  # for a card of the learner's own
CARDS_FIRST = 1 / 3  # of the minutes, at most, go to cards of their own that are due, before anything else


@dataclass(frozen=True)
class Candidate:
    """Something to practise.

    Args:
        id: of a question, or ``card:N`` of a card of the learner's own.
        leaf: the leaf on which it is counted.
        share: the marks of a paper that it stands for.
        seconds: how long an answer takes.
        known: the probability of knowing it unseen, 0 to 1.
        n: the answers on its leaf behind `known`; 0 where it is only a guess.
        own: it is a card of the learner's own, which has no explanation to read.
    """

    id: str
    leaf: str
    share: float
    seconds: float
    known: float
    n: int = 0
    own: bool = False

    def takes(self, p: float) -> float:
        """Seconds, where the answer is right with probability `p`."""
        return self.seconds + (0 if self.own else (1 - p) * READING_S)


@dataclass(frozen=True)
class Task:
    """A line of the plan; `gain` in expected marks on the day of the exam, `recall` now, `why` for the learner."""

    id: str
    leaf: str
    reason: Reason
    gain: float
    seconds: float
    recall: float | None
    why: str


@dataclass(frozen=True)
class Plan:
    """Tasks in order, the best first; what was due in all, and how many of them the minutes didn't reach."""

    tasks: Sequence[Task]
    minutes: float
    gain: float
    due: int
    left_over: int


def pace(attempts: Iterable[Attempt], questions: Mapping[str, Question]) -> float:
    """How long this learner takes, as a multiple of `expected_seconds`: the median, drawn to 1 by ten unseen answers.

    Examples:
        >>> pace([], {})
        1.0
    """
    ratios = sorted(
        math.log(min(max(a.seconds / expected_seconds(questions[a.question]), 0.2), 5))
        for a in attempts
        if a.seconds and a.question in questions
    )
    if not ratios:
        return 1.0
    return math.exp(ratios[len(ratios) // 2] * len(ratios) / (len(ratios) + 10))


def candidates(
    questions: Iterable[Question], syllabus: Syllabus, mastery: Mastery, speed: float = 1.0
) -> list[Candidate]:
    """The bank as candidates.

    Args:
        speed: see `pace`.
    """
    questions = list(questions)
    parts: dict[str, float] = defaultdict(float)  # of a leaf, in points of questions
    for q in questions:
        for leaf in q.syllabus:
            parts[leaf] += q.points / len(q.syllabus)
    out = []
    for q in questions:
        worth = {leaf: q.points / len(q.syllabus) / parts[leaf] * float(syllabus.marks(leaf)) for leaf in q.syllabus}
        share = sum(worth.values())
        known = sum(w * _harder(mastery.fresh[leaf], q.difficulty) for leaf, w in worth.items()) / share
        leaf = max(worth, key=lambda k: worth[k])
        seconds = expected_seconds(q) * speed
        out.append(Candidate(q.id, leaf, share, seconds, known, mastery.nodes[leaf].n))
    return out


def own_cards(keys: Iterable[str], bank: Sequence[Candidate]) -> list[Candidate]:
    """The learner's own cards as candidates: a second on one is worth an average second on the bank."""
    per_second = sum(c.share for c in bank) / (sum(c.seconds for c in bank) or 1)
    return [Candidate(key, key, per_second * CARD_S, CARD_S, 0.3, own=True) for key in keys]


def _harder(known: float, difficulty: int) -> float:
    known = min(max(known, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(STEP * (difficulty - 3) - math.log(known / (1 - known))))


def make_plan(
    found: Sequence[Candidate],
    memories: Mapping[str, Memory],
    wrong: Collection[str],
    names: Mapping[str, str],
    now: datetime,
    days: int,
    minutes: float,
) -> Plan:
    """The plan of a day.

    Args:
        found: see `candidates`.
        memories: by question.
        wrong: questions whose last answer was wrong.
        names: of leaves, for the reasons.
        now: UTC.
        days: to the exam; see `schedule.horizon`.
        minutes: the budget; the last task may run over it by no more than half of itself.
    """
    exam = now + timedelta(days=days)
    tasks = []
    due = 0
    first_wrong = recall(advance(None, fsrs.Rating.Again, now, days), exam)
    for c in found:
        memory = memories.get(c.id)
        if memory is None:
            gain = c.share * (1 - c.known) * first_wrong
            seconds = c.takes(c.known)
            why = _new(names.get(c.leaf), c)
            tasks.append(Task(c.id, c.leaf, "new", gain, seconds, None, why))
            continue
        due += memory.due <= now
        if now - memory.last_review < REST:
            continue
        recalled = recall(memory, now)
        gain = c.share * _added(memory, recalled, now, exam, days) * (1 if c.own else AGAIN)
        seconds = c.takes(recalled)
        if c.id in wrong:
            why = f"上次答错，{_ago(now, memory.last_review)}；现在约 {recalled:.0%} 会"
            tasks.append(Task(c.id, c.leaf, "wrong", gain, seconds, recalled, why))
        else:
            why = f"{_ago(now, memory.last_review)}做过，现在还记得约 {recalled:.0%}"
            tasks.append(Task(c.id, c.leaf, "due", gain, seconds, recalled, why))
    own = {c.id for c in found if c.own and c.id in memories and memories[c.id].due <= now}
    first = _first([t for t in tasks if t.id in own], minutes * 60 * CARDS_FIRST)
    taken = {t.id for t in first}
    spent = sum(t.seconds for t in first)
    chosen = first + _choose([t for t in tasks if t.id not in taken], minutes * 60 - spent)
    reached = {t.id for t in chosen}
    left = sum(1 for c in found if c.id in memories and memories[c.id].due <= now and c.id not in reached)
    return Plan(chosen, sum(t.seconds for t in chosen) / 60, sum(t.gain for t in chosen), due, left)


def _added(memory: Memory, recalled: float, now: datetime, exam: datetime, days: int) -> float:
    """What a review now adds to the probability of recall at the exam, by FSRS."""
    right = recall(advance(memory, fsrs.Rating.Good, now, days), exam)
    wrong = recall(advance(memory, fsrs.Rating.Again, now, days), exam)
    return max(0.0, recalled * right + (1 - recalled) * wrong - recall(memory, exam))


def _first(cards: Sequence[Task], budget_s: float) -> list[Task]:
    """Cards that are due, the most forgotten first."""
    chosen: list[Task] = []
    for card in sorted(cards, key=lambda t: (t.recall or 0.0, t.id)):
        if budget_s < card.seconds:
            break
        chosen.append(card)
        budget_s -= card.seconds
    return chosen


def _choose(tasks: Sequence[Task], budget_s: float) -> list[Task]:
    """Greedy by gain a second; a leaf's later tasks count less."""
    rest = {t.id: t for t in tasks if t.gain > 0}
    times: dict[str, int] = defaultdict(int)
    chosen: list[Task] = []
    while rest and budget_s > 0:
        best = max(rest.values(), key=lambda t: (t.gain / t.seconds * SAME_LEAF ** times[t.leaf], t.id))
        del rest[best.id]
        if best.seconds > budget_s * 2:
            continue
        chosen.append(best)
        times[best.leaf] += 1
        budget_s -= best.seconds
    return chosen


def _new(name: str | None, c: Candidate) -> str:
    if name is None:
        return "自己的卡片，还没看过"
    return f"没做过；{name}掌握约 {c.known:.0%}" if c.n else f"没做过；{name}还没有作答记录"


def _ago(now: datetime, then: datetime) -> str:
    days = (now - then).days
    return f"{days} 天前" if days else "今天早些时候"
