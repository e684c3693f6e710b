"""Choice items: from a JSONL file of the contract, or from the 408-bench."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant408.content.questions import load_bench
from assistant408.core.errors import InputError

__all__ = ["Item", "bench_items", "read_items", "shuffled"]


@dataclass(frozen=True)
class Item:
    """One choice question and its key."""

    id: str
    subject: str
    question: str
    choices: Mapping[str, str]
    answer: str

    @property
    def text(self) -> str:
        """The question with its choices, a line each."""
        return "\n".join([self.question, *(f"{k}. {v}" for k, v in self.choices.items())])


def read_items(path: Path) -> list[Item]:
    """One item a line: ``{"id", "subject", "question", "choices": {"A": …}, "answer": "B"}``.

    Raises:
        InputError: naming the line and what is wrong with it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"题目文件 {str(path)!r} 读不出来：{e}。") from None
    out: list[Item] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            choices = {str(k): str(v) for k, v in row["choices"].items()}
            item = Item(
                str(row.get("id", number)),
                str(row.get("subject", "")),
                str(row["question"]),
                choices,
                str(row["answer"]),
            )
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as e:
            raise InputError(
                f"{path.name} 第 {number} 行写错了（{type(e).__name__} {e}）：应为含 id、subject、question、choices、answer 的 JSON。"
            ) from None
        if item.answer not in item.choices or len(item.choices) < 2:
            raise InputError(f"{path.name} 第 {number} 行的答案 {item.answer!r} 不在选项 {sorted(item.choices)} 中。")
        if item.id in seen:
            raise InputError(f"{path.name} 第 {number} 行的 id {item.id!r} 重复。")
        seen.add(item.id)
        out.append(item)
    if not out:
        raise InputError(f"题目文件 {path.name!r} 里没有题目。")
    return out


def bench_items(content: Path) -> list[Item]:
    """The 408-bench."""
    return [Item(q.id, q.subject, q.stem, dict(q.choices), q.answer[0]) for q in load_bench(content)]


def shuffled(items: Sequence[Item], rng: random.Random) -> list[Item]:
    """The same items with their choices in another order, to measure the bias towards letters."""
    out = []
    for item in items:
        texts = list(item.choices.values())
        right = item.choices[item.answer]
        rng.shuffle(texts)
        choices = dict(zip(item.choices, texts, strict=True))
        out.append(
            Item(item.id, item.subject, item.question, choices, next(k for k, v in choices.items() if v == right))
        )
    return out
