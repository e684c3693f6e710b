"""Oracle: build the whole tree of a small inode, block by block."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.inode_file_size import solve


def every_path(per_block, counts):
    """The index path of every data block, in order."""
    out, entry = [], 0
    for level, count in enumerate(counts):
        for _ in range(count):
            out += [[entry, *rest] for rest in product(range(per_block), repeat=level)]
            entry += 1
    return out


COUNTS = st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2), st.integers(0, 1))


@settings(max_examples=60)
@given(COUNTS, st.integers(1, 4), st.data())
def test_against_the_whole_tree(counts, per_block, data):
    paths = every_path(per_block, counts)
    block_size, pointer = per_block * 4, 4
    answer = solve(block_size, pointer, *counts).answer
    assert answer["max_blocks"] == len(paths)
    if not paths:
        return
    offset = data.draw(st.integers(0, len(paths) * block_size - 1))
    found = solve(block_size, pointer, *counts, offset=offset).answer
    path = paths[offset // block_size]
    assert (found["index_path"], found["level"], found["disk_accesses"]) == (path, len(path) - 1, len(path))
    used = paths[: offset // block_size + 1]
    index_blocks = {tuple(p[:k]) for p in used for k in range(1, len(p))}
    sized = solve(block_size, pointer, *counts, file_bytes=offset + 1).answer
    assert (sized["data_blocks"], sized["index_blocks"]) == (len(used), len(index_blocks))


def test_golden_408_2010():
    """统考 2010：地址项 4 B，4 个直接、2 个一级、1 个二级，块 256 B：1057 KB。"""
    assert solve(256, 4, 4, 2, 1, 0).answer["max_file_bytes"] == 1057 * 1024


def test_golden_unix():
    answer = solve(1024, 4).answer
    assert answer["max_blocks"] == 10 + 256 + 256**2 + 256**3
    assert solve(1024, 4, offset=10 * 1024, inode_in_memory=False).answer["disk_accesses"] == 3


def test_bad_input():
    for args in ({"pointer_size": 64}, {"offset": 10**15}, {"file_bytes": 10**15}):
        with pytest.raises(InputError):
            solve(**{"block_size": 32, "pointer_size": 4, **args})
