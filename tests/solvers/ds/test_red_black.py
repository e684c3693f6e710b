"""Oracle: the five properties, and for insertion a functional version over tuples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.red_black import solve

KEYS = st.lists(st.integers(0, 99), min_size=1, max_size=24, unique=True)


def red(t):
    return t is not None and t[0] == "R"


def insert(t, key):
    """Insert below; a red-red violation is repaired at the grandparent, by the uncle's colour."""
    if t is None:
        return ("R", None, key, None)
    color, left, k, right = t
    left, right = (insert(left, key), right) if key < k else (left, insert(right, key))
    if color == "B":
        if red(left) and (red(left[1]) or red(left[3])):
            if red(right):
                return ("R", ("B", *left[1:]), k, ("B", *right[1:]))
            if red(left[3]):
                x = left[3]
                left = ("R", ("R", left[1], left[2], x[1]), x[2], x[3])
            return ("B", left[1], left[2], ("R", left[3], k, right))
        if red(right) and (red(right[1]) or red(right[3])):
            if red(left):
                return ("R", ("B", *left[1:]), k, ("B", *right[1:]))
            if red(right[1]):
                x = right[1]
                right = ("R", x[1], x[2], ("R", x[3], right[2], right[3]))
            return ("B", ("R", left, k, right[1]), right[2], right[3])
    return (color, left, k, right)


def levels(t):
    queue = [t]
    for node in queue:
        queue += [child for child in (node[1], node[3]) if child]
    return [f"{n[2]}{'红' if n[0] == 'R' else '黑'}" for n in queue]


@given(KEYS)
def test_insertion_equals_the_functional_version(keys):
    tree = None
    for key in keys:
        tree = ("B", *insert(tree, key)[1:])
    assert solve(keys).answer["colors"] == levels(tree)


def check(node, low=-1, high=100) -> int:
    """Verify a drawn tree and return its black height."""
    if node is None:
        return 0
    assert low < int(node.label) < high
    left, right = [*node.children, None, None][:2]
    assert node.note == "黑" or all(c is None or c.note == "黑" for c in (left, right))
    a, b = check(left, low, int(node.label)), check(right, int(node.label), high)
    assert a == b
    return a + (node.note == "黑")


@given(KEYS, st.data())
def test_properties_hold_after_every_step(keys, data):
    deletes = data.draw(st.permutations(keys))[: len(keys) - 1]
    solution = solve(keys, deletes)
    for step in solution.steps:
        assert step.data.note == "黑"
        height = check(step.data)
    answer = solution.answer
    assert answer["black_height"] == height  # the root is left out, the external leaf counted
    assert sorted(answer["levelorder"]) == sorted(set(keys) - set(deletes))
    assert answer["red_count"] + answer["black_count"] == len(answer["levelorder"])


def test_golden_clrs_13_3_2_and_13_4_3():
    keys, deletes = [41, 38, 31, 12, 19, 8], [8, 12, 19, 31, 38]
    assert solve(keys).answer["colors"] == ["38黑", "19红", "41黑", "12黑", "31黑", "8红"]
    expected = [
        ["38黑", "19红", "41黑", "12黑", "31黑"],
        ["38黑", "19黑", "41黑", "31红"],
        ["38黑", "31黑", "41黑"],
        ["38黑", "41红"],
        ["41黑"],
    ]
    for n, colors in enumerate(expected, 1):
        assert solve(keys, deletes[:n]).answer["colors"] == colors


def test_everything_deleted():
    assert solve([1, 2], [1, 2]).answer["colors"] == []


def test_refuses():
    with pytest.raises(InputError):
        solve([1, 1])
