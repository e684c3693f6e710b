"""Oracle: a clock that ticks one unit at a time."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.multiprogramming import Program, solve

BURSTS = st.lists(st.tuples(st.sampled_from(["C", "D", "E"]), st.integers(1, 5)), min_size=1, max_size=6)
PROGRAMS = st.lists(st.tuples(BURSTS, st.integers(0, 8)), min_size=1, max_size=4)


def ticking(rows, policy):
    """Finish times; every tick moves each resource's holder on by one unit."""
    todo = [[[w, t] for w, t in bursts] for bursts, _ in rows]
    queues = {"C": [], "D": [], "E": []}
    finish, now = {}, 0
    entering = [i for i, (_, a) in enumerate(rows) if a == 0]
    while len(finish) < len(rows):
        for i in sorted(entering):
            queues[todo[i][0][0]].append(i)
        if policy == "PRIORITY_PREEMPTIVE":
            queues["C"].sort()
        elif policy == "PRIORITY" and queues["C"]:
            first = queues["C"][0]
            started = todo[first][0][1] < dict(enumerate(rows))[first][0][len(rows[first][0]) - len(todo[first])][1]
            queues["C"] = [first, *sorted(queues["C"][1:])] if started else sorted(queues["C"])
        entering = []
        now += 1
        for queue in queues.values():
            if queue:
                who = queue[0]
                todo[who][0][1] -= 1
                if todo[who][0][1] == 0:
                    queue.pop(0)
                    todo[who].pop(0)
                    if todo[who]:
                        entering.append(who)
                    else:
                        finish[f"P{who}"] = now
        entering += [i for i, (_, a) in enumerate(rows) if a == now]
    return finish


@settings(max_examples=80)
@given(PROGRAMS, st.sampled_from(["FCFS", "PRIORITY", "PRIORITY_PREEMPTIVE"]))
def test_against_a_ticking_clock(rows, policy):
    programs = [Program(f"P{i}", "-".join(f"{w}{t}" for w, t in b), a) for i, (b, a) in enumerate(rows)]
    assert solve(programs, policy).answer["finish"] == ticking(rows, policy)


def test_golden_408_2012():
    """统考 2012：P2 晚 5 ms 到达；P1 计算 60、I/O 80、计算 20，P2 计算 120、I/O 40、计算 40：260 ms。"""
    answer = get_solver("os.multiprogramming")(programs="P1:C60-IO80-C20, P2:C120-IO40-C40:5").answer
    assert answer["total_time"] == 260
    assert answer["serial_time"] == 360


def test_golden_408_2016():
    """统考 2016：3 个作业各输入 2、计算 3、输出 4 ms，输入、输出设备各 1 台：17 ms。"""
    rows = [Program(n, "输入2-计算3-输出4") for n in "ABC"]
    answer = solve(rows).answer
    assert answer["total_time"] == 17
    assert answer["cpu_utilization"] == Fraction(9, 17)
    assert answer["device_utilization"] == {"输入": Fraction(6, 17), "输出": Fraction(12, 17)}


def test_devices_with_digits():
    assert solve([Program("A", "C3-IO1=4-IO2=5")]).answer["total_time"] == 12


@pytest.mark.parametrize("bursts", ["", "C", "50", "C5-", "C0", "C5--C6"])
def test_bad_bursts(bursts):
    with pytest.raises(InputError):
        solve([Program("A", bursts)])
