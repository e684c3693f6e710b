"""A paper of 408 (试卷): its structure, and how one is drawn from the bank.

The real structure, 150 points in 180 minutes: 40 choices of 2 points, numbered by subject, then 7 big questions.

=============  =======  =============  ======
subject        choices  big questions  points
=============  =======  =============  ======
数据结构 ds     11       2, together 23  45
组成原理 co     11       2, together 23  45
操作系统 os     10       2, together 15  35
计算机网络 cn   8        1 of 9          25
=============  =======  =============  ======
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant408.content.questions import Check, Evidence, Part, Question
from assistant408.content.syllabus import SUBJECTS, Syllabus
from assistant408.core.errors import InputError
from assistant408.core.trace import plain

__all__ = ["FULL", "Item", "Paper", "Shape", "assemble", "new_paper", "short_shape", "solver_choice"]

LEVELS = {1: 0.15, 2: 0.25, 3: 0.35, 4: 0.2, 5: 0.05}  # shares of difficulties among the choices of a subject
BIG_POINTS = range(6, 16)  # of one big question


@dataclass(frozen=True)
class Shape:
    """What a paper holds of one subject; `big_points` together, or `None` for what the questions have."""

    choices: int
    bigs: int
    big_points: int | None = None


FULL: Mapping[str, Shape] = {
    "ds": Shape(11, 2, 23),
    "co": Shape(11, 2, 23),
    "os": Shape(10, 2, 15),
    "cn": Shape(8, 1, 9),
}


@dataclass(frozen=True)
class Item:
    """A numbered question of a paper, whose `points` count here; `source` is ``bank``, ``variant`` or ``imported``."""

    number: int
    question: Question
    source: str = "bank"

    @property
    def slots(self) -> list[str]:
        """The places on the answer sheet."""
        return [str(i + 1) for i in range(len(self.question.parts))] if self.question.kind == "big" else ["answer"]

    def public(self) -> dict[str, Any]:
        """The question as it stands on the paper: no key, nor the id, point or difficulty that lead to one."""
        shown = self.question.public()
        kept = {k: shown[k] for k in ("kind", "stem", "choices", "points", "parts")}
        return {"number": self.number, "subject": self.question.subject, **kept}


@dataclass(frozen=True)
class Paper:
    """A paper with its keys."""

    title: str
    minutes: int
    items: Sequence[Item]

    @property
    def points(self) -> int:
        """The points of all questions."""
        return sum(i.question.points for i in self.items)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready object that `from_json` reads."""
        items = [{"number": i.number, "source": i.source, "question": plain(asdict(i.question))} for i in self.items]
        return {"title": self.title, "minutes": self.minutes, "items": items}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Paper:
        """The paper that `to_json` wrote."""
        items = [Item(i["number"], _question(i["question"]), i["source"]) for i in data["items"]]
        return cls(data["title"], data["minutes"], items)


def short_shape(subjects: Sequence[str], choices: int, bigs: int) -> dict[str, Shape]:
    """Spreads counts over subjects in the proportion of a real paper.

    Examples:
        >>> {k: (s.choices, s.bigs) for k, s in short_shape(["os", "cn"], 9, 1).items()}
        {'os': (5, 1), 'cn': (4, 0)}
    """
    order = [s for s in SUBJECTS if s in subjects]
    a = _apportion(choices, [FULL[s].choices for s in order])
    b = _apportion(bigs, [FULL[s].bigs for s in order])
    return {s: Shape(x, y) for s, x, y in zip(order, a, b, strict=True)}


def assemble(
    bank: Iterable[Question],
    syllabus: Syllabus,
    rng: random.Random,
    *,
    shape: Mapping[str, Shape] = FULL,
    seen: Collection[str] = (),
    variants: int = 0,
    variant: Callable[[str, random.Random], Question] | None = None,
) -> list[Item]:
    """Draws a paper.

    Points (考点) are drawn by their weight, so that they come as often as in real papers however many questions the
    bank has of each; then of each point the question whose difficulty `LEVELS` lacks most. No point is asked twice while
    there are others, and what was seen comes only when nothing else is left. Big questions are whole, or lose their
    last parts, so that the points of a subject come out exactly.

    Args:
        shape: what is drawn of each subject.
        seen: ids of questions answered not long ago.
        variants: how many choices a subject may take from `variant` in place of the bank.
        variant: a new choice of a subject, made from a solver.

    Raises:
        InputError: the bank has too few.
    """
    questions = sorted(bank, key=lambda q: q.id)
    choices: list[Item] = []
    bigs: list[Item] = []
    for subject, want in shape.items():
        mine = [q for q in questions if q.subject == subject]
        big = _bigs([q for q in mine if q.kind == "big"], want, rng, seen, subject)
        taken = {leaf for q in big for leaf in q.syllabus[:1]}
        made = [variant(subject, rng) for _ in range(min(variants, want.choices))] if variant else []
        singles = [q for q in mine if q.kind == "single"]
        drawn = _singles(singles, want.choices - len(made), syllabus, rng, seen, taken, subject)
        order = {leaf: i for i, leaf in enumerate(syllabus.leaves)}
        both = [Item(0, q) for q in drawn] + [Item(0, q, "variant") for q in made]
        choices += sorted(both, key=lambda i: order.get(i.question.syllabus[0], 0))
        bigs += [Item(0, q) for q in sorted(big, key=lambda q: -q.points)]
    return [replace(item, number=n) for n, item in enumerate([*choices, *bigs], 1)]


def new_paper(
    bank: Iterable[Question],
    syllabus: Syllabus,
    seed: int,
    *,
    subjects: Collection[str] = (),
    choices: int | None = None,
    bigs: int | None = None,
    minutes: int | None = None,
    seen: Collection[str] = (),
    variants: int = 0,
) -> Paper:
    """A paper from a few wishes: the real one, or a short one.

    Args:
        subjects: all four if empty.
        choices: how many in all; the real paper's number for these subjects if `None`. `bigs` likewise.
        minutes: in proportion to the points if `None`, 180 for 150.
        variants: choices a subject made from solvers instead of drawn.

    Raises:
        InputError: a wish can't be met.
    """
    names = [s for s in SUBJECTS if not subjects or s in subjects]
    if unknown := set(subjects) - set(SUBJECTS):
        raise InputError(f"科目 {sorted(unknown)[0]!r} 不存在，应为 {'、'.join(SUBJECTS)} 之一。")
    shape = {s: FULL[s] for s in names}
    if choices is not None or bigs is not None:
        a = sum(FULL[s].choices for s in names) if choices is None else choices
        b = sum(FULL[s].bigs for s in names) if bigs is None else bigs
        if not 0 <= a <= 100 or not 0 <= b <= 10 or a + b == 0:
            raise InputError(f"选择题 {a} 道应在 0 到 100 之间，大题 {b} 道应在 0 到 10 之间，且至少有一道。")
        shape = short_shape(names, a, b)
    if minutes is not None and not 1 <= minutes <= 600:
        raise InputError(f"时间 {minutes} 分钟应在 1 到 600 之间。")
    rng = random.Random(seed)
    make = solver_choice if variants else None
    items = assemble(bank, syllabus, rng, shape=shape, seen=seen, variants=variants, variant=make)
    points = sum(i.question.points for i in items)
    return Paper(
        f"{'408 模拟卷' if shape == FULL else _small(names)} #{seed}",
        minutes or max(round(points * 180 / 150), 1),
        items,
    )


def _small(subjects: Sequence[str]) -> str:
    """What a paper of some subjects is called, short enough for a telephone.

    Examples:
        >>> _small(["os"]), _small(["ds", "co", "cn"]), _small(["ds", "co", "os", "cn"])
        ('操作系统小卷', '数据结构·组成·网络小卷', '四科小卷')
    """
    if len(subjects) == len(SUBJECTS):
        return "四科小卷"
    short = {"ds": "数据结构", "co": "组成", "os": "操作系统", "cn": "网络"}
    return ("·".join(short[s] for s in subjects) if len(subjects) > 1 else SUBJECTS[subjects[0]]) + "小卷"


def solver_choice(subject: str, rng: random.Random) -> Question:
    """A choice made from one of a subject's solvers, with wrong choices that named mistakes lead to."""
    from assistant408.core.registry import all_solvers
    from assistant408.practice.variants import make_question

    able = [s for s in all_solvers().values() if s.subject == subject and s.generates and s.syllabus]
    rng.shuffle(able)
    for solver in able:
        try:
            v = make_question(solver, rng)
        except InputError:  # this one has too few mistakes for what was drawn
            continue
        return Question(
            id=f"variant-{solver.id}",
            kind="single",
            syllabus=tuple(solver.syllabus[:1]),
            difficulty=3,
            stem=v.stem,
            choices=dict(v.choices),
            answer=(v.answer,),
            explanation=v.explanations[v.answer],
            traps={k: why for k, why in v.explanations.items() if k != v.answer},
            check=Check(solver=v.solver, args=dict(v.args), value=v.ask),
            evidence=(),
            parts=(),
            points=2,
        )
    raise InputError(f"{SUBJECTS[subject]}的解题器都没有出成题，请把变式题数设为 0。")


def _singles(
    questions: Sequence[Question],
    count: int,
    syllabus: Syllabus,
    rng: random.Random,
    seen: Collection[str],
    taken: set[str],
    subject: str,
) -> list[Question]:
    by_leaf: dict[str, list[Question]] = {}
    for q in rng.sample(questions, len(questions)):
        by_leaf.setdefault(q.syllabus[0], []).append(q)
    # Efraimidis and Spirakis 2006: in the order of these keys, points are a weighted sample.
    key = {leaf: rng.random() ** (1 / syllabus.leaves[leaf].weight) for leaf in sorted(by_leaf)}
    order = sorted(by_leaf, key=lambda leaf: -key[leaf])
    room = dict(zip(LEVELS, _apportion(count, list(LEVELS.values())), strict=True))
    drawn: dict[str, Question] = {}
    for fresh, apart in ((True, True), (True, False), (False, True), (False, False)):
        used = taken | {q.syllabus[0] for q in drawn.values()} if apart else set()
        for leaf in order:
            able = [q for q in by_leaf[leaf] if q.id not in drawn and not (fresh and q.id in seen)]
            if len(drawn) < count and able and leaf not in used:
                q = max(able, key=lambda q: room.get(q.difficulty, 0))
                drawn[q.id] = q
                room[q.difficulty] = room.get(q.difficulty, 0) - 1
    if len(drawn) < count:
        raise InputError(
            f"题库里 {SUBJECTS[subject]} 的单选题只有 {len(drawn)} 道，组卷要 {count} 道，请减少题数或换一科。"
        )
    return list(drawn.values())


def _bigs(
    questions: Sequence[Question], want: Shape, rng: random.Random, seen: Collection[str], subject: str
) -> list[Question]:
    """As many big questions as wanted, new ones first, of different chapters where possible."""
    order = rng.sample(questions, len(questions))
    order.sort(key=lambda q: q.id in seen)
    for fresh, apart in ((True, True), (True, False), (False, True), (False, False)):
        for group in itertools.combinations(order, want.bigs):
            if fresh and any(q.id in seen for q in group):
                continue
            if apart and len({q.syllabus[0].rpartition(".")[0] for q in group}) < len(group):
                continue
            for sizes in itertools.product(*(list(_fits(q)) for q in group)):
                if want.big_points is None or sum(q.points for q in sizes) == want.big_points:
                    return list(sizes)
    points = "" if want.big_points is None else f"、共 {want.big_points} 分"
    raise InputError(f"题库里 {SUBJECTS[subject]} 的大题凑不出 {want.bigs} 道{points}，请减少题数或换一科。")


def _fits(q: Question) -> Iterator[Question]:
    """The question whole, then without its last parts."""
    yield q
    for n in range(len(q.parts) - 1, 1, -1):
        points = sum(p.points for p in q.parts[:n])
        if points in BIG_POINTS:
            yield replace(q, parts=tuple(q.parts[:n]), points=points)


def _apportion(total: int, shares: Sequence[float]) -> list[int]:
    """Integers that sum to `total`, by largest remainders.

    Examples:
        >>> _apportion(10, [11, 11, 10, 8])
        [3, 3, 2, 2]
    """
    exact = [total * s / (sum(shares) or 1) for s in shares]
    out = [int(x) for x in exact]
    for i in sorted(range(len(out)), key=lambda i: (out[i] - exact[i], i))[: total - sum(out)]:
        out[i] += 1
    return out


def _question(data: Mapping[str, Any]) -> Question:
    check = data["check"]
    return Question(
        **{
            **data,
            "syllabus": tuple(data["syllabus"]),
            "answer": tuple(data["answer"]),
            "check": Check(**check) if check else None,
            "evidence": tuple(Evidence(**e) for e in data["evidence"]),
            "parts": tuple(_part(p) for p in data["parts"]),
        }
    )


def _part(data: Mapping[str, Any]) -> Part:
    check = data["check"]
    return Part(
        data["prompt"],
        data["points"],
        data["answer"],
        tuple((n, text) for n, text in data["rubric"]),
        Check(**check) if check else None,
        tuple(Evidence(**e) for e in data["evidence"]),
    )
