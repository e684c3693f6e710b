"""Oracle: list every number of a small format and take the extremes; numpy.finfo for the standard ones."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.float_range import solve

KEYS = ("max_positive", "min_positive", "max_negative", "min_negative")


def read(text: str) -> Fraction:
    """Evaluate a text such as (2-2^-23)×2^127."""
    left, _, power = text.partition("×")
    sign = -1 if left.startswith("-") else 1
    body = left.lstrip("-").strip("()").replace("2^-1", "1/2") if "+" in left else left.lstrip("-").strip("()")
    total = Fraction(0)
    for part in body.replace("-2^-", "+N").replace("2^-", "P").split("+"):
        if part.startswith("N"):
            total -= Fraction(1, 2 ** int(part[1:]))
        elif part.startswith("P"):
            total += Fraction(1, 2 ** int(part[1:]))
        else:
            total += Fraction(part)
    return sign * total * Fraction(2) ** int(power[2:] or 0)


def numbers(k: int, f: int, style: str) -> list[Fraction]:
    """Every normalised number."""
    out = []
    half = 2 ** (k - 1)
    for e in range(2**k):
        for m in range(2**f):
            if style == "IEEE 754":
                if 0 < e < 2**k - 1:
                    value = (1 + Fraction(m, 2**f)) * Fraction(2) ** (e - half + 1)
                    out += [value, -value]
            else:
                scale = Fraction(2) ** (e - half)
                if m >= 2 ** (f - 1):
                    out.append(Fraction(m, 2**f) * scale)
                    if style == "尾数原码":
                        out.append(-Fraction(m, 2**f) * scale)
                elif style == "尾数补码":
                    out.append(Fraction(m - 2**f, 2**f) * scale)
    return out


@given(st.integers(3, 4), st.integers(2, 5), st.sampled_from(["IEEE 754", "尾数补码", "尾数原码"]))
def test_extremes_of_every_small_format(k, f, style):
    values = numbers(k, f, style)
    answer = solve(k, f, style).answer
    positive, negative = [v for v in values if v > 0], [v for v in values if v < 0]
    expected = (max(positive), min(positive), max(negative), min(negative))
    assert tuple(read(answer[key]) for key in KEYS) == expected


@pytest.mark.parametrize(("kind", "k", "f"), [(np.float16, 5, 10), (np.float32, 8, 23), (np.float64, 11, 52)])
def test_golden_standard_formats(kind, k, f):
    info = np.finfo(kind)
    answer = solve(k, f).answer
    assert read(answer["max_positive"]) == Fraction(float(info.max))
    assert read(answer["min_positive"]) == Fraction(float(info.smallest_normal))
    assert answer["min_subnormal"] == f"2^{int(np.log2(float(info.smallest_subnormal)))}"
    limit = 2 ** int(answer["consecutive_integers"][2:])
    assert kind(limit) == limit
    assert int(kind(limit + 1)) != limit + 1
