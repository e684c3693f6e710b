"""Oracle: every state that a GBN exchange gets into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.arq_window_state import solve


@given(st.integers(1, 4), st.data())
def test_by_letting_acknowledgements_come_or_not(bits, data):
    space = 1 << bits
    window = data.draw(st.integers(1, space - 1))
    received = data.draw(st.integers(2 * space, 3 * space))  # frames that came in order
    seen = []
    for acked in range(received - window, received + 1):  # the sender never runs more than a window ahead
        seen.append([(acked + i) % space for i in range(window)])
    answer = solve(bits, window, received % space).answer
    assert answer["windows"] == seen
    shown = data.draw(st.sampled_from([[(s + i) % space for i in range(window)] for s in range(space)]))
    assert solve(bits, window, received % space, shown).answer["possible"] == (shown in seen)


def test_a_window_too_large():
    with pytest.raises(InputError):
        solve(3, 5, 0, protocol="SR")
