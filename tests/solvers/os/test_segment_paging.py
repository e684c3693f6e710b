"""Oracle: cut and join bit strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.segment_paging import solve

TABLES = st.lists(st.lists(st.integers(-1, 63), min_size=0, max_size=8), min_size=1, max_size=4)


@given(TABLES, st.integers(0, 2**14 - 1))
def test_both_forms_of_the_address(tables, address):
    text = f"{address:014b}"  # 3 bits of segment, 3 of page, 8 of offset
    segment, page, offset = int(text[:3], 2), int(text[3:6], 2), int(text[6:], 2)
    answer = solve(tables, 256, address=address, page_bits=3).answer
    assert answer == solve(tables, 256, segment, int(text[3:], 2)).answer
    assert [answer[k] for k in ("segment", "page", "offset")] == [segment, page, offset]
    if segment >= len(tables):
        assert answer["outcome"] == "段号越界"
    elif page >= len(tables[segment]):
        assert answer["outcome"] == "页号越界"
    elif tables[segment][page] < 0:
        assert answer["outcome"] == "缺页"
    else:
        assert answer["physical_address"] == int(f"{tables[segment][page]:06b}" + text[6:], 2)
        assert answer["memory_accesses"] == 3


def test_tlb_and_bad_input():
    assert solve([[1]], 256, 0, 0, tlb_hit=True).answer["memory_accesses"] == 1
    for args in (
        {"page_size": 100, "segment": 0, "offset": 0},
        {"page_size": 256},
        {"page_size": 256, "segment": 0},
        {"page_size": 256, "address": 5},
        {"page_size": 256, "segment": 0, "address": 5, "page_bits": 2},
    ):
        with pytest.raises(InputError):
            solve([[1]], **args)
