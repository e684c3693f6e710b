"""Practice over HTTP: questions without their answers, marking, the wrong-question notebook."""

from __future__ import annotations

import random
import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assistant408.practice.session import Pool, draw
from assistant408.web.study import Study
from assistant408.web.who import learner_of

router = APIRouter()


class Attempt(BaseModel):
    """An answer to a question."""

    answer: Annotated[str, Field(max_length=20_000)]
    seconds: Annotated[float | None, Field(ge=0, le=86_400)] = None


class SelfMark(BaseModel):
    """The points that the learner gives to each part of a big question."""

    points: Annotated[list[float], Field(min_length=1, max_length=20)]
    answer: Annotated[str, Field(max_length=20_000)] = ""
    seconds: Annotated[float | None, Field(ge=0, le=86_400)] = None


@router.get("/questions")
def questions(
    request: Request,
    subject: Literal["ds", "co", "os", "cn"] | None = None,
    under: Annotated[str, Query(max_length=100)] = "",
    kind: Literal["single", "judge", "blank", "big"] | None = None,
    pool: Pool = "all",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    seed: int | None = None,
) -> dict[str, Any]:
    """Draws questions, without answers, from a subject or from a node of the syllabus (`under`)."""
    found = _study(request).pool(pool, subject, under, kind)
    seed = secrets.randbelow(1 << 31) if seed is None else seed
    drawn = draw(pool, found, limit, random.Random(seed))
    return {"total": len(found), "seed": seed, "questions": [q.public() for q in drawn]}


@router.get("/questions/{id}")
def question(request: Request, id: str) -> dict[str, Any]:
    """One question, without its answer."""
    return _study(request).find(id).public()


@router.post("/questions/{id}/answer")
def answer(request: Request, id: str, body: Attempt) -> dict[str, Any]:
    """Marks an answer and remembers it; a big question gives its key and rubric to mark oneself by."""
    study = _study(request)
    return study.mark(study.find(id), body.answer, body.seconds)


@router.post("/questions/{id}/self-mark")
def self_mark(request: Request, id: str, body: SelfMark) -> dict[str, float]:
    """Remembers the points that the learner gave to a big question by its rubric."""
    study = _study(request)
    return {"score": study.self_mark(study.find(id), body.points, body.answer, body.seconds)}


@router.get("/practice/summary")
def summary(request: Request) -> dict[str, Any]:
    """Questions, answered and right by the last attempt, in all and by subject and chapter."""
    study = _study(request)
    latest = study.attempts.latest()
    chapters: dict[str, dict[str, int]] = {}
    for q in study.services.questions.values():
        for node in {q.subject, ".".join(q.syllabus[0].split(".")[:2])}:
            row = chapters.setdefault(node, {"total": 0, "answered": 0, "right": 0})
            row["total"] += 1
            row["answered"] += q.id in latest
            row["right"] += latest.get(q.id, False)
    wrong = sum(latest.get(id) is False for id in study.services.questions)
    return {"total": len(study.services.questions), "wrong": wrong, "nodes": chapters}


def _study(request: Request) -> Study:
    return Study(learner_of(request))
