"""Oracle: count on the numbers 1..n with children 2i and 2i+1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.complete_tree import solve


def leaves(n):
    return [i for i in range(1, n + 1) if 2 * i > n]


def level(i):
    return 1 if i == 1 else 1 + level(i // 2)


@given(st.integers(1, 300), st.data())
def test_by_nodes(n, data):
    i = data.draw(st.integers(1, n))
    answer = solve(nodes=n, index=i).answer
    degrees = [(2 * k <= n) + (2 * k + 1 <= n) for k in range(1, n + 1)]
    assert [answer[k] for k in ("leaves", "degree_one", "degree_two")] == [degrees.count(d) for d in (0, 1, 2)]
    assert answer["height"] == level(n)
    assert answer["last_level"] == sum(level(k) == level(n) for k in range(1, n + 1))
    assert answer["children"] == [c for c in range(2, n + 1) if c // 2 == i]
    assert answer["parent"] == (None if i == 1 else i // 2)
    assert answer["level"] == level(i)


@given(st.integers(1, 60))
def test_by_leaves(count):
    fitting = [n for n in range(1, 200) if len(leaves(n)) == count]
    answer = solve(leaves=count).answer
    assert (answer["min_nodes"], answer["max_nodes"]) == (min(fitting), max(fitting))


@given(st.integers(1, 6), st.data())
def test_by_level(k, data):
    count = data.draw(st.integers(1, 2 ** (k - 1)))
    fitting = [n for n in range(1, 260) if sum(level(i) == k for i in leaves(n)) == count]
    answer = solve(level=k, level_leaves=count).answer
    assert (answer["min_nodes"], answer["max_nodes"]) == (min(fitting), max(fitting))


def test_golden_408_2009_and_2011():
    assert solve(level=6, level_leaves=8).answer["max_nodes"] == 111
    assert solve(nodes=768).answer["leaves"] == 384


@pytest.mark.parametrize(
    "args", [{}, {"nodes": 3, "leaves": 2}, {"level": 3}, {"level": 3, "level_leaves": 5}, {"nodes": 3, "index": 4}]
)
def test_refuses(args):
    with pytest.raises(InputError):
        solve(**args)
