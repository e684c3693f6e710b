"""Oracle: after k passes the keys are stably sorted by key mod base^k."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.radix_sort import solve


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=15), st.sampled_from([2, 8, 10, 16]), st.integers(1, 3))
def test_sorted_by_the_low_digits(keys, base, after):
    answer = solve(keys, after, base).answer
    for k, state in enumerate(answer["passes"], 1):
        assert state == sorted(keys, key=lambda key, k=k: key % base**k)
    assert answer["passes"][-1] == sorted(keys)
    digits = answer["pass_count"]
    assert base**digits > max(keys)
    assert digits == 1 or base ** (digits - 1) <= max(keys)
    assert [k for queue in answer["buckets"].values() for k in queue] == answer["state"]
    for digit, queue in answer["buckets"].items():
        assert {key // base ** (min(after, digits) - 1) % base for key in queue} == {int(digit)}


def test_golden_408_2013():
    # 110 119 007 911 114 120 122: after the first pass 110 120 911 122 114 007 119
    assert solve([110, 119, 7, 911, 114, 120, 122]).answer["state"] == [110, 120, 911, 122, 114, 7, 119]
