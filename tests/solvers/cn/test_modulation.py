"""Oracle: the messages that a second of symbols tells apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.modulation import solve


@given(st.integers(1, 40), st.integers(1, 8))
def test_messages_of_a_second(baud, bits):
    states = 2**bits
    told = states**baud  # as many as there are strings of symbols
    answer = solve(f"{baud}Baud", levels=states).answer
    assert 2 ** answer["rate_bps"] == told
    rate = f"{answer['rate_bps']}b/s"
    assert solve(f"{baud}Baud", rate=rate).answer["levels"] == states
    assert solve(levels=states, rate=rate).answer["baud"] == baud


def test_the_time_of_a_symbol():
    assert solve(symbol="2ms", levels=4).answer["rate_bps"] == 1000


@pytest.mark.parametrize("args", [{"baud": "1Baud"}, {"baud": "2Baud", "levels": 3}, {"baud": "4Baud", "rate": "6b/s"}])
def test_what_gives_no_third(args):
    with pytest.raises(InputError):
        solve(**args)
