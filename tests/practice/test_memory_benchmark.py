"""The simulated learner of benchmarks/memory.py behaves like one, and a run is fixed by its seed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from assistant408.web.services import Services

FILE = Path(__file__).parents[2] / "benchmarks" / "memory.py"


@pytest.fixture(scope="module")
def memory() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("bench_memory", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_spaced_practice_outlasts_massed_practice(memory: ModuleType, services: Services) -> None:
    def after(hours: tuple[float, ...]) -> float:
        learner = memory.Learner(services.questions, 0.3, 7)
        id = sorted(services.questions)[0]
        for h in hours:
            learner.answer(id, memory.START + timedelta(hours=h))
        return float(learner.knows(id, memory.START + timedelta(days=40)))

    never, once, massed, spaced = after(()), after((0,)), after((0, 0.1, 0.2, 0.3)), after((0, 48, 192, 480))
    assert never < once < massed < spaced


def test_every_policy_meets_the_same_learner_and_repeats_itself(memory: ModuleType, services: Services) -> None:
    def run(name: str) -> tuple[float, float, int]:
        result: tuple[float, float, int] = memory.study(
            memory.POLICIES[name], services.questions, services.syllabus, 3, 3, 15, 0.3
        )
        return result

    runs = {name: run(name) for name in memory.POLICIES}
    assert len({before for before, _, _ in runs.values()}) == 1, "the same person before"
    assert all(after > before and n > 5 for before, after, n in runs.values()), "practice helps under any policy"
    assert run("ours") == runs["ours"] and run("random") == runs["random"]
