"""Oracle: stack distances for LRU in each set, a queue for FIFO."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cache_trace import solve

REFS = st.lists(st.integers(0, 15), min_size=1, max_size=40)
SHAPE = st.sampled_from([(4, 1), (4, 2), (4, 0), (8, 2), (8, 4), (6, 3), (1, 1)])


def lru_hits(blocks: list[int], sets: int, ways: int) -> int:
    """A hit has fewer than `ways` other blocks of its set since its last use."""
    hits = 0
    for i, b in enumerate(blocks):
        before = [j for j in range(i) if blocks[j] == b]
        if before:
            between = {x for x in blocks[before[-1] + 1 : i] if x % sets == b % sets}
            hits += len(between) < ways
    return hits


def fifo_hits(blocks: list[int], sets: int, ways: int) -> int:
    queues = [deque(maxlen=ways) for _ in range(sets)]
    hits = 0
    for b in blocks:
        if b in queues[b % sets]:
            hits += 1
        else:
            queues[b % sets].append(b)
    return hits


@given(REFS, SHAPE, st.integers(1, 4))
def test_hits(refs, shape, block_bytes):
    lines, ways = shape
    sets, per_set = (1, lines) if ways == 0 else (lines // ways, ways)
    blocks = [a // block_bytes for a in refs]
    for policy, oracle in (("LRU", lru_hits), ("FIFO", fifo_hits)):
        answer = solve(refs, lines, ways, policy, block_bytes).answer
        assert answer["hits"] == oracle(blocks, sets, per_set)
        assert answer["misses"] - answer["replacements"] == len(answer["final"])


@given(REFS, SHAPE, st.data())
def test_writes(refs, shape, data):
    lines, ways = shape
    writes = data.draw(st.lists(st.integers(1, len(refs)), unique=True))
    through = solve(refs, lines, ways, "LRU", 1, writes, "全写+非写分配").answer
    assert through["memory_writes"] == len(writes)
    back = solve(refs, lines, ways, "LRU", 1, writes, "写回+写分配").answer
    assert back["memory_writes"] <= min(len(writes), back["replacements"])
    assert back["hits"] == solve(refs, lines, ways, "LRU").answer["hits"]


def test_golden_patterson_hennessy_5_4():
    # blocks 0 8 0 6 8 in four lines: 5, 4 and 3 misses for one, two and four ways
    assert [solve([0, 8, 0, 6, 8], 4, ways).answer["misses"] for ways in (1, 2, 0)] == [5, 4, 3]


def test_golden_408_2012_reads_sets_its_own_way():
    # 408, 2012: four lines in two ways, LRU, one word a block; the published answer is 3
    refs = [0, 4, 8, 2, 0, 6, 8, 6, 4, 8]
    assert solve(refs, 4, 2, set_rule="⌊块号/路数⌋ mod 组数").answer["hits"] == 3
    assert solve(refs, 4, 2).answer["hits"] == 1


def test_write_back_happens_on_replacement_only():
    answer = solve([0, 4, 0], 4, 1, writes=[1], write_policy="写回+写分配").answer
    assert answer["memory_writes"] == 1
    assert solve([0, 0], 4, 1, writes=[1, 2]).answer["memory_writes"] == 0


def test_refusals():
    with pytest.raises(InputError, match="路数"):
        solve([1], 4, 3)
    with pytest.raises(InputError, match="序号"):
        solve([1], 4, 1, writes=[2])
