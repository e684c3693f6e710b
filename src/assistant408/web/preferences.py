"""How the learner plans, over HTTP: the date of the exam and the minutes of a day."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from assistant408.practice.schedule import parse_exam_date
from assistant408.web.services import Services

router = APIRouter(prefix="/settings")


class Changes(BaseModel):
    """What to change; an empty date removes it."""

    exam_date: Annotated[str | None, Field(max_length=40)] = None
    daily_minutes: Annotated[int | None, Field(ge=1, le=600)] = None


@router.get("")
def settings(request: Request) -> dict[str, Any]:
    """The settings of the plan."""
    return _shown(request.app.state.services)


@router.patch("")
def change(request: Request, body: Changes) -> dict[str, Any]:
    """Changes and keeps them."""
    services: Services = request.app.state.services
    changes: dict[str, Any] = body.model_dump(exclude_none=True)
    if changes.get("exam_date"):
        changes["exam_date"] = parse_exam_date(changes["exam_date"]).isoformat()
    services.update_settings(**changes)
    return _shown(services)


def _shown(services: Services) -> dict[str, Any]:
    return {"exam_date": services.settings.exam_date or None, "daily_minutes": services.settings.daily_minutes}
