"""``a408 solve``: exact solvers, one command line for each from its typed inputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, print_json
from assistant408.core.errors import InputError
from assistant408.core.registry import Solver, all_solvers, get_solver
from assistant408.core.trace import plain


def solve(
    context: typer.Context,
    problem: Annotated[str, typer.Argument(help="解题器 id（如 os.page_replacement），或一道题的原文。")] = "",
    list_: Annotated[bool, typer.Option("--list", help="列出全部解题器。")] = False,
    reference: Annotated[bool, typer.Option("--reference", hidden=True)] = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="把各步的图画成一个 SVG 文件。")] = None,
    json: JsonFlag = False,
) -> None:
    """精确求解，给出步骤。参数写成 --名字 值，例如 --refs 7,0,1,2 --frames 3；--help 看一个解题器的参数。"""
    if list_:
        _list(json)
        return
    if reference:
        from assistant408.cli.reference import solver_reference

        typer.echo(solver_reference(), nl=False)
        return
    if problem in ("--help", "-h", ""):
        if problem:
            typer.echo(context.get_help())
            return
        raise InputError("请给出解题器 id（a408 solve --list 查看全部）。")
    if not re.fullmatch(r"[a-z]{2}\.[a-z0-9_]+", problem):
        _in_words(problem, svg, json)
        return
    solver = get_solver(problem)
    args: dict[str, object] = dict(_options(context.args))
    if "help" in args:
        _describe(solver)
        return
    if not args:
        args = {k: plain(v) for k, v in solver.examples[0].items()}
    solution = solver(**args)
    result = {"id": solver.id, "title": solver.title, "args": args, **solution.to_json()}
    _draw(svg, result)
    if json:
        print_json(result)
        return
    from assistant408.cli.render import show_solution

    result["labels"] = {k: {"label": o.label, "unit": o.unit} for k, o in solver.answers.items()}
    show_solution(result)


def _in_words(question: str, svg: Path | None, json: bool) -> None:
    """Recognises the solver and its arguments in a question."""
    from assistant408.tutor.solve import solve_question

    solution = solve_question(question)
    if solution is None:
        raise InputError("没有认出能计算的题：请写全数据，或用解题器 id 和参数（a408 solve --list 查看全部）。")
    if solution["steps"]:
        _draw(svg, solution)
    if json:
        print_json(solution)
        return
    typer.echo(solution["understood"])
    if solution["steps"]:
        from assistant408.cli.render import show_solution

        show_solution(solution)
    typer.echo(solution["summary"])


def _draw(path: Path | None, solution: dict[str, Any]) -> None:
    """Writes the pictures, if a file is named, before anything is printed."""
    if path is not None:
        from assistant408.cli.svg import write_svg

        write_svg(path, solution)
        typer.echo(f"图已写入 {path}", err=True)


def _list(json: bool) -> None:
    solvers = all_solvers().values()
    if json:
        print_json([{"id": s.id, "title": s.title, "summary": s.summary} for s in solvers])
        return
    for s in solvers:
        typer.echo(f"{s.id:<30}{s.title}")


def _options(words: list[str]) -> dict[str, str]:
    """``--refs 7,0 --frames=3`` as a dictionary; ``--flag`` alone is true."""
    out: dict[str, str] = {}
    i = 0
    while i < len(words):
        word = words[i]
        if not word.startswith("--"):
            raise InputError(f"多出了 {word!r}：参数应写成 --名字 值。")
        name, eq, value = word[2:].partition("=")
        if not eq:
            if i + 1 < len(words) and not words[i + 1].startswith("--"):
                i += 1
                value = words[i]
            else:
                value = "true"
        out[name.replace("-", "_")] = value
        i += 1
    return out


def _describe(solver: Solver) -> None:
    typer.echo(f"{solver.id}  {solver.title}\n{solver.summary}\n\n参数：")
    for f in solver.fields:
        need = "必填" if f.required else f"默认 {f.default}"
        typer.echo(f"  --{f.name:<14}{f.param.label}（{need}）{f.param.help}")
    typer.echo("\n结果：")
    for name, out in solver.answers.items():
        typer.echo(f"  {name:<16}{out.label}{f'（{out.unit}）' if out.unit else ''}")
