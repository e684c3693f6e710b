"""Oracle: enumerate every chip and every address; count and look up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.memory_expansion import solve


@given(st.integers(0, 6), st.integers(1, 8), st.integers(1, 8), st.integers(1, 32), st.integers(0, 5000), st.data())
def test_every_address_lies_in_one_group_of_enough_chips(p, chip_bits, groups, bits, start, data):
    chip_words = 2**p
    asked = start + data.draw(st.integers(0, chip_words * groups - 1))
    args = (f"{chip_words}×{chip_bits}", f"{chip_words * groups}×{bits}", start)
    answer = solve(*args, asked_address=asked).answer
    group_of = {start + i: i // chip_words for i in range(chip_words * groups)}
    mine = [a for a, g in group_of.items() if g == group_of[asked]]
    assert int(answer["asked_lowest"][:-1], 16) == min(mine)
    assert int(answer["asked_highest"][:-1], 16) == max(mine)
    per_group = next(k for k in range(1, 40) if k * chip_bits >= bits)
    assert answer["chips"] == len(set(group_of.values())) * per_group
    assert 2 ** answer["on_chip_bits"] == chip_words
    assert 2 ** (answer["on_chip_bits"] + answer["select_bits"]) > start + chip_words * groups - 1
    assert len(answer["ranges"]) == groups


def test_golden_408_2010():
    # 408, 2010: 2K×4 chips form 8K×8; the chip of 0B1FH begins at 0800H
    assert solve("2K×4位", "8K×8位", asked_address=0x0B1F).answer["asked_lowest"] == "0800H"


def test_golden_408_2009_rom_and_ram():
    # 408, 2009: 64KB by bytes, 4KB ROM from 2K×8 chips and 60KB RAM from 4K×4 chips: 2 and 30 chips
    assert solve("2K×8位", "4K×8位").answer["chips"] == 2
    assert solve("4K×4位", "60K×8位", 4096).answer["chips"] == 30


def test_refusals():
    with pytest.raises(InputError, match="整数倍"):
        solve("8K×8", "12K×8")
    with pytest.raises(InputError, match="2K"):
        solve("2K", "8K×8")
    with pytest.raises(InputError, match="要查的地址"):
        solve("2K×8", "8K×8", asked_address=8192)
