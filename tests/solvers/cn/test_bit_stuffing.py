"""Oracle: regular expressions and byte translation, and the promise that no flag is left in the data."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.bit_stuffing import solve

BITS = st.text("01", min_size=1, max_size=80)
BYTES = st.lists(st.sampled_from([0x7E, 0x7D, 0x5E, 0x5D, 0x41, 0x00]), min_size=1, max_size=30).map(bytes)


@given(BITS)
def test_bits_by_regular_expression(bits):
    answer = solve(bits).answer
    assert answer["stuffed"] == re.sub("11111", "111110", bits)
    assert "111111" not in answer["stuffed"]
    assert answer["inserted"] == len(re.findall("11111", bits))


@given(BYTES)
def test_bytes_by_replacement(data):
    spaced = data.hex(" ").upper()
    ppp = data.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e")
    assert bytes.fromhex(solve(spaced, "PPP_BYTE").answer["stuffed"]) == ppp
    esc = re.sub(rb"[\x7d\x7e]", lambda m: b"\x7d" + m[0], data)
    assert bytes.fromhex(solve(spaced, "ESC").answer["stuffed"]) == esc


@given(BITS, BYTES)
def test_removal_undoes_stuffing(bits, data):
    assert solve(solve(bits).answer["stuffed"], remove=True).answer["original"] == bits
    spaced = data.hex(" ").upper()
    for method in ("PPP_BYTE", "ESC"):
        stuffed = solve(spaced, method).answer["stuffed"]
        assert solve(stuffed, method, remove=True).answer["original"] == spaced


@given(BITS)
def test_marks_point_at_the_stuffed_zeros(bits):
    solution = solve(bits)
    table = solution.steps[-1].data
    kept = [c for r, row in enumerate(table.rows) for k, c in enumerate(row) if (r, k) not in table.marks]
    assert "".join(kept) == bits


def test_golden_2013_37():
    """2013-37: HDLC frames 0111 1100 0111 1110 as 0111 1100 0011 1110 10."""
    assert solve("0111 1100 0111 1110").answer["stuffed"] == "011111000011111010"


def test_golden_xie_xiren_exercise_3_09():
    """谢希仁 习题 3-09: 7D 5E FE 27 7D 5D 7D 5D 65 7D 5E was 7E FE 27 7D 7D 65 7E."""
    answer = solve("7D 5E FE 27 7D 5D 7D 5D 65 7D 5E", "PPP_BYTE", remove=True).answer
    assert answer["original"] == "7E FE 27 7D 7D 65 7E"


def test_golden_xie_xiren_exercise_3_10():
    """谢希仁 习题 3-10: 0110111111111100 becomes 011011111011111000; 0001110111110111110110 goes back."""
    assert solve("0110111111111100").answer["stuffed"] == "011011111011111000"
    assert solve("0001110111110111110110", remove=True).answer["original"] == "00011101111111111110"


def test_rejects_what_was_never_sent():
    with pytest.raises(InputError, match="不可能"):
        solve("0111111", remove=True)
    with pytest.raises(InputError, match="不可能"):
        solve("41 7E", "PPP_BYTE", remove=True)
    with pytest.raises(InputError, match="不可能"):
        solve("41 7D", "ESC", remove=True)
    with pytest.raises(InputError, match="比特串"):
        solve("12")
    with pytest.raises(InputError, match="字节串"):
        solve("7", "ESC")
