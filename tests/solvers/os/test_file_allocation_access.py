"""Oracle: files on a counting disk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.file_allocation_access import solve


class Disk:
    """Blocks that count their reads and writes."""

    def __init__(self, blocks):
        self.blocks, self.reads, self.writes = dict(blocks), 0, 0

    def read(self, at):
        self.reads += 1
        return self.blocks[at]

    def write(self, at, value):
        self.writes += 1
        self.blocks[at] = value


def contiguous(n, p, operation, forward):
    """Move the back part up (or down) with `forward`, else the front part."""
    disk = Disk({i: f"b{i}" for i in range(1, n + 1)})
    first, last = 1, n
    if operation == "insert" and forward:
        for i in range(n, p - 1, -1):
            disk.write(i + 1, disk.read(i))
        disk.write(p, "new")
        last = n + 1
    elif operation == "insert":
        for i in range(1, p):
            disk.write(i - 1, disk.read(i))
        disk.write(p - 1, "new")
        first = 0
    elif forward:
        for i in range(p + 1, n + 1):
            disk.write(i - 1, disk.read(i))
        last = n - 1
    else:
        for i in range(p - 1, 0, -1):
            disk.write(i + 1, disk.read(i))
        first = 2
    return disk, [disk.blocks[i] for i in range(first, last + 1)]


def linked(n, p, operation):
    """A list of blocks [data, next] with head and tail in the control block."""
    disk = Disk({i: [f"b{i}", i + 1 if i < n else None] for i in range(1, n + 1)})
    head, tail = 1, n
    if operation == "insert":
        if p == 1:
            disk.write(0, ["new", head])
            head = 0
        elif p == n + 1:
            before = disk.read(tail)
            disk.write(0, ["new", None])
            disk.write(tail, [before[0], 0])
        else:
            at = head
            for _ in range(p - 2):
                at = disk.read(at)[1]
            before = disk.read(at)
            disk.write(0, ["new", before[1]])
            disk.write(at, [before[0], 0])
    elif n == 1:
        head = None
    elif p == 1:
        head = disk.read(head)[1]
    else:
        at = head
        for _ in range(p - 2):
            at = disk.read(at)[1]
        before = disk.read(at)
        after = None if p == n else disk.read(before[1])[1]
        disk.write(at, [before[0], after])
    content, at = [], head
    while at is not None:
        content.append(disk.blocks[at][0])
        at = disk.blocks[at][1]
    return disk, content


def expected(n, p, operation):
    content = [f"b{i}" for i in range(1, n + 1)]
    if operation == "insert":
        content.insert(p - 1, "new")
    else:
        content.pop(p - 1)
    return content


@given(st.integers(1, 12), st.sampled_from(["insert", "delete"]), st.data())
def test_against_a_counting_disk(n, operation, data):
    p = data.draw(st.integers(1, n + (operation == "insert")))
    counts = {}
    for room, forward in (("after", True), ("before", False)):
        disk, content = contiguous(n, p, operation, forward)
        assert content == expected(n, p, operation)
        counts[room] = disk.reads + disk.writes
        assert solve("contiguous", operation, n, p, room).answer["accesses"] == counts[room]
    assert solve("contiguous", operation, n, p).answer["accesses"] == min(counts.values())
    disk, content = linked(n, p, operation)
    assert content == expected(n, p, operation)
    answer = solve("linked", operation, n, p).answer
    assert (answer["reads"], answer["writes"]) == (disk.reads, disk.writes)


def test_golden_silberschatz_exercise():
    """10e, chapter 14: a file of 100 blocks; only at its end is there room to grow."""
    where = {"beginning": 1, "middle": 51, "end": 101}
    added = {
        m: [solve(m, "insert", 100, p, "after").answer["accesses"] for p in where.values()]
        for m in ("contiguous", "linked", "indexed")
    }
    assert added == {"contiguous": [201, 101, 1], "linked": [1, 52, 3], "indexed": [1, 1, 1]}
    removed = {
        m: [solve(m, "delete", 100, p, "after").answer["accesses"] for p in (1, 51, 100)]
        for m in ("contiguous", "linked", "indexed")
    }
    assert removed == {"contiguous": [198, 98, 0], "linked": [1, 52, 100], "indexed": [0, 0, 0]}


def test_golden_408_2014():
    """统考 2014：200 个记录，插入为第 30 个；连续 59 次，链接 31 次。"""
    assert solve("contiguous", "insert", 200, 30).answer["accesses"] == 59
    assert solve("linked", "insert", 200, 30).answer["accesses"] == 31


def test_reading_and_the_index_block():
    assert [solve(m, "read", 9, 5).answer["accesses"] for m in ("contiguous", "linked", "indexed")] == [1, 5, 1]
    assert solve("linked", "read", 9, 9).answer["accesses"] == 1
    assert solve("linked", "read", 9, 9, tail_pointer=False).answer["accesses"] == 9
    assert solve("indexed", "insert", 9, 5, index_in_memory=False).answer["accesses"] == 3
    with pytest.raises(InputError):
        solve("linked", "delete", 9, 10)
