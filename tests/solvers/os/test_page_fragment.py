"""Oracle: hand out pages until the program fits."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.page_fragment import solve


@given(st.integers(0, 5000), st.integers(1, 700))
def test_pages_handed_out(length, page):
    room = count = 0
    while room < length:
        room, count = room + page, count + 1
    answer = solve(Fraction(length), Fraction(page)).answer
    assert (answer["pages"], answer["allocated"], answer["fragment"]) == (count, room, room - length)


def test_bad_input():
    with pytest.raises(InputError):
        solve(Fraction(1), Fraction(0))
