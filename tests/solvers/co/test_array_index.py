"""Oracle: a real array laid out by ctypes."""

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.array_index import solve


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_a_matrix_in_memory(rows, cols, data):
    i, j = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, cols - 1))
    matrix = (ctypes.c_int32 * cols * rows)()
    offset = ctypes.addressof(matrix[i]) + j * 4 - ctypes.addressof(matrix)
    answer = solve(0x1000, 4, [i, j], [rows, cols]).answer
    assert answer["offset"] == offset
    assert int(answer["effective_address"][:-1], 16) == 0x1000 + offset


def test_subscripts_outside_are_refused():
    with pytest.raises(InputError):
        solve(0, 4, [3, 10], [10, 10])
