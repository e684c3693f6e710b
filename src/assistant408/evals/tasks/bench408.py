"""The 408-bench: 400 original choice questions, 100 a subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant408.core.errors import InputError
from assistant408.evals.choose import Reply
from assistant408.evals.items import Item, bench_items
from assistant408.evals.run import Mark
from assistant408.evals.tasks import Places
from assistant408.evals.tasks._choice import mark_choice

__all__ = ["TASK"]


class Bench408:
    """See docs/408-bench.md; the part is a subject, ``408-bench:os``."""

    name = "408-bench"
    title = "本项目原创的 408 选择题，每科 100 题"
    version = 2  # twelve items superseded after the second solve; with-notes modes judge by facts
    needs = "choose"

    def cases(self, places: Places, part: str = "") -> Sequence[Item]:
        """All, or one subject's."""
        items = [i for i in bench_items(places.content) if part in ("", i.subject)]
        if not items:
            raise InputError(f"408-bench 没有科目 {part!r}，应为 ds、co、os 或 cn。")
        return items

    def mark(self, case: Item, ability: Callable[[Item], Reply]) -> Mark:
        """By the letter."""
        return mark_choice(case, ability)


TASK = Bench408()
