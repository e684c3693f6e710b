"""Oracle: explore every reachable allocation, one request at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.deadlock_bound import solve


def can_deadlock(needs, m):
    """Whether a state is reachable in which nothing is free and nobody has all it needs."""
    seen, todo = set(), [(0,) * len(needs)]
    while todo:
        held = todo.pop()
        if held in seen:
            continue
        seen.add(held)
        free = m - sum(held)
        if not free and all(h < k for h, k in zip(held, needs, strict=False)):
            return True
        for i, (h, k) in enumerate(zip(held, needs, strict=False)):
            after = 0 if h == k else h + 1 if free else None
            if after is not None:
                todo.append((*held[:i], after, *held[i + 1 :]))
    return False


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 4))
def test_different_needs(needs, more):
    m = max(needs) + more
    answer = solve(needs=needs, resources=m).answer
    assert answer["deadlock_free"] == (not can_deadlock(needs, m))


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 5))
def test_equal_needs(n, k, more):
    m = k + more
    assert solve(processes=n, need=k, resources=m).answer["deadlock_free"] == (not can_deadlock([k] * n, m))


@settings(deadline=None)
@given(st.integers(2, 4), st.integers(2, 5))
def test_the_bounds_are_sharp(k, m):
    if k <= m:
        n = solve(need=k, resources=m).answer["max_processes"]
        assert not can_deadlock([k] * n, m)
        assert can_deadlock([k] * (n + 1), m)


@settings(deadline=None)
@given(st.integers(2, 4), st.integers(1, 7))
def test_the_greatest_need_is_sharp(n, m):
    k = solve(processes=n, resources=m).answer["max_need"]
    assert not can_deadlock([k] * n, m)
    assert k + 1 > m or can_deadlock([k + 1] * n, m)


def test_golden_408():
    """统考 2009：8 台打印机、每个进程最多 3 台，可能死锁的进程数最小为 4；2014：需求 3、4、5，至少 10 台。"""
    assert solve(need=3, resources=8).answer["max_processes"] + 1 == 4
    assert solve(needs=[3, 4, 5]).answer["min_resources"] == 10


def test_bad_input():
    for args in ({"processes": 3}, {"need": 1, "resources": 5}, {"need": 6, "resources": 5}, {}):
        with pytest.raises(InputError):
            solve(**args)
