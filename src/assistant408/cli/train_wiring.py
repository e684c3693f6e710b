"""What ``a408 train`` hands to the training room: content, and the prompts of the tutor and of the evaluation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assistant408.content.asked import load_asked
from assistant408.content.glossary import load_glossary
from assistant408.content.notes import load_notes
from assistant408.content.questions import load_bank, load_bench
from assistant408.content.similar import question_text
from assistant408.content.syllabus import load_syllabus
from assistant408.core.errors import A408Error
from assistant408.core.registry import Solver, all_solvers
from assistant408.evals.choose import by_generation, by_letter
from assistant408.evals.items import Item
from assistant408.llm.types import Message, Options, Request
from assistant408.practice.variants import Variant, make_question
from assistant408.training.material import AskChoice, Material
from assistant408.tutor.prompts import load_prompt
from assistant408.tutor.route import INTRODUCTION

__all__ = ["load_material", "measured_texts"]

REFUSAL = "不知道：知识库里没有能回答这个问题的内容。"


class _Recorder:
    """A backend that answers nothing and keeps what it was asked, so that training asks exactly as evaluation does."""

    name, context = "recorder", 1 << 20

    def __init__(self) -> None:
        self.request = Request(())

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        self.request = request
        return iter(())

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        self.request = request
        return dict.fromkeys(candidates, 0.0)

    def close(self) -> None:
        """Nothing to free."""


def load_material(content: Path, seed: int) -> Material:
    """Everything that conversations are made of."""
    syllabus = load_syllabus(content)

    def draw(solver: Solver, rng: random.Random, difficulty: int) -> Variant:
        return make_question(solver, rng, difficulty)

    return Material(
        notes=load_notes(content, list(syllabus.leaves)),
        bank=load_bank(content),
        asked=load_asked(content),
        glossary=load_glossary(content),
        solvers=all_solvers(),
        prompts=load_prompt("answer").texts,
        refusal=REFUSAL,
        introduction=INTRODUCTION,
        letter=_asker(generate=False),
        reasoned=_asker(generate=True),
        draw=draw,
        seed=seed,
    )


def _asker(generate: bool) -> AskChoice:
    """The chat of ``a408 eval run --mode closed`` or ``rag`` up to the answer."""

    def ask(question: str, choices: Mapping[str, str], evidence: str) -> Sequence[Message]:
        recorder = _Recorder()
        make = by_generation if generate else by_letter
        make(recorder, (lambda _: evidence) if evidence else None)(Item("", "", question, choices, next(iter(choices))))
        return recorder.request.messages

    return ask


def measured_texts(content: Path) -> dict[str, str]:
    """Every question that measures, by label: the 408-bench and the grounding set."""
    from assistant408.evals.tasks import Places, find_task

    texts = {q.id: question_text(q) for q in load_bench(content)}
    task, _ = find_task("grounding")
    try:
        cases = task.cases(Places(content, content))
    except A408Error:  # the set isn't shipped with this content
        cases = []
    return texts | {f"grounding {c.id}": f"{c.question}\n{c.document}" for c in cases}
