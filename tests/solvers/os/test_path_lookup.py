"""Oracle: walk a small tree of blocks, counting what is not in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.path_lookup import solve


@given(st.integers(1, 6), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 3))
def test_against_a_walk(depth, inodes, root_inode, root, data):
    names = [f"d{i}" for i in range(depth)]
    memory = {("dir", "")} if root else set()
    memory |= {("inode", "")} if root_inode or root else set()
    wanted = []
    at = ""
    for name in names:
        wanted += [("inode", at)] if inodes else []
        wanted += [("dir", at)]
        at = f"{at}/{name}"
    wanted += [("inode", at)] if inodes else []
    wanted += [("data", i) for i in range(data)]
    reads = [x for x in wanted if x not in memory]
    found = solve("/" + "/".join(names), inodes, root_inode, root, data_blocks=data).answer
    assert found["accesses"] == len(reads)


def test_bad_input():
    with pytest.raises(InputError):
        solve("/")
