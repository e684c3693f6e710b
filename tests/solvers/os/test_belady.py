"""Oracle: FIFO as a bounded queue."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.belady import solve

REFS = st.lists(st.integers(0, 6), min_size=1, max_size=25)


def fifo(refs, frames):
    queue = deque(maxlen=frames)
    faults = 0
    for page in refs:
        if page not in queue:
            faults += 1
            queue.append(page)
    return faults


@given(REFS)
def test_fifo_faults(refs):
    answer = solve(refs, 1, 6).answer
    assert answer["faults"] == {str(n): fifo(refs, n) for n in range(1, 7)}
    assert answer["anomaly"] == any(fifo(refs, n + 1) > fifo(refs, n) for n in range(1, 6))


@given(REFS, st.sampled_from(["LRU", "OPT"]))
def test_stack_algorithms_never_show_it(refs, policy):
    assert solve(refs, 1, 6, policy).answer["anomalies"] == []


def test_golden_belady_1969():
    answer = solve([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5], 1, 5).answer
    assert answer["faults"] == {"1": 12, "2": 12, "3": 9, "4": 10, "5": 5}
    assert answer["anomalies"] == [4]


def test_needs_two_frame_counts():
    with pytest.raises(InputError):
        solve([1], 3, 3)
