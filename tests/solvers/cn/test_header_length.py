"""Oracle: a header built of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.header_length import solve


@given(st.integers(5, 15), st.integers(0, 1000))
def test_by_building_the_datagram(words, data):
    header = b"".join(bytes(4) for _ in range(words))
    answer = solve(words, len(header + bytes(data))).answer
    assert answer == {"header_bytes": len(header), "option_bytes": len(header[20:]), "data_bytes": data}


def test_shorter_than_its_header():
    with pytest.raises(InputError):
        solve(6, 20)
