"""What every solver promises, checked on every solver there is."""

import json
import random
import time

import pytest
from jsonschema import Draft202012Validator

from assistant408.core.params import fields_of
from assistant408.core.registry import Solver, all_solvers
from assistant408.core.trace import Picture

SOLVERS = list(all_solvers().values())
every_solver = pytest.mark.parametrize("s", SOLVERS, ids=[s.id for s in SOLVERS])


@every_solver
def test_declares_itself_completely(s: Solver) -> None:
    assert s.id == s.run.__module__.removeprefix("assistant408.solvers.")
    assert s.summary and s.answers and s.keywords and s.examples and s.syllabus
    assert all(f.param.label != f.name for f in s.fields), "every parameter has a Chinese label"
    assert ">>>" in s.doc and "Source:" in s.doc
    Draft202012Validator.check_schema(s.schema)


@every_solver
def test_examples_run_and_give_what_was_declared(s: Solver) -> None:
    for args in s.examples:
        Draft202012Validator(s.schema).validate(dict(args))
        solution = s(**args)
        assert set(solution.answer) >= {next(iter(s.answers))}
        assert set(solution.answer) <= set(s.answers), "a result without a declared label"
        assert all(step.why for step in solution.steps)
        assert any(step.credit for step in solution.steps)
        assert any(isinstance(step.data, Picture) for step in solution.steps), "no picture in the whole solution"
        json.dumps(solution.to_json(), allow_nan=False)


@every_solver
def test_exam_sized_input_is_instant(s: Solver) -> None:
    args = dict(s.examples[0])
    s(**args)
    best = min(_seconds(s, args) for _ in range(3))
    assert best < 1.0, "solvers are for exam-sized input; far above the 10 ms that is aimed at"


def _seconds(s: Solver, args: dict) -> float:
    start = time.perf_counter()
    s(**args)
    return time.perf_counter() - start


@every_solver
def test_generates_seeded_questions_with_named_mistakes(s: Solver) -> None:
    good = 0
    for seed in range(12):
        draft = s.generate(random.Random(seed), difficulty=1 + seed % 5)
        again = s.generate(random.Random(seed), difficulty=1 + seed % 5)
        assert draft == again
        assert {f.name for f in fields_of(s.run)} >= set(draft.args)
        right = s(**draft.args).answer[draft.ask]
        wrong = {json.dumps(m.gives[draft.ask], default=str) for m in s.mistakes(**draft.args) if draft.ask in m.gives}
        wrong.discard(json.dumps(right, default=str))
        good += len(wrong) >= 3
    assert good >= 4, "at least a third of the draws have three distinct distractors from named mistakes"
