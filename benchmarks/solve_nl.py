"""Understanding of computable questions: the right solver, the right arguments, no false fire.

    .venv/bin/python benchmarks/solve_nl.py [--split tune|test|all] [--model FILE.gguf] [--sample N] [--show]

``solve-nl.jsonl`` beside this file has a question a line: ``id question solver args ask split`` (and
`also`, a second solver of the same problem); `args` are those the
question states, `solver` is null where nothing is to be computed. Rules were tuned on "tune" (which
also holds 62 terse questions written for it) and on the stems of ``content/questions``, never on "test".
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

from assistant408.core.paths import content_dir, home
from assistant408.evals.stats import summarize
from assistant408.evals.tasks import Places
from assistant408.evals.tasks.solve_nl import Worded, differences, load_worded, mark_reading
from assistant408.llm.types import Backend
from assistant408.tutor.understand import Understood, understand


def measure(cases: Sequence[Worded], backend: Backend | None, show: bool) -> dict[str, float]:
    """Shares and seconds a question; prints what went wrong with `show`."""
    understand("预热：3 个页框，访问序列 1,2,3，LRU 缺页几次")
    samples = []
    for case in cases:
        start = time.perf_counter()
        reading = understand(case.question, backend)
        seconds = time.perf_counter() - start
        mark = mark_reading(case, reading)
        metrics = mark.more["metrics"]
        samples.append({"correct": mark.correct, "answer": mark.answer, "seconds": seconds, "metrics": metrics})
        if show and (wrong := _wrong(case, reading, metrics)):
            print(f"{case.id}\t{wrong}\n\t{case.question}")
    summary = summarize(samples)
    return {"questions": len(cases), "seconds": summary["seconds_each"], **summary["metrics"]}


def _wrong(case: Worded, reading: Understood | None, metrics: dict[str, float]) -> str:
    if metrics.get("false_fire"):
        return f"FIRED {reading}"
    if metrics.get("solver") == 0:
        return f"SOLVER {reading.solver if reading else None}"
    if metrics.get("arguments") == 0 and reading is not None:
        return f"ARGS {differences(case, reading)} [{reading.problem}]"
    if metrics.get("asked") == 0 and reading is not None:
        return f"ASKED {reading.asked} for {case.ask}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=["tune", "test", "all"], default="all")
    parser.add_argument("--model", type=Path, help="a GGUF file; rules alone without it")
    parser.add_argument("--sample", type=int, help="only this many questions, drawn with a fixed seed")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    args = parser.parse_args()
    backend: Backend | None = None
    if args.model:
        from assistant408.llm.backends.llama_cpp import LlamaCppBackend

        backend = LlamaCppBackend(args.model, threads=2)
    print(f"{'split':6} {'n':>4} {'solver %':>9} {'args %':>7} {'asked %':>8} {'false fire %':>13} {'s/question':>11}")
    for split in ("tune", "test") if args.split == "all" else (args.split,):
        rows = load_worded(Places(content_dir(), home()), split)
        if args.sample:
            rows = random.Random(408).sample(rows, min(args.sample, len(rows)))
        m = measure(rows, backend, args.show)
        shares = (100 * m.get(k, 0.0) for k in ("solver", "arguments", "asked", "false_fire"))
        print(
            "{:6} {:4.0f} {:9.1f} {:7.1f} {:8.1f} {:13.1f} {:11.4f}".format(
                split, m["questions"], *shares, m["seconds"]
            )
        )
    if backend is not None:
        backend.close()


if __name__ == "__main__":
    main()
