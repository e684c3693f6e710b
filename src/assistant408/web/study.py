"""Practice and memory wired to one user's data: what the command line and the HTTP routes both do.

Imports no web framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timezone
from typing import Any

from assistant408.content.grade import Verdict, grade
from assistant408.content.questions import Check, Question
from assistant408.content.syllabus import MARKS
from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.core.trace import plain
from assistant408.practice import mastery, plan, schedule, session
from assistant408.practice.anki import question_deck
from assistant408.practice.notebook import write_notebook
from assistant408.store.attempts import Attempts
from assistant408.store.cards import Card, Cards, Deck, Memory
from assistant408.web.learner import Learner

__all__ = ["Study"]

DECKS = {"all": "题库", "new": "没做过", "wrong": "错题", "due": "该复习", "weak": "薄弱考点", "favourites": "收藏"}


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Study:
    """One learner's practice; `now` is the clock."""

    def __init__(self, learner: Learner, now: Callable[[], datetime] = _utc_now) -> None:
        self.learner = learner
        self.services = learner.services
        self.now = now
        self.attempts = Attempts(self.services.database, now, learner.owner)
        self.cards = Cards(self.services.database, now, learner.owner)
        self.deck = Deck(self.services.database, now, learner.owner)

    # --- looking -------------------------------------------------------------------------------------------------

    def find(self, id: str) -> Question:
        """The question of that id.

        Raises:
            InputError: there is none.
        """
        q = self.services.questions.get(id)
        if q is None:
            raise InputError(f"没有题目 {id!r}。")
        return q

    def horizon(self) -> schedule.Horizon:
        """How far it is to the exam, by the learner's own calendar."""
        return schedule.horizon(self.learner.exam_date, self.now().astimezone().date())

    def memories(self) -> dict[str, Memory]:
        """The memory of everything answered, here or in an exam."""
        attempts, questions = self.attempts.marked(), self.services.questions
        return session.caught_up(self.cards.all(), attempts, questions, self.horizon().days)

    def mastery(self) -> mastery.Mastery:
        """The mastery of every node of the syllabus."""
        questions, now = self.services.questions, self.now()
        recalled = {id: schedule.recall(m, now) for id, m in self.memories().items()}
        kept = mastery.kept(recalled, self.attempts.latest(), questions)
        return mastery.estimate(self.services.syllabus, mastery.evidence(self.attempts.marked(), questions), kept)

    def pool(self, pool: session.Pool, subject: str | None, under: str, kind: str | None) -> list[Question]:
        """The questions of a pool within a subject, a node of the syllabus and a kind."""
        found = [
            q
            for q in self.services.questions.values()
            if (subject is None or q.subject == subject)
            and (kind is None or q.kind == kind)
            and (not under or any(leaf == under or leaf.startswith(under + ".") for leaf in q.syllabus))
        ]
        return session.pool_of(
            pool,
            found,
            self.attempts.latest() if pool in ("new", "wrong") else {},
            self.memories() if pool == "due" else {},
            self.mastery().nodes if pool == "weak" else {},
            {f["question_id"] for f in self.learner.favourites.all()} if pool == "favourites" else (),
            self.now(),
        )

    def plan(self, minutes: float) -> tuple[plan.Plan, schedule.Horizon]:
        """The plan of the day, over the bank and the learner's own cards."""
        s, horizon, attempts = self.services, self.horizon(), self.attempts.marked()
        speed = plan.pace(attempts, s.questions)
        found = plan.candidates(s.questions.values(), s.syllabus, self.mastery(), speed)
        found += plan.own_cards([c.key for c in self.deck.all()], found)
        names = {leaf: f"“{node.name}”" for leaf, node in s.syllabus.leaves.items()}
        wrong = {id for id, right in self.attempts.latest().items() if not right}
        made = plan.make_plan(found, self.memories(), wrong, names, self.now(), horizon.days, minutes)
        return made, horizon

    def card(self, id: int) -> Card:
        """A card of the learner's own.

        Raises:
            InputError: there is none of that number.
        """
        for card in self.deck.all():
            if card.id == id:
                return card
        raise InputError(f"没有卡片 {id!r}，可能已经删除。")

    def mastery_json(self) -> dict[str, Any]:
        """The mastery of every node, and of the whole paper under ``total``, JSON-ready."""
        s, found, horizon = self.services, self.mastery(), self.horizon()
        marks: dict[str, float] = {}
        for leaf in s.syllabus.leaves:
            node = leaf
            while node:
                marks[node] = marks.get(node, 0.0) + float(s.syllabus.marks(leaf))
                node = s.syllabus.nodes[node].parent
        return {
            "horizon": asdict(horizon),
            "total": {"marks": sum(MARKS.values()), **asdict(found.nodes[""])},
            "nodes": [
                {"id": id, "name": n.name, "parent": n.parent, "marks": round(marks[id], 4), **asdict(found.nodes[id])}
                for id, n in s.syllabus.nodes.items()
            ],
        }

    def plan_json(self, minutes: float) -> dict[str, Any]:
        """The plan of the day with its questions, without their keys, JSON-ready."""
        made, horizon = self.plan(minutes)
        own = {c.key: c for c in self.deck.all()}
        tasks = []
        for task in made.tasks:
            card = own.get(task.id)
            shown = {"card": asdict(card)} if card else {"question": self.find(task.id).public()}
            tasks.append({**asdict(task), "kind": "card" if card else "question", **shown})
        return {**asdict(made), "budget": minutes, "horizon": asdict(horizon), "tasks": tasks}

    def notebook(self, pool: session.Pool, under: str) -> str:
        """A pool with its keys as Markdown."""
        path = self.services.syllabus.path
        last = {a.question: a for a in self.attempts.marked()}
        title = {"wrong": "错题本", "favourites": "收藏的题"}.get(pool, "题目")
        return write_notebook(title, self.pool(pool, None, under, None), last, lambda leaf: " › ".join(path(leaf)))

    def anki(self, pool: session.Pool, under: str) -> bytes:
        """A pool as an Anki package.

        Raises:
            InputError: it is empty.
        """
        found = self.pool(pool, None, under, None)
        if not found:
            raise InputError(f"{pool!r} 里没有题目可以导出，请换一个范围。")
        nodes = self.services.syllabus.nodes
        return question_deck(f"408::{DECKS[pool]}", found, lambda leaf: nodes[leaf].name, self.now())

    def add_cards(self, found: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, int]:
        """Adds cards of the learner's own by deck: how many were new, how many were there already."""
        added = sum(self.deck.add(deck, pairs) for deck, pairs in found.items())
        return {"added": added, "there": sum(map(len, found.values())) - added}

    # --- answering -----------------------------------------------------------------------------------------------

    def mark(self, q: Question, answer: str, seconds: float | None) -> dict[str, Any]:
        """Marks an answer and remembers it; the verdict, with the solver's steps where the key is computed.

        Raises:
            InputError: it isn't an answer to this kind of question.
        """
        verdict = grade(q, answer)
        if verdict.correct is None:
            if answer.strip():
                self.attempts.add(q.id, answer[:20_000], None, seconds)
        else:
            self.remember(q, answer[:2000], verdict.correct, float(verdict.correct), seconds)
        return self._explained(q, verdict, answer)

    def give_up(self, q: Question, seconds: float | None) -> dict[str, Any]:
        """Remembers that the learner doesn't know, which is no answer but counts as a wrong one; the verdict."""
        self.remember(q, "", False, 0.0, seconds)
        key = {"single": next(iter(q.choices), ""), "judge": "对", "blank": "?", "big": ""}[q.kind]
        return self._explained(q, replace(grade(q, key), correct=False, trap=""), "")

    def _explained(self, q: Question, verdict: Verdict, answer: str) -> dict[str, Any]:
        out = asdict(verdict)
        for part, source in zip(out["parts"], q.parts, strict=True):
            part["solution"] = self.recompute(source.check)
        return {
            **out,
            "solution": self.recompute(q.check),
            "diagnosis": _diagnosis(q, answer) if verdict.correct is False and answer else None,
        }

    def recompute(self, check: Check | None) -> dict[str, Any] | None:
        """The solver's steps behind a computed key."""
        return self.solve(check.solver, check.args) if check is not None and check.solver else None

    def solve(self, id: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """A solver's solution, JSON-ready, with the names of its results."""
        solver = get_solver(id)
        return {
            "id": solver.id,
            "title": solver.title,
            "args": plain(args),
            **solver(**args).to_json(),
            "labels": {k: {"label": o.label, "unit": o.unit} for k, o in solver.answers.items()},
        }

    def self_mark(self, q: Question, points: list[float], answer: str, seconds: float | None) -> float:
        """Remembers the points that the learner gave to the parts of a big question; their share.

        Raises:
            InputError: they don't fit the parts.
        """
        score = session.self_score(q, points)
        self.remember(q, answer[:20_000], None, score, seconds)
        return score

    def remember(self, q: Question, answer: str, correct: bool | None, score: float, seconds: float | None) -> None:
        """Stores a marked answer, wherever it was given, and what it says of memory; `score` from 0 to 1."""
        before = self.memories().get(q.id)
        session.record(self.cards, q, answer, correct, score, seconds, self.horizon().days, before)

    def rate_card(self, card: Card, rating: int, seconds: float | None) -> datetime:
        """Remembers how well a card was known; when it is due next.

        Raises:
            InputError: the rating isn't 1 to 4.
        """
        return session.record_card(self.cards, card, rating, seconds, self.horizon().days).due


def _diagnosis(q: Question, answer: str) -> dict[str, object] | None:
    """Which misconception yields a wrong answer, if one is known."""
    if q.check is None or not q.check.solver:
        return None
    from assistant408.tutor.diagnose import diagnose

    solver = get_solver(q.check.solver)
    if q.check.value not in solver.answers:
        return None
    stated = q.choices.get(answer.strip().upper(), answer) if q.kind == "single" else answer
    found = diagnose(solver, q.check.args, stated, q.check.value)
    return found.to_json() if found.mistake and not found.right else None
