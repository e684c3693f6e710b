"""Choice questions of the bank: the letter alone, the letter over evidence, and the reasons (选择题)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence

from assistant408.content.questions import Question
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material, answer_units

ORDERS = 4  # so many orders of the choices: the key stands once under each letter, so that no letter is preferred
_LETTER = re.compile(r"(?<![A-Za-z])[A-D](?![A-Za-z0-9])")


def conversations(material: Material) -> Iterator[Conversation]:
    """Each question in four cyclic orders for the letter, in one for the reasons, and over its note's sentences."""
    for q in material.bank:
        if q.kind != "single" or len(q.choices) != ORDERS:
            continue
        named = _LETTER.search(" ".join([q.explanation, *q.traps.values(), *q.choices.values(), q.stem])) is not None
        rng = material.rng("choice", q.id)
        orders = [0] if named else range(ORDERS)
        for shift in orders:
            choices, key, _ = rotated(q, shift)
            yield _one("letter", f"{q.id}/{shift}", material.letter(q.stem, choices, ""), key, q)
        choices, key, origin = rotated(q, rng.choice(list(orders)))
        yield _one("reasons", f"{q.id}/why", material.reasoned(q.stem, choices, ""), reasons(q, origin, key), q)
        if evidence := _evidence(q, material, rng):
            choices, key, origin = rotated(q, rng.choice(list(orders)))
            yield _one("open_book", f"{q.id}/read", material.letter(q.stem, choices, evidence), key, q)
            answer = f"资料说：{_plain(q.evidence[0].quote).rstrip('。')}。{q.explanation}\n答案：{key}"
            yield _one("open_reasons", f"{q.id}/read-why", material.reasoned(q.stem, choices, evidence), answer, q)


def rotated(q: Question, shift: int) -> tuple[dict[str, str], str, dict[str, str]]:
    """The choices moved round by `shift` places, the letter of the key, and for each letter the one it had."""
    letters = list(q.choices)
    origin = {letter: letters[(i + shift) % len(letters)] for i, letter in enumerate(letters)}
    key = next(letter for letter, old in origin.items() if old == q.answer[0])
    return {letter: q.choices[old] for letter, old in origin.items()}, key, origin


def reasons(q: Question, origin: Mapping[str, str], key: str) -> str:
    """Why the key is right and what mistake each other choice is."""
    wrong = [f"{letter} 错：{q.traps[old].rstrip('。')}。" for letter, old in origin.items() if old in q.traps]
    return "\n".join([q.explanation, *wrong, f"答案：{key}"])


def _evidence(q: Question, material: Material, rng: random.Random) -> str:
    """The sentences that settle the key among others of the same section, as an open book would have them."""
    if not q.evidence:
        return ""
    quotes = [_plain(e.quote) for e in q.evidence]
    section = material.sections.get(q.syllabus[0])
    around = answer_units(q.stem, section, 160) if section else []
    lines = list(dict.fromkeys([*quotes, *(u for u in around if all(u not in x and x not in u for x in quotes))]))
    rng.shuffle(lines)
    return "\n".join(lines)


def _plain(quote: str) -> str:
    """A quote out of a table without its bars."""
    return re.sub(r"\s*\|\s*", "，", quote.strip(" |"))


def _one(source: str, id: str, asked: Sequence[Message], answer: str, q: Question) -> Conversation:
    return Conversation(f"choice/{id}", source, [*asked, Message("assistant", answer)], (q.id,))
