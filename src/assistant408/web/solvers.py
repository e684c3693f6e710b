"""Solvers over HTTP."""

from __future__ import annotations

import random
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, Field

from assistant408.core.registry import Solver, all_solvers, get_solver
from assistant408.core.trace import plain
from assistant408.practice.variants import make_question
from assistant408.tutor.understand import understand
from assistant408.web.services import Services

router = APIRouter()


class Draw(BaseModel):
    """Which question to draw."""

    seed: int | None = None
    difficulty: Annotated[int, Field(ge=1, le=5)] = 3


def _brief(s: Solver) -> dict[str, Any]:
    return {
        "id": s.id,
        "subject": s.subject,
        "title": s.title,
        "summary": s.summary,
        "syllabus": s.syllabus,
        "keywords": s.keywords,
        "generates": s.generates,
    }


class Text(BaseModel):
    """A question in words."""

    question: str = Field(min_length=1, max_length=4000)


@router.post("/solve")
def recognise(request: Request, body: Text) -> dict[str, Any]:
    """Which solver a question is for, and the arguments read from it."""
    services: Services = request.app.state.services
    found = understand(body.question, services.loaded_backend)
    if found is None:
        return {"solver": None}
    return {
        "solver": found.solver,
        "args": found.args,
        "missing": [name for name, _ in found.missing],
        "confidence": found.confidence,
        "shown": found.shown,
    }


@router.get("/solvers")
def solvers() -> list[dict[str, Any]]:
    """All solvers."""
    return [_brief(s) for s in all_solvers().values()]


@router.get("/solvers/{id}")
def describe(id: str) -> dict[str, Any]:
    """One solver: its schema, results, examples."""
    s = get_solver(id)
    return {
        **_brief(s),
        "schema": s.schema,
        "answers": {k: {"label": o.label, "unit": o.unit} for k, o in s.answers.items()},
        "examples": [plain(e) for e in s.examples],
        "doc": s.doc,
    }


@router.post("/solvers/{id}")
def run(id: str, args: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Solves."""
    s = get_solver(id)
    return {"id": s.id, "title": s.title, "args": args, **s(**args).to_json()}


@router.post("/solvers/{id}/generate")
def generate(id: str, body: Draw) -> dict[str, Any]:
    """Draws a question of this kind, with choices that come from named mistakes."""
    seed = secrets.randbelow(1 << 31) if body.seed is None else body.seed
    return {"seed": seed, **make_question(get_solver(id), random.Random(seed), body.difficulty).to_json()}
