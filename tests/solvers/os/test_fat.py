"""Oracle: count blocks and bits one by one on small disks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.fat import solve


@given(st.integers(1, 600), st.integers(1, 64), st.sampled_from([1, 4, 8]))
def test_small_disks(blocks, block_size, step):
    answer = solve(blocks * block_size, block_size, round_bits=step).answer
    bits = step
    while len(range(2**bits)) < blocks:
        bits += step
    assert (answer["entries"], answer["entry_bits"]) == (blocks, bits)
    assert len("0" * bits * blocks) <= answer["fat_bytes"] * 8 < len("0" * bits * blocks) + 8
    assert (answer["fat_blocks"] - 1) * block_size < answer["fat_bytes"] <= answer["fat_blocks"] * block_size


def test_golden():
    """FAT16 with clusters of 32 KB holds 2 GB; FAT12 with sectors of 512 B holds 2 MB (汤小丹 第9章)."""
    assert solve(2**31, 2**15, 16).answer["max_disk_bytes"] == 2**31
    assert solve(2**20, 512, 12).answer["max_disk_bytes"] == 2 * 2**20
    assert solve(540 * 2**20, 1024).answer["fat_bytes"] == 1350 * 1024


def test_bad_input():
    for args in ((100, 200), (2**20, 512, 8)):
        with pytest.raises(InputError):
            solve(*args)
