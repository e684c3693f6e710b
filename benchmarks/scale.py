"""A large base: add rate, search time, recall@10 against exact search in 64 bits, disk and memory.

    python benchmarks/scale.py [--chunks 100000] [--queries 200] [--keep DIR] [--json]

The chunks are synthetic: words drawn by a Zipf law from a made vocabulary of Chinese bigrams; the vectors are noise around
as many centres as there are sections, in the embedding model's 384 dimensions. A query is a chunk's words and vector,
disturbed. Embedding is not measured here (`benchmarks/embed.py`). Times are wall time; CPU seconds stand beside them, since
other work may share the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import Chunk
from assistant408.kb.embed import Vectors
from assistant408.kb.store.sqlite import Document
from assistant408.kb.text import tokens

DIM, PER_DOCUMENT, WORDS = 384, 500, 60


class Given:
    """Stands for an embedding model: looks the vector of a query up."""

    name, dim = "given", DIM

    def __init__(self) -> None:
        self.known: dict[str, Vectors] = {}

    def query(self, text: str) -> Vectors:
        return self.known[text]

    def passages(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("the vectors are handed over")


def unit(matrix: Vectors) -> Vectors:
    return (matrix / np.linalg.norm(matrix, axis=-1, keepdims=True)).astype(np.float32)


def cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def run(count: int, queries: int, folder: Path, seed: int = 408) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    vocabulary = np.array(["".join(chr(0x4E00 + int(c)) for c in pair) for pair in rng.integers(0, 3000, (20_000, 2))])
    weights = 1 / np.arange(1, len(vocabulary) + 1)
    weights /= weights.sum()
    model = Given()
    base = KnowledgeBase(folder / "kb.db", lambda: model)
    sections = unit(rng.standard_normal((count // 5 + 1, DIM)))
    vectors = unit(sections[np.arange(count) // 5] + 0.04 * rng.standard_normal((count, DIM)).astype(np.float32))
    texts = ["，".join(vocabulary[rng.choice(len(vocabulary), WORDS, p=weights)]) + "。" for _ in range(count)]
    began, used = time.perf_counter(), cpu()
    for start in range(0, count, PER_DOCUMENT):
        id = f"s{start}"
        rows = range(start, min(start + PER_DOCUMENT, count))
        chunks = [Chunk(id, id, f"{id} › {i // 5}", "", i % 300 + 1, texts[i]) for i in rows]
        words = [tokens(c.text) for c in chunks]
        document = Document(id, id, "scale", "", "", 300, "")
        base.store.replace([document], chunks, words, vectors[start : start + PER_DOCUMENT])
    added, added_cpu = time.perf_counter() - began, cpu() - used
    picked = rng.choice(count, queries, replace=False)
    asked = []
    for i in picked:
        words = texts[int(i)].rstrip("。").split("，")
        question = "".join(rng.choice(words, 6, replace=False))
        model.known[question] = unit(vectors[int(i)] + 0.03 * rng.standard_normal(DIM).astype(np.float32))
        asked.append(question)
    began = time.perf_counter()
    base.search(asked[0])
    first = time.perf_counter() - began
    times, used = [], cpu()
    for question in asked:
        began = time.perf_counter()
        base.search(question, limit=10)
        times.append(time.perf_counter() - began)
    searched_cpu = cpu() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # with the given texts and vectors, some 250 MB
    matrix = base.store.matrix().vectors
    exact = vectors.astype(np.float64)
    hits = 0
    for question in asked:
        q = model.known[question]
        want = set(np.argpartition(-(exact @ q.astype(np.float64)), 10)[:10].tolist())
        hits += len(want & set(np.argpartition(-(matrix @ q), 10)[:10].tolist()))
    disk = sum(p.stat().st_size for p in folder.iterdir())
    return {
        "chunks": count,
        "add_per_s": round(count / added, 1),
        "add_per_cpu_s": round(count / added_cpu, 1),
        "first_search_s": round(first, 2),
        "p50_ms": round(float(np.percentile(times, 50)) * 1000, 1),
        "p95_ms": round(float(np.percentile(times, 95)) * 1000, 1),
        "cpu_ms_a_search": round(searched_cpu / queries * 1000, 1),
        "recall_at_10": round(hits / (10 * queries), 4),
        "disk_mb": round(disk / 2**20, 1),
        "peak_memory_mb": round(peak),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="a408-scale-") as passing:
        folder = options.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(options.chunks, options.queries, folder)
    print(json.dumps(result) if options.json else "\n".join(f"{k:16} {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
