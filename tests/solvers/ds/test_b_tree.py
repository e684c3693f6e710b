"""Oracle: a recursive insertion over tuples that returns its split; the B-tree rules after every step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.b_tree import solve

KEYS = st.lists(st.integers(0, 99), min_size=1, max_size=30, unique=True)


def insert(node, key, m):
    """Return a node, or (left, key, right) if it was split."""
    keys, kids = node
    k = sum(x < key for x in keys)
    if not kids:
        keys = (*keys[:k], key, *keys[k:])
    else:
        new = insert(kids[k], key, m)
        if len(new) == 2:
            return keys, (*kids[:k], new, *kids[k + 1 :])
        keys, kids = (*keys[:k], new[1], *keys[k:]), (*kids[:k], new[0], new[2], *kids[k + 1 :])
    if len(keys) < m:
        return keys, kids
    c = -(-m // 2)
    return (keys[: c - 1], kids[:c]), keys[c - 1], (keys[c:], kids[c:])


def text(node) -> str:
    keys, kids = node
    return " ".join(map(str, keys)) + (f"({','.join(map(text, kids))})" if kids else "")


@given(KEYS, st.integers(3, 6))
def test_insertions_equal_the_recursive_version(keys, m):
    root = ((), ())
    for key in keys:
        new = insert(root, key, m)
        root = new if len(new) == 2 else ((new[1],), (new[0], new[2]))
    assert solve(m, keys).answer["tree"] == text(root)


def check(tree, m, low, high, is_root=True) -> int:
    """Verify the rules; return the height."""
    keys = [int(w) for w in tree.label.split()] if tree.label != "空" else []
    assert (1 if is_root else -(-m // 2) - 1) <= len(keys) <= m - 1
    bounds = [low, *keys, high]
    assert bounds == sorted(set(bounds))
    if not tree.children:
        return 1
    assert len(tree.children) == len(keys) + 1
    heights = {check(c, m, a, b, False) for c, a, b in zip(tree.children, bounds, bounds[1:], strict=False)}
    assert len(heights) == 1
    return heights.pop() + 1


def keys_of(tree) -> list[int]:
    return [int(w) for w in tree.label.split()] + [k for c in tree.children for k in keys_of(c)]


@given(
    KEYS,
    st.integers(3, 6),
    st.sampled_from(["left", "right"]),
    st.sampled_from(["successor", "predecessor"]),
    st.data(),
)
def test_rules_hold_after_every_deletion(keys, m, sibling, substitute, data):
    deletes = data.draw(st.permutations(keys))[: len(keys) - 1]
    solution = solve(m, keys, deletes, sibling=sibling, substitute=substitute)
    for step in solution.steps:
        height = check(step.data, m, -1, 100)
    left = set(keys)
    for key, step in zip(deletes, solution.steps[len(keys) :], strict=False):
        left.discard(key)
        assert set(keys_of(step.data)) == left
    assert solution.answer["height"] == height


@given(KEYS, st.integers(3, 6))
def test_splits_explain_the_number_of_nodes(keys, m):
    answer = solve(m, keys).answer
    assert answer["nodes"] == 1 + answer["splits"] + (answer["height"] - 1)


@given(KEYS, st.integers(3, 6), st.data())
def test_a_tree_can_be_given_in_its_notation(keys, m, data):
    cut = data.draw(st.integers(1, len(keys)))
    halfway = solve(m, keys[:cut]).answer["tree"]
    assert solve(m, keys[cut:], start=halfway).answer["tree"] == solve(m, keys).answer["tree"]


def test_golden_yan_weimin_9_15():
    # 严蔚敏图 9.15: order 3; 30, 26, 85 and 7 are inserted, the last one raises the root
    start = "45(24(3 12,37),53 90(50,61 70,100))"
    expected = [
        "45(24(3 12,30 37),53 90(50,61 70,100))",
        "45(24 30(3 12,26,37),53 90(50,61 70,100))",
        "45 70(24 30(3 12,26,37),53(50,61),90(85,100))",
        "45(24(7(3,12),30(26,37)),70(53(50,61),90(85,100)))",
    ]
    for n, tree in enumerate(expected, 1):
        assert solve(3, [30, 26, 85, 7][:n], start=start).answer["tree"] == tree


def test_golden_yan_weimin_9_16():
    # 严蔚敏图 9.16: order 3; 12 (enough keys), 50 (borrowed), 53 and 37 (merged)
    start = "45(24(3 12,37),53 90(50,61 70,100))"
    expected = [
        "45(24(3,37),53 90(50,61 70,100))",
        "45(24(3,37),61 90(53,70,100))",
        "45(24(3,37),90(61 70,100))",
        "45 90(3 24,61 70,100)",
    ]
    for n, tree in enumerate(expected, 1):
        assert solve(3, deletes=[12, 50, 53, 37][:n], start=start).answer["tree"] == tree


@pytest.mark.parametrize(
    "args",
    [
        {"order": 3, "inserts": [1, 1]},
        {"order": 3, "inserts": [1], "deletes": [2]},
        {"order": 3, "start": "1 2 3"},
        {"order": 3, "start": "2(1)"},
        {"order": 3, "start": "2(3,1)"},
        {"order": 3, "start": "5(1(0,2),8)"},
        {"order": 3, "start": "x"},
    ],
)
def test_refuses(args):
    with pytest.raises(InputError):
        solve(**args)
