"""Oracle: arithmetic on a dictionary of pages: frame × page size + address mod page size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.address_translation import CacheEntry, PageEntry, TlbEntry, solve

TABLE = st.dictionaries(st.integers(0, 63), st.tuples(st.integers(0, 31), st.integers(0, 1)), max_size=30)


@given(TABLE, st.integers(0, 63), st.integers(0, 255), st.sampled_from([1, 2, 4]), st.data())
def test_translation(table, page, offset, tlb_sets, data):
    pages = [PageEntry(p, f, v) for p, (f, v) in table.items()]
    cached = data.draw(st.sets(st.sampled_from(sorted(table)))) if table else set()
    tlb = [TlbEntry(p % tlb_sets, p // tlb_sets, *table[p]) for p in cached]
    address = page * 256 + offset
    answer = solve(address, 14, 13, "256B", pages, tlb, tlb_sets, [2, 4]).answer
    frame, valid = table.get(page, (0, 0))
    assert answer["page_fault"] == (not valid)
    assert int(answer["page"][:-1], 16) == page
    assert answer["level_indexes"] == list(divmod(page, 16))
    if tlb:
        assert answer["tlb_hit"] == (page in cached and bool(valid))
    if valid:
        assert int(answer["physical_address"][:-1], 16) == frame * 256 + offset
        assert answer["memory_accesses"] == (1 if page in cached else 3)


@given(st.integers(0, 2**13 - 1), st.data())
def test_cache_lookup(physical, data):
    pages = [PageEntry(f, f) for f in range(32)]  # the identity
    lines = [CacheEntry(s, data.draw(st.integers(0, 31)), data.draw(st.integers(0, 1))) for s in range(16)]
    answer = solve(physical, 13, 13, "256B", pages, cache_sets=16, block_size="16B", cache=lines).answer
    block = physical // 16
    line = lines[block % 16]
    assert answer["cache_set"] == block % 16
    assert answer["cache_tag"] == f"{block // 16:02X}H"
    assert answer["cache_hit"] == (line.valid == 1 and line.tag == block // 16)
    assert answer["memory_accesses"] == (1 if answer["cache_hit"] else 2)


def test_golden_408_2013():
    # 408, 2013: 32-bit virtual, 28-bit physical, 4KB pages, TLB fully associative; 03FFF180H: 0153180H
    tlb = [TlbEntry(0, 0x03FFF, 0x0153), TlbEntry(0, 0x00003, 0x0020, 0)]
    answer = solve(0x03FFF180, 32, 28, "4KB", [], tlb).answer
    assert (answer["tlb_hit"], answer["physical_address"]) == (True, "0153180H")


def test_refusals():
    with pytest.raises(InputError, match="虚拟地址"):
        solve(1 << 16, 16, 16, "4KB", [])
    with pytest.raises(InputError, match="之和"):
        solve(0, 16, 16, "4KB", [], level_bits=[2, 3])
    with pytest.raises(InputError, match="页框号"):
        solve(0, 16, 13, "4KB", [PageEntry(0, 2)])
