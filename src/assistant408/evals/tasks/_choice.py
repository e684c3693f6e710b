"""What the tasks of choice questions share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.evals.choose import Reply
from assistant408.evals.items import Item, read_items
from assistant408.evals.run import Mark

__all__ = ["CHINESE_LETTERS", "fetched_items", "mark_choice", "some_subjects"]

CHINESE_LETTERS = "ABCD"


def mark_choice(item: Item, choose: Callable[[Item], Reply]) -> Mark:
    """Right if the letter is the key's; nothing readable is wrong."""
    reply = choose(item)
    more = {"scores": dict(reply.scores)}
    return Mark(reply.letter == item.answer, reply.letter, item.answer, reply.how, reply.prompt, reply.output, more)


def fetched_items(folder: Path, name: str, file: str = "items.jsonl") -> list[Item]:
    """The items of a fetched set.

    Raises:
        InputError: it hasn't been fetched.
    """
    if not (folder / file).is_file():
        raise InputError(
            f"题集 {name!r} 不随本项目发布，请先运行 a408 eval fetch {name}（或加 --from 指定已有的文件夹）。"
        )
    return read_items(folder / file)


def some_subjects(items: Sequence[Item], part: str, default: Sequence[str], name: str) -> list[Item]:
    """The items of a part: ``all``, a subject, or by default the subjects that 408 examines.

    Raises:
        InputError: no item belongs to it.
    """
    wanted = [part] if part else default
    found = [i for i in items if part == "all" or i.subject in wanted]
    if not found:
        have = sorted({i.subject for i in items})
        raise InputError(f"题集 {name!r} 里没有科目 {part!r}，可用 all 或：{'、'.join(have)}。")
    return found
