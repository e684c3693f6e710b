"""Oracle: both directions agree; the ratio is turnaround over service."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.response_ratio import solve


@given(st.integers(1, 500), st.integers(0, 500))
def test_there_and_back(service, waited):
    ratio = solve(Fraction(service), Fraction(waited)).answer["ratio"]
    assert ratio == Fraction(waited + service, service)
    assert solve(Fraction(service), ratio=Fraction(ratio)).answer["waited"] == waited


def test_bad_input():
    for args in ((Fraction(0), Fraction(1)), (Fraction(1),), (Fraction(1), Fraction(1), Fraction(2))):
        with pytest.raises(InputError):
            solve(*args)
