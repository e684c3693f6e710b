"""Oracle: walk the map bit by bit."""

from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.bitmap import solve


@given(st.integers(1, 40), st.integers(0, 300), st.integers(0, 1), st.integers(0, 1))
def test_both_ways(bits, nth, first_block, first_index):
    places = product(range(first_index, 400), range(first_index, bits + first_index))
    word, bit = next(islice(places, nth, None))
    block = nth + first_block
    common = {"first_block": first_block, "first_index": first_index}
    assert solve(bits, block=block, **common).answer == {"word": word, "bit": bit}
    assert solve(bits, word=word, bit=bit, **common).answer == {"block": block}


def test_golden_408_2015():
    """统考 2015：1 KB 的块、每块 8192 位，块 409612 在第 50 个位图块的第 1 字节左右；32～127 号块存位图：块 82。"""
    answer = solve(8 * 1024, block=409612).answer
    assert answer["word"] + 32 == 82
    assert answer["bit"] // 8 == 1


def test_size_and_bad_input():
    assert solve(32, total_blocks=1000).answer == {"words": 32, "bitmap_bytes": 128}
    for args in (
        {},
        {"word": 3},
        {"word": 3, "bit": 32},
        {"block": 0, "first_block": 1},
        {"block": 9, "total_blocks": 9},
    ):
        with pytest.raises(InputError):
            solve(32, **args)
