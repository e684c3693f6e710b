"""Grounding: behaviour on the adversarial questions, shown sentences that their quotes don't say, and the refusal curve.

    python benchmarks/grounding.py [--model M] [--limit N] [--kind premise] [--each] [--sentences FILE]
    python benchmarks/grounding.py --curve docs/reference/refusal.svg

Without `--model` the answers are made of key sentences, with no language model. `--curve` calibrates the threshold of
refusal on half of the questions (crc32 of the id is even) and reports on the other half.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant408.cli.abilities import answering
from assistant408.core.paths import content_dir, home
from assistant408.core.settings import Settings
from assistant408.evals.audit import audit
from assistant408.evals.stats import wilson
from assistant408.evals.tasks import Places
from assistant408.evals.tasks.grounding import TASK, Probe
from assistant408.evals.tasks.retrieval import TASK as RETRIEVAL
from assistant408.llm.open import open_backend
from assistant408.tutor.route import MIN_RELEVANCE, relevance, strangers
from assistant408.web.services import Services


def behaviour(services: Services, probes: Sequence[Probe], args: argparse.Namespace) -> None:
    """Right behaviour by kind, and unsupported sentences of all."""
    backend = open_backend(home(), services.settings, args.model) if args.model else None
    rows: dict[str, list[Any]] = defaultdict(list)
    sentences: list[dict[str, str]] = []
    with answering(services, backend) as ask:
        for i, probe in enumerate(probes, 1):
            last: list[Mapping[str, Any]] = []

            def ability(question: str, document: str, last: list[Mapping[str, Any]] = last) -> Mapping[str, Any]:
                last.append(ask(question, document))
                return last[0]

            mark = TASK.mark(probe, ability)
            rows[probe.kind].append(mark)
            if last[0]["citations"] and not last[0]["refused"] and not last[0]["solver"]:
                for f in audit(str(last[0]["answer"]), last[0]["citations"], probe.question):
                    sentences.append({"id": probe.id, "sentence": f.sentence, "quote": f.quote, "fault": f.fault})
            if args.each and (not mark.correct or mark.more["faults"]):
                print(f"--- {probe.id} 应 {probe.expected}：{probe.question}\n{last[0]['answer']}", flush=True)
                print(*(f"   !! {f}" for f in mark.more["faults"]), sep="\n", flush=True)
            elif i % 20 == 0:
                print(f"  {i}/{len(probes)}", flush=True)
    print(f"\n{'kind':<12}{'n':>5}{'right':>8}{'interval':>18}{'safe':>8}{'refused':>9}")
    rows["all"] = [m for marks in rows.values() for m in marks]
    for kind, marks in rows.items():
        right = sum(m.correct for m in marks)
        low, high = wilson(right, len(marks))
        safe, refused = (sum(m.more["metrics"][k] for m in marks) / len(marks) for k in ("safe", "refused"))
        print(
            f"{kind:<12}{len(marks):>5}{right / len(marks):>8.3f}     {low:.3f}–{high:.3f}{safe:>8.3f}{refused:>9.3f}"
        )
    bad = sum(bool(s["fault"]) for s in sentences)
    low, high = wilson(bad, len(sentences))
    print(f"\nunsupported sentences: {bad} of {len(sentences)} ({low:.4f}–{high:.4f})")
    if args.sentences:
        text = "".join(json.dumps(s, ensure_ascii=False) + "\n" for s in sentences)
        Path(args.sentences).write_text(text, encoding="utf-8")


def curve(services: Services, svg: Path, sample: int = 240) -> None:
    """Refused answerable and passed unanswerable questions over the threshold; calibrated on half, told on the other."""
    places = Places(content_dir(), home())
    asked = [(c.id, c.question) for c in RETRIEVAL.cases(places, "all")]
    inside = random.Random(408).sample(asked, sample) + [(p.id, p.question) for p in TASK.cases(places, "control")]
    outside = [(p.id, p.question) for p in TASK.cases(places, "scope")]
    lines = (Path(__file__).parent / "retrieval" / "outside.jsonl").read_text(encoding="utf-8").splitlines()
    outside += [(r["id"], r["question"]) for r in map(json.loads, lines)]
    kb = services.ensure_index()

    def score(question: str) -> tuple[float, bool]:
        strange = bool(strangers(question, lambda word: bool(kb.store.lexical([word], 1))))
        return relevance(kb.search(question, limit=6)), strange

    def halves(questions: Sequence[tuple[str, str]]) -> list[list[tuple[float, bool]]]:
        parts: list[list[tuple[float, bool]]] = [[], []]
        for id, question in questions:
            parts[zlib.crc32(id.encode()) % 2].append(score(question))
        return parts

    def refused(scores: Sequence[tuple[float, bool]], cut: float, words: bool = True) -> int:
        return sum(s < cut or (strange and words) for s, strange in scores)

    (tune_in, test_in), (tune_out, test_out) = halves(inside), halves(outside)
    cuts = [round(0.85 + 0.005 * k, 3) for k in range(31)]
    allowed = 0.01 * len(tune_in)
    chosen = max((c for c in cuts if refused(tune_in, c, False) <= allowed), default=cuts[0])
    print(f"tuning half: {len(tune_in)} answerable, {len(tune_out)} not; other half: {len(test_in)}, {len(test_out)}")
    print(f"{'threshold':<10}{'refused answerable':>20}{'passed unanswerable':>21}{'… and no strange word':>24}")
    points = []
    for cut in cuts:
        a = refused(test_in, cut, False) / len(test_in)
        b, c = (1 - refused(test_out, cut, words) / len(test_out) for words in (False, True))
        points.append((cut, a, b, c))
        print(f"{cut:<10}{a:>20.3f}{b:>21.3f}{c:>24.3f}{'  ← 1% rule' if cut == chosen else ''}")
    for name, cut in (("1% rule", chosen), ("program", MIN_RELEVANCE)):
        bad, passed = refused(test_in, cut), len(test_out) - refused(test_out, cut)
        (a, b), (c, d) = wilson(bad, len(test_in)), wilson(passed, len(test_out))
        print(f"{name} {cut}: refused answerable {bad}/{len(test_in)} ({a:.3f}–{b:.3f}), "
              f"passed unanswerable {passed}/{len(test_out)} ({c:.3f}–{d:.3f})")  # fmt: skip
    svg.write_text(_picture(points, MIN_RELEVANCE), encoding="utf-8")


def _picture(points: Sequence[tuple[float, float, float, float]], cut: float) -> str:
    """Three lines over the threshold, 480 by 280."""
    low, high = points[0][0], points[-1][0]

    def x(t: float) -> float:
        return round(50 + 410 * (t - low) / (high - low), 1)

    def y(v: float) -> float:
        return round(240 - 210 * v, 1)

    names = (
        ("refused answerable", "#b3261e"),
        ("passed unanswerable", "#1a5fb4"),
        ("… and no strange word", "#2e7d32"),
    )
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 280" font-family="sans-serif" font-size="11">']
    for v in (0, 0.25, 0.5, 0.75, 1):
        out.append(
            f'<path d="M50 {y(v)}H460" stroke="#ccc"/><text x="44" y="{y(v) + 4}" text-anchor="end">{v:g}</text>'
        )
    for t in (low, 0.9, 0.95, high):
        out.append(f'<text x="{x(t)}" y="256" text-anchor="middle">{t:g}</text>')
    out.append(f'<path d="M{x(cut)} 30V240" stroke="#666" stroke-dasharray="4 3"/>')
    for k, (name, color) in enumerate(names, 1):
        line = " ".join(f"{x(p[0])},{y(p[k])}" for p in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        out.append(f'<text x="56" y="{30 + 14 * k}" fill="{color}">{name}</text>')
    return "\n".join([*out, '<text x="255" y="274" text-anchor="middle">threshold of relevance</text>', "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="")
    parser.add_argument("--kind", default="")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--each", action="store_true", help="print what went wrong")
    parser.add_argument("--curve", type=Path, help="write the refusal curve there instead")
    parser.add_argument("--sentences", default="", help="write every shown sentence there")
    args = parser.parse_args()
    probes = list(TASK.cases(Places(content_dir(), home()), args.kind))
    if args.limit:
        probes = random.Random(408).sample(probes, min(args.limit, len(probes)))
    with tempfile.TemporaryDirectory() as scratch:
        services = Services(Path(scratch), content_dir(), Settings())
        if args.curve:
            curve(services, args.curve)
        else:
            behaviour(services, probes, args)


if __name__ == "__main__":
    main()
