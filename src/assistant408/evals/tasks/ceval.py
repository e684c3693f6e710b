"""C-Eval (Huang et al., NeurIPS 2023): 52 Chinese exams; the validation split, whose keys are public."""

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

COMPUTER = ("computer_network", "operating_system", "computer_architecture", "college_programming")


class CEval:
    """The four computer subjects; ``ceval:all`` the whole suite, ``ceval:law`` one subject."""

    name = "ceval"
    title = "C-Eval 验证集：计算机网络、操作系统、计算机组成、大学编程（ceval:all 为全部 52 科）"
    version = 1
    needs = "choose"
    licence = "CC BY-NC-SA 4.0"
    sources = (
        "https://huggingface.co/datasets/ceval/ceval-exam/resolve/main/ceval-exam.zip",
        "https://modelscope.cn/datasets/opencompass/ceval-exam/resolve/master/ceval-exam.zip",
    )

    def cases(self, places: Places, part: str = "") -> Sequence[Item]:
        """The validation questions."""
        return some_subjects(fetched_items(places.fetched(self.name), self.name), part, COMPUTER, self.name)

    def mark(self, case: Item, ability: Callable[[Item], Reply]) -> Mark:
        """By the letter."""
        return mark_choice(case, ability)

    def parse(self, files: Mapping[str, bytes]) -> tuple[list[Item], list[Item]]:
        """``val/SUBJECT_val.csv`` with ``id,question,A,B,C,D,answer``; ``dev/SUBJECT_dev.csv`` also ``explanation``."""
        splits: dict[str, list[Item]] = {"val": [], "dev": []}
        for path, data in sorted(files.items()):
            stem, _, split = PurePosixPath(path).stem.rpartition("_")
            if not path.endswith(".csv") or split not in splits:
                continue
            try:
                rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
                splits[split] += [
                    Item(
                        f"{stem}-{split}-{row['id']}",
                        stem,
                        row["question"].strip(),
                        {x: row[x].strip() for x in CHINESE_LETTERS},
                        row["answer"].strip(),
                        (row.get("explanation") or "").strip(),
                    )
                    for row in rows
                ]
            except (KeyError, AttributeError, UnicodeDecodeError) as e:
                raise InputError(f"{path!r} 不是 C-Eval 的格式（{type(e).__name__} {e}）。") from None
        return splits["val"], splits["dev"]


TASK = CEval()
