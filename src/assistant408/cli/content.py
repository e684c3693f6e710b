"""``a408 content``: checks of the shipped content, and the notes as a book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, print_json
from assistant408.core.paths import content_dir

app = typer.Typer(help="内容检查。", no_args_is_help=True)


@app.command()
def check(
    json: JsonFlag = False,
    run: Annotated[bool, typer.Option(help="运行例题的核对程序。")] = True,
) -> None:
    """检查全部内容：考点树、笔记、术语、问法与题目，重算每个答案。"""
    from assistant408.content.check import check_content
    from assistant408.core.registry import all_solvers, get_solver

    def solve(id: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        return get_solver(id)(**args).answer

    report = check_content(content_dir(), run_checks=run, solvers=list(all_solvers()), solve=solve)
    if json:
        print_json({"counts": report.counts, "problems": list(report.problems)})
    else:
        for problem in report.problems:
            typer.echo(problem)
        typer.echo("，".join(f"{k} {v}" for k, v in report.counts.items()))
    if report.problems:
        raise typer.Exit(1)


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出考点树。"""
    from assistant408.content.syllabus import load_syllabus

    tree = load_syllabus(content_dir())
    if json:
        print_json(
            [
                {
                    "id": n.id,
                    "name": n.name,
                    "parent": n.parent or None,
                    "weight": n.weight,
                    "marks": round(float(tree.marks(n.id)), 3) if n.id in tree.leaves else None,
                }
                for n in tree.nodes.values()
            ]
        )
        return
    for node in tree.nodes.values():
        indent = "  " * node.id.count(".")
        marks = f"  {float(tree.marks(node.id)):.2f} 分" if node.id in tree.leaves else ""
        typer.echo(f"{indent}{node.name}  {node.id}{marks}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="一个空的或新的文件夹。")],
    json: JsonFlag = False,
) -> None:
    """把全部笔记写成网页：一篇一页，另有目录；不含脚本，断网可读，浏览器可打印成 PDF。"""
    from assistant408.content.book import export_book

    files = export_book(content_dir(), folder)
    index = str(files[0])
    if json:
        print_json({"index": index, "files": len(files)})
    else:
        typer.echo(f"共 {len(files)} 个文件，从 {index} 开始读。")


@app.command()
def blueprint(
    bank: Annotated[bool, typer.Option("--bank", help="数题库的题，而不是 408-bench。")] = False,
    json: JsonFlag = False,
) -> None:
    """408-bench 的细目表：每章各类题有几道，按分值应有几道。"""
    from assistant408.content.blueprint import KINDS, kind_of
    from assistant408.content.blueprint import blueprint as chapters_of
    from assistant408.content.questions import load_bank, load_bench
    from assistant408.content.syllabus import SUBJECTS, load_syllabus

    content = content_dir()
    questions = load_bank(content) if bank else load_bench(content)
    chapters = chapters_of(questions, load_syllabus(content))
    if json:
        print_json(
            [
                {"id": c.id, "name": c.name, "leaves": c.leaves, "covered": c.covered, **c.counts}
                | {"total": c.total, "due": round(float(c.due), 2)}
                for c in chapters
            ]
        )
        return
    typer.echo(f"| 章 | {' | '.join(KINDS.values())} | 共 | 按分值应有 | 涉及考点 |\n|{'---|' * (len(KINDS) + 4)}")
    for subject, name in SUBJECTS.items():
        mine = [c for c in chapters if c.subject == subject]
        for c in mine:
            kinds = " | ".join(str(c.counts[k]) for k in KINDS)
            typer.echo(f"| {name} › {c.name} | {kinds} | {c.total} | {float(c.due):.1f} | {c.covered}/{c.leaves} |")
        sums = " | ".join(str(sum(c.counts[k] for c in mine)) for k in KINDS)
        covered = f"{sum(c.covered for c in mine)}/{sum(c.leaves for c in mine)}"
        typer.echo(f"| **{name}** | {sums} | {sum(c.total for c in mine)} |  | {covered} |")
    letters = {x: sum(q.answer == (x,) for q in questions if q.kind == "single") for x in "ABCD"}
    kinds = "，".join(f"{label} {sum(kind_of(q) == kind for q in questions)}" for kind, label in KINDS.items())
    typer.echo(f"\n共 {len(questions)} 题：{kinds}；答案 {'，'.join(f'{k} {v}' for k, v in letters.items())}。")
