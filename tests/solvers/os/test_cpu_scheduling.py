"""Oracle: a clock that ticks one unit at a time, with integer times."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.cpu_scheduling import Process, solve

JOBS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(1, 5)), min_size=1, max_size=6).map(
    lambda rows: [Process(f"P{i}", a, b, k) for i, (a, b, k) in enumerate(rows)]
)


def ticks(jobs, rank, preemptive):
    """The name that runs in each unit of time; `rank(job, now, left)` is least for the one to choose."""
    left = {j.name: j.burst for j in jobs}
    line, running = [], None
    while any(left.values()):
        now = len(line)
        ready = [j for j in jobs if j.arrival <= now and left[j.name]]
        if running and (not left[running.name] or preemptive):
            held = running if left[running.name] else None
            running = None
        else:
            held = running
        if running is None and ready:
            running = min(ready, key=lambda j: (rank(j, now, left[j.name]), j is not held, j.arrival))
        line.append(running.name if running else None)
        if running:
            left[running.name] -= 1
    return line


def finish_of(line):
    return {name: t + 1 for t, name in enumerate(line) if name}


RANKS = {
    "FCFS": (lambda j, now, left: j.arrival, False),
    "SJF": (lambda j, now, left: j.burst, False),
    "SRTF": (lambda j, now, left: left, True),
    "HRRN": (lambda j, now, left: -Fraction(now - j.arrival, j.burst), False),
    "PRIORITY": (lambda j, now, left: j.priority, False),
    "PRIORITY_PREEMPTIVE": (lambda j, now, left: j.priority, True),
}


@settings(max_examples=60)
@given(JOBS, st.sampled_from(sorted(RANKS)))
def test_against_a_ticking_clock(jobs, policy):
    rank, preemptive = RANKS[policy]
    assert solve(jobs, policy).answer["finish"] == finish_of(ticks(jobs, rank, preemptive))


@settings(max_examples=60)
@given(JOBS, st.integers(1, 4), st.sampled_from(["new_first", "preempted_first"]))
def test_round_robin_against_a_ticking_queue(jobs, quantum, tie):
    left = {j.name: j.burst for j in jobs}
    queue, used, now, finish = [], 0, 0, {}
    while any(left.values()):
        coming = [j.name for j in jobs if j.arrival == now]
        expired = []
        if queue and used == quantum:
            expired, used = [queue.pop(0)], 0
        queue += coming + expired if tie == "new_first" else expired + coming
        now += 1
        if queue:
            left[queue[0]] -= 1
            used += 1
            if not left[queue[0]]:
                finish[queue.pop(0)] = now
                used = 0
    assert solve(jobs, "RR", Fraction(quantum), rr_tie=tie).answer["finish"] == finish


@given(JOBS)
def test_srtf_has_the_least_mean_turnaround(jobs):
    best = solve(jobs, "SRTF").answer["average_turnaround"]
    for policy in ("FCFS", "SJF", "HRRN", "PRIORITY", "PRIORITY_PREEMPTIVE", "RR"):
        assert best <= solve(jobs, policy).answer["average_turnaround"]


@given(JOBS)
def test_a_long_quantum_is_fcfs(jobs):
    by_quantum, by_arrival = solve(jobs, "RR", Fraction(100)).answer, solve(jobs, "FCFS").answer
    assert by_quantum == by_arrival


@given(JOBS, st.sampled_from([*RANKS, "RR"]))
def test_the_times_agree(jobs, policy):
    answer = solve(jobs, policy).answer
    for j in jobs:
        assert answer["turnaround"][j.name] == answer["finish"][j.name] - j.arrival
        assert answer["waiting"][j.name] == answer["turnaround"][j.name] - j.burst >= answer["response"][j.name]
        assert answer["weighted"][j.name] * j.burst == answer["turnaround"][j.name]


def test_golden_408_2018_switch_overhead():
    """统考 2018：P1 等待 30、P2 等待 15、P3 等待 18，需 12、24、36 μs，切换 1 μs，优先权大者优先：75 μs。"""
    jobs = [Process("P1", 0, 12, 10), Process("P2", 15, 24, 30), Process("P3", 12, 36, 20)]
    answer = solve(jobs, "PRIORITY", priority_order="large_first", start=30, switch_time=1).answer
    assert answer["average_turnaround"] == 75
    assert answer["order"] == ["P2", "P3", "P1"]


def test_golden_silberschatz_5_3():
    fcfs = [Process("P1", 0, 24), Process("P2", 0, 3), Process("P3", 0, 3)]
    assert solve(fcfs, "FCFS").answer["average_waiting"] == 17
    assert solve(fcfs, "RR", Fraction(4)).answer["average_waiting"] == Fraction(17, 3)
    srtf = [Process("P1", 0, 8), Process("P2", 1, 4), Process("P3", 2, 9), Process("P4", 3, 5)]
    assert solve(srtf, "SRTF").answer["average_waiting"] == Fraction(13, 2)
    assert solve(srtf, "SJF").answer["average_waiting"] == Fraction(31, 4)
    ranked = [Process(f"P{i}", 0, b, k) for i, (b, k) in enumerate([(10, 3), (1, 1), (2, 4), (1, 5), (5, 2)])]
    assert solve(ranked, "PRIORITY").answer["average_waiting"] == Fraction(41, 5)


def test_text_rows_and_halves():
    solver = get_solver("os.cpu_scheduling")
    answer = solver(processes="A:8.0:2, B:8.5:0.5, C:9.0:0.1, D:9.5:0.2", policy="FCFS", start="8").answer
    assert answer["finish"]["D"] == Fraction("10.8")


def test_bad_input():
    for jobs in ([Process("A", 0, 0)], [Process("A", 0, 1), Process("A", 1, 1)]):
        with pytest.raises(InputError):
            solve(jobs)
    with pytest.raises(InputError):
        solve([Process("A", 0, 10**6)], "RR")
    with pytest.raises(InputError):
        solve([Process("A", 0, 1)], "RR", Fraction(0))
