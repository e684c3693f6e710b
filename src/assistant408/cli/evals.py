"""``a408 eval``: measuring a model on choice questions."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant408.cli.common import JsonFlag, open_services, print_json, progress
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir

if TYPE_CHECKING:
    from assistant408.evals.choose import Reply
    from assistant408.evals.items import Item
    from assistant408.web.services import Services

app = typer.Typer(help="评测：在选择题上测量模型。", no_args_is_help=True)
EVIDENCE_CHARACTERS = 420


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出内置的评测任务。"""
    from assistant408.evals.items import bench_items

    rows = [{"task": "408-bench", "version": 1, "items": len(bench_items(content_dir()))}]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['task']}  第 {row['version']} 版  {row['items']} 题")
    typer.echo("FILE.jsonl  每行 {id, subject, question, choices, answer}")


@app.command()
def run(
    task: Annotated[str, typer.Argument(help="408-bench，或一个 .jsonl 文件。")],
    out: Annotated[Path, typer.Option(help="结果文件夹；中断后用同样的命令接着做。")],
    model: Annotated[str, typer.Option("--model", "-m", help="模型。")] = "",
    mode: Annotated[str, typer.Option(help="closed 只用模型；rag 加资料；full 加解题器。")] = "full",
    scoring: Annotated[str, typer.Option(help="letter 比较字母概率；generate 自由生成再提取。")] = "letter",
    limit: Annotated[int, typer.Option(min=0, help="只做随机抽取的这么多题，0 为全部。")] = 0,
    seed: Annotated[int, typer.Option(help="抽题和打乱的种子。")] = 0,
    shuffle: Annotated[bool, typer.Option(help="打乱选项次序。")] = False,
    json: JsonFlag = False,
) -> None:
    """评测一个模型。"""
    from assistant408.evals.choose import PROMPT_VERSION
    from assistant408.evals.items import bench_items, read_items, shuffled
    from assistant408.evals.run import run_items

    if mode not in ("closed", "rag", "full") or scoring not in ("letter", "generate"):
        raise InputError(f"--mode {mode!r} 应为 closed、rag 或 full；--scoring {scoring!r} 应为 letter 或 generate。")
    if task == "408-bench":
        items = bench_items(content_dir())
    elif task.endswith(".jsonl"):
        items = read_items(Path(task))
    else:
        raise InputError(f"没有评测任务 {task!r}：应为 408-bench 或一个 .jsonl 文件。")
    if limit and limit < len(items):
        items = random.Random(seed).sample(items, limit)
    if shuffle:
        items = shuffled(items, random.Random(seed))
    services = open_services(model)
    about = {
        "task": Path(task).name,
        "version": 1,
        "model": services.backend().name,
        "mode": mode,
        "scoring": scoring,
        "prompt": PROMPT_VERSION,
        "seed": seed,
        "shuffle": shuffle,
    }
    answer = _answerer(services, mode, scoring)
    with progress("评测", quiet=json) as report:
        results = run_items(items, answer, out, about, report)
    if json:
        print_json(results)
        return
    typer.echo(f"{about['task']} · {about['model']} · {mode} · {scoring}")
    for name, row in [("全部", results), *results["subjects"].items(), *results["by_way"].items()]:
        low, high = row["interval"]
        typer.echo(
            f"{name:<10} n={row['n']:<4} 正确率 {row['accuracy']:.3f}（{low:.3f}–{high:.3f}）"
            f"  {row['seconds_each']:.2f} 秒/题  读不出 {row['parse_failures']}"
        )


@app.command()
def compare(first: Path, second: Path, json: JsonFlag = False) -> None:
    """配对比较两次评测（McNemar）。"""
    from assistant408.evals.run import compare as paired

    result = paired(first, second)
    if json:
        print_json(result)
        return
    typer.echo(
        f"n={result['n']}  {first.name} {result['first']:.3f}  {second.name} {result['second']:.3f}  "
        f"只前者对 {result['only_first']}，只后者对 {result['only_second']}，p={result['p']:.4g}"
    )


def _answerer(services: Services, mode: str, scoring: str) -> Callable[[Item], Reply]:
    """Wires the rooms together for a mode."""
    from assistant408.evals.choose import Reply, by_generation, by_letter
    from assistant408.kb.cite import key_units, readable

    backend = services.backend()
    if mode == "closed":
        return by_generation(backend) if scoring == "generate" else by_letter(backend)
    kb = services.ensure_index()

    def evidence(item: Item) -> str:
        queries = [item.question, *(f"{item.question} {c}" for c in item.choices.values())]
        hits = {h.id: h for q in reversed(queries) for h in kb.search(q[:300], limit=3, subject=item.subject or None)}
        ranked = sorted(hits.values(), key=lambda h: -h.score)[:6]
        texts = [h.chunk.text for h in ranked if h.chunk.part != "例题"] or [h.chunk.text for h in ranked]
        found = key_units(item.text, texts, EVIDENCE_CHARACTERS, kb.similarity(item.text[:400]))
        return "\n".join(readable(unit, texts[i]) for i, unit in found)

    make = by_generation if scoring == "generate" else by_letter
    if mode == "rag":
        return make(backend, evidence)
    careful = by_generation(backend, evidence) if scoring == "generate" else by_letter(backend, evidence, rotations=4)

    def full(item: Item) -> Reply:
        solution = services.solve(item.text)
        if solution is not None and solution.get("choice"):
            return Reply(solution["choice"], "solver", item.text, solution["summary"])
        return careful(item)

    return full
