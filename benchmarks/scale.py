"""A large base: add rate, search time, recall@10 against exact search in 64 bits, disk and memory.

    python benchmarks/scale.py [--chunks 100000] [--queries 200] [--store sqlite --store chroma] [--json]

A store is what the setting `store` takes; each is measured in a process of its own. Qdrant needs a server: its client's local
mode is not meant for this size and is not measured. `recall_at_10` is that of what a search ranks (the index's 256 nearest and the
best by words), `index_recall_at_10` that of the index's own first ten. `memory_mb` is what the process holds after the searches
beside the given texts and vectors; a server's own is not in it.

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
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import Chunk
from assistant408.kb.embed import Vectors
from assistant408.kb.store.base import Document, Filter
from assistant408.kb.store.open import open_store
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


def memory_mb() -> float:
    """What the process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def run(setting: str, count: int, queries: int, folder: Path, seed: int = 408) -> dict[str, float | str]:
    rng = np.random.default_rng(seed)
    vocabulary = np.array(["".join(chr(0x4E00 + int(c)) for c in pair) for pair in rng.integers(0, 3000, (20_000, 2))])
    weights = 1 / np.arange(1, len(vocabulary) + 1)
    weights /= weights.sum()
    model = Given()
    store = open_store(setting, folder / "kb.db", os.environ.get("A408_STORE_KEY", ""))
    base = KnowledgeBase(store, lambda: model)
    sections = unit(rng.standard_normal((count // 5 + 1, DIM)))
    vectors = unit(sections[np.arange(count) // 5] + 0.04 * rng.standard_normal((count, DIM)).astype(np.float32))
    texts = ["，".join(vocabulary[rng.choice(len(vocabulary), WORDS, p=weights)]) + "。" for _ in range(count)]
    given = memory_mb()
    began, used = time.perf_counter(), cpu()
    for start in range(0, count, PER_DOCUMENT):
        id = f"s{start}"
        rows = range(start, min(start + PER_DOCUMENT, count))
        chunks = [Chunk(id, id, f"{id} › {i // 5}", "", i % 300 + 1, texts[i]) for i in rows]
        words = [tokens(c.text) for c in chunks]
        document = Document(id, id, "scale", "", "", 300, "")
        store.replace([document], chunks, words, vectors[start : start + PER_DOCUMENT])
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
    held = memory_mb() - given
    exact = vectors.astype(np.float64)
    hits = own = 0
    for question in asked:
        q = model.known[question]
        want = {int(i) + 1 for i in np.argpartition(-(exact @ q.astype(np.float64)), 10)[:10]}  # ids go from 1
        found = store.candidates(tokens(question), lambda q=q: q, Filter(), 10)
        assert found.dense is not None
        hits += len(want & set(found.ids[np.argpartition(-found.dense, 10)[:10]].tolist()))
        own += 10 if store.index is None else len(want & set(store.index.nearest(q, 10, [])))
    disk = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return {
        "store": setting,
        "chunks": count,
        "add_per_s": round(count / added, 1),
        "add_per_cpu_s": round(count / added_cpu, 1),
        "first_search_s": round(first, 2),
        "p50_ms": round(float(np.percentile(times, 50)) * 1000, 1),
        "p95_ms": round(float(np.percentile(times, 95)) * 1000, 1),
        "cpu_ms_a_search": round(searched_cpu / queries * 1000, 1),
        "recall_at_10": round(hits / (10 * queries), 4),
        "index_recall_at_10": round(own / (10 * queries), 4),
        "disk_mb": round(disk / 2**20, 1),
        "memory_mb": round(held),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--store", action="append")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    stores = options.store or ["sqlite"]
    if len(stores) > 1:
        for store in stores:
            again = [sys.executable, __file__, "--chunks", str(options.chunks), "--queries", str(options.queries)]
            subprocess.run([*again, "--store", store, *(["--json"] if options.json else [])], check=True)
        return
    with tempfile.TemporaryDirectory(prefix="a408-scale-") as folder:
        result = run(stores[0], options.chunks, options.queries, Path(folder))
    print(json.dumps(result) if options.json else "\n".join(f"{k:20} {v}" for k, v in result.items()), flush=True)


if __name__ == "__main__":
    main()
