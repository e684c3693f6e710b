"""Oracle: processes in a queue."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.semaphore_count import solve


@given(st.integers(0, 4), st.lists(st.sampled_from("PV"), min_size=1, max_size=30))
def test_against_a_queue_of_processes(initial, operations):
    free, queue, blocked = initial, deque(), 0
    for i, op in enumerate(operations):
        if op == "P" and free:
            free -= 1
        elif op == "P":
            queue.append(i)
            blocked += 1
        elif queue:
            queue.popleft()
        else:
            free += 1
    answer = solve(initial, operations="".join(operations)).answer
    assert (answer["available"], answer["waiting"], answer["blocked"]) == (free, len(queue), blocked)
    assert answer["value"] == free - len(queue)
    again = solve(current=answer["value"], operations="".join(operations)).answer
    assert again["initial_value"] == initial


@given(st.integers(1, 5), st.integers(1, 6))
def test_the_range_is_reached(initial, processes):
    answer = solve(initial, p_count=0, processes=processes).answer
    assert answer["lowest"] == solve(initial, p_count=processes).answer["value"]
    assert answer["most_waiting"] == solve(initial, p_count=processes).answer["waiting"]


def test_golden_408_2010():
    """统考 2010：信号量初值 3，当前值 1：可用资源 1，等待 0。"""
    answer = solve(3, 2, 0).answer
    assert (answer["value"], answer["available"], answer["waiting"]) == (1, 1, 0)


def test_bad_input():
    for args in ({}, {"initial": 1, "current": 1}, {"current": -1}):
        with pytest.raises(InputError):
            solve(**args)
