"""Solvers and the tutor's readers of questions: a result or one sentence, soon."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from functools import cached_property
from typing import Any

from assistant408.content.asked import load_asked
from assistant408.content.grade import grade
from assistant408.content.questions import load_bank
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir
from assistant408.core.registry import all_solvers
from assistant408.tutor.diagnose import diagnose
from assistant408.tutor.guard import asked, harmless
from assistant408.tutor.item import dissect
from assistant408.tutor.premise import claims
from assistant408.tutor.route import kind_of, standalone
from assistant408.tutor.solve import solve_question
from fuzzing.mutate import bent, brief, junk, text_of

__all__ = ["Questions", "Solvers", "sentence"]


def plain(value: Any) -> Any:
    """Solver arguments as JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


class Solvers:
    """Every solver in turn, with its examples' and its own generator's arguments bent."""

    def __init__(self) -> None:
        self.solvers = list(all_solvers().values())
        self.last: object = None

    def run(self, rng: random.Random) -> str:
        """One solver, once."""
        s = rng.choice(self.solvers)
        base = rng.choice(s.examples) if rng.random() < 0.5 else s.generate(rng, rng.randrange(1, 6)).args
        args = {k: plain(v) for k, v in base.items()}
        names = [f.name for f in s.fields]
        for name in rng.sample(names, rng.choice((1, 1, 1, 2, 2, len(names))) if len(names) > 1 else 1):
            args[name] = bent(rng, args[name]) if name in args else junk(rng)
        self.last = (s.id, args)
        try:
            solution = s(**args)
        except InputError as e:
            return sentence(str(e))
        json.dumps(solution.to_json(), allow_nan=False)
        for mistake in s.mistakes(**args):
            json.dumps(mistake.why)
        if rng.random() < 0.2:
            try:
                diagnose(s, args, junk(rng), rng.choice(sorted(solution.answer)), solution)
            except InputError as e:
                sentence(str(e))
        return "result"

    def shown(self) -> str:
        """The last input."""
        return brief(self.last)


class Questions:
    """The bank's and the benchmarks' questions bent, through everything that reads a question by rules."""

    @cached_property
    def seeds(self) -> list[str]:
        """What students ask, with choices where there are any."""
        bank = load_bank(content_dir())
        stems = [q.stem + "".join(f"\n{k}. {v}" for k, v in q.choices.items()) for q in bank]
        return stems + [a for some in load_asked(content_dir()).values() for a in some][::3]

    def __init__(self) -> None:
        self.bank = load_bank(content_dir())
        self.last = ""

    def run(self, rng: random.Random) -> str:
        """One question, through all readers."""
        text = self.last = text_of(rng, self.seeds)
        kind_of(text)
        standalone(text, [(rng.choice(self.seeds), text[:50])])
        asked(text)
        harmless(text)
        claims(text)
        dissect(text, dict(re.findall(r"^([A-D])[.．、]\s*(.*)$", text, re.M)))
        try:
            grade(rng.choice(self.bank), text[:300])
        except InputError as e:
            sentence(str(e))
        try:
            out = solve_question(text)
        except InputError as e:
            return sentence(str(e))
        json.dumps(out, allow_nan=False)
        return "result" if out else "passed on"

    def shown(self) -> str:
        """The last input."""
        return brief(self.last)


def sentence(text: str) -> str:
    """Asserts that a refusal is a Chinese sentence; says whether it is bearably short."""
    assert re.search(r"[\u4e00-\u9fff]", text) and "Traceback" not in text, f"no sentence: {text[:300]!r}"
    return "refused" if len(text) < 1000 else "refused at length"
