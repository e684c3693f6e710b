"""Oracle: the textbook program with b[k] = MINKEY, and heapq.merge."""

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.loser_tree import solve

RUNS = st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=4).map(sorted), min_size=2, max_size=9)


def textbook(runs, outputs):
    """严蔚敏 算法 11.2 and 11.3; keys (value, run) so that the lower run wins ties."""
    k, waiting = len(runs), [list(r) for r in runs]
    big, low = (10**9, 0), (-1, 0)

    def head(i):
        return low if i == k else (waiting[i][0], i) if waiting[i] else (big[0], i)

    ls, out = [k] * k, []

    def adjust(s):
        t = (s + k) // 2
        while t > 0:
            if head(s) > head(ls[t]):
                s, ls[t] = ls[t], s
            t //= 2
        ls[0] = s

    for i in range(k - 1, -1, -1):
        adjust(i)
    for _ in range(outputs):
        q = ls[0]
        out.append(waiting[q].pop(0))
        adjust(q)
    return ls, out


@given(RUNS, st.data())
def test_same_tree_as_the_textbook(runs, data):
    outputs = data.draw(st.integers(0, sum(map(len, runs))))
    answer = solve(runs, outputs).answer
    ls, out = textbook(runs, outputs)
    assert answer["losers"] == ls
    assert answer["output"] == out == list(heapq.merge(*runs))[:outputs]
    assert answer["winner"] == (ls[0] if outputs < sum(map(len, runs)) else None)
    assert answer["build_comparisons"] == len(runs) - 1
    assert answer["comparisons"] <= len(runs) - 1 + outputs * answer["replay_comparisons"]
    assert 2 ** (answer["replay_comparisons"] - 1) < len(runs) <= 2 ** answer["replay_comparisons"]


def test_golden_yan_weimin_11_3():
    # 严蔚敏图 11.3: b = 10 9 20 6 12; then 6 is replaced by 15
    runs = [[10, 15, 16], [9, 18, 20], [20, 22, 40], [6, 15, 25], [12, 37, 48]]
    assert solve(runs).answer["losers"] == [3, 1, 0, 2, 4]
    assert solve(runs, 1).answer["losers"] == [1, 0, 4, 2, 3]


def test_refuses():
    with pytest.raises(InputError):
        solve([[1], []])
    with pytest.raises(InputError):
        solve([[2, 1], [3]])
