"""Oracle: ctypes, which converts by the platform's C rules, and struct for float."""

import ctypes
import struct
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.c_conversion import solve

C_TYPES = {
    "char": ctypes.c_int8,
    "unsigned char": ctypes.c_uint8,
    "short": ctypes.c_int16,
    "unsigned short": ctypes.c_uint16,
    "int": ctypes.c_int32,
    "unsigned int": ctypes.c_uint32,
    "long long": ctypes.c_int64,
    "unsigned long long": ctypes.c_uint64,
}


@given(st.integers(-(2**63), 2**64 - 1), st.lists(st.sampled_from(sorted(C_TYPES)), min_size=1, max_size=5))
def test_integer_chains_as_ctypes_does_them(n, names):
    expected = n
    for name in names:
        expected = C_TYPES[name](expected).value
    answer = solve(str(n), " → ".join(names)).answer
    assert answer["value"] == expected
    assert answer["code"] == bytes(C_TYPES[names[-1]](expected))[::-1].hex().upper() + "H"


@given(st.integers(-(2**31), 2**31 - 1))
def test_int_to_float_and_back(n):
    as_float = struct.unpack("<f", struct.pack("<f", n))[0]
    answer = solve(str(n), "int → float → double").answer
    assert answer["value"] == Fraction(as_float)
    assert answer["code"] == struct.pack(">d", as_float).hex().upper() + "H"
    assert answer["changed"] == (as_float != n)


@settings(max_examples=60)
@given(st.floats(-1e9, 1e9))
def test_double_to_int_truncates(x):
    assert solve(str(Fraction(x)), "double → int").answer["value"] == int(x)


def test_golden():
    # 408, 2012: unsigned short x = 65530; unsigned int y = x
    assert solve("65530", "unsigned short → unsigned int").answer["code"] == "0000FFFAH"
    # 408, 2019: unsigned short usi = 65535; short si = usi
    assert solve("65535", "unsigned short → short").answer["value"] == -1
    # 408, 2016: short si = -32767; unsigned short usi = si
    assert solve("-32767", "short → unsigned short").answer["value"] == 32769
    # a double beyond int, on x86
    assert solve("3000000000", "double → int").answer["code"] == "80000000H"
    assert solve("1e39", "double → float").answer["value"] == "+∞"


def test_unknown_type_and_undefined_result():
    with pytest.raises(InputError, match="string"):
        solve("1", "int → string")
    with pytest.raises(InputError, match="没有定义"):
        solve("-1.5", "float → unsigned int")
