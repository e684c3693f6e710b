"""Questions with formulas as choices, made numbers; and choices tried one by one, with a step for each."""

import itertools
from fractions import Fraction

import pytest

from assistant408.tutor.solve import solve_question
from assistant408.tutor.symbols import evaluate, numbered


@pytest.mark.parametrize("n", range(1, 9))
def test_evaluate_agrees_with_python(n):
    assert evaluate("n(n-1)/2", {"n": n}) == Fraction(n * (n - 1), 2)
    assert evaluate("2n-1", {"n": n}) == 2 * n - 1
    assert evaluate("2^n+n^2", {"n": n}) == 2**n + n * n
    assert evaluate("⌊log2n⌋+1", {"n": n}) == n.bit_length()
    assert evaluate("(n+3)%5", {"n": n}) == (n + 3) % 5


@pytest.mark.parametrize("text", ["无法确定", "n+m", "n(", "__import__('os')", "2^n^n^n"])
def test_evaluate_refuses_what_is_no_formula(text):
    assert evaluate(text, {"n": 9}) is None


def test_numbered_gives_sizes_that_differ():
    cases = list(numbered("有 n 个结点的二叉链表中空指针域有( )个。", {"A": "n-1", "B": "n", "C": "n+1", "D": "2n"}))
    assert len(cases) == 3
    assert all(a.values != b.values for a, b in itertools.pairwise(cases))
    assert all(len(set(c.choices.values())) == 4 for c in cases)


@pytest.mark.parametrize(
    ("question", "letter"),
    [
        (
            "若森林 F 中有 n 个非终端结点，则 F 对应的二叉树中右指针域为空的结点有（ ）个。\nA. n-1\nB. n\nC. n+1\nD. n+2",
            "C",
        ),
        ("在长度为 n 的顺序表中删除第 i 个元素，需要移动的元素个数是（ ）。\nA. n-i\nB. n-i+1\nC. i-1\nD. i", "A"),
        ("把两个各有 n 个元素的有序表归并成一个有序表，最少的比较次数是（ ）。\nA. 2n-1\nB. 2n\nC. n-1\nD. n", "D"),
    ],
)
def test_letters_of_formulas(question, letter):
    solved = solve_question(question)
    assert solved["choice"] == letter
    assert solved["steps"]


@pytest.mark.parametrize(
    ("question", "letter"),
    [
        ("下列编码中，不是前缀编码的是（ ）。\nA. {0,10,110}\nB. {00,01,1}\nC. {0,01,11}\nD. {1,00,010,011}", "C"),
        (
            "下列序列中，不可能是快速排序第 2 趟结果的是（ ）。\nA. 1,2,3,5,4\nB. 2,1,4,3,5\nC. 2,1,3,4,5\nD. 3,1,2,4,5",
            "B",
        ),
        (
            "在双向链表中 p 所指结点之后插入 s 所指结点，正确的语句序列是（ ）。\nA. p->next=s; s->prior=p; p->next->prior=s; s->next=p->next;\n"
            "B. s->prior=p; s->next=p->next; p->next->prior=s; p->next=s;\nC. p->next=s; p->next->prior=s; s->prior=p; s->next=p->next;\n"
            "D. s->prior=p; s->next=p->next; p->next=s; p->next->prior=s;",
            "B",
        ),
        (
            "用 I 表示进栈，O 表示出栈，下列操作序列中不合法的是（ ）。\nA. IOIIOIOO\nB. IOOIOIIO\nC. IIIOIOOO\nD. IIIOOIOO",
            "B",
        ),
    ],
)
def test_tried_choices_have_a_step_each(question, letter):
    solved = solve_question(question)
    assert solved["choice"] == letter
    assert len(solved["steps"]) == 4
    assert all(f"选项 {c}" in step["why"] for c, step in zip("ABCD", solved["steps"], strict=True))
