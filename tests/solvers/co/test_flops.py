"""Oracle: prefixes written out."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.co.flops import solve


@pytest.mark.parametrize(("prefix", "zeros"), [("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)])
def test_prefixes(prefix, zeros):
    assert solve(7, prefix).answer["per_second"] == int("7" + "0" * zeros)


def test_time_and_speed_undo_each_other():
    rate = solve(operations=6 * 10**9, time_s=2).answer["flops"]
    assert solve(rate, operations=6 * 10**9).answer["time_s"] == 2
    with pytest.raises(InputError):
        solve(operations=5)
