"""Oracle: look every entry up and average the blocks read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.directory_search import solve


@given(st.integers(1, 30), st.sampled_from([16, 32, 64]), st.booleans())
def test_average_over_all_entries(blocks, entry, inode):
    per = 1024 // entry
    entries = blocks * per  # full blocks
    reads = [i // per + 1 + inode for i in range(entries)]
    found = solve(entries, entry, 1024, inode).answer
    assert found["average"] == Fraction(sum(reads), len(reads))
    assert (found["blocks"], found["most"]) == (blocks, max(reads))


def test_bad_input():
    with pytest.raises(InputError):
        solve(10, 2048, 1024)
