"""Oracle: stack distances for LRU, a search over all victims for OPT, second chance for CLOCK."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.page_replacement import Resident, solve

REFS = st.lists(st.integers(0, 6), min_size=1, max_size=30)


def stack_distance_faults(refs: list[int], frames: int) -> int:
    """LRU by Mattson's stack distances: a fault is a distance above the frame count."""
    return sum(
        1
        for i, page in enumerate(refs)
        if page not in refs[:i] or len(set(refs[i - refs[:i][::-1].index(page) : i])) >= frames
    )


def fewest_faults(refs: list[int], frames: int) -> int:
    """The optimum over every choice of victim, by breadth-first search over resident sets."""
    states = {frozenset(): 0}
    for page in refs:
        after: dict[frozenset[int], int] = {}
        for resident, cost in states.items():
            if page in resident:
                options = [(resident, cost)]
            elif len(resident) < frames:
                options = [(resident | {page}, cost + 1)]
            else:
                options = [((resident - {out}) | {page}, cost + 1) for out in resident]
            for state, c in options:
                after[state] = min(c, after.get(state, c))
        states = after
    return min(states.values())


def second_chance_victims(refs: list[int], frames: int) -> list[int]:
    """CLOCK as the second-chance FIFO queue, to which it is equivalent."""
    queue: list[list[int]] = []  # [page, bit], oldest first
    out = []
    for page in refs:
        entry = next((e for e in queue if e[0] == page), None)
        if entry:
            entry[1] = 1
            continue
        if len(queue) == frames:
            while queue[0][1]:
                queue.append([queue.pop(0)[0], 0])
            out.append(queue.pop(0)[0])
        queue.append([page, 1])
    return out


@given(REFS, st.integers(1, 5))
def test_lru_equals_stack_distances(refs, frames):
    assert solve(refs, frames, "LRU").answer["faults"] == stack_distance_faults(refs, frames)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=14), st.integers(1, 4), st.sampled_from(["a", "b"]))
def test_opt_is_optimal_whatever_the_tie(refs, frames, tie):
    how = {"a": "loaded_first", "b": "lowest_frame"}[tie]
    assert solve(refs, frames, "OPT", opt_tie=how).answer["faults"] == fewest_faults(refs, frames)


@given(REFS, st.integers(1, 5))
def test_clock_is_second_chance(refs, frames):
    assert solve(refs, frames, "CLOCK").answer["victims"] == second_chance_victims(refs, frames)


@given(REFS, st.integers(1, 5))
def test_enhanced_clock_without_access_bits_to_tell_apart_prefers_clean_pages(refs, frames):
    answer = solve(refs, frames, "ENHANCED_CLOCK", writes=list(range(1, len(refs) + 1))).answer
    assert answer["write_backs"] == answer["replacements"]
    plain = solve(refs, frames, "ENHANCED_CLOCK").answer
    assert plain["write_backs"] == 0


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=6),
    st.integers(0, 5),
)
def test_enhanced_clock_evicts_the_best_class_first_after_the_hand(bits, hand):
    hand %= len(bits)
    initial = [Resident(i, a, m) for i, (a, m) in enumerate(bits)]
    victim = solve([99], len(bits), "ENHANCED_CLOCK", initial=initial, hand=hand).answer["victims"]
    order = [(hand + i) % len(bits) for i in range(len(bits))]
    rank = {(0, 0): 0, (0, 1): 1, (1, 0): 2, (1, 1): 3}
    assert victim == [min(order, key=lambda i: rank[bits[i]])]


@given(REFS, st.integers(1, 5))
def test_more_frames_never_hurt_the_stack_algorithms(refs, frames):
    for policy in ("LRU", "OPT"):
        more, fewer = (solve(refs, n, policy).answer["faults"] for n in (frames + 1, frames))
        assert more <= fewer


@given(REFS, st.integers(1, 5), st.sampled_from(["OPT", "FIFO", "LRU", "CLOCK", "ENHANCED_CLOCK"]))
def test_the_counts_agree(refs, frames, policy):
    answer = solve(refs, frames, policy).answer
    assert answer["faults"] - answer["replacements"] == min(frames, len(set(refs)))
    assert answer["fault_rate"] * len(refs) == answer["faults"]
    assert refs[-1] in answer["final"]


def test_golden_silberschatz_10_4():
    refs = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]
    faults = {p: solve(refs, 3, p).answer["faults"] for p in ("FIFO", "OPT", "LRU")}
    assert faults == {"FIFO": 15, "OPT": 9, "LRU": 12}


def test_the_opt_tie_picks_the_frame():
    refs = [1, 2, 3, 1, 4, 2, 5]  # at 4 neither 1 nor 3 comes again; at 5 nothing does
    assert solve(refs, 3, "OPT").answer["victims"] == [1, 2]
    assert solve(refs, 3, "OPT", opt_tie="lowest_frame").answer["victims"] == [1, 4]


def test_rejects_what_is_out_of_range():
    with pytest.raises(InputError, match="写访问"):
        solve([1, 2], 2, writes=[3])
    with pytest.raises(InputError, match="重复"):
        solve([1], 3, initial=[Resident(1), Resident(1)])
    with pytest.raises(InputError, match="指针"):
        solve([1], 2, hand=2)
    with pytest.raises(InputError, match="页框数"):
        solve([1], 1, initial=[Resident(1), Resident(2)])


def test_rows_come_as_text():
    solution = get_solver("os.page_replacement")(refs="4", frames=2, policy="clock", initial="1:1, 2:0")
    assert solution.answer["victims"] == [2]
