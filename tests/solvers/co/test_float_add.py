"""Oracle: exact rational arithmetic: with enough bits the sum is exact; otherwise it is off by little."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.float_add import solve

PAIR = st.tuples(st.integers(0, 5), st.integers(-16, 15).filter(lambda m: m >= 8 or m < -8))


def text(pair: tuple[int, int]) -> str:
    return f"2^{pair[0]}×{pair[1]}/16"


def value(pair: tuple[int, int]) -> Fraction:
    return Fraction(pair[1], 16) * 2 ** pair[0]


@given(PAIR, PAIR, st.sampled_from(["加", "减"]))
def test_wide_mantissas_are_exact(x, y, op):
    exact = value(x) + value(y) if op == "加" else value(x) - value(y)
    answer = solve(text(x), text(y), op, 6, 20).answer
    assert answer["value"] == exact
    assert answer["overflow"] == "无"
    mantissa = answer["mantissa"].replace(".", "")
    if exact:
        assert mantissa[1] != mantissa[2], "normalised: sign and first magnitude bit differ"
        n = int(mantissa[1:], 2) - (2**21 if mantissa[1] == "1" else 0)
        assert Fraction(n, 2**20) * Fraction(2) ** answer["exponent"] == exact


@given(PAIR, PAIR, st.sampled_from(["0舍1入", "截断", "恒置1"]), st.integers(0, 3))
def test_error_is_within_a_few_last_places(x, y, rounding, guard):
    answer = solve(text(x), text(y), "加", 6, 4, rounding, guard).answer
    exact = value(x) + value(y)
    unit = Fraction(2) ** max(answer["exponent"], x[0], y[0]) / 16
    assert abs(answer["value"] - exact) <= 2 * unit


@given(PAIR, PAIR)
def test_rounding_with_guard_bits_is_to_nearest(x, y):
    answer = solve(text(x), text(y), "加", 6, 4, "0舍1入", 16).answer
    unit = Fraction(2) ** answer["exponent"] / 16
    if answer["mantissa"] == "11.0000":
        unit *= 2  # rounding reached -1/2, which is renormalised to -1
    assert abs(answer["value"] - value(x) - value(y)) <= unit / 2


def test_golden_tang_example_6_28():
    # 唐朔飞 例 6.28: x = 0.1101×2^01, y = -0.1010×2^11: x+y = 00,10; 11.0010, that is -0.1110×2^10
    answer = solve("2^1×13/16", "2^3×-10/16", "加", 2, 4).answer
    assert answer["result"] == "00,10；11.0010"
    assert answer["value"] == Fraction(-14, 16) * 4


def test_golden_408_2009_overflows():
    answer = solve("2^7×29/32", "2^5×5/8", "加", 3, 5).answer
    assert (answer["overflow"], answer["shift"], answer["exponent"]) == ("上溢", 2, 8)


def test_underflow_is_machine_zero():
    answer = solve("2^-4×9/16", "2^-4×8/16", "减", 2, 4).answer
    assert (answer["overflow"], answer["value"]) == ("下溢", 0)


def test_refusals():
    with pytest.raises(InputError, match="尾数"):
        solve("1/3", "1/2")
    with pytest.raises(InputError, match="阶"):
        solve("2^9", "1/2")
