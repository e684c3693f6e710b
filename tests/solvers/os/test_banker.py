"""Oracle: try every permutation."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.banker import mistakes, solve


@st.composite
def states(draw):
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    rows = st.lists(st.lists(st.integers(0, 4), min_size=m, max_size=m), min_size=n, max_size=n)
    return draw(rows), draw(rows), draw(st.lists(st.integers(0, 4), min_size=m, max_size=m))


def every_safe_order(allocation, need, available):
    out = []
    for order in permutations(range(len(need))):
        work = list(available)
        for i in order:
            if any(n > w for n, w in zip(need[i], work, strict=False)):
                break
            work = [w + a for w, a in zip(work, allocation[i], strict=False)]
        else:
            out.append("→".join(f"P{i}" for i in order))
    return out


@settings(max_examples=60)
@given(states())
def test_all_safe_sequences(state):
    allocation, need, available = state
    expected = every_safe_order(allocation, need, available)
    answer = solve(allocation, need=need, available=available).answer
    assert answer["safe"] == bool(expected)
    assert answer["count"] == len(expected)
    assert answer.get("sequences", []) == expected
    assert answer.get("sequence") == (expected[0] if expected else None)


@settings(max_examples=60)
@given(states(), st.data())
def test_requests(state, data):
    allocation, need, available = state
    who = data.draw(st.integers(0, len(need) - 1))
    request = data.draw(st.lists(st.integers(0, 3), min_size=len(available), max_size=len(available)))
    granted = all(r <= n and r <= f for r, n, f in zip(request, need[who], available, strict=False))
    if granted:
        after_a, after_n = [list(r) for r in allocation], [list(r) for r in need]
        after_a[who] = [a + r for a, r in zip(allocation[who], request, strict=False)]
        after_n[who] = [n - r for n, r in zip(need[who], request, strict=False)]
        free = [f - r for f, r in zip(available, request, strict=False)]
        granted = bool(every_safe_order(after_a, after_n, free))
    answer = solve(allocation, need=need, available=available, process=who, request=request).answer
    assert answer["granted"] == granted


def test_golden_silberschatz_8_6_3():
    allocation = [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]]
    maximum = [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]]
    state = {"allocation": allocation, "maximum": maximum, "total": [10, 5, 7]}
    answer = solve(**state).answer
    assert answer["available"] == [3, 3, 2]
    assert "P1→P3→P4→P2→P0" in answer["sequences"]
    assert solve(**state, process=1, request=[1, 0, 2]).answer["granted"] is True
    after = {"allocation": [[0, 1, 0], [3, 0, 2], *allocation[2:]], "maximum": maximum, "available": [2, 3, 0]}
    assert solve(**after, process=4, request=[3, 3, 0]).answer["granted"] is False
    assert solve(**after, process=0, request=[0, 2, 0]).answer["granted"] is False


@given(states())
def test_wrong_sequences_are_unsafe(state):
    allocation, need, available = state
    right = every_safe_order(allocation, need, available)
    found = mistakes(allocation, None, need, available, None, None, None, 0)
    assert not {m.gives["sequence"] for m in found if "sequence" in m.gives} & set(right)


def test_ten_processes_are_counted_and_not_listed():
    answer = solve([[1]] * 10, need=[[0]] * 10, available=[0]).answer
    assert answer["count"] == 3628800
    assert "sequences" not in answer


def test_text_and_bad_input():
    banker = get_solver("os.banker")
    assert banker(allocation="1 0; 0 1", maximum="1 1; 1 2", available="0 1", first_index=1).answer["safe"]
    for args in (
        {"allocation": "1 0; 0", "maximum": "1 1; 1 2", "available": "0 1"},
        {"allocation": "1 0", "maximum": "0 0", "available": "0 1"},
        {"allocation": "1 0", "maximum": "1 0", "available": "0"},
        {"allocation": "1 0", "maximum": "1 0", "total": "0 0"},
        {"allocation": "1 0", "maximum": "1 0"},
        {"allocation": "1 0", "available": "1 0"},
        {"allocation": "1 0", "need": "1 0", "available": "1 0", "process": 1, "request": "0 0"},
        {"allocation": "1 0", "need": "1 0", "available": "1 0", "request": "0 0"},
    ):
        with pytest.raises(InputError):
            banker(**args)
