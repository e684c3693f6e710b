"""Oracle: the standard library's struct, which the processor's own arithmetic stands behind."""

import math
import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co._text import parse_number
from assistant408.solvers.co.ieee754 import solve

SHAPE = {"半精度": ("e", 16), "单精度": ("f", 32), "双精度": ("d", 64)}


@given(st.sampled_from(sorted(SHAPE)), st.data())
def test_decoding_every_code(name, data):
    letter, bits = SHAPE[name]
    code = data.draw(st.integers(0, 2**bits - 1))
    raw = code.to_bytes(bits // 8, "big")
    (x,) = struct.unpack(">" + letter, raw)
    answer = solve(code=raw.hex() + "H", format=name).answer
    if math.isnan(x):
        assert answer["value"] == "NaN"
    elif math.isinf(x):
        assert answer["value"] == ("+∞" if x > 0 else "-∞")
    elif x == 0:
        assert answer["value"] == ("-0" if math.copysign(1, x) < 0 else "+0")
    else:
        assert answer["value"] == Fraction(x)
        _m, e = math.frexp(abs(x))
        smallest = 1 - (2 ** {16: 4, 32: 7, 64: 10}[bits] - 1)
        assert answer["exponent"] == max(e - 1, smallest)
        assert (answer["kind"] == "规格化数") == (e - 1 >= smallest)


@given(st.integers(-(2**53), 2**53), st.integers(-210, 90))
def test_encoding_single_precision(n, e):
    x = math.ldexp(n, e)  # exact, so that struct rounds once
    answer = solve(f"{n}×2^{e}").answer
    try:
        raw = struct.pack(">f", x)
    except OverflowError:
        assert answer["kind"] == "无穷大"
        return
    assert answer["code"] == raw.hex().upper() + "H"
    assert answer["exact"] == (struct.unpack(">f", raw)[0] == x)


@given(st.integers(-(2**53), 2**53), st.integers(-1130, 900))
def test_encoding_double_precision(n, e):
    answer = solve(f"{n}×2^{e}", format="双精度").answer
    assert answer["code"] == struct.pack(">d", math.ldexp(n, e)).hex().upper() + "H"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-8.25", "C1040000H"),  # 408, 2011 and 2014 style
        ("inf", "7F800000H"),
        ("2^-126", "00800000H"),
        ("2^-149", "00000001H"),
        ("1×2^-150", "00000000H"),  # a tie, to the even zero
        ("16777217", "4B800000H"),
        ("-0", "80000000H"),
    ],
)
def test_golden_codes(text, code):
    assert solve(text).answer["code"] == code


def test_golden_408_2013_decodes_c6400000():
    assert solve(code="C6400000H").answer["value"] == Fraction(-3, 2) * 2**13


def test_refusals():
    with pytest.raises(InputError, match="二选一"):
        solve()
    with pytest.raises(InputError, match="不是数"):
        solve("abc")
    with pytest.raises(InputError, match="32 位"):
        solve(code="1C6400000H")
    with pytest.raises(InputError):
        parse_number("1/0")
