"""Oracle: count the busy nanoseconds of many intervals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.interrupt_load import solve


@given(st.integers(1, 40), st.integers(0, 60))
def test_busy_time(service, rest):
    interval = service + rest
    busy = sum(t % interval < service for t in range(10 * interval))
    assert solve(service, interval).answer["share"] == Fraction(busy, 10 * interval)


def test_a_service_longer_than_the_interval_is_refused():
    with pytest.raises(InputError):
        solve(500, 400)
