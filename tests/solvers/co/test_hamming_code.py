"""Oracle: the syndrome as the exclusive or of the positions of the ones, which is 0 for a code word."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.hamming_code import solve

DATA = st.text("01", min_size=1, max_size=40)
SIDE = st.sampled_from(["右边", "左边"])


def syndrome(code: str, first: str) -> int:
    order = code if first == "左边" else code[::-1]
    return reduce(xor, (p for p, b in enumerate(order, start=1) if b == "1"), 0)


@given(DATA, SIDE)
def test_code_words_have_no_syndrome_and_carry_the_data(data, first):
    answer = solve(data, "编码", first=first).answer
    assert syndrome(answer["code"], first) == 0
    assert solve(answer["code"], "检错", first=first).answer["data"] == data
    k = answer["check_count"]
    assert len(answer["code"]) == len(data) + k
    assert 2 ** (k - 1) < len(data) + k <= 2**k - 1


@given(DATA, SIDE, st.sampled_from(["偶校验", "奇校验"]), st.data())
def test_any_single_error_is_found(data, first, parity, draw):
    code = solve(data, "编码", parity, first).answer["code"]
    i = draw.draw(st.integers(0, len(code) - 1))
    broken = code[:i] + "10"[int(code[i])] + code[i + 1 :]
    answer = solve(broken, "检错", parity, first).answer
    assert answer["error_position"] == (i + 1 if first == "左边" else len(code) - i)
    assert (answer["corrected"], answer["data"]) == (code, data)


@given(DATA)
def test_odd_parity_inverts_every_check_bit(data):
    even, odd = (solve(data, "编码", parity).answer["check_bits"] for parity in ("偶校验", "奇校验"))
    assert all(even[p] != odd[p] for p in even)


def test_golden():
    assert solve("0101", "编码", first="左边").answer["code"] == "0100101"  # 唐朔飞 例 4.4
    assert solve("1" * 8).answer["check_count"] == 4  # 408, 2013


@pytest.mark.parametrize(("bits", "mode"), [("0" * 57, "编码"), ("0" * 63, "检错"), ("000", "检错")])
def test_longest_and_shortest(bits, mode):
    longer = "" if mode == "检错" and len(bits) == 3 else "0"
    solve(bits, mode)
    with pytest.raises(InputError, match="长度"):
        solve(bits + longer if longer else bits[:-1], mode)


def test_two_errors_may_point_outside():
    code = solve("10101", "编码").answer["code"]  # 9 positions
    broken = "".join("10"[int(b)] if len(code) - i in (8, 2) else b for i, b in enumerate(code))
    with pytest.raises(InputError, match="两位"):
        solve(broken, "检错")
