"""Oracle: cut and join bit strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.paging import solve


@given(st.integers(0, 2**16 - 1), st.integers(8, 14), st.lists(st.integers(-1, 255), min_size=1, max_size=40))
def test_against_bit_strings(address, bits, frames):
    text = f"{address:016b}"
    page, low = int(text[:-bits], 2), text[-bits:]
    answer = solve(address, 2**bits, frames).answer
    assert (answer["page"], answer["offset"]) == (page, int(low, 2))
    if page >= len(frames):
        assert answer["outcome"] == "越界"
    elif frames[page] == -1:
        assert answer["outcome"] == "缺页"
    else:
        assert answer["physical_address"] == int(f"{frames[page]:b}" + low, 2)
        assert answer["physical_hex"] == f"{answer['physical_address']:X}H"


def test_golden_408_2009():
    """统考 2009：页 4 KB，1565H 的页号为 1；页框 101H 时物理地址 101565H。"""
    answer = get_solver("os.paging")(address="1565H", page_size=4096, frames=[0x102, 0x101, 0x254]).answer
    assert answer["physical_hex"] == "101565H"


def test_bad_page_size():
    with pytest.raises(InputError):
        solve(5, 1000, [1])
