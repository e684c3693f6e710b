"""Oracle: plain recursion for values, and growth of the values for orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.recurrence import solve


def value(n, a, b, c, work, base):
    if n <= 1:
        return base
    return a * value(max(n // b if b else n - c, 1), a, b, c, work, base) + work(n)


WORK = {"1": lambda n: 1, "n": lambda n: n, "n^2": lambda n: n * n, "3n": lambda n: 3 * n}


@given(st.integers(1, 4), st.integers(2, 3), st.sampled_from(sorted(WORK)), st.integers(0, 3), st.integers(1, 60))
def test_values_by_recursion(a, b, work, base, n):
    assert solve(a, divisor=b, work=work, base=base, n=n).answer["value"] == value(n, a, b, None, WORK[work], base)


@given(st.integers(1, 3), st.integers(1, 2), st.sampled_from(sorted(WORK)), st.integers(1, 14))
def test_values_by_recursion_less_a_constant(a, c, work, n):
    assert solve(a, less=c, work=work, n=n).answer["value"] == value(n, a, None, c, WORK[work], 1)


@pytest.mark.parametrize(
    ("a", "b", "work", "order", "growth"),
    [
        (1, 2, "1", "O(log n)", None),
        (2, 2, "1", "O(n)", 2),
        (4, 2, "n", "O(n^2)", 4),
        (2, 2, "n^2", "O(n^2)", 4),
        (8, 2, "n^2", "O(n^3)", 8),
    ],
)
def test_orders_by_growth(a, b, work, order, growth):
    assert solve(a, divisor=b, work=work).answer["order"] == order
    big, bigger = (value(1 << k, a, b, None, WORK[work], 1) for k in (14, 15))
    if growth:
        assert bigger / big == pytest.approx(growth, rel=0.01)
    else:
        assert bigger - big == 1


def test_the_middle_case_gains_a_logarithm():
    assert solve(2, divisor=2, work="n").answer["order"] == "O(n log n)"
    assert solve(4, divisor=2, work="n^2").answer["order"] == "O(n^2 log n)"


@pytest.mark.parametrize("args", [{}, {"divisor": 2, "less": 1}, {"divisor": 2, "work": "sqrt n"}])
def test_refuses(args):
    with pytest.raises(InputError):
        solve(2, **args)
