"""A fuzz campaign: bent inputs for whatever reads what others wrote. Counts, time and findings.

    nice python benchmarks/fuzz.py                        # all targets, 120,000 inputs
    python benchmarks/fuzz.py --only solvers --inputs 5000 --seed 7
    python benchmarks/fuzz.py --only solvers --seed 7 --start 4321 --inputs 1    # one input again

Every input is drawn from (seed, target, number) alone, so a finding names what makes it again, and a campaign that was
stopped goes on with ``--start``. A finding is anything but a result or a refusal in one sentence: another exception, more
than ``--limit`` CPU seconds, an HTTP status of 500, a traceback shown to the user, a process that died, descriptors or
threads that stay. Exits with 1 if there are findings.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import importlib
import json
import os
import random
import resource
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

TARGETS = {  # where it is, and its share of the inputs
    "solvers": ("fuzzing.solvers:Solvers", 0.585),
    "questions": ("fuzzing.solvers:Questions", 0.045),
    "files": ("fuzzing.files:Files", 0.25),
    "formats": ("fuzzing.documents:Formats", 0.055),
    "documents": ("fuzzing.documents:Sandboxed", 0.005),
    "http": ("fuzzing.http:Http", 0.06),
}


class Slow(Exception):
    """An input took too much CPU time."""


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises `Slow` in the ``with`` after `seconds` of this process's CPU time; if that is held up, ends the process."""

    def stop(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGPROF, stop)
    faulthandler.dump_traceback_later(max(300, 40 * seconds), exit=True)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        faulthandler.cancel_dump_traceback_later()


def held() -> tuple[int, int]:
    """How many file descriptors and threads this process has."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0, threading.active_count()


def campaign(name: str, count: int, seed: int, start: int = 0, limit_s: float = 10) -> dict[str, Any]:
    """Runs the inputs ``start … start + count`` of a target; what came of them."""
    place, _, made = TARGETS[name][0].partition(":")
    target = getattr(importlib.import_module(place), made)()
    outcomes: Counter[str] = Counter()
    findings: list[dict[str, Any]] = []
    seen: set[str] = set()
    slowest, slowest_at = 0.0, start
    before: tuple[int, int] | None = None
    began, used = time.perf_counter(), time.process_time()
    try:
        for number in range(start, start + count):
            if number == start + 50:
                before = held()  # what is opened once is open by now
            one = time.process_time()
            try:
                with bounded(limit_s):
                    outcomes[target.run(random.Random(f"{seed}:{name}:{number}"))] += 1
            except Exception as e:
                where = [f for f in traceback.extract_tb(e.__traceback__) if "assistant408" in f.filename][-1:]
                at = f"{Path(where[0].filename).name}:{where[0].lineno}" if where else ""
                outcomes["finding"] += 1
                key = f"{type(e).__name__} {at}"
                if key not in seen:
                    seen.add(key)
                    found = {"target": name, "number": number, "what": key, "said": str(e)[:300], "input": target.shown()}  # fmt: skip
                    findings.append(found)
                    print(json.dumps(found, ensure_ascii=True), file=sys.stderr, flush=True)
            if time.process_time() - one > slowest:
                slowest, slowest_at = time.process_time() - one, number
        stays = [now - then for now, then in zip(held(), before, strict=True)] if before else [0, 0]
    finally:
        getattr(target, "close", lambda: None)()
    if max(stays) > 20:
        findings.append({"target": name, "what": "leak", "said": f"{stays[0]} descriptors, {stays[1]} threads stay"})
    return {
        "target": name,
        "inputs": count,
        "outcomes": dict(outcomes.most_common()),
        "wall_s": round(time.perf_counter() - began, 1),
        "cpu_s": round(time.process_time() - used, 1),
        "slowest": {"cpu_s": round(slowest, 2), "number": slowest_at},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "findings": findings,
    }


def main() -> None:
    """Runs the campaign and prints one JSON object a target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=120_000, help="over all targets")
    parser.add_argument("--seed", type=int, default=408)
    parser.add_argument("--start", type=int, default=0, help="the first input's number, within each target")
    parser.add_argument("--only", choices=sorted(TARGETS), action="append")
    parser.add_argument("--limit", type=float, default=10, help="CPU seconds of one input")
    args = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    names = args.only or list(TARGETS)
    whole = sum(TARGETS[n][1] for n in names)
    reports = []
    for name in names:
        count = max(1, round(args.inputs * TARGETS[name][1] / whole))
        reports.append(campaign(name, count, args.seed, args.start, args.limit))
        print(json.dumps(reports[-1], ensure_ascii=True, indent=1), flush=True)
    findings = sum(len(r["findings"]) for r in reports)
    print(json.dumps({"inputs": sum(r["inputs"] for r in reports), "seed": args.seed, "findings": findings}))
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
