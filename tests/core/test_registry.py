"""Solvers are found by walking their package; nothing is listed by hand."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from assistant408.core import registry
from assistant408.core.errors import InputError
from assistant408.core.registry import Out, all_solvers, get_solver, solver
from assistant408.core.trace import Solution, Step

SOLVER = '''
"""Adds."""
from typing import Annotated
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step

@solver("os.adder", title="加法", summary="两数相加", answers={"sum": Out("和")})
def adder(a: Annotated[int, Param("甲")], b: Annotated[int, Param("乙")] = 2) -> Solution:
    """Adds."""
    return Solution([Step("相加", gives={"sum": a + b})])

def mistakes(a, b):
    yield Mistake("减了", {"sum": a - b})

def generate(rng, difficulty):
    return Draft("求和", {"a": rng.randint(1, 9)}, "sum")
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with one solver file, one helper that must not be imported, and an empty registry."""
    room = tmp_path / "a408_extra" / "os"
    room.mkdir(parents=True)
    (room.parent / "__init__.py").touch()
    (room / "__init__.py").touch()
    (room / "adder.py").write_text(SOLVER, encoding="utf-8")
    (room / "_helper.py").write_text("raise RuntimeError('helpers are not solvers')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_solvers", {})
    yield "a408_extra"
    for name in [n for n in sys.modules if n.startswith("a408_extra")]:
        del sys.modules[name]


def test_a_new_file_is_found_by_itself(package: str) -> None:
    found = all_solvers(package)
    assert list(found) == ["os.adder"]
    adder = found["os.adder"]
    assert adder.subject == "os" and adder.doc == "Adds." and [f.name for f in adder.fields] == ["a", "b"]
    assert adder(a="3").answer == {"sum": 5}
    assert adder.generates and adder.generate(random.Random(1)).ask == "sum"
    assert [m.gives["sum"] for m in adder.mistakes(a=3)] == [1], "defaults are filled in"
    with pytest.raises(InputError, match="缺少参数 'a'"):
        adder()


def test_an_id_can_be_taken_once_only(package: str) -> None:
    all_solvers(package)
    with pytest.raises(ValueError, match=r"os\.adder is defined twice"):
        solver("os.adder", title="", summary="", answers={})(lambda: Solution([]))


def test_a_solver_without_generator_or_mistakes(package: str) -> None:
    @solver("os.plain", title="", summary="", answers={"x": Out("x")})
    def plain() -> Solution:
        return Solution([Step("x", gives={"x": 1})])

    bare = get_solver("os.plain")
    assert plain().answer == bare().answer == {"x": 1}, "the decorated function stays a plain function"
    assert not bare.generates and bare.mistakes() == []
    with pytest.raises(InputError, match="不能出题"):
        bare.generate(random.Random(0))


def test_solvers_come_subject_by_subject() -> None:
    subjects = [s.subject for s in all_solvers().values()]
    assert subjects == sorted(subjects, key=["ds", "co", "os", "cn"].index)
    assert set(subjects) == {"ds", "co", "os", "cn"}


@pytest.mark.parametrize("id", ["os.nothing", "os", "", ".", "os.", "../x", "os.page_replacement.x", "os._pv", "类.题"])
def test_an_unknown_name_is_the_users_error(id: str) -> None:
    with pytest.raises(InputError, match="没有解题器"):
        get_solver(id)


def test_asking_for_one_solver_imports_its_file_alone() -> None:
    code = (
        "import sys; from assistant408.core.registry import get_solver; get_solver('os.page_replacement');"
        "print([m for m in sys.modules if m.startswith('assistant408.solvers.') and m.count('.') == 3"
        " and '._' not in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "['assistant408.solvers.os.page_replacement']"
