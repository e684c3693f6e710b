"""Retrieval quality: recall@k and MRR of the right section on paraphrased questions, and how outsiders are told apart.

    python benchmarks/retrieval.py [--split test] [--each]

A question is found at rank k if one of its leaves is the section of the k-th distinct section returned.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from assistant408.cli.abilities import searching
from assistant408.core.paths import content_dir, home
from assistant408.core.settings import Settings
from assistant408.evals.tasks import Places
from assistant408.evals.tasks.retrieval import TASK, rank_metrics
from assistant408.kb import fuse
from assistant408.tutor.route import relevance
from assistant408.web.services import Services

HERE = Path(__file__).parent / "retrieval"
METRICS = ("recall@1", "recall@3", "recall@5", "mrr")


def interval(values: list[float], rng: random.Random) -> float:
    """Half of a 95% bootstrap interval of the mean."""
    means = sorted(statistics.fmean(rng.choices(values, k=len(values))) for _ in range(500))
    return (means[487] - means[12]) / 2


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", choices=["tune", "test"], default="test")
    parser.add_argument("--each", action="store_true", help="print the misses")
    args = parser.parse_args()
    cases = TASK.cases(Places(content_dir(), home()), args.split)
    with tempfile.TemporaryDirectory() as scratch:
        services = Services(Path(scratch), content_dir(), Settings())
        kb = services.ensure_index()
        search = searching(services)
        rng = random.Random(408)
        print(f"{'科目':<10}{'n':>5}{'@1':>8}{'@3':>8}{'@5':>8}{'MRR':>8}{'ms':>8}")
        everything: dict[str, list[float]] = {key: [] for key in METRICS}
        in_scores = []
        for subject in ("ds", "co", "os", "cn"):
            rows = [c for c in cases if c.subject == subject]
            scores: dict[str, list[float]] = {key: [] for key in METRICS}
            took = []
            for row in rows:
                start = time.perf_counter()
                found = search(row.question)
                took.append((time.perf_counter() - start) * 1000)
                in_scores.append(relevance(kb.search(row.question, limit=6)))
                metrics = rank_metrics(found, row.leaves)
                for key, value in metrics.items():
                    scores[key].append(value)
                if args.each and not metrics["recall@5"]:
                    print("  miss", row.id, row.question, "→", list(found[:3]), "want", row.leaves)
            for key, values in scores.items():
                everything[key] += values
            mean = {k: statistics.fmean(v) for k, v in scores.items()}
            print(
                f"{subject:<10}{len(rows):>5}{''.join(f'{mean[k]:>8.3f}' for k in METRICS)}{statistics.median(took):>8.0f}"
            )
        mean = {k: statistics.fmean(v) for k, v in everything.items()}
        print(f"{'all':<10}{len(cases):>5}{''.join(f'{mean[k]:>8.3f}' for k in METRICS)}"
              f"   @5 ± {interval(everything['recall@5'], rng):.3f}   weight {fuse.LEXICAL_WEIGHT}")  # fmt: skip
        outside = [json.loads(line) for line in (HERE / "outside.jsonl").read_text(encoding="utf-8").splitlines()]
        out_scores = {
            k: [relevance(kb.search(r["question"], limit=6)) for r in outside if r["kind"] == k]
            for k in ("unrelated", "near")
        }
        print("\n拒答阈值   误拒408   放过无关   放过近似")
        for cut in (0.92, 0.93, 0.935, 0.94, 0.945, 0.95, 0.953, 0.96, 0.97):
            refused = statistics.fmean(s < cut for s in in_scores)
            passed = {k: statistics.fmean(s >= cut for s in v) for k, v in out_scores.items()}
            print(f"{cut:<10}{refused:>8.3f}{passed['unrelated']:>10.3f}{passed['near']:>10.3f}")


if __name__ == "__main__":
    main()
