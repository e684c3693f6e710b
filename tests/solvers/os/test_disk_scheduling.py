"""Oracle: a head that steps one track at a time, and a greedy search."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.disk_scheduling import solve

REQUESTS = st.lists(st.integers(0, 40), min_size=1, max_size=10)


def stepping(requests, head, policy, direction, last):
    """Order and way of the sweeping algorithms, track by track, and the way of returns apart."""
    left, order, way, back = sorted(requests), [], 0, 0
    step = 1 if direction == "up" else -1
    while True:
        while head in left:
            left.remove(head)
            order.append(head)
        if not left:
            return order, way, back
        more_ahead = any((r - head) * step > 0 for r in left)
        at_end = head == (last if step > 0 else 0)
        if more_ahead or (policy in ("SCAN", "C-SCAN") and not at_end):
            head += step
            way += 1
        elif policy in ("SCAN", "LOOK"):
            step = -step
        else:
            target = (0 if step > 0 else last) if policy == "C-SCAN" else (min(left) if step > 0 else max(left))
            back += abs(target - head)
            head = target


@settings(max_examples=120)
@given(
    REQUESTS,
    st.integers(0, 40),
    st.sampled_from(["SCAN", "LOOK", "C-SCAN", "C-LOOK"]),
    st.sampled_from(["up", "down"]),
    st.integers(40, 50),
)
def test_sweeps_against_a_stepping_head(requests, head, policy, direction, last):
    order, way, back = stepping(requests, head, policy, direction, last)
    answer = solve(requests, head, policy, direction, last).answer
    assert answer["order"] == order
    assert answer["total"] == way + back
    assert solve(requests, head, policy, direction, last, jump_counts=False).answer["total"] == way


@given(REQUESTS, st.integers(0, 40))
def test_sstf_always_takes_a_nearest(requests, head):
    left = list(requests)
    for r in solve(requests, head, "SSTF").answer["order"]:
        assert abs(r - head) == min(abs(x - head) for x in left)
        left.remove(r)
        head = r
    assert not left


@given(REQUESTS, st.integers(0, 40))
def test_fcfs_and_the_average(requests, head):
    answer = solve(requests, head).answer
    assert answer["order"] == requests
    assert answer["total"] == sum(abs(a - b) for a, b in zip([head, *requests], requests, strict=False))
    assert answer["average"] * len(requests) == answer["total"]


def test_golden_silberschatz_11_2():
    requests = "98, 183, 37, 122, 14, 124, 65, 67"
    expected = {
        ("FCFS", "up"): 640,
        ("SSTF", "up"): 236,
        ("SCAN", "down"): 236,
        ("LOOK", "down"): 208,
        ("C-SCAN", "up"): 382,
        ("C-LOOK", "up"): 322,
    }
    disk = get_solver("os.disk_scheduling")
    for (policy, direction), total in expected.items():
        assert disk(requests=requests, head=53, policy=policy, direction=direction).answer["total"] == total


def test_sstf_ties_and_time():
    assert solve([50, 70], 60, "SSTF", sstf_tie="low").answer["order"] == [50, 70]
    assert solve([50, 70], 60, "SSTF", "down").answer["order"] == [50, 70]
    assert solve([50, 70], 60, seek_per_cylinder=2).answer["seek_total"] == 60
    with pytest.raises(InputError):
        solve([200], 5)
