"""Oracle: samples of a second, and numbers written in binary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.pcm import solve


@given(st.integers(1, 500), st.integers(2, 5000), st.integers(1, 30))
def test_bits_of_a_second(hertz, levels, channels):
    width = len(format(levels - 1, "b"))
    samples = 2 * hertz
    answer = solve(f"{hertz}Hz", levels=levels, channels=channels).answer
    assert answer["rate_bps"] == sum(width for _ in range(samples)) * channels
    assert solve(sampling=f"{samples}Hz", bits=width, channels=channels).answer["rate_bps"] == answer["rate_bps"]


def test_golden_telephone():
    """谢希仁 §2.5: 4 kHz of voice at 8 bits a sample is 64 kb/s."""
    assert solve("4kHz", bits=8).answer["rate_bps"] == 64_000


def test_one_of_each_pair():
    with pytest.raises(InputError):
        solve("4kHz", levels=4, bits=2)
