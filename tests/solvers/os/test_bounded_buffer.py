"""Oracle: play the operations on counters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.bounded_buffer import solve


@given(st.integers(1, 20), st.lists(st.booleans(), max_size=60))
def test_against_played_operations(capacity, operations):
    empty, full, put, got = capacity, 0, 0, 0
    for wants_put in operations:
        if wants_put and empty:
            empty, full, put = empty - 1, full + 1, put + 1
        elif not wants_put and full:
            empty, full, got = empty + 1, full - 1, got + 1
    answer = solve(capacity, put, got).answer
    assert (answer["empty"], answer["full"]) == (empty, full)
    assert answer["initial"] == [capacity, 0, 1]


def test_bad_input():
    for args in ((3, 1, 2), (3, 9, 2)):
        with pytest.raises(InputError):
            solve(*args)
