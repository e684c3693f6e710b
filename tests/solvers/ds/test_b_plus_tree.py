"""Oracle: a recursive insertion over nested lists; the B+ rules after every step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.b_plus_tree import solve

KEYS = st.lists(st.integers(0, 99), min_size=1, max_size=30, unique=True)


def top(node) -> int:
    return node if isinstance(node, int) else top(node[-1])


def insert(node, key, m):
    """A node is a list of children or of keys; return one or two nodes."""
    if isinstance(node[0], int):
        items = sorted([*node, key])
    else:
        k = next((i for i, child in enumerate(node) if key <= top(child)), len(node) - 1)
        items = [*node[:k], *insert(node[k], key, m), *node[k + 1 :]]
    if len(items) <= m:
        return [items]
    half = -(-(m + 1) // 2)
    return [items[:half], items[half:]]


def text(node) -> str:
    if isinstance(node[0], int):
        return " ".join(map(str, node))
    return " ".join(str(top(c)) for c in node) + f"({','.join(map(text, node))})"


@given(KEYS, st.integers(3, 6))
def test_insertions_equal_the_recursive_version(keys, m):
    root = [keys[0]]
    for key in keys[1:]:
        parts = insert(root, key, m)
        root = parts[0] if len(parts) == 1 else parts
    assert solve(m, keys).answer["tree"] == text(root)


def check(tree, m, is_root=True) -> int:
    keys = [int(w) for w in tree.label.split()]
    least = (2 if tree.children else 1) if is_root else -(-m // 2)
    assert least <= len(keys) <= m
    assert keys == sorted(set(keys))
    if not tree.children:
        return 1
    assert keys == [int(c.label.split()[-1]) for c in tree.children]
    heights = {check(c, m, False) for c in tree.children}
    assert len(heights) == 1
    return heights.pop() + 1


@given(KEYS, st.integers(3, 6), st.sampled_from(["left", "right"]), st.data())
def test_rules_hold_after_every_deletion(keys, m, sibling, data):
    deletes = data.draw(st.permutations(keys))[: len(keys) - 1]
    solution = solve(m, keys, deletes, sibling=sibling)
    for step in solution.steps:
        height = check(step.data, m)
    answer = solution.answer
    assert answer["height"] == height
    assert [k for leaf in answer["leaves"] for k in leaf] == sorted(set(keys) - set(deletes))
    assert answer["leaf_count"] == len(answer["leaves"])


def test_golden_yan_weimin_9_18():
    # 严蔚敏图 9.18: the order-3 B+ tree of 10 .. 97
    keys = [10, 15, 21, 37, 44, 51, 59, 63, 72, 85, 91, 97]
    tree = "59 97(15 44 59(10 15,21 37 44,51 59),72 97(63 72,85 91 97))"
    answer = solve(3, start=tree).answer
    assert [k for leaf in answer["leaves"] for k in leaf] == keys
    assert answer["tree"] == tree


def test_golden_borrow_and_merge():
    start = "15 44(10 15,21 37 44)"
    assert solve(3, deletes=[10], start=start).answer["tree"] == "21 44(15 21,37 44)"
    assert solve(3, deletes=[10, 15], start=start).answer["tree"] == "21 37 44"


@pytest.mark.parametrize(
    "args",
    [
        {"order": 3, "inserts": [1, 1]},
        {"order": 3, "inserts": [1], "deletes": [2]},
        {"order": 3, "start": "1 2 3 4"},
        {"order": 3, "start": "3 5(1 2,4 5)"},
        {"order": 3, "start": "2 3(1 2,2 3)"},
    ],
)
def test_refuses(args):
    with pytest.raises(InputError):
        solve(**args)
