"""Solvers over HTTP."""

from __future__ import annotations

import random
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from assistant408.core.registry import Solver, all_solvers, get_solver
from assistant408.core.trace import plain
from assistant408.practice.variants import make_question

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
