"""Choosing a letter: by the model alone, or by the model over evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant408.evals.extract import extract_letter
from assistant408.evals.items import Item
from assistant408.llm.types import Backend, Message, Options, Request

__all__ = ["PROMPT_VERSION", "Reply", "by_generation", "by_letter"]

PROMPT_VERSION = "letter-1"
SYSTEM = "你是计算机考研 408 的考生。"
Evidence = Callable[[Item], str]
Shots = Callable[[Item], Sequence[Item]]


@dataclass(frozen=True)
class Reply:
    """What was answered: the letter (`None` if none could be read), the way, the prompt and the raw output."""

    letter: str | None
    how: str
    prompt: str = ""
    output: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)


def by_letter(
    backend: Backend, evidence: Evidence | None = None, rotations: int = 1, shots: Shots | None = None
) -> Callable[[Item], Reply]:
    """Answers with the letter that is most probable as the next token.

    Args:
        evidence: what to put before the question.
        rotations: over how many cyclic orders of the choices to average, which takes the bias for letters away.
        shots: solved examples to show first, the same for all items of a subject.
    """

    def answer(item: Item) -> Reply:
        letters = list(item.choices)
        given = evidence(item) if evidence is not None else ""
        block = f"【资料】\n{given}\n\n" if given else ""
        examples = _turns([(_ask(s.question, s.choices), s.answer) for s in (shots(item) if shots else ())])
        total = dict.fromkeys(letters, 0.0)
        prompt = ""
        for shift in range(min(rotations, len(letters))):
            order = letters[shift:] + letters[:shift]
            shown = {letter: item.choices[original] for letter, original in zip(letters, order, strict=True)}
            prompt = block + _ask(item.question, shown)
            request = Request((Message("system", SYSTEM), *examples, Message("user", prompt)), shared=len(block))
            got = backend.logprobs(request, letters)
            norm = math.log(sum(math.exp(v) for v in got.values()) or 1e-30)
            for letter, original in zip(letters, order, strict=True):
                total[original] += max(got[letter] - norm, -20.0)
        best = max(letters, key=lambda letter: total[letter])
        return Reply(best, "letter", prompt, "", {k: round(v / rotations, 4) for k, v in total.items()})

    return answer


def by_generation(
    backend: Backend, evidence: Evidence | None = None, max_tokens: int = 200, shots: Shots | None = None
) -> Callable[[Item], Reply]:
    """Lets the model write freely and reads its letter; arguments as for `by_letter`."""

    def answer(item: Item) -> Reply:
        given = evidence(item) if evidence is not None else ""
        block = f"【资料】\n{given}\n\n" if given else ""
        solved = [(_reason(s), f"{s.explanation}\n答案：{s.answer}".strip()) for s in (shots(item) if shots else ())]
        prompt = block + _reason(item)
        request = Request((Message("system", SYSTEM), *_turns(solved), Message("user", prompt)), shared=len(block))
        output = "".join(backend.stream(request, Options(max_tokens=max_tokens)))
        return Reply(extract_letter(output, list(item.choices), item.choices), "generate", prompt, output)

    return answer


def _ask(question: str, choices: Mapping[str, str]) -> str:
    lines = "\n".join(f"{k}. {v}" for k, v in choices.items())
    return f"{question}\n{lines}\n只回答正确选项的字母。"


def _reason(item: Item) -> str:
    return f"{item.text}\n先简短分析，最后一行写“答案：字母”。"


def _turns(solved: Sequence[tuple[str, str]]) -> list[Message]:
    """Questions and answers as turns of a chat."""
    return [m for question, answer in solved for m in (Message("user", question), Message("assistant", answer))]
