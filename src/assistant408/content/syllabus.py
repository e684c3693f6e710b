"""The syllabus tree of 408 (考点树)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from assistant408.core.errors import ContentError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["MARKS", "SUBJECTS", "Node", "Syllabus", "load_syllabus"]

SUBJECTS = {"ds": "数据结构", "co": "计算机组成原理", "os": "操作系统", "cn": "计算机网络"}
MARKS = {"ds": 45, "co": 45, "os": 35, "cn": 25}  # of 150


@dataclass(frozen=True)
class Node:
    """A subject, chapter, section or leaf; `weight` is 1–5 on leaves and 0 elsewhere."""

    id: str
    name: str
    parent: str
    weight: int

    @property
    def subject(self) -> str:
        """``ds``, ``co``, ``os`` or ``cn``."""
        return self.id.split(".")[0]


class Syllabus:
    """The tree, in the order of the file."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = {n.id: n for n in nodes}
        parents = {n.parent for n in nodes}
        self.leaves = {n.id: n for n in nodes if n.id not in parents}
        self._sums = {s: sum(n.weight for n in self.leaves.values() if n.subject == s) for s in SUBJECTS}

    def marks(self, leaf: str) -> Fraction:
        """Expected marks a paper of a leaf; a subject's leaves sum to its marks."""
        node = self.leaves[leaf]
        return Fraction(MARKS[node.subject] * node.weight, self._sums[node.subject] or 1)

    def path(self, id: str) -> list[str]:
        """Names from the subject down to the node."""
        names: list[str] = []
        while id:
            names.insert(0, self.nodes[id].name)
            id = self.nodes[id].parent
        return names

    def under(self, id: str) -> Iterator[Node]:
        """The leaves at or below a node."""
        return (n for n in self.leaves.values() if n.id == id or n.id.startswith(id + "."))


def load_syllabus(content: Path) -> Syllabus:
    """Reads ``syllabus.toml`` and checks its shape.

    Raises:
        ContentError: the first entry that breaks a rule.
    """
    path = content / "syllabus.toml"
    try:
        entries = parse(path.read_text(encoding="utf-8"))["node"]
    except (OSError, TOMLDecodeError, KeyError) as e:
        raise ContentError(f"考点树 {str(path)!r} 读不出来：{e}。") from None
    nodes: list[Node] = []
    seen: set[str] = set()
    for entry in entries:
        weight = entry.get("weight", 0)
        if type(weight) is not int:
            raise ContentError(f"考点 {entry.get('id')!r} 的 weight 是 {weight!r}，应为整数。")
        node = Node(str(entry.get("id")), str(entry.get("name", "")), str(entry.get("parent", "")), weight)
        if not re.fullmatch(r"[a-z]{2}(\.[a-z0-9-]+){0,3}", node.id) or node.subject not in SUBJECTS:
            raise ContentError(f"考点 id {node.id!r} 不合规则，应如 os.memory.lru。")
        if node.id in seen:
            raise ContentError(f"考点 id {node.id!r} 重复。")
        if not node.name:
            raise ContentError(f"考点 {node.id!r} 没有名称。")
        if node.id.rpartition(".")[0] != node.parent or (node.parent and node.parent not in seen):
            raise ContentError(f"考点 {node.id!r} 的 parent 应是写在它之前的 {node.id.rpartition('.')[0]!r}。")
        seen.add(node.id)
        nodes.append(node)
    tree = Syllabus(nodes)
    for node in nodes:
        if (node.id in tree.leaves) != (1 <= node.weight <= 5):
            raise ContentError(f"考点 {node.id!r} 的 weight 是 {node.weight}：叶子应为 1–5，其余不写。")
    return tree
