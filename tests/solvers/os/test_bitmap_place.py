"""Oracle: set the bit in a real byte string."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.os.bitmap_place import solve


@given(st.integers(0, 40), st.sampled_from([1, 2, 16]), st.integers(0, 600))
def test_against_bytes(first, block_bytes, block):
    disk = bytearray(block_bytes * (first + 80))
    bit = first * block_bytes * 8 + block
    disk[bit // 8] |= 1 << bit % 8
    answer = solve(first, block_bytes, block).answer
    place = answer["map_block"] * block_bytes + answer["byte"]
    assert disk[place] == 1 << answer["bit"]
