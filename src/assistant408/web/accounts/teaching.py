"""Classes as their teacher has them: links, members, assignments and, of who consents, results."""

from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from assistant408.core.errors import InputError
from assistant408.practice.paper import new_paper
from assistant408.web.accounts.admin import invite_json
from assistant408.web.accounts.classes import shown
from assistant408.web.accounts.results import results
from assistant408.web.accounts.wiring import accounts_of, found, link
from assistant408.web.exam import NewExam
from assistant408.web.services import Services
from assistant408.web.who import services_of, signed_in

__all__ = ["router"]

router = APIRouter(prefix="/teaching")
Title = Annotated[str, Field(min_length=1, max_length=100)]


class Named(BaseModel):
    """A class's name."""

    name: Title


class ClassInvite(BaseModel):
    """How often and how long a class link is good."""

    uses: Annotated[int, Field(ge=1, le=500)] = 100
    days: Annotated[int, Field(ge=1, le=90)] = 14


class Drawn(BaseModel):
    """Questions to be drawn from the bank, the same for all."""

    subject: Literal["ds", "co", "os", "cn"] | None = None
    under: Annotated[str, Field(max_length=100)] = ""
    kind: Literal["single", "judge", "blank", "big"] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    seed: Annotated[int | None, Field(ge=0, lt=1 << 31)] = None


class NewAssignment(BaseModel):
    """What is to be done: exactly one of `questions`, `draw` and `paper`."""

    title: Title
    due: datetime | None = None
    questions: Annotated[list[str] | None, Field(min_length=1, max_length=200)] = None
    draw: Drawn | None = None
    paper: NewExam | None = None


@router.post("/classes")
def add(request: Request, body: Named) -> dict[str, Any]:
    """Makes a class."""
    user, classes = signed_in(request), accounts_of(request).classes
    return classes.of_teacher(user.id, classes.add(user.id, body.name))


@router.get("/classes/{id}")
def one(request: Request, id: str) -> dict[str, Any]:
    """A class with its members, assignments and links."""
    user, accounts = signed_in(request), accounts_of(request)
    return {
        **accounts.classes.of_teacher(user.id, id),
        "students": accounts.classes.students(user.id, id),
        "assignments": [shown(a) for a in accounts.assignments.taught(user.id, id)],
        "invites": [invite_json(accounts, i) for i in accounts.invites.all(id)],
    }


@router.patch("/classes/{id}")
def rename(request: Request, id: str, body: Named) -> dict[str, Any]:
    """Renames a class."""
    user, classes = signed_in(request), accounts_of(request).classes
    classes.rename(user.id, id, body.name)
    return classes.of_teacher(user.id, id)


@router.delete("/classes/{id}")
def remove(request: Request, id: str) -> dict[str, str]:
    """Deletes a class and its assignments."""
    accounts_of(request).classes.remove(signed_in(request).id, id)
    return {}


@router.delete("/classes/{id}/members/{user}")
def dismiss(request: Request, id: str, user: str) -> dict[str, Any]:
    """Takes a member out of a class."""
    return found(
        accounts_of(request).classes.dismiss(signed_in(request).id, id, user), f"班级 {id!r} 里没有 {user!r}。"
    )


@router.post("/classes/{id}/invites")
def invite(request: Request, id: str, body: ClassInvite) -> dict[str, Any]:
    """A link with which students register and join, or join."""
    accounts = accounts_of(request)
    accounts.classes.of_teacher(signed_in(request).id, id)
    code, made = accounts.invites.join("student", body.uses, timedelta(days=body.days), id)
    return {**invite_json(accounts, made), **link("join", code)}


@router.delete("/invites/{id}")
def withdraw(request: Request, id: str) -> dict[str, Any]:
    """Takes a class link back."""
    removed = accounts_of(request).invites.remove(id, signed_in(request).id)
    return found(removed, f"没有邀请 {id!r}，它可能已经用完或过期。")


@router.post("/classes/{id}/assignments")
def assign(request: Request, id: str, body: NewAssignment) -> dict[str, Any]:
    """Gives an assignment to a class."""
    user, assignments, services = signed_in(request), accounts_of(request).assignments, services_of(request)
    if sum(x is not None for x in (body.questions, body.draw, body.paper)) != 1:
        raise InputError("作业要么指定题目，要么抽题，要么是一套模拟卷，请三选一。")
    paper = _paper(services, body.paper) if body.paper else None
    questions = _questions(services, body)
    due = body.due.astimezone().isoformat(timespec="seconds") if body.due else None
    made = assignments.add(user.id, id, body.title, questions, paper, due)
    return shown(assignments.of_teacher(user.id, made))


@router.delete("/assignments/{id}")
def unassign(request: Request, id: str) -> dict[str, str]:
    """Takes an assignment back; the answers stay with those who gave them."""
    accounts_of(request).assignments.remove(signed_in(request).id, id)
    return {}


@router.get("/assignments/{id}")
def assignment(request: Request, id: str) -> dict[str, Any]:
    """What came of an assignment, of the members who consent."""
    user, accounts = signed_in(request), accounts_of(request)
    found = accounts.assignments.of_teacher(user.id, id)
    return {**shown(found), **results(services_of(request), accounts, user, found)}


def _questions(services: Services, body: NewAssignment) -> list[str]:
    if body.questions is not None:
        for id in body.questions:
            if id not in services.questions:
                raise InputError(f"没有题目 {id!r}。")
        return list(dict.fromkeys(body.questions))
    draw = body.draw
    if draw is None:
        return []
    fitting = sorted(
        q.id
        for q in services.questions.values()
        if draw.subject in (None, q.subject)
        and draw.kind in (None, q.kind)
        and (not draw.under or any(leaf == draw.under or leaf.startswith(draw.under + ".") for leaf in q.syllabus))
    )
    if not fitting:
        raise InputError("这个范围里没有题目，请放宽范围。")
    seed = secrets.randbelow(1 << 31) if draw.seed is None else draw.seed
    return random.Random(seed).sample(fitting, min(draw.limit, len(fitting)))


def _paper(services: Services, wishes: NewExam) -> dict[str, Any]:
    seed = secrets.randbelow(1 << 31) if wishes.seed is None else wishes.seed
    return new_paper(
        services.questions.values(), services.syllabus, seed, **wishes.model_dump(exclude={"seed"})
    ).to_json()
