"""Oracle: the definitions as lambdas over one memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.addressing import Cell, solve

MEMORY = st.lists(st.integers(0, 255), min_size=256, max_size=256)

EA = {
    "直接": lambda m, a, r, pc: a,
    "间接": lambda m, a, r, pc: m[a],
    "寄存器间接": lambda m, a, r, pc: r,
    "相对": lambda m, a, r, pc: pc + 2 + a,
    "基址": lambda m, a, r, pc: r + a,
    "变址": lambda m, a, r, pc: r + a,
    "先变址后间接": lambda m, a, r, pc: m[(a + r) % 256],
    "先间接后变址": lambda m, a, r, pc: m[a] + r,
}
BYTE = st.integers(0, 255)


@given(st.sampled_from(sorted(EA)), MEMORY, BYTE, BYTE, BYTE)
def test_effective_address_and_operand(mode, memory, a, r, pc):
    expected = EA[mode](memory, a, r, pc) % 256
    cells = [Cell(i, v) for i, v in enumerate(memory)]
    answer = solve(mode, a, r, 1, pc, 2, cells, 8).answer
    assert answer["effective_address"] == f"{expected:02X}H"
    assert answer["operand"] == memory[expected]
    assert answer["memory_reads"] == (2 if "间接" in mode and mode != "寄存器间接" else 1)


def test_no_memory_for_immediate_and_register():
    assert solve("立即", 5).answer["operand"] == 5
    assert solve("寄存器", register=9).answer["memory_reads"] == 0


def test_golden_408_2013():
    # 408, 2013: (R)=1000H, A=2000H, (1000H)=2000H, (2000H)=3000H, (3000H)=4000H: indexed, the operand is 4000H
    memory = [Cell(0x1000, 0x2000), Cell(0x2000, 0x3000), Cell(0x3000, 0x4000)]
    assert solve("变址", 0x2000, 0x1000, memory=memory).answer["operand"] == 0x4000


def test_scale_and_missing_pointer():
    assert solve("变址", 0x100, 3, 4, address_bits=16).answer["effective_address"] == "010CH"
    with pytest.raises(InputError, match="没有给出"):
        solve("间接", 1)
