"""Oracle: the halves of the aligned block of twice the size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.buddy_address import solve


@given(st.integers(0, 20), st.integers(0, 1000))
def test_the_two_halves_of_the_parent(k, n):
    size = 2**k
    address = n * size
    parent = address // (2 * size) * (2 * size)
    answer = solve(address, size).answer
    assert {address, answer["buddy"]} == {parent, parent + size}
    assert answer["merged"] == parent
    assert solve(answer["buddy"], size).answer["buddy"] == address
    assert int(answer["buddy_hex"][:-1], 16) == answer["buddy"]


def test_bad_input():
    for address, size in ((3, 3), (3, 2)):
        with pytest.raises(InputError):
            solve(address, size)
