"""Oracle: the fields cut out of the bit string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.page_walk import solve


@given(st.lists(st.integers(1, 12), max_size=4), st.integers(1, 14), st.data())
def test_against_the_bit_string(levels, offset_bits, data):
    width = (sum(levels) or 16) + offset_bits
    address = data.draw(st.integers(0, 2**width - 1))
    bits = f"{address:0{width}b}"
    fields, at = [], 0
    for n in levels or [16]:
        fields.append(int(bits[at : at + n], 2))
        at += n
    answer = solve(address, offset_bits, levels, base=4096, frame=5).answer
    assert answer["indexes"] == fields
    assert answer["offset"] == int(bits[at:], 2)
    assert answer["entry_address"] == 4096 + 4 * fields[0]
    assert answer["physical_address"] == int("101" + bits[at:], 2)
    assert int(answer["physical_hex"][:-1], 16) == answer["physical_address"]


def test_bad_input():
    with pytest.raises(InputError):
        solve(2**20, 12, [4, 3])
