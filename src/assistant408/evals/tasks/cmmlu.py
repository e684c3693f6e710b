"""CMMLU (Li et al., 2023): 67 Chinese subjects; the test split."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from assistant408.core.errors import InputError
from assistant408.evals.choose import Reply
from assistant408.evals.items import Item
from assistant408.evals.run import Mark
from assistant408.evals.tasks import Places
from assistant408.evals.tasks._choice import CHINESE_LETTERS, fetched_items, mark_choice, some_subjects

__all__ = ["TASK"]

COMPUTER = ("computer_science", "computer_security", "machine_learning")


class CMMLU:
    """The computer subjects; ``cmmlu:all`` the whole suite."""

    name = "cmmlu"
    title = "CMMLU 测试集：计算机科学、计算机安全、机器学习（cmmlu:all 为全部 67 科）"
    version = 1
    needs = "choose"
    licence = "CC BY-NC-SA 4.0"
    sources = ("https://huggingface.co/datasets/haonan-li/cmmlu/resolve/main/cmmlu_v1_0_1.zip",)

    def cases(self, places: Places, part: str = "") -> Sequence[Item]:
        """The test questions."""
        return some_subjects(fetched_items(places.fetched(self.name), self.name), part, COMPUTER, self.name)

    def mark(self, case: Item, ability: Callable[[Item], Reply]) -> Mark:
        """By the letter."""
        return mark_choice(case, ability)

    def parse(self, files: Mapping[str, bytes]) -> tuple[list[Item], list[Item]]:
        """``test/SUBJECT.csv`` and ``dev/SUBJECT.csv`` with a number and ``Question,A,B,C,D,Answer``."""
        splits: dict[str, list[Item]] = {"test": [], "dev": []}
        for path, data in sorted(files.items()):
            where = PurePosixPath(path)
            if where.suffix != ".csv" or where.parent.name not in splits:
                continue
            try:
                rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
                splits[where.parent.name] += [
                    Item(
                        f"{where.stem}-{where.parent.name}-{number}",
                        where.stem,
                        row["Question"].strip(),
                        {x: row[x].strip() for x in CHINESE_LETTERS},
                        row["Answer"].strip(),
                    )
                    for number, row in enumerate(rows)
                ]
            except (KeyError, AttributeError, UnicodeDecodeError) as e:
                raise InputError(f"{path!r} 不是 CMMLU 的格式（{type(e).__name__} {e}）。") from None
        return splits["test"], splits["dev"]


TASK = CMMLU()
