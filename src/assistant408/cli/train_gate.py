"""``a408 train gate``: the rooms wired so that each stage of a model answers the same questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, open_services, print_json, progress
from assistant408.core.errors import A408Error, InputError
from assistant408.core.paths import content_dir, home

if TYPE_CHECKING:
    from assistant408.evals.tasks import Task

DEFAULT_TASKS = ("408-bench", "ceval", "grounding")
REFUSED = 3  # the exit code of a model that got worse


def gate(
    stage: Annotated[
        list[str], typer.Option(help="名字=模型，按先后写多次，第一个是基准，如 base=qwen2.5-coder-0.5b。")
    ],
    out: Annotated[Path, typer.Option(help="结果文件夹；中断后用同样的命令接着做。")],
    task: Annotated[list[str] | None, typer.Option(help="评测任务或 .jsonl 文件，可写多次。")] = None,
    run: Annotated[Path | None, typer.Option(help="训练文件夹，写进模型卡。")] = None,
    data: Annotated[Path | None, typer.Option(help="数据文件夹，写进模型卡。")] = None,
    limit: Annotated[int, typer.Option(min=0, help="每个任务抽多少题，0 为全部。")] = 0,
    seed: Annotated[int, typer.Option(help="抽题的种子。")] = 0,
    json: JsonFlag = False,
) -> None:
    """把关：各阶段做同样的题，配对检验，写模型卡；有一个阶段明显变差就以 3 退出。"""
    from assistant408.training.formats import write_text
    from assistant408.training.gate import Paired, Scored, judge, model_card
    from assistant408.training.run_folder import write_json

    stages = _stages(stage)
    tasks, skipped = _tasks(task)
    scores: list[Scored] = []
    folders: dict[tuple[str, str], Path] = {}
    for name, model in stages.items():
        for id, (found, cases) in _drawn(tasks, limit, seed).items():
            folder = out / "evals" / name / re.sub(r"\W+", "-", id)
            with progress(f"{name} · {id}", quiet=json) as report:
                results = _evaluate(found, cases, model, folder, seed, report)
            low, high = results["interval"]
            letters = results.get("letters", {}) if found.needs == "choose" else {}
            keys = Counter(c.answer for c in cases) if letters else {}
            scores.append(Scored(name, id, results["n"], results["correct"], (low, high), letters, keys))
            folders[name, id] = folder
    pairs = [Paired(*row) for row in _pairs(list(stages), list(tasks), folders)]
    verdict = judge(pairs, [s for s in scores if s.stage != next(iter(stages))])
    write_text(out / "model-card.md", model_card(verdict, scores, pairs, stages, _facts(run, data), skipped))
    result = {
        "passed": verdict.passed,
        "reasons": list(verdict.reasons),
        "scores": [{**s.__dict__, "accuracy": round(s.accuracy, 4)} for s in scores],
        "pairs": [{**p.__dict__, "worse": p.worse, "better": p.better} for p in pairs],
        "skipped": skipped,
    }
    write_json(out / "gate.json", result)
    if json:
        print_json(result)
    else:
        for s in scores:
            typer.echo(
                f"{s.task:<14} {s.stage:<10} n={s.n:<4} {s.accuracy:.3f}（{s.interval[0]:.3f}–{s.interval[1]:.3f}）"
            )
        for line in (
            *skipped,
            *(verdict.reasons or ["通过：没有一个阶段明显变差。"]),
            f"模型卡：{out / 'model-card.md'}",
        ):
            typer.echo(line)
    if not verdict.passed:
        raise typer.Exit(REFUSED)


def _stages(written: Sequence[str]) -> dict[str, str]:
    pairs = [s.partition("=") for s in written]
    stages = {name.strip(): model.strip() for name, _, model in pairs}
    if len(stages) < 2 or len(stages) < len(written) or not all(stages) or not all(stages.values()):
        raise InputError(f"--stage {list(written)!r} 应至少有两个不同名的“名字=模型”，第一个是基准。")
    return stages


def _tasks(wanted: Sequence[str] | None) -> tuple[dict[str, tuple[Task, Sequence[Any]]], list[str]]:
    """The tasks that have questions; of the default ones those that aren't there are skipped, with the reason."""
    from assistant408.evals.tasks import Places, find_task
    from assistant408.evals.trials import FileTask

    found: dict[str, tuple[Task, Sequence[Any]]] = {}
    skipped = []
    places = Places(content_dir(), home())
    for name in wanted or DEFAULT_TASKS:
        task: Task
        task, part = (FileTask(Path(name)), "") if name.endswith(".jsonl") else find_task(name)
        try:
            found[Path(name).stem if name.endswith(".jsonl") else name] = (task, task.cases(places, part))
        except A408Error as e:
            if wanted:
                raise
            skipped.append(f"{name}：{e}")
    if not found:
        raise InputError(f"没有可做的任务：{'；'.join(skipped)}")
    return found, skipped


def _drawn(
    tasks: Mapping[str, tuple[Task, Sequence[Any]]], limit: int, seed: int
) -> dict[str, tuple[Task, Sequence[Any]]]:
    from assistant408.evals.trials import draw

    return {id: (task, draw(cases, limit, seed)) for id, (task, cases) in tasks.items()}


def _evaluate(
    task: Task, cases: Sequence[Any], model: str, folder: Path, seed: int, report: Callable[[int, int], None]
) -> dict[str, Any]:
    """One stage on one task: choices closed-book by the letter, the grounding set through the whole tutor."""
    from assistant408.cli.abilities import answering
    from assistant408.evals.choose import PROMPT_VERSION, by_letter
    from assistant408.evals.run import Trial, load_results, load_samples, run_trials
    from assistant408.evals.trials import choice_trials, digest, plain_trials

    about = {"task": task.name, "version": task.version, "items": digest(cases), "seed": seed, "model": model}
    about |= {"prompt": PROMPT_VERSION}
    if (folder / "results.json").is_file() and len(load_samples(folder)) == len(cases):
        kept = load_results(folder)
        if all(kept.get(k) == v for k, v in about.items()):
            return kept
    services = open_services(model)
    with ExitStack() as stack:
        backend = services.backend()
        stack.callback(backend.close)
        trials: list[Trial]
        if task.needs == "choose":
            trials = list(choice_trials(task, cases, {"letter": by_letter(backend)}))
        elif task.needs == "ask":
            ability = stack.enter_context(answering(services, backend))
            trials = list(plain_trials(task, cases, ability, task.needs))
        else:
            raise InputError(f"任务 {task.name!r} 不测语言模型，不能用来把关；请用选择题或 grounding。")
        return run_trials(trials, folder, about, report)


def _pairs(
    stages: Sequence[str], tasks: Sequence[str], folders: Mapping[tuple[str, str], Path]
) -> list[tuple[str, str, str, int, int, float]]:
    """Each stage against the first, and against the one before it."""
    from assistant408.evals.run import compare

    rows = []
    for task in tasks:
        for i, after in enumerate(stages[1:], 1):
            for before in dict.fromkeys((stages[0], stages[i - 1])):
                c = compare(folders[before, task], folders[after, task])
                rows.append((task, before, after, c["only_first"], c["only_second"], c["p"]))
    return rows


def _facts(run: Path | None, data: Path | None) -> dict[str, Any]:
    """What the earlier steps wrote down, by title."""
    from assistant408.training.run_folder import read_json

    files = {"训练": run / "done.json" if run else None, "数据": data / "card.json" if data else None}
    facts = {title: read_json(file) for title, file in files.items() if file}
    if run and (stamped := read_json(run / "run.json")):
        facts["来历"] = stamped["made_of"] | {k: f"{v}" for k, v in stamped["environment"]["packages"].items()}
    return {title: fact for title, fact in facts.items() if fact}
