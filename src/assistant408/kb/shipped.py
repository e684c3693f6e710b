"""Indexing the shipped notes; their vectors are shipped too, so a first start embeds nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant408.content.notes import Note
from assistant408.kb.base import KnowledgeBase, vector_key
from assistant408.kb.chunk import ASKED, Chunk, chunk_markdown
from assistant408.kb.embed import Vectors
from assistant408.kb.store.sqlite import Document

__all__ = ["INDEX_VERSION", "index_notes", "load_vectors", "note_chunks", "save_vectors"]

INDEX_VERSION = "2"  # raise it when chunking or tokens change
COLLECTION = "notes"


def note_chunks(notes: Sequence[Note], asked: Mapping[str, Sequence[str]]) -> list[Chunk]:
    """The chunks of all notes, and one chunk for each way of asking for a section.

    Args:
        asked: by leaf, how students ask for it.
    """
    out = []
    for note in notes:
        out += chunk_markdown(note.id, note.title, note.markdown)
        for section in note.sections:
            path = f"{note.title} › {section.title}"
            out += [Chunk(note.id, note.title, path, section.leaf, None, q, ASKED) for q in asked.get(section.leaf, ())]
    return out


def index_notes(
    kb: KnowledgeBase,
    notes: Sequence[Note],
    vectors: Path,
    asked: Mapping[str, Sequence[str]],
    report: Callable[[int, int], None] = lambda done, total: None,
    force: bool = False,
) -> bool:
    """Brings the ``notes`` collection up to date; whether anything had to be done.

    Args:
        vectors: the file of shipped vectors; what it lacks is computed.
    """
    digest = hashlib.sha256(INDEX_VERSION.encode())
    for note in notes:
        digest.update(f"{note.id}\0{note.markdown}\0".encode())
    for leaf, ways in asked.items():
        digest.update(f"{leaf}\0{ways}\0".encode())
    embedder = kb.embedder
    digest.update(embedder.name.encode() if embedder else b"none")
    if not force and kb.store.meta("notes") == digest.hexdigest():
        return False
    documents = [
        Document(
            id=n.id,
            title=n.title,
            collection=COLLECTION,
            source=f"content/notes/{n.id}.md",
            sha256=hashlib.sha256(n.markdown.encode()).hexdigest(),
            pages=None,
            added_at="",
            position=i,
        )
        for i, n in enumerate(notes)
    ]
    known = load_vectors(vectors) if embedder else {}
    kb.put(documents, note_chunks(notes, asked), known, COLLECTION, {"notes": digest.hexdigest()}, report)
    return True


def load_vectors(path: Path) -> dict[str, Vectors]:
    """Shipped vectors by `vector_key`; empty if the file is missing."""
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as data:
        return dict(zip(data["keys"].tolist(), data["vectors"].astype(np.float32), strict=True))


def save_vectors(
    kb: KnowledgeBase,
    notes: Sequence[Note],
    path: Path,
    asked: Mapping[str, Sequence[str]],
    report: Callable[[int, int], None],
) -> int:
    """Writes the vectors of all note chunks, computing only what the file lacks; returns how many were computed.

    Raises:
        ValueError: the knowledge base has no embedding model.
    """
    embedder = kb.embedder
    if embedder is None:
        raise ValueError("no embedding model")
    known = load_vectors(path)
    texts = sorted({c.embedded for c in note_chunks(notes, asked)})
    keys = [vector_key(embedder.name, t) for t in texts]
    missing = [i for i, k in enumerate(keys) if k not in known]
    path.parent.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(missing), 8):
        report(start, len(missing))
        batch = missing[start : start + 8]
        for i, vector in zip(batch, embedder.passages([texts[i] for i in batch]), strict=True):
            known[keys[i]] = vector
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, keys=np.array(keys), vectors=np.array([known[k] for k in keys], np.float16))
    os.replace(part, path)
    report(len(missing), len(missing))
    return len(missing)
