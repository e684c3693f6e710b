"""Oracle: exact division truncated toward zero; both methods agree; the operation counts follow the bits."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.division import solve


@given(st.integers(2, 20), st.sampled_from(["整数", "小数"]), st.data())
def test_quotient_and_remainder(bits, point, data):
    top = 2 ** (bits - 1)
    b = data.draw(st.integers(1 - top, top - 1).filter(bool))
    a = data.draw(st.integers(1 - top, top - 1))
    assume(point == "整数" or abs(a) < abs(b))
    scale = top if point == "小数" else 1
    x, y = Fraction(a, scale), Fraction(b, scale)
    restoring = solve(x, y, bits, point, "恢复余数法").answer
    alternating = solve(x, y, bits, point, "加减交替法").answer
    for answer in (restoring, alternating):
        q, r = answer["quotient"], answer["remainder"]
        assert q == Fraction(int(x / y * scale), scale)
        assert x == q * y + r
        assert abs(r) < abs(y) / scale
    zeros = f"{int(restoring['quotient_code'], 2) & (top - 1):0{bits - 1}b}".count("0")
    assert restoring["restores"] == zeros + 1
    assert restoring["operations"] == bits + zeros + 1
    assert alternating["operations"] == bits + (restoring["quotient_code"][-1] == "0")


def test_golden_tang_example_6_24():
    # 唐朔飞 例 6.24: x = -0.1011, y = -0.1101: quotient 0.1101, remainder -0.0111 x 2^-4
    answer = solve(Fraction(-11, 16), Fraction(-13, 16), 5, "小数").answer
    assert answer["quotient_code"] == "01101"
    assert answer["remainder"] == -Fraction(7, 256)


def test_refusals():
    with pytest.raises(InputError, match="除数"):
        solve(3, 0, 4)
    with pytest.raises(InputError, match="溢出"):
        solve(Fraction(1, 2), Fraction(1, 4), 4, "小数")
