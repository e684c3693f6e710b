"""Oracle: memory as a list of cells, searched cell by cell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.dynamic_partition import Event, Hole, solve


def runs(cells):
    """The maximal runs of free cells, as (start, size)."""
    out, i = [], 0
    while i < len(cells):
        j = i
        while j < len(cells) and cells[j] == "":
            j += 1
        if j > i:
            out.append((i, j - i))
        i = max(j, i + 1)
    return out


def by_cells(cells, events, policy, nf_start):
    pointer, placed = 0, {}
    for name, size in events:
        if not size:
            cells = ["" if c == name else c for c in cells]
            continue
        fits = [r for r in runs(cells) if r[1] >= size]
        if not fits:
            continue
        if policy == "BF":
            start, length = sorted(fits, key=lambda r: r[1])[0]
        elif policy == "WF":
            start, length = sorted(fits, key=lambda r: -r[1])[0]
        elif policy == "NF":
            start, length = ([r for r in fits if r[0] >= pointer] + fits)[0]
        else:
            start, length = fits[0]
        pointer = start + (length if nf_start == "next_hole" else size)
        placed[name] = start
        cells[start : start + size] = [name] * size
    return placed, runs(cells)


@st.composite
def histories(draw):
    holes, at = [], 0
    for _ in range(draw(st.integers(1, 4))):
        at += draw(st.integers(1, 3))
        size = draw(st.integers(1, 12))
        holes.append((at, size))
        at += size
    events, held = [], []
    for i in range(draw(st.integers(1, 12))):
        if held and draw(st.booleans()):
            events.append((held.pop(draw(st.integers(0, len(held) - 1))), 0))
        else:
            events.append((f"J{i}", draw(st.integers(1, 8))))
            held.append(f"J{i}")
    return holes, events


@settings(max_examples=100)
@given(histories(), st.sampled_from(["FF", "NF", "BF", "WF"]), st.sampled_from(["next_hole", "remainder"]))
def test_against_cells(history, policy, nf_start):
    holes, events = history
    cells = ["#"] * (holes[-1][0] + holes[-1][1])
    for start, size in holes:
        cells[start : start + size] = [""] * size
    placed, left = by_cells(cells, events, policy, nf_start)
    events = [e for e in events if e[1] or e[0] in placed]
    answer = solve([Hole(*h) for h in holes], [Event(*e) for e in events], policy, nf_start).answer
    assert answer["addresses"] == placed
    assert answer["holes"] == [list(r) for r in left]
    assert answer["largest_hole"] == max((s for _, s in left), default=0)
    assert answer["failed"] == [n for n, s in events if s and n not in placed]


def test_golden_408_2010():
    """统考 2010：55 MB，最佳适应；分配 15、30，释放 15，分配 8、6，最大空闲分区 9 MB。"""
    events = "A:15, B:30, A:0, C:8, D:6"
    answer = get_solver("os.dynamic_partition")(holes="0:55", events=events, policy="BF").answer
    assert answer["largest_hole"] == 9
    assert answer["addresses"] == {"A": 0, "B": 15, "C": 45, "D": 0}


def test_golden_fits_differ():
    """Silberschatz 9.3 style: 212, 417, 112, 426 into 100, 500, 200, 300, 600."""
    holes = [Hole(a, s) for a, s in [(0, 100), (200, 500), (1000, 200), (1500, 300), (2000, 600)]]
    events = [Event(n, s) for n, s in [("A", 212), ("B", 417), ("C", 112), ("D", 426)]]
    assert solve(holes, events, "FF").answer["failed"] == ["D"]
    assert solve(holes, events, "BF").answer["failed"] == []
    assert solve(holes, events, "WF").answer["failed"] == ["D"]


def test_bad_input():
    for holes, events in (
        ([Hole(0, 5), Hole(4, 5)], [Event("A", 1)]),
        ([Hole(0, 5)], [Event("A")]),
        ([Hole(0, 5)], [Event("A", 1), Event("A", 1)]),
    ):
        with pytest.raises(InputError):
            solve(holes, events)
