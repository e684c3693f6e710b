"""Oracle: try every code of the field and read it with int.from_bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.relative_jump import solve


def targets(address: int, size: int, unit: int) -> dict[int, int]:
    """Where each 8-bit code leads."""
    return {c: address + size + unit * int.from_bytes([c], "big", signed=True) for c in range(256)}


@given(st.integers(2000, 40000), st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 4]), st.integers(0, 255))
def test_every_code(address, size, unit, code):
    reach = targets(address, size, unit)
    answer = solve(address, size, 8, code, offset_unit=unit).answer
    assert answer["target"] == f"{reach[code]:04X}H"
    assert answer["lowest"] == f"{min(reach.values()):04X}H"
    assert answer["highest"] == f"{max(reach.values()):04X}H"
    assert answer["span"] == [min(reach.values()) - address, max(reach.values()) - address]
    back = solve(address, size, 8, target=reach[code], offset_unit=unit).answer
    assert back["offset_code"] == f"{code:02X}H"


def test_golden_408_2009():
    # 408, 2009: at 2000H, two bytes, offset 06H: target 2008H
    assert solve(0x2000, 2, 8, 0x06).answer["target"] == "2008H"


def test_refusals():
    with pytest.raises(InputError, match="二选一"):
        solve(100, 2, 8, 5, 107)
    with pytest.raises(InputError, match="太远"):
        solve(100, 2, 8, target=1000)
    with pytest.raises(InputError, match="倍数"):
        solve(100, 4, 8, target=107, offset_unit=4)
