"""Contamination: how near are measured questions to what a model was trained on or can look up?"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant408.content.similar import (
    LIKENESS_LIMIT,
    LIKENESS_N,
    OVERLAP_LIMIT,
    OVERLAP_N,
    VECTOR_LIMIT,
    Corpus,
    Near,
    nearest_by_vector,
)
from assistant408.core.errors import InputError
from assistant408.evals.items import Item
from assistant408.kb.base import vector_key
from assistant408.kb.embed import Embedder, Vectors

__all__ = ["LIMITS", "contamination", "embed_all", "item_text", "read_passages", "save_known"]

LIMITS = {"overlap": OVERLAP_LIMIT, "likeness": LIKENESS_LIMIT, "cosine": VECTOR_LIMIT}


def item_text(item: Item) -> str:
    """What is compared of an item, as `content.similar.question_text` has it: never its key."""
    return "\n".join([" ".join(item.question.split()), *item.choices.values()])


def read_passages(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a JSONL file in whatever format (messages, conversations, instructions), or a text file's paragraphs.

    Raises:
        InputError: the file can't be read, or a line isn't JSON.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"对照文件 {str(path)!r} 读不出来：{e}。") from None
    if path.suffix not in (".jsonl", ".json"):
        yield from ((f"{path.name} 第 {i} 段", p) for i, p in enumerate(text.split("\n\n"), 1) if p.strip())
        return
    for number, line in enumerate(text.splitlines() if path.suffix == ".jsonl" else [text], 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as e:
            raise InputError(f"对照文件 {path.name!r} 第 {number} 行不是 JSON（{e}）。") from None
        yield f"{path.name} 第 {number} 行", "\n".join(" ".join(s.split()) for s in _strings(row))


def contamination(
    items: Sequence[Item],
    passages: Sequence[tuple[str, str]],
    vectors: tuple[Vectors, Vectors, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """For each item the nearest passage by each measure, and the items above a limit.

    Args:
        passages: (label, text) pairs to compare with by n-grams.
        vectors: those of the items, of shape (n, dim), those of other texts, (m, dim), and the m labels of the latter.
    """
    copied, alike = Corpus(passages, OVERLAP_N), Corpus(passages, LIKENESS_N)
    rows: list[dict[str, Any]] = []
    cosines = nearest_by_vector(*vectors) if vectors else None
    for i, item in enumerate(items):
        near: dict[str, Near] = {
            "overlap": copied.overlap(item_text(item)),
            "likeness": alike.likeness(item_text(item)),
        }
        if cosines is not None:
            near["cosine"] = cosines[i]
        rows.append({"id": item.id, **{k: asdict(v) | {"score": round(v.score, 4)} for k, v in near.items()}})
    measures = [m for m in LIMITS if rows and m in rows[0]]
    return {
        "items": len(items),
        "passages": len(passages),
        "limits": {m: LIMITS[m] for m in measures},
        "distribution": {m: _quantiles([r[m]["score"] for r in rows]) for m in measures},
        "above": [r for r in rows if any(r[m]["score"] >= LIMITS[m] for m in measures)],
        "nearest": {m: _nearest(rows, m) for m in measures},
    }


def embed_all(
    embedder: Embedder,
    texts: Sequence[str],
    known: Mapping[str, Vectors],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Vectors:
    """Vectors of texts, of shape (len(texts), dim); only what `known` lacks is computed.

    Args:
        known: vectors by `vector_key`.
    """
    keys = [vector_key(embedder.name, t) for t in texts]
    found = {k: known[k] for k in keys if k in known}
    missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
    order = sorted(missing, key=lambda k: len(missing[k]))  # like lengths together: less padding
    for start in range(0, len(order), 8):
        report(start, len(order))
        batch = order[start : start + 8]
        found.update(zip(batch, embedder.passages([missing[k] for k in batch]), strict=True))
    report(len(order), len(order))
    return np.array([found[k] for k in keys], np.float32).reshape(len(texts), embedder.dim)


def save_known(path: Path, embedder: Embedder, texts: Sequence[str], vectors: Vectors) -> None:
    """Writes vectors as `kb.shipped.load_vectors` reads them, half precision, whole or not at all."""
    part = path.with_suffix(".part.npz")
    keys = [vector_key(embedder.name, t) for t in texts]
    np.savez_compressed(part, keys=np.array(keys), vectors=vectors.astype(np.float16))
    os.replace(part, path)


def _nearest(rows: Sequence[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    """The five items nearest to something by one measure."""
    best = sorted(rows, key=lambda r: -r[measure]["score"])[:5]
    return [{"id": r["id"], **r[measure]} for r in best]


def _quantiles(scores: Sequence[float]) -> dict[str, float]:
    values = np.quantile(np.array(scores), (0.5, 0.9, 0.99, 1.0)) if scores else np.zeros(4)
    return dict(zip(("median", "p90", "p99", "max"), (round(float(v), 4) for v in values), strict=True))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for v in value.values():
            yield from _strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from _strings(v)
