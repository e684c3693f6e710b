"""Oracle: the smallest field whose codes can be listed out, by counting codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.microinstruction import solve


def codes_needed(states: int) -> int:
    """Bits until that many distinct codes exist."""
    bits, codes = 0, [""]
    while len(codes) < states:
        bits += 1
        codes = [c + b for c in codes for b in "01"]
    return bits


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 8), st.integers(1, 500), st.booleans())
def test_widths(groups, conditions, total, coded):
    answer = solve(groups, "字段直接编码", conditions, "编码" if coded else "直接控制", total).answer
    fields = [codes_needed(n + 1) for n in groups]
    assert answer["field_bits"] == fields
    tests = codes_needed(conditions + 1) if coded else conditions
    assert answer["word_bits"] == sum(fields) + tests + codes_needed(total)
    assert answer["capacity_bits"] == total * answer["word_bits"]
    assert solve(groups, "直接编码").answer["control_bits"] == sum(groups)


def test_golden_408():
    assert solve([7, 3, 12, 5, 6]).answer["control_bits"] == 15  # 408, 2012
    answer = solve([], instructions=32, average=4, common=2).answer  # 408, 2014
    assert (answer["total"], answer["next_address_bits"]) == (130, 8)


def test_refusal():
    with pytest.raises(InputError, match="至少"):
        solve([])
