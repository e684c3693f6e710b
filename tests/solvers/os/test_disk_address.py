"""Oracle: number the sectors one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.disk_address import solve


@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_against_counting(heads, sectors, data):
    places = [[c, h, s] for c in range(4) for h in range(heads) for s in range(sectors)]
    block = data.draw(st.integers(0, len(places) - 1))
    assert solve(heads, sectors, block=block).answer["place"] == places[block]
    c, h, s = places[block]
    assert solve(heads, sectors, cylinder=c, head=h, sector=s).answer["block"] == block


def test_bad_input():
    for args in ({}, {"cylinder": 1, "head": 1}, {"cylinder": 0, "head": 4, "sector": 0}):
        with pytest.raises(InputError):
            solve(4, 32, **args)
