"""Loading notes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant408.content.notes import CHECK_BLOCK, load_note, load_notes
from assistant408.core.errors import ContentError


def _load(content: Path):
    return load_note(content / "notes/os/memory/replacement.md", content / "notes")


def test_a_note_is_read_whole(make_content: Callable[..., Path]) -> None:
    note = _load(make_content())
    assert note.id == "os/memory/replacement" and note.subject == "os" and note.title == "页面置换"
    assert note.aliases == ("换页",) and note.prerequisites == () and note.solvers == ("os.page_replacement",)
    assert [(s.leaf, s.title) for s in note.sections] == [
        ("os.memory.lru", "LRU 页面置换"),
        ("os.memory.fifo", "FIFO 页面置换"),
    ]
    assert note.checks == ("assert len({1, 2, 1}) == 2\n",)
    assert "assert" not in note.markdown, "readers don't see the check blocks"
    assert all(s.body.strip() in note.markdown for s in note.sections)
    assert "### 例题" in note.sections[0].body and "FIFO 淘汰" not in note.sections[0].body


def test_line_ends_of_windows_make_no_difference(make_content: Callable[..., Path]) -> None:
    content = make_content()
    path = content / "notes/os/memory/replacement.md"
    before = _load(content)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert _load(content) == before


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("+++\nid", "id", "前言"),
        ("title = ", "title = = ", "不合法|不是合法"),
        ('id = "os/memory/replacement"', 'id = "os/memory/other"', "应与路径一致"),
        ('title = "页面置换"\n', "", "缺少 title"),
        ("sources = [", "sources = [] # [", "缺少 sources"),
        ('syllabus = ["os.memory.lru", "os.memory.fifo"]', "syllabus = []", "缺少 syllabus"),
    ],
)
def test_each_rule_fires(make_content: Callable[..., Path], old: str, new: str, complaint: str) -> None:
    assert old in make_content.note
    with pytest.raises(ContentError, match=complaint) as caught:
        _load(make_content(note=make_content.note.replace(old, new, 1)))
    assert "os/memory/replacement" in str(caught.value)


def test_notes_come_in_the_order_of_the_syllabus(make_content: Callable[..., Path]) -> None:
    content = make_content()
    first = content / "notes/os/memory/a-later.md"
    first.write_text(
        '+++\nid = "os/memory/a-later"\ntitle = "后"\nsyllabus = ["os.z"]\nsources = ["书"]\n+++\n后。\n', "utf-8"
    )
    assert [n.title for n in load_notes(content, ["os.memory.fifo", "os.z"])] == ["页面置换", "后"]
    assert [n.title for n in load_notes(content, ["os.z", "os.memory.fifo"])] == ["后", "页面置换"]
    assert [n.title for n in load_notes(content)] == ["后", "页面置换"], "without an order, by id"


def test_only_check_blocks_are_taken_out() -> None:
    text = "```python\nprint(1)\n```\n```python check\nassert 1\n```\n尾"
    assert CHECK_BLOCK.sub("", text) == "```python\nprint(1)\n```\n尾"
