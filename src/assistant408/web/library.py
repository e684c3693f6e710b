"""The book: syllabus, notes, search, status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from assistant408 import __version__
from assistant408.core.errors import InputError
from assistant408.kb.cite import key_units
from assistant408.kb.narrow import narrow
from assistant408.kb.store.base import Filter
from assistant408.llm.models import default_model, load_models
from assistant408.llm.pull import installed
from assistant408.web.learner import Learner
from assistant408.web.services import Services
from assistant408.web.who import learner_of

router = APIRouter()
Subject = Literal["ds", "co", "os", "cn"]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


class Place(BaseModel):
    """Where a remote model is: host and port, and whether the name itself says that it is this machine."""

    host: str
    here: bool


class ModelStatus(BaseModel):
    """The current model; `note` is a sentence for the reader."""

    id: str
    name: str
    state: Literal["absent", "loading", "ready", "error", "off"]
    remote: bool
    server: Place | None
    note: str


class Knowledge(BaseModel):
    """How much can be searched, and what computes its vectors."""

    documents: int
    chunks: int
    embedding: str


class Status(BaseModel):
    """What runs here."""

    version: str
    model: ModelStatus
    kb: Knowledge
    exam_date: str | None


@router.get("/status")
def status(request: Request) -> Status:
    """What runs here: model, knowledge base, version."""
    services = _services(request)
    counts = services.kb.store.count()
    kb = Knowledge(documents=len(counts), chunks=sum(counts.values()), embedding=services.settings.embedding)
    exam_date = learner_of(request).exam_date or None
    return Status(version=__version__, model=model_status(services), kb=kb, exam_date=exam_date)


def model_status(services: Services) -> ModelStatus:
    """The state of the current model, as the pages show it."""
    wanted = services.model_override or services.settings.model
    models = load_models(services.home)
    remote = bool(services.settings.base_url) and (not wanted or wanted.startswith("openai:"))
    entry = models.get(wanted) or (default_model(services.home) if not wanted and not remote else None)
    name = entry.name if entry else wanted.removeprefix("openai:") or services.settings.base_url
    state: Literal["absent", "loading", "ready", "error", "off"]
    if services.loaded_backend is not None:
        state, note = "ready", ""
    elif services.model_loading:
        state, note = "loading", "正在载入模型"
    elif services.model_error:
        state, note = "error", services.model_error
    elif entry is not None and not installed(services.home, entry):
        state, note = "absent", "模型还没有下载，现在的回答由资料原文组成。"
    else:
        state, note = "off", "第一次提问时连接。" if remote else "模型会在第一次提问时载入。"
    return ModelStatus(
        id=entry.id if entry else wanted,
        name=name,
        state=state,
        remote=remote,
        server=_server(services.settings.base_url) if remote else None,
        note=note,
    )


def _server(base_url: str) -> Place:
    try:
        parts = urlsplit(base_url)
        name = str(parts.hostname)
    except ValueError:  # no address; connecting will say so
        return Place(host=base_url, here=False)
    here = name in ("localhost", "::1") or name.startswith("127.")
    return Place(host=parts.netloc.rpartition("@")[2], here=here)


class Leaf(BaseModel):
    """A node of the syllabus; `marks` are expected of a paper, `note` covers a leaf in its section `section`."""

    id: str
    name: str
    parent: str | None
    weight: int | None
    marks: float | None
    note: str | None
    section: str | None


class NoteHead(BaseModel):
    """A note in the list; `syllabus` are the leaves that it covers."""

    id: str
    title: str
    subject: Subject
    chapter: str
    syllabus: Sequence[str]


class NoteText(BaseModel):
    """One note, with the ids of its neighbours in book order."""

    id: str
    title: str
    markdown: str
    syllabus: Sequence[str]
    solvers: Sequence[str]
    sources: Sequence[str]
    prerequisites: Sequence[str]
    aliases: Sequence[str]
    previous: str | None
    next: str | None


class Found(BaseModel):
    """A passage that was found; `box` is its place on the page of the user's own document."""

    doc: str
    title: str
    section: str
    anchor: str
    page: int | None
    box: tuple[float, float, float, float] | None
    quote: str
    text: str
    score: float


@router.get("/syllabus")
def syllabus(request: Request) -> list[Leaf]:
    """The tree, with expected marks and the note that covers each leaf."""
    services = _services(request)
    tree = services.syllabus
    home = {s.leaf: (note.id, s.title) for note in services.notes.values() for s in note.sections}
    return [
        Leaf(
            id=n.id,
            name=n.name,
            parent=n.parent or None,
            weight=n.weight,
            marks=round(float(tree.marks(n.id)), 3) if n.id in tree.leaves else None,
            note=home[n.id][0] if n.id in home else None,
            section=home[n.id][1] if n.id in home else None,
        )
        for n in tree.nodes.values()
    ]


@router.get("/notes")
def notes(request: Request) -> list[NoteHead]:
    """All notes in book order."""
    return [
        NoteHead(
            id=n.id, title=n.title, subject=cast(Subject, n.subject), chapter=n.id.split("/")[1], syllabus=n.syllabus
        )
        for n in _services(request).notes.values()
    ]


@router.get("/notes/{id:path}")
def note(request: Request, id: str) -> NoteText:
    """One note."""
    services = _services(request)
    if id not in services.notes:
        raise InputError(f"没有笔记 {id!r}。")
    order = list(services.notes)
    at = order.index(id)
    n = services.notes[id]
    return NoteText(
        id=n.id,
        title=n.title,
        markdown=n.markdown,
        syllabus=n.syllabus,
        solvers=n.solvers,
        sources=n.sources,
        prerequisites=n.prerequisites,
        aliases=n.aliases,
        previous=order[at - 1] if at else None,
        next=order[at + 1] if at + 1 < len(order) else None,
    )


@router.get("/search")
def search(
    request: Request,
    q: Annotated[str, Query(max_length=500)],
    subject: Subject | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    collection: Annotated[list[str] | None, Query(max_length=50)] = None,
    doc: Annotated[list[str] | None, Query(max_length=50)] = None,
    format: Annotated[list[str] | None, Query(max_length=20)] = None,
    page: Annotated[str | None, Query(max_length=20)] = None,
    since: Annotated[str | None, Query(max_length=40)] = None,
) -> list[Found]:
    """Passages for a query."""
    learner = learner_of(request)
    where = narrow(learner.kb, subject, collection, doc, format, page, since)
    return [Found(**p) for p in passages(learner, q, limit, where)]


def passages(learner: Learner, q: str, limit: int, where: Filter) -> list[dict[str, Any]]:
    """The best passages for a query, JSON-ready; `quote` is the sentence of each that speaks most to it."""
    hits = learner.kb.search(q, limit=limit, where=where)
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
