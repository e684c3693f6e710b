"""Oracle: integer arithmetic: OF and CF say whether the exact result leaves the signed or unsigned range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.fixed_add import solve


def as_signed(code: int, bits: int) -> int:
    return int.from_bytes((code << (64 - bits)).to_bytes(8, "big"), "big", signed=True) >> (64 - bits)


@given(st.integers(2, 64), st.sampled_from(["加", "减"]), st.data())
def test_flags_by_exact_arithmetic(bits, op, data):
    a, b = (data.draw(st.integers(0, 2**bits - 1)) for _ in range(2))
    sign = 1 if op == "加" else -1
    exact_unsigned = a + sign * b
    exact_signed = as_signed(a, bits) + sign * as_signed(b, bits)
    answer = solve(a, b, op, bits).answer
    assert answer["unsigned_value"] == exact_unsigned % 2**bits
    assert answer["cf"] == (not 0 <= exact_unsigned < 2**bits)
    assert answer["of"] == (not -(2 ** (bits - 1)) <= exact_signed < 2 ** (bits - 1))
    assert answer["zf"] == (exact_unsigned % 2**bits == 0)
    assert answer["sf"] == (answer["signed_value"] < 0)


@given(st.integers(-128, 127), st.integers(-128, 127))
def test_a_value_and_its_code_are_one_operand(x, y):
    assert solve(x, y).answer == solve(x % 256, y % 256).answer


def test_golden_408_2018():
    # 408, 2018: x = FFFFFFDFH, y = 00000041H: x - y = FFFFFF9EH
    answer = solve(0xFFFFFFDF, 0x41, "减", 32).answer
    assert (answer["result"], answer["signed_value"], answer["of"]) == ("FFFFFF9EH", -33 - 65, 0)


def test_golden_408_2011():
    # 408, 2011: x = 134, y = 246 in 8 bits: x - y = 90H with a borrow, x + y = 7CH with a carry;
    # as signed numbers -122 and -10, their sum overflows and their difference does not
    minus, plus = solve(134, 246, "减").answer, solve(134, 246, "加").answer
    assert (minus["result"], minus["cf"], minus["of"], minus["signed_value"]) == ("90H", 1, 0, -112)
    assert (plus["result"], plus["cf"], plus["of"]) == ("7CH", 1, 1)


def test_too_wide_an_operand_is_refused():
    with pytest.raises(InputError, match="256"):
        solve(256, 0)
