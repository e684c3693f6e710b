"""Classes as their members have them: joining with a link, consent, and the assignments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from assistant408.core.errors import InputError
from assistant408.practice.paper import Paper
from assistant408.store.accounts import join_class
from assistant408.store.assignments import Assignment
from assistant408.store.attempts import Attempt
from assistant408.web.accounts.login import Code
from assistant408.web.accounts.wiring import accounts_of
from assistant408.web.who import learner_of, services_of, signed_in

__all__ = ["router", "shown"]

router = APIRouter()


class Joining(BaseModel):
    """A class link, and whether the teacher may see the results."""

    code: Code
    consent: bool


class Consent(BaseModel):
    """Whether the teacher may see the results."""

    consent: bool


@router.get("/classes")
def classes(request: Request) -> dict[str, Any]:
    """The classes that one has joined, and those that one teaches."""
    user, found = signed_in(request), accounts_of(request).classes
    return {"joined": found.joined(user.id), "taught": found.taught(user.id)}


@router.post("/classes/join")
def join(request: Request, body: Joining) -> dict[str, Any]:
    """Joins a class with its link."""
    user, accounts = signed_in(request), accounts_of(request)
    id = join_class(accounts.engine, body.code, user.id, body.consent, accounts.now)
    return accounts.classes.of_member(user.id, id)


@router.patch("/classes/{id}")
def consent(request: Request, id: str, body: Consent) -> dict[str, Any]:
    """Gives or takes back the consent; it counts from this moment."""
    user, found = signed_in(request), accounts_of(request).classes
    found.consent(user.id, id, body.consent)
    return found.of_member(user.id, id)


@router.delete("/classes/{id}")
def leave(request: Request, id: str) -> dict[str, str]:
    """Leaves a class."""
    accounts_of(request).classes.leave(signed_in(request).id, id)
    return {}


@router.get("/assignments")
def assignments(request: Request) -> list[dict[str, Any]]:
    """What is to be done, in all one's classes, the newest first."""
    user, accounts = signed_in(request), accounts_of(request)
    made = learner_of(request).attempts.marked()
    return [_mine(request, a, made) for a in accounts.assignments.assigned(user.id)]


@router.get("/assignments/{id}")
def assignment(request: Request, id: str) -> dict[str, Any]:
    """One of these with its questions, without their answers."""
    found = accounts_of(request).assignments.of_member(signed_in(request).id, id)
    bank, made = services_of(request).questions, learner_of(request).attempts.marked()
    done = _answered(found, made)
    questions = [{**bank[q].public(), "answered": q in done} for q in found.questions if q in bank]
    return {**_mine(request, found, made), "questions": questions}


@router.post("/assignments/{id}/start")
def start(request: Request, id: str) -> dict[str, str]:
    """The paper of an assignment as an exam of one's own; twice is as once."""
    user, assignments = signed_in(request), accounts_of(request).assignments
    found = assignments.of_member(user.id, id)
    if found.paper is None:
        raise InputError(f"作业 {id!r} 不是模拟卷，请直接做里面的题。")
    there = assignments.exam_of(user.id, id)
    if there is None:
        there = assignments.begin(user.id, id, learner_of(request).exams.create(Paper.from_json(found.paper)))
    return {"exam": there}


def shown(a: Assignment) -> dict[str, Any]:
    """An assignment in a list."""
    return {
        "id": a.id,
        "class_id": a.class_id,
        "class": a.class_name,
        "title": a.title,
        "kind": "questions" if a.paper is None else "paper",
        "due": a.due,
        "created_at": a.created_at,
        "total": len(a.questions) if a.paper is None else len(a.paper["items"]),
    }


def _mine(request: Request, a: Assignment, made: Sequence[Attempt]) -> dict[str, Any]:
    """The same with how far one is."""
    exam = accounts_of(request).assignments.exam_of(signed_in(request).id, a.id)
    done = len(_answered(a, made))
    if exam is not None and learner_of(request).exams.row(exam).state == "closed":
        done = shown(a)["total"]
    return {**shown(a), "done": done, "exam": exam}


def _answered(a: Assignment, made: Sequence[Attempt]) -> set[str]:
    """The assigned questions that one has answered since, of all that one has answered."""
    return {m.question for m in made if m.at.isoformat(timespec="microseconds") >= a.created_at} & set(a.questions)
