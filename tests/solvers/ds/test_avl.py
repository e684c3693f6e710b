"""Oracle: trinode restructuring on tuples: sort the three nodes, deal out the four subtrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.avl import solve

KEYS = st.lists(st.integers(0, 99), min_size=1, max_size=20, unique=True)


def h(t):
    return 0 if t is None else 1 + max(h(t[1]), h(t[2]))


def fix(t):
    """Restructure if unbalanced: the taller child, and its taller child (the outer one on a tie)."""
    key, left, right = t
    if abs(h(left) - h(right)) < 2:
        return t
    if h(left) > h(right):
        y = left
        if h(y[1]) >= h(y[2]):
            x = y[1]
            return (y[0], x, (key, y[2], right))
        x = y[2]
        return (x[0], (y[0], y[1], x[1]), (key, x[2], right))
    y = right
    if h(y[2]) >= h(y[1]):
        return (y[0], (key, left, y[1]), y[2])
    x = y[1]
    return (x[0], (key, left, x[1]), (y[0], x[2], y[2]))


def insert(t, key):
    if t is None:
        return (key, None, None)
    if key < t[0]:
        return fix((t[0], insert(t[1], key), t[2]))
    return fix((t[0], t[1], insert(t[2], key)))


def remove(t, key):
    if key < t[0]:
        return fix((t[0], remove(t[1], key), t[2]))
    if key > t[0]:
        return fix((t[0], t[1], remove(t[2], key)))
    if t[1] is None or t[2] is None:
        return t[1] or t[2]
    least = t[2]
    while least[1]:
        least = least[1]
    return fix((least[0], t[1], remove(t[2], least[0])))


def pre(t):
    return [] if t is None else [t[0], *pre(t[1]), *pre(t[2])]


@given(KEYS, st.data())
def test_same_tree_as_restructuring(keys, data):
    deletes = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys) - 1))
    tree = None
    for key in keys:
        tree = insert(tree, key)
    for key in deletes:
        tree = remove(tree, key)
    answer = solve(keys, deletes).answer
    assert answer["preorder"] == pre(tree)
    assert answer["height"] == h(tree)


@given(KEYS, st.data())
def test_stays_balanced_with_either_substitute(keys, data):
    deletes = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys) - 1))
    tree = parse(solve(keys, deletes, "predecessor").answer["tree"])

    def check(t):
        return t is None or (abs(h(t[1]) - h(t[2])) < 2 and check(t[1]) and check(t[2]))

    assert check(tree)
    assert sorted(pre(tree)) == sorted(set(keys) - set(deletes))


def parse(text: str):
    """Read ``30(20,40)`` into tuples."""
    if not text:
        return None
    if "(" not in text:
        return (int(text), None, None)
    key, inner = text[: text.index("(")], text[text.index("(") + 1 : -1]
    depth = 0
    for i, c in enumerate(inner):
        depth += (c == "(") - (c == ")")
        if c == "," and not depth:
            return (int(key), parse(inner[:i]), parse(inner[i + 1 :]))
    return (int(key), parse(inner), None)


@pytest.mark.parametrize(("keys", "kind"), [([3, 2, 1], "LL"), ([1, 2, 3], "RR"), ([3, 1, 2], "LR"), ([1, 3, 2], "RL")])
def test_golden_four_types(keys, kind):
    answer = solve(keys).answer
    assert (answer["rotations"], answer["levelorder"]) == ([kind], [2, 1, 3])


def test_golden_408_2010_insert_48():
    # into 24(13,53(37,90)) comes 48: the children of the node with 37 are 24 and 53
    answer = solve([24, 13, 53, 37, 90, 48]).answer
    assert (answer["root"], answer["root_children"], answer["rotations"]) == (37, [24, 53], ["RL"])


def test_golden_yan_weimin_9_2():
    # 严蔚敏图 9.12: 13, 24, 37, 90, 53
    answer = solve([13, 24, 37, 90, 53]).answer
    assert (answer["rotations"], answer["levelorder"]) == (["RR", "RL"], [24, 13, 53, 37, 90])


def test_refuses():
    with pytest.raises(InputError):
        solve([1, 2, 1])
    with pytest.raises(InputError):
        solve([1, 2], [4])
