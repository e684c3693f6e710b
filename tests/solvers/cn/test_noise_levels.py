"""Oracle: the states tried one by one."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.cn.noise_levels import solve


@pytest.mark.parametrize("db", range(0, 70, 10))
def test_by_trying(db):
    ratio = 10 ** (db // 10)
    least = 1
    while least * least < 1 + ratio:
        least += 1
    power = 1
    while power < least:
        power *= 2
    assert solve(db, False).answer["levels"] == least
    assert solve(db).answer == {"snr": ratio, "levels": power}


def test_not_a_multiple_of_ten():
    with pytest.raises(InputError):
        solve(25)
