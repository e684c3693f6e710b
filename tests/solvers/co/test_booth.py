"""Oracle: integer multiplication, and the count of changes in the multiplier's bit string."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.booth import solve


@given(st.integers(2, 32), st.data())
def test_the_product_is_the_product(bits, data):
    half = 2 ** (bits - 1)
    x, y = (data.draw(st.integers(-half, half - 1)) for _ in range(2))
    answer = solve(x, y, bits).answer
    code = int(answer["product_code"], 2)
    assert answer["product"] == x * y
    assert code == x * y % 4**bits
    assert answer["overflow"] == (not -half <= x * y < half)
    text = f"{y % 2**bits:0{bits}b}0"
    assert answer["additions"] == sum(a != b for a, b in pairwise(text))


@given(st.integers(-16, 15), st.integers(-16, 15))
def test_fractions(x, y):
    solution = solve(Fraction(x, 16), Fraction(y, 16), 5, "小数")
    answer = solution.answer
    assert answer["product"] == Fraction(x * y, 256)
    assert answer["overflow"] == (x == y == -16)
    assert answer["shifts"] == 4
    last = solution.steps[1].data.rows[-1]
    assert last[1].replace(" ", "")[1:] + last[2][:-1] == answer["product_code"]


def test_golden_tang_example_6_21():
    # 唐朔飞 例 6.21: [x]=1.0101 (-11/16), [y]=1.0011 (-13/16): the product is 0.10001111
    answer = solve(Fraction(-11, 16), Fraction(-13, 16), 5, "小数").answer
    assert answer["product_code"] == "010001111"


def test_out_of_range():
    with pytest.raises(InputError, match="被乘数"):
        solve(8, 1, 4)
