"""Computed questions drawn by the solvers: the steps as an exam answer writes them, then the letter (计算题)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.core.errors import InputError
from assistant408.core.trace import Solution
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Drawn, Material

STEPS, LETTERS = 12, 4  # draws a solver, of each kind
LIMIT = 420  # characters of steps; a longer way is told by its last steps


def conversations(material: Material) -> Iterator[Conversation]:
    """Some 16 a solver that can draw questions, over the five difficulties."""
    for solver in material.solvers.values():
        if not solver.generates:
            continue
        for i in range(STEPS + LETTERS):
            rng = material.rng("computed", solver.id, i)
            try:
                drawn = material.draw(solver, rng, i % 5 + 1)
            except InputError:  # too few named mistakes at this difficulty
                continue
            if i < STEPS:
                source, asked = "steps", material.reasoned(drawn.stem, drawn.choices, "")
                answer = f"{steps(solver(**drawn.args))}{_trap(drawn)}\n答案：{drawn.answer}"
            else:
                source, asked, answer = "computed", material.letter(drawn.stem, drawn.choices, ""), drawn.answer
            turns = [*asked, Message("assistant", answer)]
            yield Conversation(f"computed/{solver.id}/{i}", source, turns, meta={"solver": solver.id})


def steps(solution: Solution) -> str:
    """The steps, numbered as they are; the last ones where all would be too long.

    Examples:
        >>> from assistant408.core.trace import Step
        >>> steps(Solution([Step("先取 2 页。"), Step("缺页 3 次。")]))
        '1. 先取 2 页。\\n2. 缺页 3 次。'
    """
    lines = [f"{n}. {s.why.strip()}" for n, s in enumerate(solution.steps, 1)]
    kept: list[str] = []
    for line in reversed(lines):
        if kept and sum(map(len, kept)) + len(line) > LIMIT:
            kept.append("……")
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _trap(drawn: Drawn) -> str:
    """The mistake behind the first wrong choice."""
    letter = next(k for k in drawn.choices if k != drawn.answer)
    return f"\n{letter} 错：{drawn.explanations[letter].rstrip('。')}。"
