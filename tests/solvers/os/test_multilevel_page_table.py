"""Oracle: build tables upward until one page holds the top one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.multilevel_page_table import solve


@given(st.integers(17, 48), st.integers(8, 16), st.sampled_from([1, 2, 4, 8]))
def test_levels_by_building_upward(bits, k, entry):
    per_page = 2**k // entry
    entries, counts = 2 ** (bits - k), []
    while True:
        counts.insert(0, -(-entries // per_page))
        if counts[0] == 1:
            break
        entries = counts[0]
    answer = solve(bits, 2**k, entry).answer
    assert answer["levels"] == len(counts)
    assert answer["tables_per_level"] == counts
    assert answer["top_entries"] == entries
    assert sum(answer["level_bits"]) + answer["offset_bits"] == bits
    assert answer["single_level_bytes"] == 2 ** (bits - k) * entry


@given(st.integers(1, 2**20))
def test_used_pages_by_sets_of_prefixes(used):
    last = used - 1
    answer = solve(32, 4096, 4, used_pages=used).answer
    assert answer["tables_per_level"] == [1, (last >> 10) + 1]


def test_golden():
    """统考 2010：页 2^10 B，页表项 2 B，2^16 页，页目录 128 项；32 位 x86 为 10+10+12。"""
    assert solve(26, 2**10, 2).answer["top_entries"] == 128
    assert solve(32, 4096, 4).answer["level_bits"] == [10, 10]
    assert solve(32, 4096, 4).answer["single_level_bytes"] == 4 * 2**20
    assert solve(48, 4096, 8).answer["level_bits"] == [9, 9, 9, 9]  # x86-64


def test_bad_input():
    for args in ((32, 1000, 4), (10, 1024, 4), (32, 4, 4)):
        with pytest.raises(InputError):
            solve(*args)
    with pytest.raises(InputError):
        solve(12, 1024, 4, used_pages=5)
