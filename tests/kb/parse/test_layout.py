from __future__ import annotations

from assistant408.kb.parse.layout import arrange
from assistant408.kb.parse.margins import Margins
from assistant408.kb.parse.types import Line


def line(text: str, x: float, y: float, size: float = 10, width: float | None = None, **kinds: bool) -> Line:
    box = (x, y, x + (len(text) * size if width is None else width), y + size)
    return Line(text, box, box, size, **kinds)


LONG = "进程因竞争资源而互相等待都不能向前推进的状态"


def test_a_word_broken_at_the_end_of_a_line_is_whole_again() -> None:
    lines = [
        line("virtual mem-", 72, 100, width=200),
        line("ory and page", 72, 116, width=200),
        line("fault", 72, 132, width=30),
    ]
    assert [b.text for b in arrange(lines, 400)] == ["virtual memory and page fault"]


def test_choices_stay_apart_and_no_table() -> None:
    lines = [
        line("下列关于死锁的说法中正确的是", 72, 100),
        *(
            line(t, x, y)
            for t, x, y in (("A．互斥", 72, 120), ("B．占有", 252, 120), ("C．循环", 72, 140), ("D．剥夺", 252, 140))
        ),
    ]
    assert [(b.kind, b.text) for b in arrange(lines, 500)] == [
        ("text", "下列关于死锁的说法中正确的是"),
        ("text", "A．互斥  B．占有"),
        ("text", "C．循环  D．剥夺"),
    ]


def test_three_aligned_rows_are_a_table() -> None:
    grid = (("页号", "页框号"), ("0", "5"), ("1", "7"))
    lines = [line(t, 72 + 120 * k, 100 + 16 * i) for i, row in enumerate(grid) for k, t in enumerate(row)]
    (table,) = arrange(lines, 500)
    assert (table.kind, table.text) == ("table", "| 页号 | 页框号 |\n| --- | --- |\n| 0 | 5 |\n| 1 | 7 |")


def test_code_in_a_picture_keeps_its_indentation() -> None:
    lines = [
        line("while (p) {", 72, 100, width=66),
        line("p = p->next;", 96, 116, width=72),
        line("}", 72, 132, width=6),
        line(LONG, 72, 160),
    ]
    blocks = arrange(lines, 500)
    assert [(b.kind, b.text) for b in blocks] == [("code", "while (p) {\n    p = p->next;\n}"), ("text", LONG)]


def test_entries_of_a_table_of_contents_are_no_headings() -> None:
    lines = [line("3.1 分页存储管理 ……………… 75", 72, 100), line("3.2 请求分页 ……………… 81", 72, 116), line(LONG, 72, 140)]
    assert [b.kind for b in arrange(lines, 500)][:2] == ["text", "text"]


def test_raised_and_lowered_characters_are_marked() -> None:
    lines = [
        line("2", 72, 100, 10, 5),
        line("10", 77, 97, 7, 7),
        line(" 个 t", 85, 100, 10, 30),
        line("m", 115, 105, 7, 5),
    ]
    assert arrange(lines, 500)[0].text == "2^{10} 个 t_m"


def test_the_same_line_on_neighbours_is_a_running_head_but_a_title_is_not() -> None:
    margins = Margins()
    for n in (1, 2, 3):
        margins.note(n, [line("操作系统讲义", 72, 20), line("页面置换", 72, 40, 24), line(str(n), 300, 780)], 800)
    kept = margins.strip(
        2, [line("操作系统讲义", 72, 20), line("页面置换", 72, 40, 24), line(LONG, 72, 200), line("2", 300, 780)], 800
    )
    assert [k.text for k in kept] == ["页面置换", LONG]


def test_a_number_inside_the_page_stays() -> None:
    kept = Margins().strip(1, [line("42", 72, 400), line("· 42 ·", 300, 780)], 800)
    assert [k.text for k in kept] == ["42"]
