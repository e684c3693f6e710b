"""Oracle: Python's own int(text, base) on scaled digits, and a Horner evaluation of the result."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.base_conversion import solve


def horner(text: str, base: int) -> Fraction:
    """The value of digits, from the outside in."""
    whole, _, part = text.lstrip("-").partition(".")
    value = Fraction(0)
    for d in reversed(part):
        value = (value + int(d, 36)) / base
    total = Fraction(0)
    for d in whole:
        total = total * base + int(d, 36)
    return (total + value) * (-1 if text.startswith("-") else 1)


@given(st.integers(-(10**9), 10**9), st.integers(2, 36))
def test_integers_read_back(n, base):
    assert int(solve(str(n), 10, base).answer["value"], base) == n


@given(st.integers(0, 2**20), st.integers(1, 8), st.sampled_from([2, 4, 8, 16, 10]))
def test_dyadic_fractions_are_exact_in_even_bases(n, places, base):
    scaled = f"{n * 5**places:0{places + 1}d}"  # n / 2**places has at most that many decimals
    answer = solve(f"-{scaled[:-places]}.{scaled[-places:]}", 10, base, 40).answer
    assert answer["exact"]
    assert horner(answer["value"], base) == answer["true_value"] == Fraction(-n, 2**places)


@given(st.fractions(0, 100, max_denominator=97), st.integers(2, 16))
def test_a_cut_fraction_is_below_by_less_than_one_last_place(value, base):
    numerator = value.numerator * 10**6 // value.denominator
    text = f"{numerator // 10**6}.{numerator % 10**6:06d}"
    answer = solve(text, 10, base, 9).answer
    assert 0 <= horner(text, 10) - horner(answer["value"], base) < Fraction(1, base**9)
    assert len(answer["value"].partition(".")[2]) <= 9


@given(st.text("0123456789ABCDEF", min_size=1, max_size=12), st.sampled_from([2, 8, 4, 32]))
def test_powers_of_two_agree_with_python(text, base):
    assert int(solve(text, 16, base).answer["value"], base) == int(text, 16)


def test_golden_and_suffix():
    assert solve("123.6875", 10, 2).answer["value"] == "1111011.1011"
    assert solve("1101.01B", 2, 10).answer["value"] == "13.25"
    assert solve("3A.8H", 16, 8).answer["value"] == "72.4"


def test_foreign_digit_is_refused():
    with pytest.raises(InputError, match="8 进制"):
        solve("189", 8, 10)
