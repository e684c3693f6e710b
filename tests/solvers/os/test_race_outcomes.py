"""Oracle: every merge of the steps' lists, executed by hand."""

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.race_outcomes import solve

ASSIGNMENT = st.tuples(st.sampled_from("xy"), st.sampled_from("xy"), st.sampled_from("+-*"), st.integers(1, 3))


def merges(a, b):
    if not a or not b:
        yield a + b
        return
    for rest in merges(a[1:], b):
        yield a[:1] + rest
    for rest in merges(a, b[1:]):
        yield b[:1] + rest


def every_outcome(first, second, split):
    def steps(who, body):
        out = []
        for target, source, op, n in body:
            load = (who, "load", source)
            store = (who, "store", target, op, n)
            out += [[load], [store]] if split else [[load, store]]
        return out

    results, count = set(), 0
    for order in merges(steps(0, first), steps(1, second)):
        count += 1
        memory, register = {"x": 1, "y": 2}, {}
        for who, kind, name, *rest in (s for group in order for s in group):
            if kind == "load":
                register[who] = memory[name]
            else:
                op, n = rest
                value = register[who]
                memory[name] = {"+": value + n, "-": value - n, "*": value * n}[op]
        results.add((memory["x"], memory["y"]))
    return results, count


@settings(max_examples=50, deadline=None)
@given(st.lists(ASSIGNMENT, min_size=1, max_size=3), st.lists(ASSIGNMENT, min_size=1, max_size=3), st.booleans())
def test_against_every_merge(first, second, split):
    bodies = [" ".join(f"{t} = {s} {op} {n};" for t, s, op, n in body) for body in (first, second)]
    program = f"int x = 1, y = 2; process A {{ {bodies[0]} }} process B {{ {bodies[1]} }}"
    answer = solve(program, "x", "register" if split else "statement").answer
    results, count = every_outcome(first, second, split)
    assert answer["outcomes"] == [f"x={x}，y={y}" for x, y in sorted(results)]
    assert answer["values"] == sorted({x for x, _ in results})
    assert answer["interleavings"] == count


def test_golden_408_2011():
    """统考 2011：x 初值 1，P1 加 1、P2 减 1，各为三条指令：可能为 0、1、2。"""
    program = """int x = 1;
    process P1 { R1 = x; R1 = R1 + 1; x = R1; }
    process P2 { R2 = x; R2 = R2 - 1; x = R2; }"""
    answer = solve(program).answer
    assert answer["values"] == [0, 1, 2]
    assert answer["interleavings"] == comb(6, 3)


def test_registers_of_the_program_and_of_the_solver_are_apart():
    program = "int x = 1, y = 5; process A { R1 = 7; y = x + R1; }"
    assert solve(program, "y").answer["values"] == [8]


def test_loops_lose_almost_everything():
    """Two processes that each add 1 n times end with anything from 2 to 2n (a classic puzzle)."""
    program = "int x = 0; process A * 2 { for (int i = 0; i < 4; i++) x++; }"
    assert solve(program).answer["values"] == list(range(2, 9))


def test_a_semaphore_makes_it_safe():
    program = "semaphore s = 1; int x = 0; process A * 3 { P(s); x++; V(s); }"
    assert solve(program).answer["values"] == [3]


def test_bad_input():
    for program, variable in (
        ("process A { }", None),
        ("int x = 0; process A { }", "y"),
        ("int x = 0; process A { while (1) x = 1; }", None),
    ):
        with pytest.raises(InputError):
            solve(program, variable)
