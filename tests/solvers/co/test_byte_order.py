"""Oracle: int.to_bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.byte_order import solve


@given(st.integers(1, 8), st.sampled_from(["小端", "大端"]), st.integers(0, 60000), st.data())
def test_bytes(width, order, address, data):
    value = data.draw(st.integers(-(2 ** (8 * width - 1)), 2 ** (8 * width) - 1))
    asked = address + data.draw(st.integers(0, width - 1))
    raw = value.to_bytes(width, {"小端": "little", "大端": "big"}[order], signed=value < 0)
    answer = solve(value, width, address, order, asked).answer
    assert answer["memory"] == [f"{b:02X}H" for b in raw]
    assert answer["asked_byte"] == answer["memory"][asked - address]
    lsb = int(answer["lsb_address"][:-1], 16)
    assert raw[lsb - address] == value & 0xFF
    assert abs(lsb - int(answer["msb_address"][:-1], 16)) == width - 1


def test_golden():
    # 408, 2016 style: little endian, the lowest address holds the lowest byte
    assert solve(0xFFFF0001, 4, 0).answer["memory"] == ["01H", "00H", "FFH", "FFH"]


def test_refusals():
    with pytest.raises(InputError, match="放不下"):
        solve(256, 1)
    with pytest.raises(InputError, match="要查的地址"):
        solve(1, 4, 0, "小端", 4)
