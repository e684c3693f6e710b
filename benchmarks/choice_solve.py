"""From a choice item to its letter by the solvers alone: how many get one, how many are right, how many are wrong.

    .venv/bin/python benchmarks/choice_solve.py [--half tune|held|fresh|drill|drill-held] [--subject co] [--show]

The items are the single-choice ones of ``content/questions``, in two halves by the parity of their id's CRC-32: rules
were tuned on "tune", and "held" was only counted. "fresh" is ``choice-solve.jsonl`` beside this file, 66 items in the
exam's words written before the rules (47 of 60 right, one wrong, when its failures were first read; some wordings were
added after that, so it is no longer unseen); a `solver` of "" marks an item that no solver computes. "drill" and
"drill-held" are the halves of ``letters/<subject>.jsonl``: computed items in the exam's words, by subject. Items are
counted by what their key was computed with: a solver, a Python check (the solvers may not cover it), or nothing.
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant408.content.questions import load_bank
from assistant408.core.paths import content_dir
from assistant408.tutor.solve import solve_question

FRESH = Path(__file__).with_name("choice-solve.jsonl")
DRILLS = Path(__file__).with_name("letters")
HELD = ("held", "drill-held")


@dataclass(frozen=True)
class Case:
    """An item: `kind` is ``solver``, ``python``, ``concept`` or, of a drill, its subject; `solver` computed its key."""

    id: str
    subject: str
    half: str
    kind: str
    solver: str
    question: str
    key: str


def cases() -> Iterator[Case]:
    """The bank's single-choice items, then the fresh ones, then the drills."""
    for q in load_bank(content_dir()):
        if q.kind == "single":
            solver = q.check.solver or "" if q.check else ""
            kind = "solver" if solver else "python" if q.check and q.check.python else "concept"
            half = "held" if zlib.crc32(q.id.encode()) % 2 else "tune"
            yield Case(q.id, q.id.split("-")[0], half, kind, solver, _text(q.stem, q.choices), q.answer[0])
    for line in FRESH.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = "solver" if row["solver"] else "concept"
        text = _text(row["question"], row["choices"])
        yield Case(row["id"], row["solver"].split(".")[0], "fresh", kind, row["solver"], text, row["answer"])
    for path in sorted(DRILLS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            half = "drill-held" if zlib.crc32(row["id"].encode()) % 2 else "drill"
            text = _text(row["question"], row["choices"])
            yield Case(row["id"], row["subject"], half, row["subject"], "", text, row["answer"])


def _text(stem: str, choices: dict[str, str]) -> str:
    return stem + "\n" + "\n".join(f"{k}. {v}" for k, v in choices.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=["tune", "held", "fresh", "drill", "drill-held"])
    parser.add_argument("--subject", choices=["ds", "co", "os", "cn"])
    parser.add_argument("--show", action="store_true", help="print the items without their letter (not of held)")
    args = parser.parse_args()
    counts: dict[tuple[str, str], Counter[str]] = {}
    longest = total = 0.0
    for case in cases():
        if (args.half and case.half != args.half) or (args.subject and case.subject != args.subject):
            continue
        start = time.process_time()
        solution = solve_question(case.question)
        seconds = time.process_time() - start
        longest, total = max(longest, seconds), total + seconds
        letter = solution["choice"] if solution else None
        sure = bool(solution) and solution["confidence"] == "exact"
        n = counts.setdefault((case.half, case.kind), Counter())
        n.update(
            items=1,
            fired=bool(solution),
            same=bool(solution) and solution["id"] == case.solver,
            right=letter == case.key,
            wrong=letter not in (None, case.key),
            exact=sure and letter is not None,
            exact_right=sure and letter == case.key,
        )
        wanted = case.kind == "solver" or case.half == "drill"
        if args.show and case.half not in HELD and (letter != case.key if wanted else letter):
            mark = "ok" if letter == case.key else "WRONG" if letter else "none"
            print(
                f"{mark} {case.id} {case.solver} {letter} {case.key} {solution and solution['id']}\n{case.question}\n"
            )
    print(
        f"{'half':10} {'kind':8} {'n':>4} {'fired':>6} {'same':>5} {'right':>6} {'%':>5} {'wrong':>6} {'%':>5}  exact"
    )
    for (half, kind), n in sorted(counts.items()):
        right, wrong = (100 * n[k] / n["items"] for k in ("right", "wrong"))
        print(
            f"{half:10} {kind:8} {n['items']:4} {n['fired']:6} {n['same']:5} {n['right']:6} {right:5.1f}"
            f" {n['wrong']:6} {wrong:5.1f}  {n['exact_right']}/{n['exact']}"
        )
    items = sum(n["items"] for n in counts.values())
    print(f"CPU time: {1000 * total / items:.1f} ms an item, {1000 * longest:.0f} ms the longest")


if __name__ == "__main__":
    main()
