"""Oracle: the standard library's CRC-32 and CRC-CCITT, and polynomial arithmetic over whole integers."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.crc import solve

DATA = st.text("01", min_size=1, max_size=60)
POLY = st.integers(1, 2**10).map(lambda n: f"{2 * n + 1:b}")


def times(a: int, b: int) -> int:
    """The product of two polynomials over GF(2)."""
    return sum_xor(a << i for i in range(b.bit_length()) if b >> i & 1)


def sum_xor(terms) -> int:
    total = 0
    for t in terms:
        total ^= t
    return total


@given(DATA, POLY)
def test_division_identity(data, poly):
    answer = solve(data, poly).answer
    code, q = int(answer["code"], 2), int(answer["quotient"], 2)
    assert times(q, int(poly, 2)) == code, "the code word is a multiple of the generator"
    assert answer["code"] == data + answer["check_bits"]
    assert len(answer["check_bits"]) == len(poly) - 1


@given(st.binary(min_size=1, max_size=20))
def test_crc_ccitt_of_the_standard_library(raw):
    bits = "".join(f"{b:08b}" for b in raw)
    assert int(solve(bits, "x^16+x^12+x^5+1").answer["check_bits"], 2) == binascii.crc_hqx(raw, 0)


@given(DATA, POLY, st.data())
def test_a_single_error_is_detected(data, poly, draw):
    code = solve(data, poly).answer["code"]
    assert solve(code, poly, "检错").answer["has_error"] is False
    i = draw.draw(st.integers(0, len(code) - 1))
    broken = code[:i] + "10"[int(code[i])] + code[i + 1 :]
    assert solve(broken, poly, "检错").answer["has_error"] is True


def test_golden_xie():
    # 谢希仁 3.1.2: M = 101001, P = 1101: remainder 001
    assert solve("101001", "1101").answer["check_bits"] == "001"


@pytest.mark.parametrize("generator", ["x^3+x", "0101", "x^3+x^3+1", "y+1", "1"])
def test_bad_generators(generator):
    with pytest.raises(InputError):
        solve("1010", generator)
