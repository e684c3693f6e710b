"""Oracle: Python's parser, and a set of dumped subexpressions."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.dag_expression import solve

TEXTS = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.builds(lambda a, op, b: f"({a}{op}{b})", inner, st.sampled_from("+-*/"), inner),
    max_leaves=8,
)


def subexpressions(text):
    return [n for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, (ast.BinOp, ast.Name))]


@given(TEXTS)
def test_vertices_are_the_different_subexpressions(text):
    nodes = subexpressions(text)
    different = {ast.dump(n) for n in nodes}
    answer = solve(text).answer
    assert answer["vertices"] == len(different)
    assert answer["tree_nodes"] == len(nodes)
    assert answer["operators"] == len({ast.dump(n) for n in nodes if isinstance(n, ast.BinOp)})
    assert answer["edges"] == 2 * answer["operators"]


@given(TEXTS)
def test_commutativity_only_saves(text):
    assert solve(text, True).answer["vertices"] <= solve(text).answer["vertices"]


def test_commutativity_merges_sums_but_not_differences():
    assert solve("(a+b)*(b+a)", True).answer["vertices"] == 4
    assert solve("(a-b)*(b-a)", True).answer["vertices"] == 5


def test_golden_408_2019():
    assert solve("(x+y)*((x+y)/x)").answer["vertices"] == 5
