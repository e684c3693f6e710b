"""Terms of the glossary: the sentence of the notes that defines one, and its names (术语)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant408.content.glossary import Term
from assistant408.content.notes import Section
from assistant408.kb.cite import units
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material

_WHAT = ("什么是{}？", "{}是什么意思？", "解释一下{}。", "{}指的是什么？")


def conversations(material: Material) -> Iterator[Conversation]:
    """The definition where a note has one, and the English name both ways."""
    for term in material.glossary.terms:
        section = material.sections.get(term.leaf)
        rng = material.rng("term", term.zh)
        if section and (sentence := definition(term, section)):
            yield _one(f"term/{term.zh}/what", rng.choice(_WHAT).format(term.zh), sentence)
        if term.en:
            names = f"，又称{'、'.join(term.aliases)}" if term.aliases else ""
            yield _one(f"term/{term.zh}/en", f"{term.zh}的英文是什么？", f"{term.zh}的英文是 {term.en}{names}。")
            yield _one(f"term/{term.zh}/zh", f"{term.en} 的中文是什么？", f"{term.en} 的中文是{term.zh}{names}。")


def definition(term: Term, section: Section) -> str:
    """The sentence that opens with the term in bold, and says enough to stand alone; empty if there is none.

    Examples:
        >>> definition(Term("快表", "TLB", (), "x"), Section("x", "X", "页表在主存。**快表**（TLB）缓存最近用过的页表项。"))
        '**快表**（TLB）缓存最近用过的页表项。'
    """
    opening = re.compile(rf"^\*\*{re.escape(term.zh)}(?:\*\*|（[^）]*）\*\*)")
    return next((u for u in units(section.body) if opening.search(u) and len(u) >= len(term.zh) + 14), "")


def _one(id: str, question: str, answer: str) -> Conversation:
    return Conversation(id, "term", [Message("user", question), Message("assistant", answer)])
