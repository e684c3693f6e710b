"""Oracle: the textbook threading pass over a pointer structure, and walking by the threads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.threaded_tree import solve

TREES = st.recursive(st.none(), lambda side: st.tuples(side, side), max_leaves=8).filter(bool)
ORDERS = st.sampled_from(["preorder", "inorder", "postorder"])


def text(shape, names) -> str:
    if shape is None:
        return ""
    name = next(names)
    left, right = text(shape[0], names), text(shape[1], names)
    return f"{name}({left},{right})"


def threaded(shape, order):
    """Thread with a running `pre`, as 严蔚敏 算法 6.6 does; returns {name: [left, ltag, rtag, right]}."""
    names, nodes, pre = iter("ABCDEFGHIJ"), {}, [None]

    def make(s):
        if s is None:
            return None
        name = next(names)
        left, right = make(s[0]), make(s[1])
        nodes[name] = [left, int(left is None), int(right is None), right]
        return name

    def visit(name):
        if nodes[name][1]:
            nodes[name][0] = pre[0]
        if pre[0] and nodes[pre[0]][2]:
            nodes[pre[0]][3] = name
        pre[0] = name

    def walk(name, left, right):
        if order == "preorder":
            visit(name)
        if left:
            walk(*left)
        if order == "inorder":
            visit(name)
        if right:
            walk(*right)
        if order == "postorder":
            visit(name)

    def links(name):
        left, ltag, rtag, right = nodes[name]
        return (name, None if ltag else links(left), None if rtag else links(right))

    root = make(shape)
    walk(*links(root))
    return nodes


@given(TREES, ORDERS)
def test_threads_like_the_textbook(shape, order):
    nodes, tree = threaded(shape, order), text(shape, iter("ABCDEFGHIJ"))
    for name, (left, ltag, rtag, right) in nodes.items():
        answer = solve(tree, name, order).answer
        assert (answer["left"], answer["right"]) == (left or "NULL", right or "NULL")
        assert (answer["ltag"], answer["rtag"]) == (ltag, rtag)
        assert answer["threads"] == len(nodes) + 1
        assert answer["nil_threads"] == sum(x[k] is None for x in nodes.values() for k in (0, 3))


@given(TREES)
def test_inorder_successors_by_threads_visit_every_node(shape):
    """Follow the right thread, or the leftmost node of the right subtree."""
    nodes, tree = threaded(shape, "inorder"), text(shape, iter("ABCDEFGHIJ"))
    for name, (_, _, rtag, right) in nodes.items():
        if not rtag:
            while not nodes[right][1]:
                right = nodes[right][0]
        assert solve(tree, name, "inorder").answer["successor"] == (right or "NULL")


def test_golden_inorder_leaf_between_two_ancestors():
    answer = solve("d(b(a,c),e)", "c").answer
    assert (answer["left"], answer["right"]) == ("b", "d")


@pytest.mark.parametrize(("tree", "node"), [("A(B,C)", "D"), ("A(B", "A"), ("A(B,C,D)", "A"), ("A,B", "A")])
def test_refuses(tree, node):
    with pytest.raises(InputError):
        solve(tree, node)
