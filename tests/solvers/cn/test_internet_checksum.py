"""Oracle: arithmetic modulo 2^16 - 1, struct, and the check at the receiver."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.internet_checksum import solve

DATA = st.binary(min_size=1, max_size=60)


@given(DATA)
def test_the_sum_is_the_residue_modulo_65535(data):
    """RFC 1071: one's complement addition is addition modulo 2^16 - 1, with FFFF for a nonzero multiple."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    residue = total % 65535 or (65535 if total else 0)
    answer = solve(data.hex()).answer
    assert int(answer["sum"], 16) == residue
    assert int(answer["checksum"], 16) == 65535 - residue
    assert answer["carries"] == (total - residue) // 65535


@given(st.binary(min_size=2, max_size=40).filter(lambda d: len(d) % 2 == 0), st.integers(0, 10**6))
def test_the_receiver_accepts_it_and_sees_a_flipped_bit(data, where):
    sent = data + bytes.fromhex(solve(data.hex()).answer["checksum"])
    assert solve(sent.hex(), verify=True).answer["valid"] is True
    bad = bytearray(sent)
    bad[where % len(bad)] ^= 1 << where % 8
    assert solve(bytes(bad).hex(), verify=True).answer["valid"] is False


@given(st.binary(min_size=2, max_size=30).filter(lambda d: len(d) % 2 == 0))
def test_byte_order_does_not_matter(data):
    """RFC 1071 §2(B): the sum of swapped words is the swapped sum."""
    swapped = b"".join(data[i : i + 2][::-1] for i in range(0, len(data), 2))
    assert bytes.fromhex(solve(data.hex()).answer["sum"])[::-1].hex().upper() == solve(swapped.hex()).answer["sum"]


def test_golden_rfc_1071():
    """RFC 1071 §3: 00 01 F2 03 F4 F5 F6 F7 sums to DDF2."""
    answer = solve("0001 f203 f4f5 f6f7").answer
    assert (answer["sum"], answer["checksum"]) == ("DDF2", "220D")


def test_golden_kurose_3_3_2():
    """Kurose §3.3.2: three words with sum 0100101011000010 have the checksum 1011010100111101."""
    words = "0110011001100000 0101010101010101 1000111100001100"
    answer = solve(words).answer
    assert int(answer["sum"], 16) == 0b0100101011000010
    assert int(answer["checksum"], 16) == 0b1011010100111101


def test_eight_bit_words():
    assert solve("01010011 01100110 01110100", "8").answer["checksum"] == f"{0b11010001:02X}"  # Kurose, problem P3


def test_rejects_what_is_no_hexadecimal():
    with pytest.raises(InputError, match="十六进制数"):
        solve("xyz")
    with pytest.raises(InputError, match="偶数个"):
        solve("123")
