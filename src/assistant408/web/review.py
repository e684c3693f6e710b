"""Memory over HTTP: mastery, the plan of the day, the learner's own cards, Anki."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field

from assistant408.practice.anki import MAX_BYTES, read_cards
from assistant408.practice.session import Pool
from assistant408.web.study import Study
from assistant408.web.who import learner_of

router = APIRouter()


class CardRating(BaseModel):
    """How well a card was known: 1 forgotten, 2 hard, 3 good, 4 easy."""

    rating: Annotated[int, Field(ge=1, le=4)]
    seconds: Annotated[float | None, Field(ge=0, le=86_400)] = None


@router.get("/mastery")
def mastery(request: Request) -> dict[str, Any]:
    """The mastery of every node, with its 90% interval."""
    return _study(request).mastery_json()


@router.get("/review/plan")
def plan(request: Request, minutes: Annotated[float, Query(ge=1, le=600)] = 30) -> dict[str, Any]:
    """What to do today under a budget of minutes."""
    return _study(request).plan_json(minutes)


@router.get("/cards")
def cards(request: Request) -> list[dict[str, Any]]:
    """The learner's own cards."""
    return [asdict(card) for card in _study(request).deck.all()]


@router.post("/cards/import")
def import_cards(request: Request, file: UploadFile) -> dict[str, int]:
    """Adds the cards of an Anki package or of a text file with tabs."""
    found = read_cards(file.filename or "", file.file.read(MAX_BYTES + 1))
    return _study(request).add_cards(found)


@router.post("/cards/{id}/review")
def review(request: Request, id: int, body: CardRating) -> dict[str, str]:
    """Remembers how well a card was known."""
    study = _study(request)
    return {"due": study.rate_card(study.card(id), body.rating, body.seconds).isoformat()}


@router.delete("/cards")
def remove(request: Request, deck: Annotated[str, Query(min_length=1, max_length=200)]) -> dict[str, int]:
    """Removes a deck."""
    return {"removed": _study(request).deck.remove(deck)}


@router.get("/export/anki")
def export(request: Request, pool: Pool = "all", under: Annotated[str, Query(max_length=100)] = "") -> Response:
    """A pool of questions as an Anki package."""
    data = _study(request).anki(pool, under)
    headers = {"Content-Disposition": 'attachment; filename="408.apkg"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.get("/export/notebook")
def notebook(request: Request, pool: Pool = "wrong", under: Annotated[str, Query(max_length=100)] = "") -> Response:
    """A pool of questions with answers, as Markdown."""
    return Response(_study(request).notebook(pool, under), media_type="text/markdown; charset=utf-8")


def _study(request: Request) -> Study:
    return Study(learner_of(request))
