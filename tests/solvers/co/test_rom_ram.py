"""Oracle: lay the chips out word by word and bit by bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.rom_ram import solve


@given(st.sampled_from([4, 8, 16]), st.sampled_from([1, 2, 4]), st.sampled_from([1, 4, 8]))
def test_chips_by_covering_every_bit(rom, words, bits):
    cells = {(w // (words * 1024), b // bits) for w in range(0, (64 - rom) * 1024, 1024) for b in range(8)}
    assert solve("64KB", f"{rom}KB", ram_chip=f"{words}K×{bits}位").answer["ram_chips"] == len(cells)


def test_the_exam_question_and_refusals():
    answer = solve("64KB", "4KB", "2K×8位", "4K×4位").answer
    assert (answer["rom_chips"], answer["ram_chips"], answer["total_chips"]) == (2, 30, 32)
    with pytest.raises(InputError):
        solve("4KB", "4KB", ram_chip="1K×8位")
    with pytest.raises(InputError):
        solve("64KB", "4KB")
