"""Oracle: error patterns tried one by one; what they reach decides detection and correction."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.hamming_distance import solve

CODES = st.integers(2, 6).flatmap(
    lambda n: st.sets(st.integers(0, 2**n - 1), min_size=2, max_size=6).map(
        lambda words: [format(w, f"0{n}b") for w in sorted(words)]
    )
)


def ball(word: int, size: int, errors: int) -> set[int]:
    """Everything that up to `errors` flipped bits can make of a word."""
    return {word ^ sum(1 << b for b in places) for e in range(errors + 1) for places in combinations(range(size), e)}


@settings(max_examples=50)
@given(CODES)
def test_the_promised_errors_are_detected_and_corrected_and_no_more(words):
    answer, size, legal = solve(words).answer, len(words[0]), [int(w, 2) for w in words]

    def detected(errors: int) -> bool:
        return all(not (ball(w, size, errors) - {w}) & set(legal) for w in legal)

    def corrected(errors: int) -> bool:
        return all(not ball(a, size, errors) & ball(b, size, errors) for a, b in combinations(legal, 2))

    assert detected(answer["detects"])
    assert not detected(answer["detects"] + 1)
    assert corrected(answer["corrects"])
    assert not corrected(answer["corrects"] + 1)


@given(CODES, st.data())
def test_the_nearest_word_is_found_by_growing_balls(words, data):
    size = len(words[0])
    received = data.draw(st.integers(0, 2**size - 1))
    near = solve(words, format(received, f"0{size}b")).answer["nearest"]
    radius = next(r for r in range(size + 1) if any(int(w, 2) in ball(received, size, r) for w in words))
    assert near == [w for w in words if int(w, 2) in ball(received, size, radius)]


@given(st.integers(0, 20), st.integers(0, 20))
def test_the_needed_distance_suffices_and_one_less_does_not(e, t):
    d = solve(detect=e, correct=t).answer["distance"]
    assert d - 1 >= e
    assert (d - 1) // 2 >= t
    assert d - 2 < e or (d - 2) // 2 < t


def test_golden_tanenbaum_3_2_1():
    """Tanenbaum §3.2.1: four words of distance 5 correct two errors; 0000000111 was 0000011111."""
    words = ["0000000000", "0000011111", "1111100000", "1111111111"]
    answer = solve(words, "0000000111").answer
    assert (answer["distance"], answer["corrects"], answer["nearest"]) == (5, 2, ["0000011111"])


def test_rejects_what_is_no_code():
    with pytest.raises(InputError, match="至少两个"):
        solve(["00"])
    with pytest.raises(InputError, match="长度不一"):
        solve(["00", "111"])
    with pytest.raises(InputError, match="没有码字"):
        solve()


def test_one_demand_is_enough():
    assert solve(detect=3).answer["distance"] == 4
    assert solve(correct=3).answer["distance"] == 7
