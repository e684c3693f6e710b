"""Practice over HTTP: questions without their answers, marking, the wrong-question notebook."""

from __future__ import annotations

import random
import secrets
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assistant408.content.grade import grade
from assistant408.content.questions import Question as PracticeQuestion
from assistant408.core.errors import InputError
from assistant408.web.services import Services

router = APIRouter()


class Attempt(BaseModel):
    """An answer to a question."""

    answer: Annotated[str, Field(max_length=20_000)]
    seconds: Annotated[float | None, Field(ge=0, le=86_400)] = None


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.get("/questions")
def questions(
    request: Request,
    subject: Literal["ds", "co", "os", "cn"] | None = None,
    under: Annotated[str, Query(max_length=100)] = "",
    kind: Literal["single", "judge", "blank", "big"] | None = None,
    pool: Literal["all", "new", "wrong"] = "all",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    seed: int | None = None,
) -> dict[str, Any]:
    """Draws questions, without answers, from a subject or from a node of the syllabus (`under`)."""
    services = _services(request)
    found = [
        q
        for q in services.questions.values()
        if (subject is None or q.subject == subject)
        and (kind is None or q.kind == kind)
        and (not under or any(leaf == under or leaf.startswith(under + ".") for leaf in q.syllabus))
    ]
    if pool == "wrong":
        wrong = set(services.attempts.wrong())
        found = [q for q in found if q.id in wrong]
    elif pool == "new":
        seen = services.attempts.latest()
        found = [q for q in found if q.id not in seen]
    seed = secrets.randbelow(1 << 31) if seed is None else seed
    drawn = random.Random(seed).sample(found, min(limit, len(found)))
    return {"total": len(found), "seed": seed, "questions": [q.public() for q in drawn]}


@router.get("/questions/{id}")
def question(request: Request, id: str) -> dict[str, Any]:
    """One question, without its answer."""
    return _find(request, id).public()


@router.post("/questions/{id}/answer")
def answer(request: Request, id: str, body: Attempt) -> dict[str, Any]:
    """Marks an answer and remembers it; a big question gives its key and rubric to mark oneself by."""
    q = _find(request, id)
    verdict = grade(q, body.answer)
    _services(request).attempts.add(q.id, body.answer[:2000], verdict.correct, body.seconds)
    return asdict(verdict)


@router.get("/practice/summary")
def summary(request: Request) -> dict[str, Any]:
    """Questions, answered and right by the last attempt, in all and by subject and chapter."""
    services = _services(request)
    latest = services.attempts.latest()
    chapters: dict[str, dict[str, int]] = {}
    for q in services.questions.values():
        for node in {q.subject, ".".join(q.syllabus[0].split(".")[:2])}:
            row = chapters.setdefault(node, {"total": 0, "answered": 0, "right": 0})
            row["total"] += 1
            row["answered"] += q.id in latest
            row["right"] += latest.get(q.id, False)
    return {"total": len(services.questions), "wrong": len(services.attempts.wrong()), "nodes": chapters}


def _find(request: Request, id: str) -> PracticeQuestion:
    q = _services(request).questions.get(id)
    if q is None:
        raise InputError(f"没有题目 {id!r}。")
    return q
