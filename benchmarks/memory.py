"""Does the plan raise a score? Simulated learners who forget by another law than the scheduler believes in.

    .venv/bin/python benchmarks/memory.py [--seeds 24] [--first-seed 2000] [--days 45] [--minutes 30] [--transfer 0.3]

The learner is ACT-R's (Pavlik & Anderson 2005): an answer is a presentation of a question; activation is the logarithm
of a sum of powers of the presentations' ages, each with a decay that grows with the activation it met, so cramming fades
fast. Questions differ in difficulty, leaves in what was studied before, and practice on a leaf carries over (`transfer`)
to its other questions. The scheduler's FSRS and mastery model know none of these numbers. The bank, the syllabus and
its marks are the real ones. Every policy has the same learner, the same minutes a day, and sees only answers and times.

The figure is expected marks of 150 on the day of the exam, guesses not counted: a leaf's marks times the mean
probability of knowing its questions. The constants of the plan were chosen on seeds 0–7 (and a first version, which
reviewed too much, was discarded on 1000–1023); the reported seeds are others.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from assistant408.content.questions import Question, load_bank
from assistant408.content.syllabus import Syllabus, load_syllabus
from assistant408.core.paths import content_dir
from assistant408.practice import mastery, plan, schedule
from assistant408.store.attempts import PASS, Attempt
from assistant408.store.cards import Memory

START = datetime(2026, 11, 1, 19, tzinfo=timezone.utc)
DECAY_SCALE, DECAY_MIN, THRESHOLD, NOISE = 0.22, 0.18, -1.3, 0.45  # activation over hours
FIXED = (1, 2, 4, 7, 15)


@dataclass
class Learner:
    """One simulated person, the same for every policy of a seed."""

    questions: dict[str, Question]
    transfer: float
    seed: int
    shown: dict[str, list[tuple[datetime, str, float, float]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        self.luck = random.Random(self.seed + 1)
        general = rng.gauss(0, 0.5)
        chapters: dict[str, float] = {}
        for leaf in sorted({leaf for q in self.questions.values() for leaf in q.syllabus}):
            chapter = ".".join(leaf.split(".")[:2])
            chapters.setdefault(chapter, rng.gauss(0, 0.8))
            weight = math.exp(-0.2 + general + chapters[chapter] + rng.gauss(0, 0.7))
            self.shown[leaf].append((START - timedelta(days=rng.uniform(5, 90)), "", weight, 0.25))
        self.threshold = {id: THRESHOLD + rng.gauss(0, 0.35) + 0.2 * (q.difficulty - 3) for id, q in self.questions.items()}  # fmt: skip
        self.speed = math.exp(rng.gauss(0, 0.2))

    def knows(self, id: str, now: datetime) -> float:
        """The probability of knowing a question."""
        return 1 / (1 + math.exp((self.threshold[id] - self._activation(id, now)) / NOISE))

    def _activation(self, id: str, now: datetime) -> float:
        total = 0.0
        for at, item, weight, decay in self.shown[self.questions[id].syllabus[0]]:
            hours = max((now - at).total_seconds() / 3600, 1.0)
            total += (1.0 if item in ("", id) else self.transfer) * weight * hours**-decay
        return math.log(total)

    def answer(self, id: str, now: datetime) -> tuple[float, float]:
        """Answers a question and reads why: (score 0 to 1, seconds)."""
        q = self.questions[id]
        p = self.knows(id, now)
        if q.kind == "big":
            score = sum(self.luck.random() < p for _ in range(q.points)) / q.points
        else:
            score = float(self.luck.random() < 0.95 * p + mastery.GUESS[q.kind] * (1 - p))
        seconds = schedule.expected_seconds(q) * self.speed * math.exp(self.luck.gauss(0, 0.3)) * (1.3 - 0.5 * p)
        decay = DECAY_SCALE * math.exp(self._activation(id, now)) + DECAY_MIN
        for i, leaf in enumerate(q.syllabus):
            self.shown[leaf].append((now, id if i == 0 else q.id + "*", 1.0 if score >= PASS else 0.8, decay))
        return score, seconds + (0 if score >= PASS else plan.READING_S)

    def marks(self, syllabus: Syllabus, at: datetime) -> float:
        """Expected marks at the exam."""
        by_leaf: dict[str, list[float]] = defaultdict(list)
        for id, q in self.questions.items():
            p = self.knows(id, at)
            for leaf in q.syllabus:
                by_leaf[leaf].append(p)
        return sum(float(syllabus.marks(leaf)) * statistics.fmean(ps) for leaf, ps in by_leaf.items())


@dataclass
class Seen:
    """What a policy may look at."""

    questions: dict[str, Question]
    syllabus: Syllabus
    rng: random.Random
    attempts: list[Attempt] = field(default_factory=list)
    memories: dict[str, Memory] = field(default_factory=dict)
    latest: dict[str, bool] = field(default_factory=dict)

    def record(self, id: str, score: float, seconds: float, now: datetime, days: int) -> None:
        q, memory = self.questions[id], self.memories.get(id)
        rating = schedule.rate(score, seconds, schedule.expected_seconds(q), memory.reps if memory else 0)
        self.memories[id] = schedule.advance(memory, rating, now, days)
        self.latest[id] = score >= PASS
        self.attempts.append(Attempt(id, "", score, seconds, now))


Policy = Callable[[Seen, datetime, int, float], Iterator[str]]


def ours(seen: Seen, now: datetime, days: int, minutes: float) -> Iterator[str]:
    """`make_plan`, as ``a408 review`` does, long enough that the minutes end before it."""
    recalled = {id: schedule.recall(m, now) for id, m in seen.memories.items()}
    answers = mastery.evidence(seen.attempts, seen.questions)
    known = mastery.estimate(seen.syllabus, answers, mastery.kept(recalled, seen.latest, seen.questions))
    speed = plan.pace(seen.attempts, seen.questions)
    found = plan.candidates(seen.questions.values(), seen.syllabus, known, speed)
    wrong = {id for id, right in seen.latest.items() if not right}
    yield from (t.id for t in plan.make_plan(found, seen.memories, wrong, {}, now, days, minutes * 1.5).tasks)


def in_order(seen: Seen) -> list[str]:
    """The bank in the order of the syllabus."""
    place = {leaf: i for i, leaf in enumerate(seen.syllabus.leaves)}
    return sorted(seen.questions, key=lambda id: (place[seen.questions[id].syllabus[0]], id))


def by_weight(seen: Seen) -> list[str]:
    """The bank by marks a minute, whoever the learner is."""
    found = plan.candidates(seen.questions.values(), seen.syllabus, mastery.estimate(seen.syllabus, {}))
    return [c.id for c in sorted(found, key=lambda c: (-c.share / c.seconds, c.id))]


def fixed(order: Callable[[Seen], list[str]]) -> Policy:
    """The usual notebook: 1, 2, 4, 7, 15 days, back to 1 when wrong; the most overdue first, then new ones."""

    def policy(seen: Seen, now: datetime, days: int, minutes: float) -> Iterator[str]:
        streak: dict[str, int] = defaultdict(int)
        last: dict[str, datetime] = {}
        for a in seen.attempts:
            streak[a.question] = min(streak[a.question] + 1, len(FIXED)) if a.score >= PASS else 1
            last[a.question] = a.at
        due = {id: at + timedelta(days=FIXED[streak[id] - 1]) for id, at in last.items()}
        yield from sorted((id for id, at in due.items() if at <= now), key=lambda id: (due[id], id))
        yield from (id for id in order(seen) if id not in last)

    return policy


def fsrs(seen: Seen, now: datetime, days: int, minutes: float) -> Iterator[str]:
    """FSRS as flash-card programs use it: whatever fell to 90% first, then new ones in the order of the syllabus."""
    due = sorted((m.due, id) for id, m in seen.memories.items() if m.due <= now)
    yield from (id for _, id in due)
    yield from (id for id in in_order(seen) if id not in seen.memories)


def random_order(seen: Seen, now: datetime, days: int, minutes: float) -> Iterator[str]:
    """Any question."""
    yield from seen.rng.sample(sorted(seen.questions), len(seen.questions))


def through(order: Callable[[Seen], list[str]]) -> Policy:
    """Through the bank in an order, and again from the start: no reviews."""

    def policy(seen: Seen, now: datetime, days: int, minutes: float) -> Iterator[str]:
        found = order(seen)
        start = len(seen.attempts) % len(found)
        yield from found[start:] + found[:start]

    return policy


POLICIES: dict[str, Policy] = {
    "ours": ours,
    "fixed + weight": fixed(by_weight),
    "fixed": fixed(in_order),
    "FSRS 90%": fsrs,
    "random": random_order,
    "chapter order": through(in_order),
    "weight order": through(by_weight),
}


def study(
    policy: Policy, questions: dict[str, Question], syllabus: Syllabus, seed: int, days: int, minutes: float, transfer: float
) -> tuple[float, float, int]:  # fmt: skip
    """One learner under one policy: marks before, marks at the exam, answers given."""
    learner = Learner(questions, transfer, seed)
    seen = Seen(questions, syllabus, random.Random(seed + 2))
    exam = START + timedelta(days=days, hours=14)
    before = learner.marks(syllabus, exam)
    for day in range(days):
        now = START + timedelta(days=day)
        left = minutes * 60.0
        for id in policy(seen, now, days - day, minutes):
            if left <= 0:
                break
            score, seconds = learner.answer(id, now)
            seen.record(id, score, seconds, now, days - day)
            left -= seconds
            now += timedelta(seconds=seconds)
    return before, learner.marks(syllabus, exam), len(seen.attempts)


def interval(values: list[float]) -> tuple[float, float]:
    """The mean, and half of its 95% interval (normal; Student's t for 24 is 2.07)."""
    return statistics.fmean(values), 2.07 * statistics.stdev(values) / math.sqrt(len(values))


def main() -> None:
    parser = argparse.ArgumentParser(description="Expected marks under seven policies.")
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--first-seed", type=int, default=2000)
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--transfer", type=float, default=0.3)
    parser.add_argument("--policies", default=",".join(POLICIES))
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    content = content_dir()
    syllabus = load_syllabus(content)
    questions = {q.id: q for q in load_bank(content)}
    names = a.policies.split(",")
    seeds = range(a.first_seed, a.first_seed + a.seeds)
    marks: dict[str, list[float]] = {}
    rows = []
    for name in names:
        began = time.perf_counter()
        runs = [study(POLICIES[name], questions, syllabus, s, a.days, a.minutes, a.transfer) for s in seeds]
        marks[name] = [after for _, after, _ in runs]
        before, _ = interval([b for b, _, _ in runs])
        mean, half = interval(marks[name])
        less, less_half = interval([x - y for x, y in zip(marks[names[0]], marks[name], strict=True)]) if len(marks) > 1 else (0, 0)  # fmt: skip
        rows.append({"policy": name, "before": before, "marks": mean, "half": half, "ours_minus": less, "ours_minus_half": less_half, "answers": statistics.fmean(n for *_, n in runs)})  # fmt: skip
        if not a.json:
            print(f"{name:<18} before {before:5.1f}  exam {mean:6.2f} ± {half:4.2f}  ours − this {less:5.2f} ± {less_half:4.2f}"
                  f"  answers {rows[-1]['answers']:5.0f}  ({time.perf_counter() - began:.0f} s)", flush=True)  # fmt: skip
    if a.json:
        print(json.dumps({"seeds": [seeds[0], seeds[-1]], "days": a.days, "minutes": a.minutes, "transfer": a.transfer, "rows": rows}))  # fmt: skip


if __name__ == "__main__":
    main()
