"""How the learner plans, over HTTP: the date of the exam and the minutes of a day."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from assistant408.practice.schedule import parse_exam_date
from assistant408.web.learner import Learner
from assistant408.web.who import learner_of

router = APIRouter(prefix="/settings")


class Changes(BaseModel):
    """What to change; an empty date removes it."""

    exam_date: Annotated[str | None, Field(max_length=40)] = None
    daily_minutes: Annotated[int | None, Field(ge=1, le=600)] = None


class Plan(BaseModel):
    """The settings of the plan."""

    exam_date: str | None
    daily_minutes: int


@router.get("")
def settings(request: Request) -> Plan:
    """The settings of the plan."""
    return _shown(learner_of(request))


@router.patch("")
def change(request: Request, body: Changes) -> Plan:
    """Changes and keeps them."""
    learner = learner_of(request)
    changes: dict[str, Any] = body.model_dump(exclude_none=True)
    if changes.get("exam_date"):
        changes["exam_date"] = parse_exam_date(changes["exam_date"]).isoformat()
    learner.set_plan(**changes)
    return _shown(learner)


def _shown(learner: Learner) -> Plan:
    return Plan(exam_date=learner.exam_date or None, daily_minutes=learner.daily_minutes)
