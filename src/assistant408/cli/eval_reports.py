"""``a408 eval report`` and ``a408 eval export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant408.cli.common import JsonFlag, print_json
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir, home


def report(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR…", help="做完的评测的文件夹，一个或多个。")],
    out: Annotated[Path | None, typer.Option(help="把 report.md、report.html、report.csv 写到这个文件夹。")] = None,
    json: JsonFlag = False,
) -> None:
    """把几次评测放在一起：Markdown、网页（分科图）与 OpenCompass 列的 CSV。"""
    from assistant408.evals.reports.csv import write_csv
    from assistant408.evals.reports.html import write_html
    from assistant408.evals.reports.markdown import write_markdown
    from assistant408.evals.reports.table import load_runs, pairs_of

    runs = load_runs(folders)
    pairs = pairs_of(runs)
    markdown = write_markdown(runs, pairs)
    files = []
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in (
            ("report.md", markdown),
            ("report.html", write_html(runs, pairs)),
            ("report.csv", write_csv(runs)),
        ):
            (out / name).write_text(text, encoding="utf-8")
            files.append(str(out / name))
    if json:
        print_json(
            {
                "files": files,
                "runs": [{"name": r.name, "folder": str(r.folder), **r.results} for r in runs],
                "pairs": [{"first": p.first.name, "second": p.second.name, "result": p.result} for p in pairs],
            }
        )
        return
    typer.echo(markdown)
    for file in files:
        typer.echo(f"已写入 {file}", err=True)


def export(
    task: Annotated[str, typer.Argument(help="选择题任务，或一个 .jsonl 文件。")],
    opencompass: Annotated[Path | None, typer.Option(metavar="DIR", help="OpenCompass 的配置与数据。")] = None,
    lm_eval: Annotated[Path | None, typer.Option(metavar="DIR", help="lm-evaluation-harness 的任务文件夹。")] = None,
    json: JsonFlag = False,
) -> None:
    """把一个任务写成别的评测框架的格式。"""
    from assistant408.evals.exports.lm_eval import export_lm_eval
    from assistant408.evals.exports.opencompass import export_opencompass
    from assistant408.evals.tasks import Places, find_task
    from assistant408.evals.trials import FileTask

    if opencompass is None and lm_eval is None:
        raise InputError("没有说写成什么格式，请加 --opencompass 文件夹 或 --lm-eval 文件夹。")
    found, part = (FileTask(Path(task)), "") if task.endswith(".jsonl") else find_task(task)
    if found.needs != "choose":
        raise InputError(f"任务 {task!r} 不是选择题，不能导出。")
    items = found.cases(Places(content_dir(), home()), part)
    files = []
    if opencompass is not None:
        files += export_opencompass(opencompass, found.name, found.title, items)
    if lm_eval is not None:
        files += export_lm_eval(lm_eval, found.name, found.title, found.version, items)
    if json:
        print_json({"items": len(items), "files": [str(f) for f in files]})
    else:
        typer.echo(f"{len(items)} 题，写了 {len(files)} 个文件，从 {files[0]} 开始看。")
