"""Oracle: the programs as Python generators run by real (simulated) processes, and os.fork itself."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.fork_tree import solve

EXPRESSIONS = st.recursive(
    st.just("fork()"),
    lambda inner: st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=5,
)


def leaves(text):
    """Final values of a forking expression, one a process: sets of outcomes composed by hand."""
    tree = eval(text.replace("fork()", "F").replace("&&", "*").replace("||", "+"), {"F": Fork(["F"])})
    return tree.outcomes()


class Fork:
    """A symbolic expression whose outcomes multiply out."""

    def __init__(self, parts):
        self.parts = parts

    def __mul__(self, other):
        return Fork(["&&", self, other])

    def __add__(self, other):
        return Fork(["||", self, other])

    def outcomes(self):
        if self.parts == ["F"]:
            return [True, False]
        op, left, right = self.parts
        return [
            final for first in left.outcomes() for final in ([first] if first == (op == "||") else right.outcomes())
        ]


@settings(max_examples=60)
@given(EXPRESSIONS)
def test_short_circuits(expression):
    outcomes = leaves(expression)
    answer = solve(f'if ({expression}) printf("t"); else printf("f");').answer
    assert answer["processes"] == len(outcomes)
    assert answer["counts"].get("t", 0) == sum(outcomes)
    assert answer["counts"].get("f", 0) == len(outcomes) - sum(outcomes)


@given(st.integers(0, 7))
def test_loops_double(n):
    answer = solve(f'for (int i = 0; i < {n}; i++) {{ fork(); printf("x"); }}').answer
    assert answer["processes"] == 2**n
    assert answer["prints"] == sum(2 ** (k + 1) for k in range(n))
    assert answer["direct_children"] == n
    assert answer["depth"] == n + 1


PROGRAMS = [
    'fork(); printf("a\\n"); fork(); printf("b\\n");',
    'int pid = fork(); if (pid == 0) { printf("c\\n"); fork(); } else if (fork() && fork()) printf("p\\n");',
    'for (int i = 0; i < 3; i++) { if (fork() == 0) break; printf("x%d\\n", i); }',
    'int i = 0; while (i < 3) { i++; if (!fork()) { printf("k\\n"); if (i == 2) exit(0); } } printf("e\\n");',
    'printf("a"); fork(); printf("b"); fork();',
]


def as_python(code):
    """Hand-made translations of PROGRAMS for a Python that really forks."""
    return [
        'f(); p("a"); f(); p("b")',
        'pid = f()\nif pid == 0: p("c"); f()\nelif f() and f(): p("p")',
        'for i in range(3):\n  if f() == 0: break\n  p(f"x{i}")',
        'i = 0\nwhile i < 3:\n  i += 1\n  if not f():\n    p("k")\n    if i == 2: os._exit(0)\np("e")',
        'p("a"); f(); p("b"); f()',
    ][PROGRAMS.index(code)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("code", PROGRAMS)
def test_against_the_operating_system(code):
    script = (
        "import os\nf = os.fork\np = lambda t: os.write(1, (t + chr(10)).encode())\n"
        + as_python(code)
        + "\nos.write(2, b'.')\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    answer = solve(code).answer
    lines = ran.stdout.split()
    assert sorted(lines) == sorted(t.replace("\\n", "") for t, n in answer["counts"].items() for _ in range(n))
    exits = len(ran.stderr)
    assert exits <= answer["processes"]
    if "exit" not in code:
        assert exits == answer["processes"]


def test_buffered_output_is_inherited():
    assert solve('printf("a"); fork(); printf("b"); fork();', buffered=True).answer["counts"] == {"a": 4, "b": 4}
    assert solve('printf("a\\n"); fork();', buffered=True).answer["counts"] == {"a\\n": 1}


def test_golden_bryant_8_4():
    """Computer Systems 3e, §8.4.2: two forks in a row print hello four times; three, eight processes."""
    assert solve('int main() { fork(); fork(); printf("hello\\n"); exit(0); }').answer["prints"] == 4
    assert solve("fork(); fork(); fork();").answer["created"] == 7


@pytest.mark.parametrize(
    "code",
    [
        *("fork(", "x = y;", "exec();", "while (1) fork();", "while (1) ;", "@", "1 / 0;", "9" * 19 + ";"),
        *("(" * 900, "!" * 900, "{" * 900, "x = " * 900, "1" + "+1" * 900 + ";"),
        "int x = 2; while (1) x = x * x;",
    ],
)
def test_bad_programs(code):
    with pytest.raises(InputError):
        solve(code)
