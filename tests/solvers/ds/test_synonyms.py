"""Oracle: synonyms stored in a table by linear probing."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.synonyms import solve


@given(st.integers(1, 30), st.integers(0, 30))
def test_probes_of_a_real_table(k, home):
    table, probes = [False] * 31, 0
    for _ in range(k):
        at = home
        probes += 1
        while table[at]:
            at, probes = (at + 1) % 31, probes + 1
        table[at] = True
    answer = solve(k).answer
    assert (answer["probes"], answer["collisions"]) == (probes, probes - k)
    assert answer["average"] == Fraction(probes, k)
