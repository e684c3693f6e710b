"""Oracle: every interleaving of pushes and pops, run on a real list."""

from itertools import permutations, product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.stack_permutations import solve


def outputs(pushes: str, capacity: int, max_run: int) -> dict[str, str]:
    """Every reachable output with its operations."""
    found = {}
    for ops in product("SX", repeat=2 * len(pushes)):
        stack, rest, out, run = [], list(pushes), "", 0
        for op in ops:
            if op == "S" and rest and len(stack) < capacity:
                stack.append(rest.pop(0))
                run = 0
            elif op == "X" and stack and run < max_run:
                out += stack.pop()
                run += 1
            else:
                break
        else:
            found[out] = "".join(ops)
    return found


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.data())
def test_decides_and_counts_like_brute_force(n, capacity, max_run, data):
    pushes = "abcde"[:n]
    possible = outputs(pushes, capacity, max_run)
    pops = "".join(data.draw(st.permutations(pushes)))
    prefix = pops[: data.draw(st.integers(0, n))]
    answer = solve([*pushes], [*pops], [*prefix], capacity, max_run).answer
    assert answer["valid"] == (pops in possible)
    assert answer["count"] == sum(o.startswith(prefix) for o in possible)
    if answer["valid"]:
        assert answer["operations"] == possible[pops]


@pytest.mark.parametrize("n", range(1, 7))
def test_valid_exactly_when_no_312_pattern(n):
    for pops in permutations(range(n)):
        bad = any(b < c < a for i, a in enumerate(pops) for j, b in enumerate(pops[i:], i) for c in pops[j:])
        assert solve([str(i) for i in range(n)], [str(i) for i in pops]).answer["valid"] != bad


@given(st.permutations("abcdef"))
def test_minimal_capacity_is_enough_and_needed(pops):
    answer = solve([*"abcdef"], pops).answer
    if answer["valid"]:
        depth = answer["min_capacity"]
        assert solve([*"abcdef"], pops, capacity=depth).answer["valid"]
        assert depth == 1 or not solve([*"abcdef"], pops, capacity=depth - 1).answer["valid"]


@given(st.integers(1, 20))
def test_catalan(n):
    assert solve([str(i) for i in range(n)]).answer["count"] == comb(2 * n, n) // (n + 1)


def test_golden_408_2009_capacity():
    # a..g pass through a stack and leave in the order b d c f e a g: capacity at least 3
    assert solve(["abcdefg"], ["bdcfeag"]).answer["min_capacity"] == 3


def test_golden_408_2011_begin_with_d():
    assert solve(["abcde"], prefix=["d"]).answer["count"] == 4


def test_golden_408_2010_no_three_pops_in_a_row():
    valid = [p for p in ("dcebfa", "cbdaef", "bcaefd", "afedcb") if solve(["abcdef"], [p], max_run=2).answer["valid"]]
    assert valid == ["dcebfa", "cbdaef", "bcaefd"]


@pytest.mark.parametrize(("pushes", "pops"), [(["aab"], ["aab"]), (["abc"], ["abd"])])
def test_refuses_what_is_no_permutation(pushes, pops):
    with pytest.raises(InputError):
        solve(pushes, pops)
