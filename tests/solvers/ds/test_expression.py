"""Oracle: Python's own parser and evaluator."""

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.expression import solve

SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.Pow: "^"}


def expressions(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            lambda a, op, b, bracket: f"({a}{op}{b})" if bracket else f"{a}{op}{b}",
            inner,
            st.sampled_from("+-*/"),
            inner,
            st.booleans(),
        ),
        max_leaves=8,
    )


LETTERS = expressions(st.sampled_from("abcdef"))
NUMBERS = expressions(st.integers(0, 30).map(str))


def walk(node: ast.expr, order: str) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    left, right, op = walk(node.left, order), walk(node.right, order), [SYMBOLS[type(node.op)]]
    return op + left + right if order == "prefix" else left + right + op


def parse(text: str) -> ast.expr:
    return ast.parse(text.replace("^", "**"), mode="eval").body


@given(LETTERS)
def test_notations_agree_with_python(text):
    answer = solve(text).answer
    for order in ("prefix", "postfix"):
        assert list(answer[order]) == walk(parse(text), order)
        assert solve(answer[order], order).answer["infix"] == answer["infix"]
    assert ast.dump(parse(answer["infix"])) == ast.dump(parse(text))
    assert len(answer["infix"]) <= len(text)


@given(NUMBERS)
def test_value_agrees_with_python(text):
    try:
        expected = eval("".join(f"Fraction({t})" if t.isdigit() else t for t in split(text)), {"Fraction": Fraction})
    except ZeroDivisionError:
        with pytest.raises(InputError):
            solve(text)
    else:
        assert solve(text).answer["value"] == expected


def split(text: str) -> list[str]:
    spaced = "".join(c if c.isdigit() else f" {c} " for c in text)
    return spaced.split()


@given(LETTERS)
def test_operand_stack_depth_is_the_strahler_like_bound(text):
    def need(node: ast.expr) -> int:
        return 1 if isinstance(node, ast.Name) else max(need(node.left), need(node.right) + 1)

    assert solve(text).answer["max_operands"] == need(parse(text))


@given(LETTERS)
def test_operator_stack_depth_counts_pending_operators(text):
    """Scanned operators are either output or waiting; brackets on the stack are the open ones."""
    events = solve(text).steps[0].data.rows
    for k, row in enumerate(events[:-1]):
        prefix, stack = text[: k + 1], row[1].split()
        assert stack.count("(") == prefix.count("(") - prefix.count(")")
        done = [c for c in row[2] if c in "+-*/"]
        assert len(done) + len([c for c in stack if c != "("]) == sum(c in "+-*/" for c in prefix)


def test_golden_408_2012_depth_and_2014_stack():
    assert solve("a+b-a*((c+d)/e-f)+g").answer["max_operators"] == 5
    assert solve("a/b+(c*d-e*f)/g", stop="f").answer["stack_at"] == ["+", "(", "-", "*"]


def test_c_division_truncates_towards_zero():
    assert solve("(1-8)/2", integer_division=True).answer["value"] == -3
    assert solve("(1-8)%2", integer_division=True).answer["value"] == -1


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("a+", "infix"),
        ("(a", "infix"),
        ("a)", "infix"),
        ("ab", "infix"),
        ("a b", "postfix"),
        ("a +", "postfix"),
        ("a$b", "infix"),
        ("1/0", "infix"),
        ("+ a", "prefix"),
    ],
)
def test_refuses_what_is_no_expression(text, notation):
    with pytest.raises(InputError):
        solve(text, notation)
