"""Statements: true and false ones about each examined point, each settled by words of its note.

``content/statements/<subj>/<chapter>.toml`` holds tables ``[[fact]]`` with ``leaf``, ``quote``, ``true`` and ``false``.
They are practised as judgements and are evidence for the choices of exam questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant408.content.notes import Section
from assistant408.core.errors import ContentError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["Statement", "check_statements", "load_statements"]

LENGTH = range(6, 81)  # characters


@dataclass(frozen=True)
class Statement:
    """A statement about a leaf; `quote` of the leaf's section shows that it is true, or false."""

    leaf: str
    text: str
    true: bool
    quote: str


def load_statements(content: Path) -> tuple[Statement, ...]:
    """All statements, in the order of their files.

    Raises:
        ContentError: naming the file that isn't as it should be.
    """
    return _load(content / "statements")


@lru_cache(4)
def _load(folder: Path) -> tuple[Statement, ...]:
    out = []
    for path in sorted(folder.glob("*/*.toml")):
        try:
            for fact in parse(path.read_text(encoding="utf-8"))["fact"]:
                for true in (True, False):
                    out += [Statement(fact["leaf"], s, true, fact["quote"]) for s in fact["true" if true else "false"]]
        except (TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as e:
            raise ContentError(
                f"{path.parent.name}/{path.name} 写错了（{e}），应为含 leaf、quote、true、false 的 [[fact]]。"
            ) from None
    return tuple(out)


def check_statements(content: Path, sections: Mapping[str, Section]) -> list[str]:
    """What is wrong with the statements: one sentence each.

    Args:
        sections: the notes' sections by leaf.
    """
    problems = []
    seen: set[str] = set()
    bodies = {leaf: _tight(s.body) for leaf, s in sections.items()}
    for s in load_statements(content):
        if s.leaf not in bodies:
            problems.append(f"辨析“{s.text}”的考点 {s.leaf!r} 不存在。")
        elif _tight(s.quote) not in bodies[s.leaf]:
            problems.append(f"辨析“{s.text}”的依据“{s.quote}”不在考点 {s.leaf} 的笔记中。")
        if len(s.text) not in LENGTH:
            problems.append(f"辨析“{s.text}”有 {len(s.text)} 个字符，应为 {LENGTH[0]} 到 {LENGTH[-1]} 个。")
        if s.text in seen:
            problems.append(f"辨析“{s.text}”重复。")
        seen.add(s.text)
    return problems


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)
