"""The quantities that questions write, read back from every spelling."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, power


@given(st.integers(1, 10**6), st.sampled_from([("", 1), ("k", 10**3), ("M", 10**6), ("G", 10**9)]))
def test_rates_in_every_spelling(number, prefix):
    name, factor = prefix
    for unit in ("b/s", "bps", "bit/s"):
        assert q.rate_bps(f"{number} {name}{unit}") == number * factor
    assert q.rate_bps(f"{number}{name}B/s") == 8 * number * factor


def test_capacity_is_binary_and_bits_are_decimal():
    assert [q.size_bits(t) for t in ("1KB", "1kB", "1MB", "1Mb", "1kb")] == [8192, 8000, 8 * 2**20, 10**6, 1000]


def test_powers_of_ten_and_fractions():
    assert q.rate_bps("2×10^8b/s") == q.rate_bps("2e8") == 2 * 10**8
    assert q.time_s("1/3 ms") == Fraction(1, 3000)
    assert q.time_s("10^-3 s") == q.time_s("1ms")
    assert q.speed_mps("2/3×10^8 m/s") == Fraction(2, 3) * 10**8


@given(st.fractions(min_value=0, max_value=10**9, max_denominator=1000))
def test_numbers_are_read_back_as_shown(value):
    shown = Fraction(decimal(value))
    assert abs(shown - value) <= value / 1000
    assert (10**6 % value.denominator != 0) or shown == value


@given(st.integers(1, 10**12))
def test_powers_are_exact(value):
    text = power(value).replace("\\times", "×").replace("{", "").replace("}", "")
    assert q.rate_bps(text) == value


@pytest.mark.parametrize("text", ["", "fast", "-1Mb/s", "1 Xb/s", "1/0 Mb/s", "9" * 100, "0b/s"])
def test_rejects_what_is_no_rate(text):
    with pytest.raises(InputError, match="数据率"):
        q.rate_bps(text)
