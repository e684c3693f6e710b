"""Oracle: the addresses at which instructions may start."""

import pytest

from assistant408.solvers.co.pc_width import solve


@pytest.mark.parametrize("kilobytes", [4, 64])
@pytest.mark.parametrize("bits", [8, 16, 32, 64])
@pytest.mark.parametrize("aligned", [True, False])
def test_starts_of_instructions(kilobytes, bits, aligned):
    starts = range(0, kilobytes * 1024, bits // 8 if aligned else 1)
    assert 2 ** solve(f"{kilobytes}KB", bits, aligned).answer["pc_bits"] == len(starts)
