"""Favourites, the learner's own notes and reports of errors, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assistant408.core.errors import InputError
from assistant408.store.marks import NoteKind
from assistant408.web.who import learner_of, services_of

router = APIRouter()


class Text(BaseModel):
    """A note."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class Report(BaseModel):
    """What is wrong with a question."""

    part: Literal["stem", "choices", "answer", "explanation", "other"] = "other"
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


# --- favourites ------------------------------------------------------------------------------------------------------


@router.get("/favourites")
def favourites(request: Request) -> list[dict[str, Any]]:
    """The questions kept, the newest first; one that the bank no longer has is left out."""
    services = services_of(request)
    kept = [(row, services.questions.get(row["question_id"])) for row in learner_of(request).favourites.all()]
    return [
        {"id": q.id, "created_at": row["created_at"], "subject": q.subject, "syllabus": q.syllabus, "stem": q.stem}
        for row, q in kept
        if q is not None
    ]


@router.put("/favourites/{id}")
def keep(request: Request, id: str) -> dict[str, Any]:
    """Keeps a question; also undoes its removal."""
    learner_of(request).favourites.add(_question(request, id))
    return {}


@router.delete("/favourites/{id}")
def drop(request: Request, id: str) -> dict[str, Any]:
    """Removes a question from those kept."""
    if not learner_of(request).favourites.remove(id):
        raise InputError(f"题目 {id!r} 不在收藏里。")
    return {}


# --- notes -----------------------------------------------------------------------------------------------------------


@router.get("/notebook")
def notebook(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> list[dict[str, Any]]:
    """All notes in which `q` occurs, the newest first."""
    return learner_of(request).personal_notes.all(q)


@router.get("/questions/{id}/note")
def question_note(request: Request, id: str) -> dict[str, Any]:
    """The note on a question; empty where there is none."""
    return _note(request, "question", _question(request, id))


@router.put("/questions/{id}/note")
def write_question_note(request: Request, id: str, body: Text) -> dict[str, Any]:
    """Writes it."""
    return _write(request, "question", _question(request, id), body)


@router.delete("/questions/{id}/note")
def remove_question_note(request: Request, id: str) -> dict[str, Any]:
    """Removes it."""
    return _remove(request, "question", id)


@router.post("/questions/{id}/note/restore")
def restore_question_note(request: Request, id: str) -> dict[str, Any]:
    """Brings it back."""
    return _restore(request, "question", id)


@router.get("/syllabus/{leaf}/note")
def leaf_note(request: Request, leaf: str) -> dict[str, Any]:
    """The note on a leaf of the syllabus; empty where there is none."""
    return _note(request, "leaf", _leaf(request, leaf))


@router.put("/syllabus/{leaf}/note")
def write_leaf_note(request: Request, leaf: str, body: Text) -> dict[str, Any]:
    """Writes it."""
    return _write(request, "leaf", _leaf(request, leaf), body)


@router.delete("/syllabus/{leaf}/note")
def remove_leaf_note(request: Request, leaf: str) -> dict[str, Any]:
    """Removes it."""
    return _remove(request, "leaf", leaf)


@router.post("/syllabus/{leaf}/note/restore")
def restore_leaf_note(request: Request, leaf: str) -> dict[str, Any]:
    """Brings it back."""
    return _restore(request, "leaf", leaf)


# --- reports of errors -----------------------------------------------------------------------------------------------


@router.get("/reports")
def reports(request: Request) -> list[dict[str, Any]]:
    """All reports, the newest first."""
    return learner_of(request).reports.all()


@router.post("/questions/{id}/report")
def report(request: Request, id: str, body: Report) -> dict[str, Any]:
    """Records an error in a question."""
    return {"id": learner_of(request).reports.add(_question(request, id), body.part, _said(body.text))}


@router.delete("/reports/{number}")
def remove_report(request: Request, number: int) -> dict[str, Any]:
    """Takes a report back."""
    return _done(learner_of(request).reports.remove(number), f"没有第 {number} 条报错。")


@router.post("/reports/{number}/restore")
def restore_report(request: Request, number: int) -> dict[str, Any]:
    """Brings it back."""
    return _done(learner_of(request).reports.restore(number), f"没有第 {number} 条报错。")


def _note(request: Request, kind: NoteKind, target: str) -> dict[str, Any]:
    return learner_of(request).personal_notes.get(kind, target) or {"text": "", "updated_at": None}


def _write(request: Request, kind: NoteKind, target: str, body: Text) -> dict[str, Any]:
    learner_of(request).personal_notes.put(kind, target, _said(body.text))
    return {}


def _remove(request: Request, kind: NoteKind, target: str) -> dict[str, Any]:
    return _done(learner_of(request).personal_notes.remove(kind, target), f"{target!r} 没有笔记。")


def _restore(request: Request, kind: NoteKind, target: str) -> dict[str, Any]:
    return _done(learner_of(request).personal_notes.restore(kind, target), f"{target!r} 没有写过笔记。")


def _done(found: bool, otherwise: str) -> dict[str, Any]:
    if not found:
        raise InputError(otherwise)
    return {}


def _said(text: str) -> str:
    """The text, if it says anything; without U+0000, which PostgreSQL can't hold."""
    if not (kept := text.replace("\0", "").strip()):
        raise InputError("内容是空的，请写点什么再保存。")
    return kept


def _question(request: Request, id: str) -> str:
    if id not in services_of(request).questions:
        raise InputError(f"没有题目 {id!r}。")
    return id


def _leaf(request: Request, leaf: str) -> str:
    if leaf not in services_of(request).syllabus.leaves:
        raise InputError(f"没有考点 {leaf!r}。")
    return leaf
