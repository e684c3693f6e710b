"""Oracle: fail every set of disks of a small array and see whether the data survive."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.raid import solve

LEVELS = ["RAID0", "RAID1", "RAID3", "RAID4", "RAID5", "RAID6", "RAID10"]


def survives(level: str, disks: int, dead: set[int]) -> bool:
    if level == "RAID0":
        return not dead
    if level in ("RAID1", "RAID10"):
        return not any({2 * i, 2 * i + 1} <= dead for i in range(disks // 2))
    return len(dead) <= (2 if level == "RAID6" else 1)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("disks", [4, 6, 8])
def test_tolerance_by_failing_disks(level, disks):
    worst = max(
        k for k in range(disks) if all(survives(level, disks, set(dead)) for dead in combinations(range(disks), k))
    )
    answer = solve(level, disks, 100).answer
    assert answer["tolerance"] == worst
    assert answer["usable_gb"] == 100 * disks * answer["utilization"]


@given(st.lists(st.integers(0, 255), min_size=2, max_size=9), st.data())
def test_a_lost_block_is_rebuilt(blocks, data):
    disks = max(3, len(blocks) + 1)
    parity = int(solve("RAID5", disks, blocks=blocks).answer["parity"][:-1], 16)
    i = data.draw(st.integers(0, len(blocks) - 1))
    rest = [*blocks[:i], *blocks[i + 1 :], parity]
    assert int(solve("RAID5", disks, blocks=rest).answer["parity"][:-1], 16) == blocks[i]


def test_parity_of_wide_blocks():
    assert solve("RAID4", 4, blocks=[0x1234, 0x00FF, 0x0F00]).answer["parity"] == "1DCBH"


def test_golden_patterson_1988():
    small_writes = {level: solve(level, 6).answer.get("small_write_accesses") for level in LEVELS}
    assert (small_writes["RAID1"], small_writes["RAID5"], small_writes["RAID6"]) == (2, 4, 6)
    assert solve("RAID5", 5, 500).answer["usable_gb"] == 2000


def test_refusals():
    with pytest.raises(InputError, match="RAID10"):
        solve("RAID10", 5)
    with pytest.raises(InputError, match="RAID1"):
        solve("RAID1", 2, blocks=[1, 2])
