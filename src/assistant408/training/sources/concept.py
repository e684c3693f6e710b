"""Questions over passages, answered in the passages' own words, with and without citation marks (有据问答)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from assistant408.content.notes import Section
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material, answer_units

EVIDENCE, ANSWER = 260, 130  # characters
CITING = "你是 408 考研辅导老师。只依据编号的【资料】回答，用资料里的原话，每句后面注明出处，如 [1]；资料没有说的，说不知道。"


def conversations(material: Material) -> Iterator[Conversation]:
    """Each way of asking for a leaf: as the tutor asks its model, and every other one with numbered passages."""
    leaves = list(material.sections)
    for leaf, ways in material.asked.items():
        section = material.sections.get(leaf)
        if section is None:
            continue
        for i, question in enumerate(ways):
            rng = material.rng("concept", leaf, i)
            found = answer_units(question, section, ANSWER)
            said = _closed(found)
            blocks = [(section, _around(question, section, found)), *_other(material, leaves, leaf, question, rng)]
            rng.shuffle(blocks)
            if i % 2:
                yield _cited(f"concept/{leaf}/{i}", question, blocks, section, said)
            else:
                asked = material.grounded(passages(blocks), question)
                yield Conversation(f"concept/{leaf}/{i}", "concept", [*asked, Message("assistant", "".join(said))])


def _closed(said: Sequence[str]) -> list[str]:
    """The sentences, the last one with a full stop rather than a semicolon."""
    return [*said[:-1], re.sub(r"[；，]$", "。", said[-1])]


def passages(blocks: Sequence[tuple[Section, Sequence[str]]]) -> str:
    """Passages as the tutor shows them to its model."""
    return "\n".join(f"《{s.title}》{' '.join(lines)}" for s, lines in blocks)


def _cited(
    id: str, question: str, blocks: Sequence[tuple[Section, Sequence[str]]], section: Section, said: Sequence[str]
) -> Conversation:
    numbered = "\n".join(f"[{n}]《{s.title}》{' '.join(lines)}" for n, (s, lines) in enumerate(blocks, 1))
    mark = next(n for n, (s, _) in enumerate(blocks, 1) if s.leaf == section.leaf)
    answer = "".join(f"{line}[{mark}]" for line in said)
    asked = f"【资料】\n{numbered}\n\n【问题】{question}"
    turns = [Message("system", CITING), Message("user", asked), Message("assistant", answer)]
    return Conversation(id, "cited", turns)


def _around(question: str, section: Section, said: Sequence[str]) -> list[str]:
    """The answer's sentences among others of the section."""
    more = answer_units(question, section, EVIDENCE)
    return [*more, *(s for s in said if s not in more)]


def _other(
    material: Material, leaves: Sequence[str], leaf: str, question: str, rng: random.Random
) -> list[tuple[Section, list[str]]]:
    """A passage about something else, half of the time, as retrieval brings one along."""
    if rng.random() < 0.5:
        return []
    near = [x for x in leaves if x != leaf and x.rpartition(".")[0] == leaf.rpartition(".")[0]] or [
        x for x in leaves if x != leaf
    ]
    other = material.sections[rng.choice(near)]
    return [(other, answer_units(question, other, 100))]
