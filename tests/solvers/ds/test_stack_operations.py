"""Oracle: counts of every beginning, and a plain list as the stack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.stack_operations import solve


@given(st.text("IO", min_size=1, max_size=12))
def test_legal_if_no_beginning_pops_more(marks):
    legal = all(marks[:k].count("I") >= marks[:k].count("O") for k in range(len(marks) + 1))
    assert solve(marks).answer["valid"] == legal
    ends = marks.count("I") == marks.count("O")
    assert solve(marks, empty_end=True).answer["valid"] == (legal and ends)
    if legal:
        stack, out, n = [], [], 0
        for c in marks:
            if c == "I":
                n += 1
                stack.append(str(n))
            else:
                out.append(stack.pop())
        answer = solve(marks).answer
        assert (answer["output"], answer["size"]) == (out, len(stack))


def test_refuses():
    with pytest.raises(InputError):
        solve("SXQ")
    with pytest.raises(InputError):
        solve("SS", ["a"])
