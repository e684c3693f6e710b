"""Retrieval: does a question in a student's words find the section that answers it?"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant408.core.errors import InputError
from assistant408.evals.run import Mark
from assistant408.evals.tasks import Places

__all__ = ["TASK", "Asked", "rank_metrics"]


@dataclass(frozen=True)
class Asked:
    """A question and the leaves that answer it."""

    id: str
    subject: str
    question: str
    leaves: Sequence[str]


class Retrieval:
    """The held-back half; ``retrieval:tune`` the half that tuning may use, ``retrieval:all`` both."""

    name = "retrieval"
    title = "检索：学生口吻的问题能否找到讲它的小节（保留的一半）"
    version = 1
    needs = "search"

    def cases(self, places: Places, part: str = "") -> Sequence[Asked]:
        """From ``benchmarks/retrieval/`` of the repository."""
        wanted = part or "test"
        if wanted not in ("test", "tune", "all"):
            raise InputError(f"检索任务没有 {part!r}，应为 retrieval、retrieval:tune 或 retrieval:all。")
        out = []
        for subject in ("ds", "co", "os", "cn"):
            path = places.benchmarks / "retrieval" / f"{subject}.jsonl"
            if not path.is_file():
                raise InputError(f"检索任务的题目 {str(path)!r} 不存在：它在源码仓库里，安装包不带，请在仓库中运行。")
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            out += [Asked(r["id"], subject, r["question"], r["leaves"]) for r in rows if wanted in ("all", r["split"])]
        return out

    def mark(self, case: Asked, ability: Callable[[str], Sequence[str]]) -> Mark:
        """Right if the first section is one of the leaves.

        Args:
            ability: leaves of the sections found, the best first, each once.
        """
        found = list(ability(case.question))
        metrics = rank_metrics(found, case.leaves)
        answer = found[0] if found else None
        more = {"metrics": metrics, "found": found[:5]}
        return Mark(metrics["recall@1"] == 1, answer, list(case.leaves), "search", case.question, "", more)


def rank_metrics(found: Sequence[str], right: Sequence[str]) -> dict[str, float]:
    """Recall at 1, 3 and 5 and the reciprocal rank of one question.

    Examples:
        >>> rank_metrics(["a", "b"], ["b", "c"])
        {'recall@1': 0.0, 'recall@3': 1.0, 'recall@5': 1.0, 'mrr': 0.5}
    """
    rank = next((i for i, leaf in enumerate(found, 1) if leaf in right), 0)
    recalls = {f"recall@{k}": float(0 < rank <= k) for k in (1, 3, 5)}
    return {**recalls, "mrr": 1 / rank if rank else 0.0}


TASK = Retrieval()
