"""``a408 eval contamination``: are measured questions in the training data, the notes or the bank?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, open_services, print_json, progress
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir, home

if TYPE_CHECKING:
    from assistant408.evals.items import Item
    from assistant408.web.services import Services

NAMES = {"overlap": "13 字串重合", "likeness": "5 字串相似度", "cosine": "向量余弦"}


def contamination(
    task: Annotated[str, typer.Argument(help="选择题任务，或一个 .jsonl 文件。")],
    against: Annotated[list[Path] | None, typer.Option(help="训练数据等对照文件，可写多次。")] = None,
    vectors: Annotated[bool, typer.Option(help="也用向量与笔记、题库比较。")] = True,
    json: JsonFlag = False,
) -> None:
    """查评测题是否与笔记、题库或训练数据重复。"""
    from assistant408.content.questions import load_bank
    from assistant408.content.similar import content_passages
    from assistant408.evals.contamination import contamination as check
    from assistant408.evals.contamination import read_passages
    from assistant408.evals.tasks import Places, find_task
    from assistant408.evals.trials import FileTask

    found, part = (FileTask(Path(task)), "") if task.endswith(".jsonl") else find_task(task)
    if found.needs != "choose":
        raise InputError(f"任务 {task!r} 不是选择题，不查重复。")
    items: Sequence[Item] = found.cases(Places(content_dir(), home()), part)
    services = open_services()
    bank = load_bank(services.content)
    passages = list(content_passages(list(services.notes.values()), bank))
    for path in against or []:
        passages += read_passages(path)
    with progress("计算向量", quiet=json) as report:
        near = _vectors(services, items, report) if vectors else None
    result = check(items, passages, near)
    if json:
        print_json(result)
        return
    typer.echo(f"{result['items']} 题，对照 {result['passages']} 段")
    for measure, row in result["distribution"].items():
        typer.echo(
            f"{NAMES[measure]}：中位数 {row['median']:.3f}，90% {row['p90']:.3f}，99% {row['p99']:.3f}，"
            f"最大 {row['max']:.3f}（界限 {result['limits'][measure]}）"
        )
    for row in result["above"]:
        said = "，".join(f"{NAMES[m]} {row[m]['score']:.3f}（{row[m]['label']}）" for m in result["limits"])
        typer.echo(f"太接近 {row['id']}：{said}")
    typer.echo(f"超过界限的有 {len(result['above'])} 题。")


def save_vectors() -> None:
    """Recomputes the shipped vectors of questions that changed (for developers)."""
    from assistant408.content.questions import load_bank, load_bench
    from assistant408.content.similar import question_text
    from assistant408.evals.contamination import embed_all, save_known
    from assistant408.kb.shipped import load_vectors

    services = open_services()
    embedder = services.kb.embedder
    if embedder is None:
        raise InputError("没有向量模型，不能计算题目的向量。")
    texts = sorted({question_text(q) for q in [*load_bank(services.content), *load_bench(services.content)]})
    path = _shipped(services)
    with progress("计算向量") as report:
        save_known(path, embedder, texts, embed_all(embedder, texts, load_vectors(path), report))
    typer.echo(f"{len(texts)} 个向量写入 {path}")


def _vectors(
    services: Services, items: Sequence[Item], report: Callable[[int, int], None]
) -> tuple[Any, Any, list[str]] | None:
    """Vectors of the items; of the index and the bank, with their labels."""
    import numpy as np

    from assistant408.content.questions import load_bank
    from assistant408.content.similar import question_text
    from assistant408.evals.contamination import embed_all, item_text
    from assistant408.kb.shipped import load_vectors

    kb = services.ensure_index(report)
    embedder = kb.embedder
    if embedder is None:
        return None
    known = load_vectors(_shipped(services))
    mine = embed_all(embedder, [item_text(i) for i in items], known, report)
    matrix = kb.store.matrix()
    chunks = kb.store.find([int(i) for i in matrix.ids])
    bank = load_bank(services.content)
    theirs = embed_all(embedder, [question_text(q) for q in bank], known, report)
    labels = [f"索引 {chunks[int(i)].section}" for i in matrix.ids] + [f"题目 {q.id}" for q in bank]
    return mine, np.vstack([matrix.vectors, theirs]), labels


def _shipped(services: Services) -> Path:
    return services.vectors.with_name("questions.npz")
