"""The tree of examined points."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from assistant408.content.syllabus import MARKS, load_syllabus
from assistant408.core.errors import ContentError


def test_the_tree_is_read_in_order(make_content: Callable[..., Path]) -> None:
    tree = load_syllabus(make_content())
    assert list(tree.nodes) == ["os", "os.memory", "os.memory.lru", "os.memory.fifo"]
    assert list(tree.leaves) == ["os.memory.lru", "os.memory.fifo"]
    assert tree.path("os.memory.lru") == ["操作系统", "内存管理", "LRU 页面置换"]
    assert [n.id for n in tree.under("os.memory")] == list(tree.leaves)
    assert [n.id for n in tree.under("os.memory.lru")] == ["os.memory.lru"]
    assert tree.nodes["os.memory"].subject == "os"


def test_marks_are_shared_by_weight(make_content: Callable[..., Path]) -> None:
    tree = load_syllabus(make_content())
    assert tree.marks("os.memory.lru") == Fraction(35 * 4, 5)
    assert sum(map(tree.marks, tree.leaves)) == MARKS["os"]


def test_a_sibling_whose_id_begins_alike_is_not_under(make_content: Callable[..., Path]) -> None:
    more = (
        make_content.syllabus + '[[node]]\nid = "os.memory.lru-k"\nname = "LRU-K"\nparent = "os.memory"\nweight = 1\n'
    )
    assert [n.id for n in load_syllabus(make_content(more)).under("os.memory.lru")] == ["os.memory.lru"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "os.memory.fifo"', 'id = "os.memory.lru"', "重复"),
        ('name = "FIFO 页面置换"', 'name = ""', "没有名称"),
        ('id = "os.memory.fifo"', 'id = "os.Memory.FIFO"', "不合规则"),
        ('id = "os.memory.fifo"', 'id = "ai.memory.fifo"', "不合规则"),
        ('id = "os.memory.fifo"', 'id = "os.memory.fifo.a.b"', "不合规则"),
        ('id = "os.memory.fifo"', 'id = "os.file.fifo"', "os.file"),
        ('parent = "os.memory"\nweight = 1', 'parent = "os"\nweight = 1', "parent"),
        ("weight = 1", "weight = 6", "weight 是 6"),
        ("weight = 1", "weight = 0", "weight 是 0"),
        ("weight = 1", "weight = 'often'", "weight"),
        ("weight = 1", "weight = 1.5", "weight"),
        ("weight = 1", "weight = ", "读不出来"),
        ('name = "内存管理"', 'name = "内存管理"\nweight = 2', "其余不写"),
        ("[[node]]", "[[leaf]]", "读不出来"),
    ],
)
def test_each_rule_fires(make_content: Callable[..., Path], old: str, new: str, complaint: str) -> None:
    assert old in make_content.syllabus
    with pytest.raises(ContentError, match=complaint):
        load_syllabus(make_content(make_content.syllabus.replace(old, new)))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="读不出来"):
        load_syllabus(tmp_path)


def test_the_shipped_tree_covers_the_four_subjects(content: Path) -> None:
    tree = load_syllabus(content)
    assert {n.id for n in tree.nodes.values() if not n.parent} == set(MARKS)
    for subject, marks in MARKS.items():
        leaves = list(tree.under(subject))
        assert len(leaves) >= 100
        assert sum(tree.marks(n.id) for n in leaves) == marks
