"""Oracle: count addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.address_width import solve


@given(st.integers(1, 300), st.integers(0, 13), st.integers(1, 300))
def test_every_address_has_a_number(pages, k, frames):
    page = 2**k
    answer = solve(pages, page, frames).answer
    for count, bits in ((pages, answer["logical_bits"]), (frames, answer["physical_bits"])):
        assert 2**bits >= count * page
        assert bits == k or 2 ** (bits - 1) < count * page


def test_segments():
    answer = solve(address_bits=20, segment_bits=6).answer
    assert answer["segments"] * answer["segment_bytes"] == 2**20


def test_bad_input():
    for args in ({}, {"pages": 4}, {"address_bits": 8, "segment_bits": 8}):
        with pytest.raises(InputError):
            solve(**args)
