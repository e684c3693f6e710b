"""Oracle: a sliding deque with counts."""

from collections import Counter, deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.working_set import solve

REFS = st.lists(st.integers(0, 6), min_size=1, max_size=40)


@given(REFS, st.integers(1, 12), st.data())
def test_against_a_sliding_window(refs, window, data):
    time = data.draw(st.integers(1, len(refs)))
    inside, counts, sizes, faults = deque(), Counter(), [], 0
    at_time = None
    for t, page in enumerate(refs, 1):
        faults += counts[page] == 0
        inside.append(page)
        counts[page] += 1
        if len(inside) > window:
            counts[inside.popleft()] -= 1
        present = sorted(p for p, c in counts.items() if c)
        sizes.append(len(present))
        if t == time:
            at_time = present
    answer = solve(refs, window, time).answer
    assert (answer["working_set"], answer["sizes"], answer["faults"]) == (at_time, sizes, faults)


def test_golden_silberschatz_10_6_2():
    """Figure 10.22: a window of 10 gives {1,2,5,6,7} and later {3,4}."""
    assert solve([2, 6, 1, 5, 7, 7, 7, 7, 5, 1], 10).answer["working_set"] == [1, 2, 5, 6, 7]
    assert solve([3, 4, 4, 4, 3, 4, 3, 4, 4, 4], 10).answer["working_set"] == [3, 4]


def test_bad_time():
    with pytest.raises(InputError):
        solve([1], 1, 2)
