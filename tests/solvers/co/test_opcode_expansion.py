"""Oracle: hand out whole instruction words of a tiny machine one code point at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.opcode_expansion import solve


def hand_out(bits: int, address_bits: int, addresses: int, counts: list[int]) -> int | None:
    """Mark instruction words as used; return how many instructions the next format still gets."""
    free = [True] * 2**bits
    for i, count in enumerate([*counts, None]):
        block = 2 ** ((addresses - i) * address_bits)
        slots = [s for s in range(0, 2**bits, block) if all(free[s : s + block])]
        if count is None:
            return len(slots)
        if count > len(slots):
            return None
        for s in slots[:count]:
            free[s : s + block] = [False] * block
    return None


@given(st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), st.data())
def test_by_handing_out_words(first, address_bits, addresses, data):
    bits = first + address_bits * addresses
    counts = data.draw(st.lists(st.integers(0, 9), min_size=0, max_size=addresses))
    expected = hand_out(bits, address_bits, addresses, counts)
    if expected is None:
        with pytest.raises(InputError):
            solve(bits, address_bits, addresses, counts)
        return
    answer = solve(bits, address_bits, addresses, counts, False).answer
    assert answer["max_count"] == expected
    assert answer["unused"] == [
        hand_out(bits, address_bits, addresses, counts[: i + 1]) // 2**address_bits for i in range(len(counts))
    ]
    if counts:
        shortest = answer["min_instruction_bits"]
        assert hand_out(shortest, address_bits, addresses, counts) is not None
        if shortest > address_bits * addresses + 1:
            assert hand_out(shortest - 1, address_bits, addresses, counts) is None


def test_golden():
    assert solve(16, 4, 3, [15, 15, 15]).answer["max_count"] == 16  # the classic 16-bit example
    # 408, 2022: 16 bits, 6-bit addresses, 12 two-address and 254 one-address instructions: 128 zero-address
    assert solve(16, 6, 2, [12, 254]).answer["max_count"] == 128
    # 408, 2017: 29 three-address and 107 two-address instructions, 6-bit addresses, bytes: 24 bits
    assert solve(32, 6, 3, [29, 107]).answer["min_instruction_bits"] == 24
    assert solve(16, 4, 3, [15]).answer["ranges"]["三地址指令"] == "0000～1110"
