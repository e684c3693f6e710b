"""Oracle: byte addresses fed to a dictionary of sets, and the closed forms for aligned arrays."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cache_program import solve


def brute(rows, cols, size, start, by_row, times, lines, ways, block) -> tuple[int, int]:
    """Hits and accesses with LRU lists per set."""
    ways = ways or lines
    sets = lines // ways
    content: dict[int, list[int]] = {s: [] for s in range(sets)}
    order = (
        [(i, j) for i in range(rows) for j in range(cols)]
        if by_row
        else [(i, j) for j in range(cols) for i in range(rows)]
    )
    hits = 0
    for i, j in order:
        b = (start + (i * cols + j) * size) // block
        for _ in range(times):
            kept = content[b % sets]
            if b in kept:
                hits += 1
                kept.remove(b)
            kept.append(b)
            del kept[:-ways]
    return hits, len(order) * times


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from([1, 2, 4, 8]),
    st.integers(0, 20),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from([(4, 1), (8, 2), (4, 0), (8, 4)]),
    st.sampled_from([8, 16, 32]),
)
def test_against_a_byte_level_cache(rows, cols, size, offset, by_row, times, shape, block):
    lines, ways = shape
    hits, total = brute(rows, cols, size, offset * size, by_row, times, lines, ways, block)
    answer = solve(
        rows,
        cols,
        f"{lines * block}B",
        f"{block}B",
        size,
        offset * size,
        "按行访问" if by_row else "按列访问",
        times,
        ways,
    ).answer
    assert (answer["accesses"], answer["hit_rate"]) == (total, Fraction(hits, total))
    assert answer["misses"] == total - hits


def test_golden_408_2010():
    # 408, 2010: int a[256][256] at 320, 8 lines of 64B, direct: 93.75 % by rows, 0 by columns; lines 6 and 5
    args = (256, 256, "512B", "64B", 4, 320)
    by_row = solve(*args, "按行访问", asked_row=0, asked_col=31).answer
    assert (by_row["hit_rate"], by_row["asked_set"]) == (Fraction(15, 16), 6)
    by_col = solve(*args, "按列访问", asked_row=1, asked_col=1).answer
    assert (by_col["hit_rate"], by_col["asked_set"]) == (0, 5)


def test_golden_408_2016():
    # 408, 2016: a[k] = a[k] + 32 over aligned ints, 1KB cache, 16B blocks: one miss in 8 accesses, 12.5 %
    assert solve(1, 1000, "1KB", "16B", accesses_per_element=2).answer["miss_rate"] == Fraction(1, 8)


def test_refusals():
    with pytest.raises(InputError, match="300000"):
        solve(4096, 4096, "4KB", "16B")
    with pytest.raises(InputError, match="不在"):
        solve(2, 2, "64B", "16B", asked_row=2)
