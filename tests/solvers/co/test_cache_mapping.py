"""Oracle: slices of the address's bit string, and a census of the lines that can hold a block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cache_mapping import solve


@given(st.integers(0, 7), st.integers(0, 6), st.integers(0, 5), st.integers(0, 12), st.data())
def test_fields_are_slices_of_the_address(offset, index, way, tag, data):
    bits = max(2, offset + index + tag)
    tag = bits - offset - index
    address = data.draw(st.integers(0, 2**bits - 1))
    cache, block = 2 ** (offset + index + way), 2**offset
    answer = solve(bits, f"{cache}B", f"{block}B", 2**way, address=address).answer
    text = f"{address:0{bits}b}"
    assert answer["offset"] == int(text[bits - offset :] or "0", 2)
    assert answer["set_index"] == int(text[tag : tag + index] or "0", 2)
    assert answer["block_number"] == int(text[: bits - offset] or "0", 2)
    assert (answer["tag_bits"], answer["index_bits"], answer["offset_bits"]) == (tag, index, offset)
    assert answer["lines"] * block == cache
    assert answer["total_bits"] == 2 ** (index + way) * (1 + tag + 8 * block)


@given(st.integers(0, 6), st.integers(0, 5))
def test_fully_associative_is_one_set(offset, lines):
    answer = solve(20, f"{2 ** (offset + lines)}B", f"{2**offset}B", 0).answer
    assert (answer["sets"], answer["tag_bits"]) == (1, 20 - offset)


def test_golden_408_2010():
    # 408, 2010: 256MB by bytes, direct mapping, 8 lines of 64B, no dirty bit counted: tag 19 bits, 532B in all
    answer = solve(28, "512B", "64B").answer
    assert (answer["tag_bits"], answer["total_bits"]) == (19, 532 * 8)


def test_golden_408_2015():
    # 408, 2015: 32-bit address by bytes, direct, blocks of 4 words of 32 bits, 4K words, write-back: 148K bits
    assert solve(32, "16KB", "16B", 1, "写回").answer["total_bits"] == 148 * 1024


def test_word_addressing():
    assert solve(20, "4KB", "32B", 1, unit_bytes=4).answer["offset_bits"] == 3


def test_refusals():
    with pytest.raises(InputError, match="路数"):
        solve(32, "64B", "16B", 3)
    with pytest.raises(InputError, match="块大小"):
        solve(32, "96B", "48B")
    with pytest.raises(InputError, match="主存地址"):
        solve(8, "64B", "16B", address=256)
