"""CS-Bench (Song et al., 2024): computer science in Chinese and English; here the Chinese choice questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from assistant408.core.errors import InputError
from assistant408.evals.choose import Reply
from assistant408.evals.items import Item
from assistant408.evals.run import Mark
from assistant408.evals.tasks import Places
from assistant408.evals.tasks._choice import CHINESE_LETTERS, fetched_items, mark_choice, some_subjects

__all__ = ["TASK"]

DOMAINS = {
    "data structure": "ds",
    "computer organization": "co",
    "operating system": "os",
    "computer network": "cn",
    "数据结构": "ds",
    "计算机组成": "co",
    "操作系统": "os",
    "计算机网络": "cn",
}


class CSBench:
    """The four subjects of 408; ``cs-bench:os`` one of them."""

    name = "cs-bench"
    title = "CS-Bench 中文单项选择题，408 的四科"
    version = 1
    needs = "choose"
    licence = "见发布者的说明"
    sources = ("https://github.com/csbench/csbench/archive/refs/heads/main.zip",)

    def cases(self, places: Places, part: str = "") -> Sequence[Item]:
        """The questions of all splits that have keys."""
        items = fetched_items(places.fetched(self.name), self.name)
        return some_subjects(items, part, tuple(dict.fromkeys(DOMAINS.values())), self.name)

    def mark(self, case: Item, ability: Callable[[Item], Reply]) -> Mark:
        """By the letter."""
        return mark_choice(case, ability)

    def parse(self, files: Mapping[str, bytes]) -> tuple[list[Item], list[Item]]:
        """JSON or JSONL records with ``Domain, Format, Question, A–D, Answer``; those in Chinese by path or language."""
        found: dict[str, Item] = {}
        for path, data in sorted(files.items()):
            if not path.endswith((".json", ".jsonl")):
                continue
            for row in _records(path, data):
                fields = {str(k).lower(): v for k, v in row.items()}
                item = _item(fields, path, len(found))
                if item is not None:
                    found.setdefault(item.text, item)
        return list(found.values()), []


def _records(path: str, data: bytes) -> list[dict[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
        rows = [json.loads(x) for x in text.splitlines() if x.strip()] if path.endswith("l") else json.loads(text)
    except ValueError as e:
        raise InputError(f"{path!r} 不是 CS-Bench 的格式（{e}）。") from None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _item(row: Mapping[str, Any], path: str, number: int) -> Item | None:
    """One record as an item; `None` for another language, format or domain."""
    question = str(row.get("question", "")).strip()
    folders = PurePosixPath(path).with_suffix("").parts
    language = str(row.get("language", "")).lower()
    chinese = language.startswith(("chinese", "cn", "zh")) or any(f.upper().endswith("CN") for f in folders)
    subject = next((s for name, s in DOMAINS.items() if name in str(row.get("domain", "")).lower()), "")
    if not (chinese and question and subject) or "choice" not in str(row.get("format", "choice")).lower():
        return None
    choices = {x: str(row.get(x.lower(), "")).strip() for x in CHINESE_LETTERS}
    answer = str(row.get("answer", "")).strip()
    if answer not in choices or not all(choices.values()):
        return None
    return Item(f"cs-bench-{subject}-{number}", subject, question, choices, answer)


TASK = CSBench()
