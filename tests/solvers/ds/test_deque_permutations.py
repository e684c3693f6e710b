"""Oracle: a recursive search over collections.deque; Knuth's counts."""

from collections import deque
from itertools import permutations

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.deque_permutations import solve


def reachable(pushes, target, kind):
    """Depth-first: serve the next wanted element at an end, or enter one more."""

    def search(queue, rest, wanted):
        if not wanted:
            return True
        ends = [0] if kind == "one_exit" else [0, -1]
        for end in ends:
            if queue and queue[end] == wanted[0]:
                less = deque(queue)
                less.popleft() if end == 0 else less.pop()
                if search(less, rest, wanted[1:]):
                    return True
        if rest:
            for left in (False, True) if kind != "one_entrance" else (False,):
                more = deque(queue)
                more.appendleft(rest[0]) if left else more.append(rest[0])
                if search(more, rest[1:], wanted):
                    return True
        return False

    return search(deque(), pushes, target)


@pytest.mark.parametrize("kind", ["one_exit", "one_entrance", "both"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_every_permutation(kind, n):
    pushes = "abcd"[:n]
    valid = [p for p in map("".join, permutations(pushes)) if reachable(pushes, p, kind)]
    for p in map("".join, permutations(pushes)):
        answer = solve([*pushes], kind, [*p]).answer
        assert answer["valid"] == (p in valid)
        assert answer["count"] == len(valid)
        if answer["valid"]:
            assert "".join(o[0] for o in answer["operations"] if "出" in o) == p


def test_counts_are_knuths():
    """Restricted deques give the large Schröder numbers 1, 2, 6, 22, 90 (TAOCP 2.2.1, exercise 11)."""
    for kind in ("one_exit", "one_entrance"):
        assert [solve([*"12345"[:n]], kind).answer["count"] for n in range(1, 6)] == [1, 2, 6, 22, 90]


def test_golden_408_2010():
    orders = ["bacde", "dbace", "dbcae", "ecbad"]
    assert [solve(["abcde"], "one_exit", [o]).answer["valid"] for o in orders] == [True, True, False, True]


@pytest.mark.parametrize("args", [(["aa"],), (["abcdefghi"],), (["ab"], "both", ["ac"])])
def test_refuses(args):
    with pytest.raises(InputError):
        solve(*args)
