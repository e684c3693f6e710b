"""Choosing a letter: by the model alone, or by the model over evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant408.evals.items import Item
from assistant408.llm.types import Backend, Message, Options, Request

__all__ = ["PROMPT_VERSION", "Reply", "by_generation", "by_letter", "extract_letter"]

PROMPT_VERSION = "letter-1"
SYSTEM = "你是计算机考研 408 的考生。"
Evidence = Callable[[Item], str]


@dataclass(frozen=True)
class Reply:
    """What was answered: the letter (`None` if none could be read), the way, the prompt and the raw output."""

    letter: str | None
    how: str
    prompt: str = ""
    output: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)


def by_letter(backend: Backend, evidence: Evidence | None = None, rotations: int = 1) -> Callable[[Item], Reply]:
    """Answers with the letter that is most probable as the next token.

    Args:
        evidence: what to put before the question.
        rotations: over how many cyclic orders of the choices to average, which takes the bias for letters away.
    """

    def answer(item: Item) -> Reply:
        letters = list(item.choices)
        given = evidence(item) if evidence is not None else ""
        block = f"【资料】\n{given}\n\n" if given else ""
        total = dict.fromkeys(letters, 0.0)
        prompt = ""
        for shift in range(min(rotations, len(letters))):
            order = letters[shift:] + letters[:shift]
            shown = {letter: item.choices[original] for letter, original in zip(letters, order, strict=True)}
            prompt = block + _ask(item.question, shown)
            request = Request((Message("system", SYSTEM), Message("user", prompt)), shared=len(block))
            got = backend.logprobs(request, letters)
            norm = math.log(sum(math.exp(v) for v in got.values()) or 1e-30)
            for letter, original in zip(letters, order, strict=True):
                total[original] += max(got[letter] - norm, -20.0)
        best = max(letters, key=lambda letter: total[letter])
        return Reply(best, "letter", prompt, "", {k: round(v / rotations, 4) for k, v in total.items()})

    return answer


def by_generation(backend: Backend, evidence: Evidence | None = None, max_tokens: int = 200) -> Callable[[Item], Reply]:
    """Lets the model write freely and reads its letter."""

    def answer(item: Item) -> Reply:
        given = evidence(item) if evidence is not None else ""
        block = f"【资料】\n{given}\n\n" if given else ""
        prompt = f"{block}{item.text}\n先简短分析，最后一行写“答案：字母”。"
        request = Request((Message("system", SYSTEM), Message("user", prompt)), shared=len(block))
        output = "".join(backend.stream(request, Options(max_tokens=max_tokens)))
        return Reply(extract_letter(output, list(item.choices)), "generate", prompt, output)

    return answer


def extract_letter(text: str, letters: Sequence[str]) -> str | None:
    """The letter that a text answers with; `None` if it doesn't say one clearly.

    Examples:
        >>> extract_letter("分析……\\n答案：B", "ABCD"), extract_letter("选 (C)。", "ABCD"), extract_letter("不知道", "ABCD")
        ('B', 'C', None)
    """
    allowed = "".join(letters)
    for pattern in (rf"答案\s*(?:是|为|：|:)?\s*[（(]?([{allowed}])", rf"(?:选择?|应选)\s*[（(]?([{allowed}])"):
        if found := re.findall(pattern, text):
            return str(found[-1])
    alone = re.findall(rf"(?<![A-Za-z])([{allowed}])(?![A-Za-z])", text)
    return alone[0] if len(set(alone)) == 1 else None


def _ask(question: str, choices: Mapping[str, str]) -> str:
    lines = "\n".join(f"{k}. {v}" for k, v in choices.items())
    return f"{question}\n{lines}\n只回答正确选项的字母。"
