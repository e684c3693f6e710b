"""Oracle: Python's integers, cut to the word with a mask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.fixed_expression import solve

word = st.integers(-128, 127)


@given(word, word, st.sampled_from(["x+y", "x-y", "-x+y", "-x-y", "x×y"]))
def test_one_operation(x, y, text):
    exact = eval(text.replace("×", "*"), {"x": x, "y": y})
    answer = solve(["x", "y"], [x, y], text).answer
    assert answer["exact"] == exact
    assert int(answer["code"][:-1], 16) == exact & 255
    if text in ("x+y", "x-y", "x×y"):
        assert answer["overflow"] == (not -128 <= exact <= 127)


@given(word, st.integers(-64, 63))
def test_shifts_of_the_exam(x, half):
    y = 2 * half
    answer = solve(["x", "y"], [x, y], "2×x+y/2").answer
    assert int(answer["code"][:-1], 16) == (2 * x + half) & 255


@pytest.mark.parametrize("text", ["x/3", "x+", "z", "x$y", "(x"])
def test_malformed_expressions_are_refused(text):
    with pytest.raises(InputError):
        solve(["x"], [1], text)
