"""What a run consists of: every case under every scoring and every order of its choices."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any

from assistant408.evals.choose import Reply
from assistant408.evals.items import Item, read_items, reordered
from assistant408.evals.run import Mark, Trial
from assistant408.evals.tasks import Places, Task
from assistant408.evals.tasks._choice import mark_choice

__all__ = ["FileTask", "choice_trials", "digest", "draw", "plain_trials"]

Choose = Callable[[Item], Reply]


@dataclass(frozen=True)
class FileTask:
    """The questions of a JSONL file of the contract."""

    path: Path
    title = "文件中的选择题"
    version = 1
    needs = "choose"

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def cases(self, places: Places, part: str = "") -> Sequence[Item]:
        """All of them."""
        return read_items(self.path)

    def mark(self, case: Item, ability: Choose) -> Mark:
        """By the letter."""
        return mark_choice(case, ability)


def draw(cases: Sequence[Any], limit: int, seed: int) -> list[Any]:
    """At most `limit` cases by chance (0: all), in their own order, so that what neighbours share is read once."""
    if not 0 < limit < len(cases):
        return list(cases)
    return [cases[i] for i in sorted(random.Random(seed).sample(range(len(cases)), limit))]


def digest(cases: Sequence[Any]) -> str:
    """A short hash of the cases: results over other questions aren't comparable.

    Examples:
        >>> len(digest([Item("1", "os", "?", {"A": "1", "B": "2"}, "A")]))
        12
    """
    rows = [asdict(c) for c in cases if is_dataclass(c) and not isinstance(c, type)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]


def plain_trials(task: Task, cases: Sequence[Any], ability: Callable[..., Any], group: str) -> Iterator[Trial]:
    """Each case once."""
    for case in cases:
        yield Trial(case.id, case.subject, group, lambda case=case: task.mark(case, ability))  # type: ignore[misc]


def choice_trials(
    task: Task, items: Sequence[Item], answerers: Mapping[str, Choose], orders: int = 0, seed: int = 0
) -> Iterator[Trial]:
    """Each item under each scoring, with its choices as written and in `orders` other orders.

    Args:
        answerers: by the scoring's name.
        seed: of the other orders; an item's depend on its id alone besides, not on which items are drawn.
    """
    for scoring, choose in answerers.items():
        for order in range(orders + 1):
            group = f"{scoring}/{order}" if order else scoring
            for item in items:
                shown, origin = item, {x: x for x in item.choices}
                if order:
                    shown, origin = reordered(item, random.Random(f"{seed}/{order}/{item.id}"))
                yield Trial(item.id, item.subject, group, _marked(task, shown, origin, choose))


def _marked(task: Task, shown: Item, origin: Mapping[str, str], choose: Choose) -> Callable[[], Mark]:
    def do() -> Mark:
        mark = task.mark(shown, choose)
        return replace(mark, more={**mark.more, "chosen": origin.get(mark.answer)})

    return do
