"""True-or-false and fill-in questions of the bank (判断、填空)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material

_ASK = {"judge": ("判断对错：{}", "下面的说法对吗？{}"), "blank": ("填空：{}", "请填空，并说明理由：{}")}


def conversations(material: Material) -> Iterator[Conversation]:
    """Each asked in two ways, the key first, then why."""
    for q in material.bank:
        for i, ask in enumerate(_ASK.get(q.kind, ())):
            key = "；".join(q.answer)
            answer = f"{key}。{q.explanation}" if q.explanation else f"{key}。"
            yield Conversation(
                f"judge/{q.id}/{i}",
                "judge",
                [Message("user", ask.format(q.stem)), Message("assistant", answer)],
                (q.id,),
            )
