"""The book: syllabus, notes, search, status."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from assistant408 import __version__
from assistant408.core.errors import InputError
from assistant408.kb.cite import key_units
from assistant408.llm.models import default_model, load_models
from assistant408.llm.pull import installed
from assistant408.web.services import Services

router = APIRouter()
Subject = Literal["ds", "co", "os", "cn"]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.get("/status")
def status(request: Request) -> dict[str, Any]:
    """What runs here: model, knowledge base, version."""
    services = _services(request)
    counts = services.kb.store.count()
    return {
        "version": __version__,
        "model": model_status(services),
        "kb": {
            "documents": len(counts),
            "chunks": sum(counts.values()),
            "embedding": services.settings.embedding,
        },
        "exam_date": services.settings.exam_date or None,
    }


def model_status(services: Services) -> dict[str, Any]:
    """The state of the current model, as the pages show it."""
    wanted = services.model_override or services.settings.model
    models = load_models(services.home)
    remote = bool(services.settings.base_url) and (not wanted or wanted.startswith("openai:"))
    entry = models.get(wanted) or (default_model(services.home) if not wanted and not remote else None)
    name = entry.name if entry else wanted or services.settings.base_url
    if services.loaded_backend is not None:
        state, note = "ready", ""
    elif services.model_loading:
        state, note = "loading", "正在载入模型"
    elif services.model_error:
        state, note = "error", services.model_error
    elif entry is not None and not installed(services.home, entry):
        state, note = "absent", "模型还没有下载，现在的回答由资料原文组成。"
    else:
        state, note = "off", "模型会在第一次提问时载入。"
    return {"id": entry.id if entry else wanted, "name": name, "state": state, "remote": remote, "note": note}


@router.get("/syllabus")
def syllabus(request: Request) -> list[dict[str, Any]]:
    """The tree, with expected marks and the note that covers each leaf."""
    services = _services(request)
    tree = services.syllabus
    home = {s.leaf: (note.id, s.title) for note in services.notes.values() for s in note.sections}
    return [
        {
            "id": n.id,
            "name": n.name,
            "parent": n.parent or None,
            "weight": n.weight,
            "marks": round(float(tree.marks(n.id)), 3) if n.id in tree.leaves else None,
            "note": home[n.id][0] if n.id in home else None,
            "section": home[n.id][1] if n.id in home else None,
        }
        for n in tree.nodes.values()
    ]


@router.get("/notes")
def notes(request: Request) -> list[dict[str, Any]]:
    """All notes in book order."""
    return [
        {"id": n.id, "title": n.title, "subject": n.subject, "chapter": n.id.split("/")[1], "syllabus": n.syllabus}
        for n in _services(request).notes.values()
    ]


@router.get("/notes/{id:path}")
def note(request: Request, id: str) -> dict[str, Any]:
    """One note."""
    services = _services(request)
    if id not in services.notes:
        raise InputError(f"没有笔记 {id!r}。")
    order = list(services.notes)
    at = order.index(id)
    n = services.notes[id]
    return {
        "id": n.id,
        "title": n.title,
        "markdown": n.markdown,
        "syllabus": n.syllabus,
        "solvers": n.solvers,
        "sources": n.sources,
        "prerequisites": n.prerequisites,
        "aliases": n.aliases,
        "previous": order[at - 1] if at else None,
        "next": order[at + 1] if at + 1 < len(order) else None,
    }


@router.get("/search")
def search(
    request: Request,
    q: Annotated[str, Query(max_length=500)],
    subject: Subject | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    collection: Annotated[list[str] | None, Query(max_length=50)] = None,
) -> list[dict[str, Any]]:
    """Passages for a query."""
    return passages(_services(request), q, limit, subject, collection)


def passages(
    services: Services, q: str, limit: int, subject: str | None, collections: list[str] | None = None
) -> list[dict[str, Any]]:
    """The best passages for a query, JSON-ready; `quote` is the sentence of each that speaks most to it."""
    hits = services.ensure_index().search(q, limit=limit, subject=subject, collections=collections)
    return [
        {
            "doc": h.chunk.doc,
            "title": h.chunk.title,
            "section": h.chunk.section,
            "anchor": h.chunk.anchor,
            "page": h.chunk.page,
            "box": h.chunk.box,
            "quote": key_units(q, [h.chunk.text], 120)[0][1],
            "text": h.chunk.text,
            "score": round(h.score, 4),
        }
        for h in hits
    ]
