"""Oracle: multiplication and floor division for arithmetic shifts, string slicing for rotations."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.shift import solve

BITS = 8
WORD = st.integers(0, 255)
COUNT = st.integers(1, 20)


def run(value: int, kind: str, count: int, **more) -> dict:
    return solve(f"{value:08b}", kind, count, BITS, **more).answer


def signed(value: int) -> int:
    return value - 256 if value > 127 else value


@given(WORD, COUNT)
def test_arithmetic_shifts_multiply_and_divide(value, count):
    assert run(value, "算术右移", count)["signed_value"] == signed(value) // 2**count
    answer = run(value, "算术左移", count)
    assert answer["overflow"] == (not -128 <= signed(value) * 2**count <= 127)
    if not answer["overflow"]:
        assert answer["signed_value"] == signed(value) * 2**count


@given(WORD, COUNT, st.integers(0, 1))
def test_rotations_turn_a_string(value, count, carry):
    text = f"{value:08b}"
    k = count % 8
    assert run(value, "循环左移", count)["result"] == f"{int(text[k:] + text[:k], 2):02X}H"
    ring = str(carry) + text
    k = count % 9
    turned = ring[-k:] + ring[:-k] if k else ring
    answer = run(value, "带进位循环右移", count, carry_in=carry)
    assert (answer["carry"], answer["result"]) == (int(turned[0]), f"{int(turned[1:], 2):02X}H")
    back = solve(answer["result"], "带进位循环左移", count, BITS, carry_in=answer["carry"]).answer
    assert back["result"] == f"{value:02X}H"


@given(WORD, COUNT)
def test_logical_shifts(value, count):
    assert run(value, "逻辑右移", count)["result"] == f"{value // 2**count:02X}H"
    assert run(value, "逻辑左移", count)["result"] == f"{value * 2**count % 256:02X}H"


@given(st.integers(-127, 127), st.integers(1, 6))
def test_sign_magnitude_and_ones_complement_halve_the_magnitude(n, count):
    half = abs(n) >> count
    sign_magnitude = (128 if n < 0 else 0) + abs(n)
    expected = (128 if n < 0 else 0) + half
    assert run(sign_magnitude, "算术右移", count, representation="原码")["result"] == f"{expected:02X}H"
    ones = n % 255 if n else 0
    expected = 255 - half if n < 0 else half
    assert run(ones, "算术右移", count, representation="反码")["result"] == f"{expected:02X}H"


@given(st.integers(-127, 127), st.integers(1, 6))
def test_sign_magnitude_and_ones_complement_double_the_magnitude(n, count):
    size = abs(n) * 2**count
    sign = 128 if n < 0 else 0
    plain = run(sign + abs(n), "算术左移", count, representation="原码")
    assert plain["result"] == f"{sign + size % 128:02X}H"
    assert plain["overflow"] == (size > 127)
    ones = run(n % 255 if n else 0, "算术左移", count, representation="反码")
    assert ones["result"] == f"{255 - size % 128 if n < 0 else size % 128:02X}H"


def test_golden_tang_minus_26():
    # 唐朔飞 例 6.17: A = -26; two's complement 11100110 becomes 11110011 (-13), 11001100 (-52)
    assert run(0b11100110, "算术右移", 1)["signed_value"] == -13
    assert run(0b11100110, "算术左移", 1)["signed_value"] == -52
    assert run(0b11100110, "算术右移", 2)["signed_value"] == -7
