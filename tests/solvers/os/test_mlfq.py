"""Oracle: a clock that ticks one unit at a time over lists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.cpu_scheduling import solve as schedule
from assistant408.solvers.os.mlfq import Process, solve

JOBS = st.lists(st.tuples(st.integers(0, 10), st.integers(1, 8)), min_size=1, max_size=5).map(
    lambda rows: [Process(f"P{i}", a, b) for i, (a, b) in enumerate(rows)]
)
QUANTA = st.lists(st.integers(1, 4), min_size=1, max_size=3)


def ticking(jobs, quanta, preemptive, place):
    left = {j.name: j.burst for j in jobs}
    queues = [[] for _ in quanta]
    now, running, level, budget, finish, saved = 0, None, 0, 0, {}, {}
    while any(left.values()):
        queues[0] += [j.name for j in jobs if j.arrival == now]
        if running and budget == 0:
            level = min(level + 1, len(quanta) - 1)
            queues[level].append(running)
            running = None
        elif running and preemptive and level and queues[0]:
            if place == "tail":
                queues[level].append(running)
            else:
                queues[level].insert(0, running)
                saved[running] = budget
            running = None
        if running is None and any(queues):
            level = next(i for i, q in enumerate(queues) if q)
            running = queues[level].pop(0)
            budget = saved.pop(running, quanta[level])
        now += 1
        if running:
            left[running] -= 1
            budget -= 1
            if not left[running]:
                finish[running] = now
                running = None
    return finish


@settings(max_examples=80)
@given(JOBS, QUANTA, st.booleans(), st.sampled_from(["tail", "head"]))
def test_against_a_ticking_clock(jobs, quanta, preemptive, place):
    assert solve(jobs, quanta, preemptive, place).answer["finish"] == ticking(jobs, quanta, preemptive, place)


@given(JOBS, st.integers(1, 4))
def test_one_queue_is_round_robin(jobs, quantum):
    one = solve(jobs, [quantum]).answer
    assert one["finish"] == schedule(jobs, "RR", quantum).answer["finish"]


@given(JOBS)
def test_one_fcfs_queue_is_fcfs(jobs):
    assert solve(jobs, [1], last_fcfs=True).answer["finish"] == schedule(jobs, "FCFS").answer["finish"]


def test_where_the_preempted_goes():
    jobs = [Process("A", 0, 6), Process("B", 0, 6), Process("C", 3, 1)]
    assert solve(jobs, [1, 2, 4]).answer["order"] == ["A", "B", "A", "C", "B", "A", "B", "A"]
    assert solve(jobs, [1, 2, 4], preempted_to="head").answer["order"] == ["A", "B", "A", "C", "A", "B", "A", "B"]


def test_bad_quanta():
    with pytest.raises(InputError):
        solve([Process("A", 0, 1)], [0])
