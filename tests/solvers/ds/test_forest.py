"""Oracle: link first children and next siblings in a dictionary, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.forest import solve

FORESTS = st.recursive(st.just([]), lambda kids: st.lists(kids, min_size=1, max_size=3), max_leaves=8)
NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def named(forest, names):
    return [(next(names), named(kids, names)) for kids in forest]


def text(forest) -> str:
    return ",".join(name + (f"({text(kids)})" if kids else "") for name, kids in forest)


def links(forest, out):
    for (name, kids), after in zip(forest, [*forest[1:], None], strict=False):
        out[name] = (kids[0][0] if kids else None, after[0] if after else None)
        links(kids, out)
    return out


@given(FORESTS.filter(bool))
def test_counts_heights_and_walks(shape):
    forest = named(shape, iter(NAMES))
    answer = solve(text(forest)).answer
    table = links(forest, {})
    assert answer["no_right"] == sum(right is None for _, right in table.values())
    assert answer["leaves"] == sum(left is None for left, _ in table.values())
    assert answer["trees"] == len(forest)

    def after(trees):
        return "".join(after(kids) + name for name, kids in trees)

    def before(trees):
        return "".join(name + before(kids) for name, kids in trees)

    def levels(trees):
        return 1 + max(levels(kids) for _, kids in trees) if trees else 0

    def binary_levels(name):
        return 1 + max(map(binary_levels, table[name])) if name else 0

    assert (answer["preorder"], answer["postorder"]) == (before(forest), after(forest))
    assert (answer["forest_height"], answer["binary_height"]) == (levels(forest), binary_levels(forest[0][0]))


@given(FORESTS.filter(bool))
def test_there_and_back(shape):
    original = text(named(shape, iter(NAMES)))
    there = solve(original).answer
    back = solve(there["result"], "to_forest").answer
    assert back["result"] == original
    assert {k: v for k, v in there.items() if k != "result"} == {k: v for k, v in back.items() if k != "result"}


def test_golden_yan_weimin_6_17():
    # the forest A(B,C,D), E(F), G(H,I(J)) and its binary tree
    assert solve("A(B,C,D),E(F),G(H,I(J))").answer["result"] == "A(B(,C(,D)),E(F,G(H(,I(J)))))"


def test_golden_408_2011_count():
    # leaves + non-leaves = n and nodes without a right child = non-leaves + 1: 2011 nodes, 116 leaves give 1896;
    # here the same law on a tree of 11 nodes with 6 leaves
    answer = solve("A(B(E,F),C(G(K)),D(H,I,J))").answer
    assert (answer["leaves"], answer["no_right"]) == (6, 11 - 6 + 1)


@pytest.mark.parametrize("bad", ["A(B", "A(A)", "()", "A)B"])
def test_refuses(bad):
    with pytest.raises(InputError):
        solve(bad)
