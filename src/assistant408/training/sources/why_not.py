"""After a choice: why not that one (追问错误选项)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material


def conversations(material: Material) -> Iterator[Conversation]:
    """The letter first, then the mistake behind one wrong choice, drawn by chance."""
    for q in material.bank:
        if q.kind != "single" or not q.traps:
            continue
        rng = material.rng("why_not", q.id)
        letter = rng.choice(sorted(q.traps))
        ask = rng.choice(("为什么不选 {}？", "{} 错在哪里？", "{} 为什么不对？")).format(letter)
        answer = f"{letter} 错：{q.traps[letter].rstrip('。')}。正确的是 {q.answer[0]}：{q.explanation}"
        turns = [*material.letter(q.stem, q.choices, ""), Message("assistant", q.answer[0])]
        yield Conversation(
            f"why_not/{q.id}", "followup", [*turns, Message("user", ask), Message("assistant", answer)], (q.id,)
        )
