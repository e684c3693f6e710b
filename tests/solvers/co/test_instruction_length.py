"""Oracle: hand out codes greedily for every width and see whether they suffice."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.instruction_length import solve


def fits(length, addresses, counts, field):
    """Whether a prefix code exists: each instruction takes 2**(its address bits) of the words (Kraft's inequality)."""
    if length < addresses * field:
        return False
    return sum(n << ((addresses - i) * field) for i, n in enumerate(counts)) <= 1 << length


@given(st.integers(1, 3), st.lists(st.integers(1, 60), min_size=1, max_size=3), st.integers(2, 6))
def test_the_shortest_by_kraft(addresses, counts, field):
    counts = counts[: addresses + 1]
    answer = solve(addresses, counts, field).answer
    length = addresses * field
    while not fits(length, addresses, counts, field):
        length += 1
    assert answer["bits"] == length
    assert answer["byte_bits"] % 8 == 0 <= answer["byte_bits"] - length < 8
