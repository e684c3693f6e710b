"""Oracle: multiplication of exact fractions; the code is read back by the definition of sign-magnitude."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.sign_magnitude_multiply import solve


@given(st.integers(2, 32), st.sampled_from(["整数", "小数"]), st.data())
def test_product(bits, point, data):
    top = 2 ** (bits - 1)
    a, b = (data.draw(st.integers(1 - top, top - 1)) for _ in range(2))
    scale = top if point == "小数" else 1
    answer = solve(Fraction(a, scale), Fraction(b, scale), bits, point).answer
    assert answer["product"] == Fraction(a, scale) * Fraction(b, scale)
    code = answer["product_code"]
    assert len(code) == 2 * bits - 1
    assert int(code[1:], 2) == abs(a * b)
    assert int(code[0]) == (a < 0) ^ (b < 0)
    assert answer["additions"] == f"{abs(b):b}".count("1")


def test_golden_tang_example_6_18():
    # 唐朔飞 例 6.18: x = -0.1110, y = -0.1101: x·y = 0.10110110
    answer = solve(Fraction(-14, 16), Fraction(-13, 16), 5, "小数").answer
    assert answer["product_code"] == "010110110"


def test_minus_one_has_no_sign_magnitude_fraction():
    with pytest.raises(InputError):
        solve(-1, Fraction(1, 2), 5, "小数")
