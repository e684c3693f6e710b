"""A leaf without passages: what it says, what goes wrong with it, and what is asked next (考点与追问)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.content.notes import Section
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material, answer_units, parts_of
from assistant408.training.sources.concept import passages

_POINT = ("{}的要点是什么？", "讲一下{}。", "408 里怎么考{}？", "请概括{}。")
_TRAPS = ("{}有哪些易错点？", "学{}容易错在哪里？", "做{}的题要注意什么？")
_NEXT = ("容易错在哪里？", "有什么要注意的？", "那易错点呢？")
LIMIT = 360  # characters of a list of traps


def conversations(material: Material) -> Iterator[Conversation]:
    """Two single questions a leaf, a follow-up in the same chat, and a follow-up in the tutor's own form."""
    for leaf, section in material.sections.items():
        parts = parts_of(section)
        point, traps = parts.get("考点", ""), _cut(parts.get("易错", ""))
        if not point or not traps:
            continue
        rng = material.rng("point", leaf)
        first, second, then = rng.choice(_POINT), rng.choice(_TRAPS), rng.choice(_NEXT)
        asked = [Message("user", first.format(section.title)), Message("assistant", point)]
        yield Conversation(f"point/{leaf}/point", "point", asked)
        yield Conversation(
            f"point/{leaf}/traps",
            "point",
            [Message("user", second.format(section.title)), Message("assistant", traps)],
        )
        yield Conversation(
            f"point/{leaf}/next", "followup", [*asked, Message("user", then), Message("assistant", traps)]
        )
        yield _followed(material, section, point, traps, then)


def _followed(material: Material, section: Section, point: str, traps: str, then: str) -> Conversation:
    said = traps.splitlines()[0].lstrip("- ")
    lines = [*answer_units(section.title, section, 120), said]
    question = f"{section.title}是什么？"
    asked = material.grounded(passages([(section, lines)]), then, (question, point))
    return Conversation(f"point/{section.leaf}/followed", "followup", [*asked, Message("assistant", said)])


def _cut(text: str) -> str:
    """Whole lines up to the limit, at least one."""
    kept: list[str] = []
    for line in text.splitlines():
        if kept and sum(map(len, kept)) + len(line) > LIMIT:
            break
        kept.append(line)
    return "\n".join(kept).strip()
