"""The parts of big questions, each with its model answer (大题)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material


def conversations(material: Material) -> Iterator[Conversation]:
    """One a part: the stem and the part's task, answered as it earns its points."""
    for q in material.bank:
        for i, part in enumerate(q.parts, 1):
            asked = f"{q.stem}\n（{i}）{part.prompt}"
            yield Conversation(
                f"big/{q.id}/{i}", "big", [Message("user", asked), Message("assistant", part.answer.strip())], (q.id,)
            )
