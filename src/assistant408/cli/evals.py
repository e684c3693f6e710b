"""``a408 eval``: measuring a model, the retrieval, and the whole program."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant408.cli import eval_contamination, eval_reports
from assistant408.cli.common import JsonFlag, console, open_services, print_json, progress
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir, home

if TYPE_CHECKING:
    from assistant408.evals.choose import Reply, Shots
    from assistant408.evals.items import Item
    from assistant408.evals.run import Trial
    from assistant408.evals.tasks import Task
    from assistant408.llm.types import Backend
    from assistant408.web.services import Services

app = typer.Typer(help="评测：测量模型、检索与整个程序。", no_args_is_help=True)
EVIDENCE_CHARACTERS = 420
MODEL_SHARE = 0.3  # of the model's own letter beside the verdict of the notes


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出评测任务。"""
    from assistant408.evals.tasks import Places, PublicTask, all_tasks

    places = Places(content_dir(), home())
    rows: list[dict[str, Any]] = []
    for task in all_tasks().values():
        try:
            items: int | None = len(task.cases(places))
        except InputError:
            items = None
        fetchable = isinstance(task, PublicTask)
        rows.append(
            {"task": task.name, "version": task.version, "items": items, "title": task.title, "fetch": fetchable}
        )
    if json:
        print_json(rows)
        return
    for row in rows:
        count = f"{row['items']} 题" if row["items"] else "先 eval fetch" if row["fetch"] else "没有题目"
        typer.echo(f"{row['task']:<10} 第 {row['version']} 版  {count:<12} {row['title']}")
    typer.echo("FILE.jsonl  每行 {id, subject, question, choices, answer}")


@app.command()
def fetch(
    task: Annotated[str, typer.Argument(help="公开题集：ceval、cmmlu 或 cs-bench。")],
    source: Annotated[str, typer.Option("--from", help="已下载的压缩包、文件夹，或另一个网址。")] = "",
    again: Annotated[bool, typer.Option("--again", help="内容与第一次不同也采用，并改记其 sha256。")] = False,
    json: JsonFlag = False,
) -> None:
    """取得公开题集；第一次记下 sha256，以后必须相同。"""
    from assistant408.evals.fetch import fetch as fetched
    from assistant408.evals.tasks import Places, PublicTask, all_tasks, find_task

    found, _ = find_task(task)
    if not isinstance(found, PublicTask):
        public = "、".join(t.name for t in all_tasks().values() if isinstance(t, PublicTask))
        raise InputError(f"任务 {task!r} 随本项目发布，不用取；可取的有 {public}。")
    with progress("下载", quiet=json) as report:
        got = fetched(found, Places(content_dir(), home()), source, report, again)
    if json:
        print_json(got)
        return
    typer.echo(f"{got['task']}：{got['items']} 题，示例 {got['dev']} 题，许可：{got['licence']}")
    typer.echo(f"来自 {got['source']}，sha256 {got['sha256']}，已记入 {home() / 'evals' / 'lock.json'}")


@app.command()
def run(
    task: Annotated[str, typer.Argument(help="任务名（ceval:all 指定其中一部分），或一个 .jsonl 文件。")],
    out: Annotated[Path, typer.Option(help="结果文件夹；中断后用同样的命令接着做。")],
    model: Annotated[str, typer.Option("--model", "-m", help="模型。")] = "",
    mode: Annotated[str, typer.Option(help="closed 只用模型；rag 加资料；full 加解题器。")] = "full",
    scoring: Annotated[
        str, typer.Option(help="letter 比较字母概率；generate 自由生成再提取；both 两种都做。")
    ] = "letter",
    limit: Annotated[int, typer.Option(min=0, help="只做随机抽取的这么多题，0 为全部。")] = 0,
    seed: Annotated[int, typer.Option(help="抽题的种子。")] = 0,
    shuffle: Annotated[int | None, typer.Option(help="另以打乱的选项次序再做，这是打乱的种子。")] = None,
    orders: Annotated[int, typer.Option(min=1, help="打乱几次。")] = 1,
    shots: Annotated[int, typer.Option(min=0, help="先给几道示例（仅 closed，题集须带示例）。")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="同时做几题，用于 /v1 服务。")] = 1,
    json: JsonFlag = False,
) -> None:
    """评测一个模型。"""
    from assistant408.evals.extract import EXTRACT_VERSION
    from assistant408.evals.run import run_trials
    from assistant408.evals.tasks import Places, find_task
    from assistant408.evals.trials import FileTask, digest, draw

    if mode not in ("closed", "rag", "full") or scoring not in ("letter", "generate", "both"):
        raise InputError(
            f"--mode {mode!r} 应为 closed、rag 或 full；--scoring {scoring!r} 应为 letter、generate 或 both。"
        )
    found: Task
    found, part = (FileTask(Path(task)), "") if task.endswith(".jsonl") else find_task(task)
    places = Places(content_dir(), home())
    every = found.cases(places, part)
    cases = draw(every, limit, seed)
    about: dict[str, Any] = {"task": found.name + (f":{part}" if part else ""), "version": found.version}
    about |= {"items": digest(every), "seed": seed}
    services = open_services(model)
    with ExitStack() as stack:
        trials: Sequence[Trial]
        if found.needs == "choose":
            examples = _examples(found, places, shots, mode)
            trials, more = _choosing(services, found, cases, mode, scoring, (shuffle, orders), examples, seed)
            about |= more | {"shots": shots, "extract": EXTRACT_VERSION if scoring != "letter" else None}
        else:
            trials, more = _measuring(services, found, cases, model, stack)
            about |= more
        with progress("评测", quiet=json) as report:
            try:
                results = run_trials(trials, out, about, report, jobs)
            except KeyboardInterrupt:
                console().print("做完的题都已保存，用同样的命令接着做。", style="dim")
                raise
    if json:
        print_json(results)
        return
    typer.echo(" · ".join(str(about[k]) for k in ("task", "model", "mode", "scoring") if about.get(k)))
    _show(results)


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


app.command("report")(eval_reports.report)
app.command("export")(eval_reports.export)
app.command("contamination")(eval_contamination.contamination)
app.command("vectors", hidden=True)(eval_contamination.save_vectors)


def answerer(services: Services, backend: Backend, mode: str, scoring: str) -> Callable[[Item], Reply]:
    """Wires the rooms together for a mode."""
    from assistant408.evals.choose import Reply, by_generation, by_letter
    from assistant408.kb.cite import key_units, readable
    from assistant408.tutor.choice import explain

    if mode == "closed":
        return by_generation(backend) if scoring == "generate" else by_letter(backend)
    kb = services.ensure_index()

    def evidence(item: Item) -> str:
        queries = [item.question, *(f"{item.question} {c}" for c in item.choices.values())]
        hits = {h.id: h for q in reversed(queries) for h in kb.search(q[:300], limit=3, subject=item.area)}
        ranked = sorted(hits.values(), key=lambda h: -h.score)[:6]
        texts = [h.chunk.text for h in ranked if h.chunk.part != "例题"] or [h.chunk.text for h in ranked]
        found = key_units(item.text, texts, EVIDENCE_CHARACTERS, kb.similarity(item.text[:400]))
        return "\n".join(readable(unit, texts[i]) for i, unit in found)

    alone = by_generation(backend) if scoring == "generate" else by_letter(backend)

    careful = by_generation(backend) if scoring == "generate" else by_letter(backend, rotations=4)

    def noted(item: Item) -> Reply | None:
        """The letter by the facts of the notes; `None` for numbers, or without the vectors of the facts."""
        from assistant408.tutor.choice import choose_by_facts, is_conceptual

        if services.judge is None or not is_conceptual(item.choices):
            return None
        verdict = choose_by_facts(services.judge, item.question, item.choices)
        scores = {k: round(math.log(max(v, 1e-6)), 4) for k, v in verdict.scores.items()}
        return Reply(verdict.letter, "facts", item.text, explain(verdict, {}), scores)

    def rag(item: Item) -> Reply:
        by_notes = noted(item)
        if by_notes is None or scoring == "generate":
            return by_generation(backend, evidence)(item) if scoring == "generate" else alone(item)
        by_model = alone(item)
        scores = {k: v + MODEL_SHARE * by_model.scores.get(k, -9.0) for k, v in by_notes.scores.items()}
        best = max(scores, key=lambda k: scores[k])
        return Reply(best, "facts and model", by_model.prompt, by_notes.output, scores)

    if mode == "rag":
        return rag

    def full(item: Item) -> Reply:
        solution = services.solve(item.text)
        if solution is not None and solution.get("choice"):
            return Reply(solution["choice"], "solver", item.text, solution["summary"])
        return noted(item) or careful(item)

    return full


def _examples(task: Task, places: Any, shots: int, mode: str) -> Shots | None:
    """The solved examples to show before an item, of its subject."""
    if not shots:
        return None
    from assistant408.evals.items import read_items

    if mode != "closed":
        raise InputError(f"--shots {shots} 只用于 --mode closed，现在是 {mode!r}。")
    path = places.fetched(task.name) / "dev.jsonl"
    if not path.is_file():
        raise InputError(f"任务 {task.name!r} 没有示例题，不能用 --shots；ceval 与 cmmlu 有。")
    examples = read_items(path)
    return lambda item: [e for e in examples if e.subject == item.subject][:shots]


def _choosing(
    services: Services,
    task: Task,
    cases: Sequence[Item],
    mode: str,
    scoring: str,
    shuffle: tuple[int | None, int],
    examples: Shots | None,
    seed: int,
) -> tuple[list[Trial], dict[str, Any]]:
    """The trials of a task of choice questions, and what is to be known about them."""
    from assistant408.evals.choose import PROMPT_VERSION, by_generation, by_letter
    from assistant408.evals.retry import Retrying
    from assistant408.evals.trials import choice_trials

    backend = Retrying(services.backend(), random.Random(seed))
    make = {"letter": by_letter, "generate": by_generation}
    answerers = {
        name: make[name](backend, shots=examples) if examples else answerer(services, backend, mode, name)
        for name in (("letter", "generate") if scoring == "both" else (scoring,))
    }
    shuffle_seed, orders = shuffle if shuffle[0] is not None else (None, 0)
    more: dict[str, Any] = {"model": backend.name, "mode": mode, "scoring": scoring, "prompt": PROMPT_VERSION}
    more |= {"shuffle": shuffle_seed, "orders": orders}
    return list(choice_trials(task, cases, answerers, orders, shuffle_seed or 0)), more


def _measuring(
    services: Services, task: Task, cases: Sequence[Any], model: str, stack: ExitStack
) -> tuple[list[Trial], dict[str, Any]]:
    """The same for a task that measures something else than choosing."""
    from assistant408.cli.abilities import answering, searching, understanding
    from assistant408.evals.trials import plain_trials

    named = ""
    ability: Callable[..., Any]
    if task.needs == "search":
        ability = searching(services)
        embedder = services.kb.embedder
        named = embedder.name if embedder else "keywords"
    elif task.needs == "understand":
        backend = services.backend() if model else None
        ability, named = understanding(backend), backend.name if backend else "rules"
    else:
        ability, named = stack.enter_context(answering(services, services.backend())), services.backend().name
    return list(plain_trials(task, cases, ability, task.needs)), {"model": named, "mode": "", "scoring": task.needs}


def _show(results: dict[str, Any]) -> None:
    """The numbers of a run, a line each."""
    rows: Iterator[tuple[str, dict[str, Any]]] = iter(
        [("全部", results), *results["subjects"].items(), *results["by_way"].items(), *results.get("scorings", {}).items()]
    )  # fmt: skip
    for name, row in rows:
        low, high = row["interval"]
        typer.echo(
            f"{name:<10} n={row['n']:<4} 正确率 {row['accuracy']:.3f}（{low:.3f}–{high:.3f}）"
            f"  {row['seconds_each']:.2f} 秒/题  读不出 {row['parse_failures']}"
        )
    for name, value in results.get("metrics", {}).items():
        typer.echo(f"{name:<10} {value:.3f}")
    for name, row in results.get("robustness", {}).items():
        typer.echo(
            f"{name} 的 {row['orders']} 种选项次序：平均 {row['mean']:.3f}，最低 {row['lowest']:.3f}，"
            f"最高 {row['highest']:.3f}，选同一项的占 {row['consistency']:.3f}"
        )
