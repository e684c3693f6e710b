"""The user's documents as JSON-ready objects."""

from __future__ import annotations

from typing import Any

from assistant408.kb.documents import Library

__all__ = ["describe", "describe_pages"]


def describe(library: Library, id: str) -> dict[str, Any]:
    """A document and what became of it, as the command line and the pages show it."""
    entry, job = library.entry(id), library.job(id)
    health = library.health(entry)
    state: str = health.state if entry.indexed else "queued"
    sentence = health.sentence if entry.indexed else "还没有读完。"
    if job is not None and job.state != "queued":
        state = job.state
        sentence = job.error or f"已暂停，读到 {job.total} 页中的第 {job.done} 页。"
    return {
        "id": id,
        "title": entry.title,
        "name": entry.name,
        "collection": entry.collection,
        "state": state,
        "sentence": sentence,
        "pages": {"text": health.text, "ocr": health.ocr, "empty": health.empty, "failed": health.failed},
        "doubtful": health.doubtful,
        "confidence": health.confidence,
        "chunks": health.chunks,
        "added_at": entry.added_at,
        "job": None
        if job is None
        else {"state": job.state, "stage": job.stage, "done": job.done, "total": job.total, "eta_s": job.eta_s},
    }


def describe_pages(library: Library, id: str) -> list[dict[str, Any]]:
    """What became of each page read so far."""
    sha256 = library.entry(id).sha256
    edited = library.edited(sha256)
    return [
        {
            "number": page.number,
            "kind": page.kind,
            "confidence": page.confidence,
            "note": page.note,
            "width": page.width,
            "height": page.height,
            "edited": page.number in edited,
            "text": page.markdown,
        }
        for page in library.pages(sha256)
    ]
