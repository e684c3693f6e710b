"""Oracle: try every split into rows and columns: fewest pins first, then fewest rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.dram_chip import solve


@given(st.integers(2, 28), st.integers(1, 64))
def test_best_split(bits, data):
    best = min(range(bits + 1), key=lambda row: (max(row, bits - row), row))
    answer = solve(f"{2**bits}×{data}").answer
    assert answer["rows"] == 2**best
    assert answer["columns"] == 2 ** (bits - best)
    assert answer["address_pins"] == max(best, bits - best)
    assert answer["total_pins"] == answer["address_pins"] + data
    assert answer["row_buffer_bits"] * answer["rows"] == 2**bits * data


def test_golden_408():
    assert solve("4M×8位").answer["total_pins"] == 19  # 408, 2014
    answer = solve("2K×1位").answer  # 408, 2018
    assert (answer["rows"], answer["columns"]) == (32, 64)


def test_refusal():
    with pytest.raises(InputError, match="2 的整数次幂"):
        solve("3K×1")
