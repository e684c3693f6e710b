"""Oracle: the value as a fraction, which normalization keeps within [1/2, 1) or [-1, -1/2)."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.normalized_mantissa import solve


def value(text, code):
    bits = Fraction(int(text[2:], 2), 1 << (len(text) - 2))
    return bits - int(text[0]) if code == "补码" else bits * (-1) ** int(text[0])


@given(st.sampled_from("01"), st.text("01", min_size=2, max_size=10), st.sampled_from(["补码", "原码"]))
def test_by_value(sign, bits, code):
    text = f"{sign}.{bits}"
    v = value(text, code)
    if v == 0:
        return
    answer = solve(text, code).answer
    normal = value(answer["mantissa"], code)
    assert normal == v * 2 ** answer["shift"]
    half = Fraction(1, 2)
    inside = half <= abs(normal) < 1 if code == "原码" else half <= normal < 1 or -1 <= normal < -half
    assert inside
    assert answer["normalized"] == (normal == v)
