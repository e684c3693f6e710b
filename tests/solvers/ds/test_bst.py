"""Oracle: nested tuples, built by partitioning the keys around the first one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.bst import solve

KEYS = st.lists(st.integers(0, 60), min_size=1, max_size=14, unique=True)


def build(keys):
    if not keys:
        return None
    return (keys[0], build([k for k in keys if k < keys[0]]), build([k for k in keys if k > keys[0]]))


def without(tree, key, substitute):
    node, left, right = tree
    if key < node:
        return (node, without(left, key, substitute), right)
    if key > node:
        return (node, left, without(right, key, substitute))
    if left is None or right is None:
        return left or right
    if substitute == "successor":
        new = min(flat(right))
        return (new, left, without(right, new, substitute))
    new = max(flat(left))
    return (new, without(left, new, substitute), right)


def flat(tree):
    return [] if tree is None else [tree[0], *flat(tree[1]), *flat(tree[2])]


def depths(tree, level=1):
    """Levels of nodes and of empty links."""
    if tree is None:
        return [], [level - 1]
    left, right = depths(tree[1], level + 1), depths(tree[2], level + 1)
    return [level, *left[0], *right[0]], left[1] + right[1]


@given(KEYS, st.data(), st.sampled_from(["successor", "predecessor"]))
def test_same_tree_as_the_tuples(keys, data, substitute):
    deletes = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys) - 1))
    tree = build(keys)
    for key in deletes:
        tree = without(tree, key, substitute)
    answer = solve(keys, deletes, substitute=substitute).answer
    nodes, links = depths(tree)
    assert answer["preorder"] == flat(tree)
    assert answer["asl_success"] == Fraction(sum(nodes), len(nodes))
    assert answer["asl_failure"] == Fraction(sum(links), len(links))
    assert answer["height"] == max(nodes)
    assert sorted(answer["levelorder"]) == sorted(answer["postorder"]) == sorted(set(keys) - set(deletes))


@given(KEYS, st.integers(0, 60))
def test_search_path_narrows_to_the_target(keys, target):
    path = solve(keys, target=target).answer["path"]
    for i, key in enumerate(path[:-1]):
        assert key != target
        later = path[i + 1 :]
        assert all(k < key for k in later) if target < key else all(k > key for k in later)
    assert (path[-1] == target) == (target in keys)


def test_golden_yan_weimin_bst_45_24_53():
    # 严蔚敏图 9.8: keys 45, 24, 53, 12, 37, 93 give ASL 14/6 and in ascending order 21/6
    assert solve([45, 24, 53, 12, 37, 93]).answer["asl_success"] == Fraction(14, 6)
    assert solve([12, 24, 37, 45, 53, 93]).answer["asl_success"] == Fraction(21, 6)


@pytest.mark.parametrize(("inserts", "deletes"), [([1, 1], []), ([1, 2], [3]), ([1, 2], [1, 1])])
def test_refuses(inserts, deletes):
    with pytest.raises(InputError):
        solve(inserts, deletes)


def test_emptied_tree():
    assert solve([1], [1]).answer == {"levelorder": [], "tree": "", "height": 0}
