"""Oracle: the bucket filled and emptied in small steps."""

from fractions import Fraction

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.cn.token_bucket import solve


@pytest.mark.parametrize(("capacity", "rho", "peak"), [(8, 2, 10), (9, 3, 4), (1, 1, 2), (12, 6, 25)])
def test_step_by_step(capacity, rho, peak):
    step = Fraction(1, peak - rho) / 10  # every step takes a tenth of a bit from the bucket
    level, steps = Fraction(capacity), 0
    while level > 0:
        level += (rho - peak) * step
        steps += 1
    answer = solve(f"{capacity}bit", f"{rho}b/s", f"{peak}b/s").answer
    assert answer["burst_s"] == steps * step
    assert answer["burst_bits"] == peak * answer["burst_s"] == capacity + rho * answer["burst_s"]


def test_a_burst_without_end():
    with pytest.raises(InputError):
        solve("1Mb", "2Mb/s", "2Mb/s")
