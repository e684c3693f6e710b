"""Oracles: textbook programs with known faults, and an explorer of its own for straight-line programs."""

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.pv_checker import BUFFER, CROSSED, solve


@st.composite
def straight_lines(draw):
    names = "abc"[: draw(st.integers(1, 3))]
    initial = {n: draw(st.integers(0, 2)) for n in names}
    step = st.tuples(st.sampled_from("PV"), st.sampled_from(names))
    return initial, draw(st.lists(st.lists(step, max_size=4), min_size=1, max_size=3))


def shallowest_deadlock(initial, processes):
    """Breadth-first over program counters and values, where a P without a unit is not taken at all.

    A process that can't go on has still to block, which is one step more of the checker's."""
    start = (tuple(0 for _ in processes), tuple(sorted(initial.items())))
    seen, todo, depths = {start}, deque([(start, 0)]), []
    while todo:
        (pcs, values), depth = todo.popleft()
        value = dict(values)
        after = []
        for i, body in enumerate(processes):
            if pcs[i] < len(body):
                op, name = body[pcs[i]]
                if op == "V" or value[name]:
                    changed = {**value, name: value[name] + (1 if op == "V" else -1)}
                    after.append(((*pcs[:i], pcs[i] + 1, *pcs[i + 1 :]), tuple(sorted(changed.items()))))
        waiting = sum(pc < len(body) for pc, body in zip(pcs, processes, strict=True))
        if not after and waiting:
            depths.append(depth + waiting)
        for state in after:
            if state not in seen:
                seen.add(state)
                todo.append((state, depth + 1))
    return min(depths, default=None)


def source_of(initial, processes):
    head = "semaphore " + ", ".join(f"{n} = {v}" for n, v in initial.items()) + ";\n"
    bodies = ["".join(f"{op}({n}); " for op, n in body) for body in processes]
    return head + "\n".join(f"process P{i} {{ {b} }}" for i, b in enumerate(bodies))


@settings(max_examples=60, deadline=None)
@given(straight_lines(), st.sampled_from(["fifo", "any"]))
def test_deadlocks_of_straight_line_programs(program, wakeup):
    answer = solve(source_of(*program), wakeup=wakeup).answer
    depth = shallowest_deadlock(*program)
    assert answer["deadlock"] == (depth is not None)
    if depth is not None:
        assert len(answer["deadlock_trace"]) == depth
        replay(program, answer["deadlock_trace"])


def replay(program, trace):
    """Run the trace by hand and see that it ends with everybody blocked or done."""
    initial, processes = program
    value, done, blocked = dict(initial), [0] * len(processes), {}
    for line in trace:
        who = int(line[1 : line.index(":")])
        assert who not in blocked
        op, name = processes[who][done[who]]
        assert line.split(": ")[1].startswith(f"{op}({name})")
        if op == "V":
            woken = next((p for p, n in blocked.items() if n == name), None)
            if "唤醒" in line:
                woken = int(line.split("唤醒 P")[1])
                assert blocked.pop(woken) == name
                done[woken] += 1
            else:
                assert woken is None
                value[name] += 1
            done[who] += 1
        elif value[name]:
            value[name] -= 1
            done[who] += 1
        else:
            blocked[who] = name
    assert all(i in blocked or d == len(processes[i]) for i, d in enumerate(done))
    assert blocked


def philosophers(n, last_swapped=False, limited=False):
    lines = [f"semaphore {', '.join(f'c{i} = 1' for i in range(n))}, room = {n - 1};"]
    for i in range(n):
        left, right = f"c{i}", f"c{(i + 1) % n}"
        if last_swapped and i == n - 1:
            left, right = right, left
        body = f"P({left}); P({right}); 吃; V({left}); V({right});"
        body = f"P(room); {body} V(room);" if limited else body
        lines.append(f"process H{i} {{ while (1) {{ {body} }} }}")
    return "\n".join(lines)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_philosophers(n):
    answer = solve(philosophers(n)).answer
    assert answer["deadlock"] is True
    assert answer["deadlocked"] == [f"H{i}" for i in range(n)]
    assert len(answer["deadlock_trace"]) == 2 * n  # each takes the left one, then blocks on the right one
    for cure in ({"last_swapped": True}, {"limited": True}):
        assert solve(philosophers(n, **cure)).answer["deadlock"] is False


def test_producer_and_consumer():
    answer = solve(BUFFER, "in(buffer) <= 1; count >= 0 && count <= 2; mutex <= 1").answer
    assert answer["correct"] is True
    assert answer["violations"] == []
    assert answer["ranges"]["count"] == [0, 2]
    swapped = BUFFER.replace("P(empty); P(mutex)", "P(mutex); P(empty)")
    assert solve(swapped).answer["deadlock"] is True
    unguarded = BUFFER.replace("P(mutex); ", "").replace("V(mutex); ", "")
    assert solve(unguarded, "in(buffer) <= 1").answer["violations"] == ["in(buffer)<=1"]


READERS = """semaphore rw = 1, mutex = 1{extra};
int count = 0;
process Reader * 2 {{ while (1) {{
    {enter} P(mutex); if (count == 0) P(rw); count++; V(mutex); {leave}
    section reading {{ 读; }}
    P(mutex); count--; if (count == 0) V(rw); V(mutex); }} }}
process Writer {{ while (1) {{ {enter} P(rw); section writing {{ 写; }} V(rw); {leave} }} }}"""


def test_readers_and_writers():
    exclusive = "in(writing) <= 1; in(writing) == 0 || in(reading) == 0"
    favour_readers = solve(READERS.format(extra="", enter="", leave=""), exclusive).answer
    assert favour_readers["violations"] == []
    assert favour_readers["starvation"] == ["Writer"]
    assert favour_readers["deadlock"] is False
    fair = solve(READERS.format(extra=", w = 1", enter="P(w);", leave="V(w);"), exclusive).answer
    assert fair["starvation"] == []
    assert fair["correct"] is True


def test_wakeup_order_decides_starvation():
    three = "semaphore s = 1; process A * 3 { while (1) { P(s); V(s); } }"
    assert solve(three).answer["starvation"] == []
    assert solve(three, wakeup="any").answer["starvation"] == ["A1", "A2", "A3"]


PETERSON = """int flag0 = 0, flag1 = 0, turn = 0;
process P0 {{ while (1) {{ flag0 = 1; {set0} await(!flag1 || turn == 0); section cs {{ 用; }} flag0 = 0; }} }}
process P1 {{ while (1) {{ flag1 = 1; {set1} await(!flag0 || turn == 1); section cs {{ 用; }} flag1 = 0; }} }}"""


def test_peterson():
    right = solve(PETERSON.format(set0="turn = 1;", set1="turn = 0;"), "in(cs) <= 1").answer
    assert right["correct"] is True
    wrong = solve(PETERSON.format(set0="turn = 0;", set1="turn = 1;"), "in(cs) <= 1").answer
    assert wrong["violations"] == ["in(cs)<=1"]


def test_check_then_act_is_caught_with_its_shortest_trace():
    program = "int lock = 0; process A * 2 { while (lock == 1) ; lock = 1; section cs { 用; } lock = 0; }"
    answer = solve(program, "in(cs) <= 1").answer
    assert answer["violations"] == ["in(cs)<=1"]
    assert len(answer["violation_trace"]) == 6  # two tests, two assignments, two entries


def test_one_process_stuck_while_another_goes_on():
    for busy in ("{ 忙; }", ";"):
        program = f"semaphore s = 0; process A {{ P(s); }} process B {{ while (1) {busy} }}"
        answer = solve(program).answer
        assert (answer["deadlock"], answer["stuck"], answer["starvation"]) == (False, ["A"], ["A"])


def test_crossed_semaphores():
    answer = solve(CROSSED).answer
    assert answer["stuck"] == ["P1", "P2"]
    assert answer["ranges"] == {"a": [-1, 1], "b": [-1, 1]}


@pytest.mark.parametrize(
    "program",
    [
        "semaphore s = 1;",
        "process A { P(s); }",
        "process A { x = y; }",
        "process A * 11 { }",
        "process A { } process A { }",
        "semaphore s = -1; process A { }",
        "process A { break; }",
        "process A { P(s) }",
        "int x = 0; process A { while (1) x++; }",
        "int x = 0; process A { int x = 1; }",
        "x = 1; process A { }",
        "process A { " + "(" * 500,
    ],
)
def test_bad_programs(program):
    with pytest.raises(InputError):
        solve(program)


def test_bad_invariants_and_limits():
    for bad in ("z > 0", "in(nowhere) <= 1", "1 +"):
        with pytest.raises(InputError):
            solve("process A { }", bad)
    with pytest.raises(InputError, match="上限"):
        solve(philosophers(4), max_states=50)
