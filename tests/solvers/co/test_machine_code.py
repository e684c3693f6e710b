"""Oracle: int.to_bytes for two's complement; the definitions by arithmetic modulo 2**n and 2**n - 1."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.machine_code import solve


@given(st.sampled_from([8, 16, 32, 64]), st.data())
def test_twos_complement_is_what_to_bytes_writes(bits, data):
    n = data.draw(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
    raw = n.to_bytes(bits // 8, "big", signed=True)
    answer = solve(str(n), "真值", bits).answer
    assert answer["twos_complement"] == "".join(f"{b:08b}" for b in raw)
    assert int(answer["excess"], 2) == n + 2 ** (bits - 1)


@given(st.integers(2, 20), st.data())
def test_definitions_of_the_other_codes(bits, data):
    n = data.draw(st.integers(-(2 ** (bits - 1)) + 1, 2 ** (bits - 1) - 1))
    answer = solve(str(n), "真值", bits).answer
    assert int(answer["ones_complement"], 2) == n % (2**bits - 1)
    assert int(answer["sign_magnitude"], 2) == (abs(n) + (2 ** (bits - 1) if n < 0 else 0))


@given(st.integers(2, 12), st.sampled_from(["原码", "反码", "补码", "移码"]), st.data())
def test_reading_a_code_inverts_writing_it(bits, kind, data):
    code = format(data.draw(st.integers(0, 2**bits - 1)), f"0{bits}b")
    key = {"原码": "sign_magnitude", "反码": "ones_complement", "补码": "twos_complement", "移码": "excess"}[kind]
    answer = solve(code, kind, bits).answer
    assert answer[key] == code
    if answer["value"] != 0:
        assert solve(str(answer["value"]), "真值", bits).answer[key] == code


@given(st.integers(3, 16), st.data())
def test_fractions_are_integers_scaled(bits, data):
    n = data.draw(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
    whole, part = (
        solve(str(n), "真值", bits).answer,
        solve(f"{n}/{2 ** (bits - 1)}", "真值", bits, "小数").answer,
    )
    assert part["twos_complement"] == whole["twos_complement"]
    assert part["twos_range"] == [-1, 1 - Fraction(1, 2 ** (bits - 1))]


def test_golden():
    assert solve("-105").answer["twos_complement"] == "10010111"
    assert solve("-128").answer["ones_complement"] == "不存在"
    assert solve("-0.6875", "真值", 8, "小数").answer["twos_complement"] == "10101000"
    assert solve("0").answer["twos_range"] == [-128, 127]


@pytest.mark.parametrize(("value", "point"), [("128", "整数"), ("0.3", "小数"), ("1.5", "整数"), ("abc", "整数")])
def test_what_does_not_fit_is_refused(value, point):
    with pytest.raises(InputError):
        solve(value, "真值", 8, point)
