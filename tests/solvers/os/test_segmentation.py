"""Oracle: lay the segments out as lists of addresses and index them."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.registry import get_solver
from assistant408.solvers.os.segmentation import Segment, solve

TABLE = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 30)), min_size=1, max_size=5)


@given(TABLE, st.integers(0, 6), st.integers(0, 40))
def test_against_lists_of_addresses(rows, segment, offset):
    places = [list(range(base, base + length)) for base, length in rows]
    answer = solve([Segment(*r) for r in rows], segment, offset).answer
    try:
        expected = places[segment][offset]
    except IndexError:
        wrong = "段号越界" if segment >= len(rows) else "段内越界"
        assert (answer["outcome"], "physical_address" in answer) == (wrong, False)
    else:
        assert (answer["outcome"], answer["physical_address"]) == ("正常", expected)


def test_golden_silberschatz():
    """The exercise on a segment table in chapter 8 of the 8th and 9th editions."""
    table = "219:600, 2300:14, 90:100, 1327:580, 1952:96"
    cases = {(0, 430): 649, (1, 10): 2310, (2, 500): None, (3, 400): 1727, (4, 112): None}
    for (segment, offset), expected in cases.items():
        answer = get_solver("os.segmentation")(segments=table, segment=segment, offset=offset).answer
        assert answer.get("physical_address") == expected
