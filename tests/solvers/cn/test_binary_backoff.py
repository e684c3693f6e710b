"""Oracle: all the choices listed, and all pairs of choices counted."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.binary_backoff import solve


def doubled(collisions: int) -> list[int]:
    """The choices grow twofold at every collision, until there are 1024."""
    choices = [0]
    for _ in range(collisions):
        if len(choices) < 1024:
            choices += [c + len(choices) for c in choices]
    return choices


@given(st.integers(1, 15), st.integers(1, 100))
def test_ranges_and_waits(n, slot):
    answer, choices = solve(n, f"{slot}us").answer, doubled(n)
    assert answer["choices"] == len(set(choices))
    assert answer["max_slots"] == max(choices)
    assert answer["max_wait_us"] == max(choices) * slot
    assert answer["mean_wait_us"] == Fraction(sum(choices) * slot, len(choices))


@given(st.integers(1, 6))
def test_probabilities_by_listing_all_pairs(n):
    pairs = list(product(doubled(n), repeat=2))
    answer = solve(n).answer
    assert answer["collide_again"] == Fraction(sum(a == b for a, b in pairs), len(pairs))
    assert answer["probability"] == Fraction(sum(a == 0 for a, _ in pairs), len(pairs))


@given(st.integers(16, 100))
def test_gives_up_from_the_sixteenth_on(n):
    assert solve(n).answer == {"gives_up": True}
    assert solve(15).answer["gives_up"] is False


def test_golden_xie_xiren_3_3_2():
    """谢希仁 §3.3.2: after the second collision r is one of 0 to 3, after the third one of 0 to 7."""
    assert [solve(n).answer["max_slots"] for n in (1, 2, 3, 10, 11)] == [1, 3, 7, 1023, 1023]


def test_golden_xie_xiren_exercise_3_25():
    """谢希仁 习题 3-25: r = 100 at 10 Mb/s is a wait of 5.12 ms; a slot is 51.2 μs."""
    answer = solve(7).answer
    assert answer["max_wait_us"] / answer["max_slots"] * 100 == 5120


def test_the_picture_marks_its_row():
    for n in (3, 7, 12, 20):
        table = solve(n).steps[0].data
        assert {table.rows[r][0] for r, _ in table.marks} == {min(n, 16)}


def test_rejects_a_slot_of_nothing():
    with pytest.raises(InputError, match="争用期"):
        solve(1, "0s")
