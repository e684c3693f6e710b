"""Choice items: from a JSONL file of the contract, or from the 408-bench."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant408.content.questions import load_bench
from assistant408.content.syllabus import SUBJECTS
from assistant408.core.errors import InputError

__all__ = ["Item", "bench_items", "read_items", "reordered", "write_items"]

# names of the four subjects in question sets
_AREAS = {name: id for id, name in SUBJECTS.items()} | {
    "计组": "co",
    "计网": "cn",
    "computer_network": "cn",
    "operating_system": "os",
    "computer_architecture": "co",
    "data_structure": "ds",
}


@dataclass(frozen=True)
class Item:
    """One choice question and its key; `explanation` is why, where the set says so."""

    id: str
    subject: str
    question: str
    choices: Mapping[str, str]
    answer: str
    explanation: str = ""

    @property
    def text(self) -> str:
        """The question with its choices, a line each."""
        return "\n".join([self.question, *(f"{k}. {v}" for k, v in self.choices.items())])

    @property
    def area(self) -> str | None:
        """The subject of 408 in which to search: ``ds``, ``co``, ``os`` or ``cn``; `None` where the set names none.

        Examples:
            >>> Item("1", "computer_network", "?", {"A": "1", "B": "2"}, "A").area, Item("1", "law", "?", {}, "A").area
            ('cn', None)
        """
        return self.subject if self.subject in SUBJECTS else _AREAS.get(self.subject)


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
                str(row.get("explanation", "")),
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


def write_items(path: Path, items: Iterable[Item]) -> None:
    """The file that `read_items` reads; whole or not at all."""
    rows = (
        {"id": i.id, "subject": i.subject, "question": i.question, "choices": dict(i.choices), "answer": i.answer}
        | ({"explanation": i.explanation} if i.explanation else {})
        for i in items
    )
    part = path.with_name(path.name + ".part")
    part.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    part.replace(path)


def bench_items(content: Path) -> list[Item]:
    """The 408-bench."""
    return [Item(q.id, q.subject, q.stem, dict(q.choices), q.answer[0]) for q in load_bench(content)]


def reordered(item: Item, rng: random.Random) -> tuple[Item, dict[str, str]]:
    """The same item with its choices in another order, and for each letter shown the letter that it had."""
    letters = list(item.choices)
    order = letters[:]
    rng.shuffle(order)
    origin = dict(zip(letters, order, strict=True))
    shown = {letter: item.choices[old] for letter, old in origin.items()}
    key = next(letter for letter, old in origin.items() if old == item.answer)
    return replace(item, choices=shown, answer=key), origin
