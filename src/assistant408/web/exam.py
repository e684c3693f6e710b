"""Mock exams over HTTP. No key leaves the server before the exam is closed."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from assistant408.core.errors import InputError
from assistant408.practice.exam import ANSWER_CHARACTERS, Exams, Write
from assistant408.practice.exam_file import FILE_BYTES, read_paper
from assistant408.practice.exam_html import paper_html
from assistant408.practice.exam_report import report_markdown, score
from assistant408.practice.exam_write import write_keys, write_paper
from assistant408.practice.paper import Paper
from assistant408.web.who import learner_of, services_of

router = APIRouter(prefix="/exams")

Number = Annotated[int, Field(ge=1, le=1000)]


class NewExam(BaseModel):
    """What a paper should be; all of it may be left out."""

    subjects: Annotated[list[Literal["ds", "co", "os", "cn"]], Field(max_length=4)] = []
    choices: Annotated[int | None, Field(ge=0, le=100)] = None
    bigs: Annotated[int | None, Field(ge=0, le=10)] = None
    minutes: Annotated[int | None, Field(ge=1, le=600)] = None
    variants: Annotated[int, Field(ge=0, le=20)] = 0
    seed: Annotated[int | None, Field(ge=0, lt=1 << 31)] = None


class Answer(BaseModel):
    """A change of the answer sheet."""

    number: Number
    part: Annotated[int, Field(ge=0, le=100)] = 0
    answer: Annotated[str | None, Field(max_length=ANSWER_CHARACTERS)] = None
    flag: bool | None = None


class Answers(BaseModel):
    """A packet of changes, or a heartbeat; `seq` grows with each, `item` is the question that lies open."""

    seq: Annotated[int, Field(ge=0, lt=1 << 53)]
    item: Number | None = None
    answers: Annotated[list[Answer], Field(max_length=500)] = []


class Override(BaseModel):
    """The learner's own mark of a line of the rubric."""

    number: Number
    part: Annotated[int, Field(ge=0, le=100)] = 0
    line: Annotated[int, Field(ge=1, le=100)] = 1
    points: Annotated[int, Field(ge=0, le=150)]
    reason: Annotated[str, Field(max_length=500)] = ""


class Judge(BaseModel):
    """A question to be judged by the model."""

    number: Number


class Import(BaseModel):
    """A paper's file: its name, which tells the format, and its text."""

    name: Annotated[str, Field(max_length=200)]
    text: Annotated[str, Field(max_length=FILE_BYTES)]


def _exams(request: Request) -> Exams:
    return learner_of(request).exams


@router.post("")
def create(request: Request, body: NewExam) -> dict[str, Any]:
    """Sets a paper; the clock starts with ``start``."""
    learner = learner_of(request)
    wishes = body.model_dump(exclude={"seed"})
    seed = secrets.randbelow(1 << 31) if body.seed is None else body.seed
    id = learner.new_exam(seed, **wishes)
    return learner.exams.summary(learner.exams.row(id))


@router.get("")
def all_exams(request: Request) -> list[dict[str, Any]]:
    """Every exam, the newest first; a closed one with its score."""
    exams = _exams(request)
    return [
        {**exams.summary(row), "score": score(exams.marks(row.id)) if row.state == "closed" else None}
        for row in exams.all()
    ]


@router.post("/import")
def import_paper(request: Request, body: Import) -> dict[str, Any]:
    """Reads a paper of the learner's own."""
    paper = read_paper(body.text.encode("utf-8", "surrogatepass"), body.name, services_of(request).syllabus)
    exams = _exams(request)
    return exams.summary(exams.row(exams.create(paper, "imported")))


@router.get("/{id}")
def one(request: Request, id: str) -> dict[str, Any]:
    """An exam as whoever sits it may see it."""
    return _exams(request).view(id)


@router.post("/{id}/start")
def start(request: Request, id: str) -> dict[str, Any]:
    """Starts it, or goes on after a pause or an interruption."""
    _exams(request).start(id)
    return _exams(request).view(id)


@router.post("/{id}/pause")
def pause(request: Request, id: str) -> dict[str, Any]:
    """Stops the clock, on record."""
    return _exams(request).summary(_exams(request).pause(id))


@router.put("/{id}/answers")
def put(request: Request, id: str, body: Answers) -> dict[str, Any]:
    """Keeps answers and flags; an empty packet is a heartbeat."""
    writes = [Write(a.number, a.part, a.answer, a.flag) for a in body.answers]
    exams = _exams(request)
    return exams.summary(exams.put(id, writes, body.seq, body.item))


@router.post("/{id}/submit")
def submit(request: Request, id: str) -> dict[str, Any]:
    """Closes and marks it; done twice, the same."""
    return _exams(request).summary(_exams(request).submit(id))


@router.get("/{id}/report")
def report(request: Request, id: str, format: Literal["json", "md"] = "json") -> Any:
    """The report of a closed exam, keys and marks included."""
    data = learner_of(request).exam_report(id)
    return data if format == "json" else _file(report_markdown(data), f"{id}-report.md", "text/markdown")


@router.post("/{id}/override")
def override(request: Request, id: str, body: Override) -> dict[str, Any]:
    """Puts the learner's own mark in place of the program's; the question's marks now."""
    return dict(_exams(request).override(id, body.number, body.part, body.line, body.points, body.reason))


@router.post("/{id}/judge")
def judge(request: Request, id: str, body: Judge) -> dict[str, Any]:
    """Lets the model suggest marks for the open lines of a question; the question's marks now."""
    return dict(_exams(request).judge(id, body.number, learner_of(request).ask_json))


@router.get("/{id}/paper")
def paper(
    request: Request, id: str, format: Literal["md", "html"] = "md", keys: Literal["no", "with", "only"] = "no"
) -> Response:
    """The paper as a file; keys only of a closed exam."""
    row = _exams(request).row(id)
    if keys != "no" and row.state != "closed":
        raise InputError(f"考试 {id!r} 还没有交卷，交卷后才能导出答案。")
    found = Paper.from_json(row.paper)
    if format == "html":
        return _file(paper_html(found, keys != "no"), f"{id}.html", "text/html")
    text = write_keys(found) if keys == "only" else write_paper(found, keys == "with")
    return _file(text, f"{id}.md", "text/markdown")


def _file(text: str, name: str, kind: str) -> Response:
    """A download; the name holds an id that was found, so it is a plain word."""
    return Response(
        text, media_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
