"""Reading a letter out of prose: what counts, what doesn't, and properties over generated texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.evals.extract import extract_letter

LETTERS = "ABCD"


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("答案：B", "B"),
        ("答案: b", None),
        ("答案是C。", "C"),
        ("正确答案为（D）", "D"),
        ("**答案：** **A**", "A"),
        ("故选 B 项。", "B"),
        ("应选（C）", "C"),
        ("本题选择D", "D"),
        ("因此，正确选项是 A", "A"),
        ("The answer is (B).", "B"),
        ("answer: C", "C"),
        ("\\boxed{D}", "D"),
        ("答案：$\\boxed{\\text{A}}$", "A"),
        ("Ｂ", "B"),
        ("C. 后进先出", "C"),
        ("B\n因为栈是后进先出的。", "B"),
        ("A 错误，B 错误，D 错误。答案：C", "C"),
        ("先看 A：错。再看 B：对。答案应该是 B。", "B"),
        ("答案：A\n再检查一遍，答案应为：D", "D"),
        ("选项 A 与 B 都有道理", None),
        ("答案：A 或 B", None),
        ("答案：AC", None),
        ("答案：A、C", None),
        ("不选 A", "A"),  # the only letter named
        ("不选 A，也不选 B", None),
        ("ABCD", None),
        ("CPU 访问 Cache", None),
        ("答案：E", None),
        ("", None),
        ("我不知道。", None),
        ("这是 DMA 方式", None),
    ],
)
def test_what_counts(text: str, letter: str | None) -> None:
    assert extract_letter(text, LETTERS) == letter


CHOICES = {"A": "先进先出", "B": "后进先出", "C": "$O(n)$", "D": "10"}


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("答案：后进先出。", "B"),
        ("后进先出", "B"),
        ("分析……\n答案：O(n)", "C"),
        ("答案：10", "D"),
        ("答案：100", None),
        ("答案：双端队列", None),
    ],
)
def test_the_wording_of_a_choice_counts(text: str, letter: str | None) -> None:
    assert extract_letter(text, LETTERS, CHOICES) == letter


prose = st.text(alphabet="栈的特点是后进先出，。\n 先看因为所以错对", max_size=60)


@given(before=prose, letter=st.sampled_from(LETTERS), lead=st.sampled_from(["答案：", "答案是", "**答案**：", "正确答案为 "]), end=st.sampled_from(["", "。", "\n", "）"]))  # fmt: skip
def test_a_stated_answer_is_read_whatever_comes_before(before: str, letter: str, lead: str, end: str) -> None:
    assert extract_letter(f"{before}\n{lead}{letter}{end}", LETTERS) == letter


@given(st.text(max_size=120))
def test_any_text_gives_an_allowed_letter_or_none(text: str) -> None:
    assert extract_letter(text, "AB", {"A": "x", "B": "y"}) in ("A", "B", None)


@given(prose)
def test_prose_without_a_letter_gives_none(text: str) -> None:
    assert extract_letter(text, LETTERS) is None


@given(st.permutations(LETTERS))
def test_all_letters_in_any_order_are_no_answer(order: list[str]) -> None:
    assert extract_letter("、".join(order) + " 都有可能", LETTERS) is None
