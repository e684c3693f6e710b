"""Oracle: every binary tree of a small size, listed by brute force."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.binary_tree_rebuild import solve

TREES = st.recursive(st.none(), lambda side: st.tuples(side, side), max_leaves=8)


def named(shape, names):
    if shape is None:
        return None
    return (next(names), named(shape[0], names), named(shape[1], names))


def walks(tree) -> dict[str, str]:
    out = {"preorder": "", "inorder": "", "postorder": ""}

    def visit(node):
        if node:
            out["preorder"] += node[0]
            visit(node[1])
            out["inorder"] += node[0]
            visit(node[2])
            out["postorder"] += node[0]

    visit(tree)
    level, out["levelorder"] = [tree], ""
    while level:
        level = [n for n in level if n]
        out["levelorder"] += "".join(n[0] for n in level)
        level = [child for n in level for child in n[1:]]
    return out


def shapes(labels: str):
    """Every binary tree with this preorder."""
    if not labels:
        yield None
    for k in range(len(labels)):
        for left in shapes(labels[1 : k + 1]):
            for right in shapes(labels[k + 1 :]):
                yield (labels[0], left, right)


@given(TREES.filter(bool), st.sampled_from(["preorder", "postorder", "levelorder"]))
def test_inorder_and_another_give_the_tree_back(shape, other):
    expected = walks(named(shape, iter("ABCDEFGHIJKLMN")))
    answer = solve(inorder=[*expected["inorder"]], **{other: [*expected[other]]}).answer
    assert {name: answer[name] for name in expected} == expected


@pytest.mark.parametrize("n", range(1, 6))
def test_preorder_and_postorder_count_like_brute_force(n):
    labels = "ABCDE"[:n]
    found = [walks(tree)["postorder"] for tree in shapes(labels)]
    for after in map("".join, permutations(labels)):
        if after in found:
            assert solve(preorder=[*labels], postorder=[*after]).answer["count"] == found.count(after)
        else:
            with pytest.raises(InputError):
                solve(preorder=[*labels], postorder=[*after])


@given(TREES.filter(bool))
def test_height_and_leaves(shape):
    def measure(s):
        if s is None:
            return 0, 0
        (a, b), (c, d) = measure(s[0]), measure(s[1])
        return 1 + max(a, c), (b + d) or 1

    expected = walks(named(shape, iter("ABCDEFGHIJKLMN")))
    answer = solve([*expected["preorder"]], [*expected["inorder"]]).answer
    assert (answer["height"], answer["leaves"]) == measure(shape)


def test_golden_textbook_classic():
    answer = solve(preorder=["ABCDEFG"], inorder=["CBEDAFG"]).answer
    assert answer["postorder"] == "CEDBGFA"


def test_golden_right_chain():
    # preorder and inorder of the left-only chain differ in order, of the right-only chain they agree
    assert solve(preorder=["ABC"], inorder=["ABC"]).answer["tree"] == "A(,B(,C))"


@pytest.mark.parametrize(
    "given_",
    [
        {"preorder": ["ABC"]},
        {"preorder": ["AB"], "levelorder": ["AB"]},
        {"preorder": ["AAB"], "inorder": ["AAB"]},
        {"preorder": ["ABC"], "inorder": ["CAB"]},
        {"inorder": ["AB"], "levelorder": ["AC"]},
    ],
)
def test_refuses_what_fits_no_tree(given_):
    with pytest.raises(InputError):
        solve(**given_)
