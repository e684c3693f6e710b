"""Oracle: every way to halve a block again and again."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.cn.split_bounds import solve


def shapes(depth: int, parts: int) -> set[tuple[int, ...]]:
    """Depths of the leaves of all binary trees with so many leaves."""
    if parts == 1:
        return {(depth,)}
    return {
        tuple(sorted(a + b))
        for k in range(1, parts)
        for a in shapes(depth + 1, k)
        for b in shapes(depth + 1, parts - k)
    }


@pytest.mark.parametrize("parts", range(2, 8))
@pytest.mark.parametrize("length", [8, 16, 20])
def test_extremes_over_all_cuts(length, parts):
    leaves = [leaf for shape in shapes(length, parts) for leaf in shape]
    answer = solve(f"10.0.0.0/{length}", parts).answer
    assert answer["smallest_hosts"] == 2 ** (32 - max(leaves)) - 2
    assert answer["largest_hosts"] == 2 ** (32 - min(leaves)) - 2
    assert tuple(sorted(answer["shape"])) in shapes(length, parts)


def test_too_many_parts():
    with pytest.raises(InputError):
        solve("10.0.0.0/24", 8)
