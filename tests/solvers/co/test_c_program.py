"""Oracle: ctypes, which converts as the C compiler of this machine does."""

import ctypes
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.c_program import solve

KINDS = {
    "char": ctypes.c_int8,
    "unsigned char": ctypes.c_uint8,
    "short": ctypes.c_int16,
    "unsigned short": ctypes.c_uint16,
    "int": ctypes.c_int32,
    "unsigned": ctypes.c_uint32,
    "long long": ctypes.c_int64,
}
kinds = st.sampled_from(sorted(KINDS))


@given(kinds, kinds, kinds, st.integers(-(2**31), 2**31 - 1))
def test_a_chain_of_conversions(a, b, c, n):
    values = solve(f"{a} x = {n}; {b} y = x; {c} z = y;").answer["values"]
    x = KINDS[a](n).value
    y = KINDS[b](x).value
    assert values == {"x": x, "y": y, "z": KINDS[c](y).value}


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1), st.sampled_from("+-*&|^"))
def test_int_arithmetic_wraps(x, y, op):
    exact = {"+": x + y, "-": x - y, "*": x * y, "&": x & y, "|": x | y, "^": x ^ y}[op]
    assert solve(f"int x = {x}; int y = {y};", [f"x {op} y"]).answer["results"] == [ctypes.c_int32(exact).value]


@given(st.integers(-(2**31), 2**31 - 1), st.integers(0, 2**32 - 1))
def test_mixed_signs_compare_as_unsigned(x, y):
    answer = solve(f"int x = {x}; unsigned y = {y};", ["x < y", "x == y"]).answer
    assert answer["results"] == [int(ctypes.c_uint32(x).value < y), int(ctypes.c_uint32(x).value == y)]


@given(st.integers(-(2**31), 2**31 - 1))
def test_int_to_float_rounds(n):
    code = struct.pack(">f", n).hex().upper() + "H"
    assert solve(f"int i = {n}; float f = i;").answer["codes"]["f"] == code


def test_the_exam_statements():
    code = "int i = 785; float f = 1.5678e3; double d = 1.5e100;"
    answer = solve(code, ["i==(int)(float)i", "f==(float)(int)f", "f==(float)(double)f", "(d+f)-d==f"]).answer
    assert (answer["true_items"], answer["false_items"]) == ("I、III", "II、IV")


@pytest.mark.parametrize("code", ["x = 3;", "int x = 1/0;", "int x = y;", "float f = 1e30; int i = f;", "int x = 3 +;"])
def test_what_c_does_not_define_is_refused(code):
    with pytest.raises(InputError):
        solve(code)
