"""``a408 exam``: mock exams."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, console, open_services, print_json, progress
from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.web.services import Services

app = typer.Typer(help="模拟考试：组卷、计时作答、评卷、报告。", no_args_is_help=True)
IdArgument = Annotated[str, typer.Argument(metavar="[ID]", help="考试的编号，不写则取最近的一场。")]
STATES = {"new": "未开始", "running": "进行中", "paused": "暂停", "interrupted": "中断", "closed": "已交卷"}


@app.command()
def new(
    subject: Annotated[
        list[str] | None, typer.Option("--subject", "-s", help="只考这一科，可写几次；默认四科。")
    ] = None,
    choices: Annotated[int | None, typer.Option(help="选择题的道数，默认照真题。")] = None,
    bigs: Annotated[int | None, typer.Option(help="大题的道数，默认照真题。")] = None,
    minutes: Annotated[int | None, typer.Option(help="限时，默认按分值折算，150 分 180 分钟。")] = None,
    variants: Annotated[int, typer.Option(min=0, max=20, help="每科用解题器现出的选择题数。")] = 0,
    seed: Annotated[int | None, typer.Option(help="抽题的种子，默认随机。")] = None,
    json: JsonFlag = False,
) -> None:
    """组一份卷子：默认 40 道选择、7 道大题，共 150 分，180 分钟。"""
    services = open_services()
    id = services.learner.new_exam(
        secrets.randbelow(1 << 31) if seed is None else seed,
        subjects=subject or [],
        choices=choices,
        bigs=bigs,
        minutes=minutes,
        variants=variants,
    )
    _show_summary(services, id, json)


@app.command()
def take(
    id: IdArgument = "",
    json: JsonFlag = False,
) -> None:
    """开始或继续一场考试；Ctrl-C 离开，答案与时间都在。"""
    from assistant408.cli.exam_room import sit

    services = open_services()
    id = id or _latest(services, closed=False)
    sit(services.learner.exams, id, console())
    summary = services.learner.exams.summary(services.learner.exams.row(id))
    if json:
        print_json(summary)
    elif summary["state"] == "closed":
        _show_report(services.learner.exam_report(id))
    else:
        console().print(f"已保存，用 a408 exam take {id} 继续，剩余 {_clock(summary['left_s'])}。", highlight=False)


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出考试，最近的在前。"""
    from assistant408.practice.exam_report import score

    exams = open_services().learner.exams
    rows = [
        {**exams.summary(row), "score": score(exams.marks(row.id)) if row.state == "closed" else None}
        for row in exams.all()
    ]
    if json:
        print_json(rows)
        return
    if not rows:
        console().print("还没有考试，用 a408 exam new 组一份卷子。", highlight=False)
    for r in rows:
        got = f"{r['score']['earned']} / {r['points']} 分" if r["score"] else f"{r['points']} 分"
        left = "" if r["score"] else f"  剩余 {_clock(r['left_s'])}"
        typer.echo(f"{r['id']}  {STATES[r['state']]}  {got}  {r['questions']} 题{left}  {r['title']}")


@app.command()
def report(
    id: IdArgument = "",
    judge: Annotated[bool, typer.Option("--judge", help="先让模型给没有定分的文字部分提建议。")] = False,
    model: Annotated[str, typer.Option("--model", "-m", help="评分用的模型。")] = "",
    key: Annotated[bool, typer.Option("--key", help="连同每题的答案与评分。")] = False,
    markdown: Annotated[Path | None, typer.Option(help="把报告写成 Markdown 文件。")] = None,
    json: JsonFlag = False,
) -> None:
    """成绩报告：得分与区间、各科与考点、用时、最容易拿回的分。"""
    from assistant408.practice.exam_report import report_markdown

    services = open_services(model)
    id = id or _latest(services, closed=True)
    if judge:
        _judge(services, id, quiet=json)
    data = services.learner.exam_report(id)
    if markdown is not None:
        _write(markdown, report_markdown(data))
    if json:
        print_json(data)
        return
    _show_report(data)
    if key:
        _show_keys(data)


@app.command()
def mark(
    id: Annotated[str, typer.Argument(metavar="ID", help="考试的编号。")],
    place: Annotated[str, typer.Argument(help="题号.小问.评分条，如 41.1.2；选择题是 7.0.1。")],
    points: Annotated[int, typer.Argument(help="得分。")],
    reason: Annotated[str, typer.Option(help="理由，记录在报告里。")] = "",
    json: JsonFlag = False,
) -> None:
    """自己给一条评分标准定分，代替程序或模型的。"""
    try:
        number, part, line = (int(x) for x in place.split("."))
    except ValueError:
        raise InputError(f"位置 {place!r} 应为 题号.小问.评分条，如 41.1.2。") from None
    marks = open_services().learner.exams.override(id, number, part, line, points, reason)
    if json:
        print_json(marks)
        return
    from assistant408.practice.marking import earned, pending

    typer.echo(f"第 {number} 题现在 {earned(marks)} 分，待评 {pending(marks)} 分。")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown 或 JSON 文件。")],
    json: JsonFlag = False,
) -> None:
    """读入自己的试卷，格式见 docs/reference/exam-format.md。"""
    from assistant408.practice.exam_file import FILE_BYTES, read_paper

    try:
        with file.open("rb") as f:
            data = f.read(FILE_BYTES + 1)
    except OSError as e:
        raise InputError(f"读不了试卷文件 {str(file)!r}（{e.strerror}），请检查路径。") from None
    services = open_services()
    id = services.learner.exams.create(read_paper(data, file.name, services.syllabus), "imported")
    _show_summary(services, id, json)


@app.command()
def export(
    id: Annotated[str, typer.Argument(metavar="ID", help="考试的编号。")],
    out: Annotated[Path, typer.Option(help="要写的文件，.md 或 .html（可打印）。")],
    key: Annotated[bool, typer.Option("--key", help="连同答案（交卷之后）。")] = False,
    json: JsonFlag = False,
) -> None:
    """把一份卷子写成 Markdown 或可打印的网页。"""
    from assistant408.practice.exam_html import paper_html
    from assistant408.practice.exam_write import write_paper
    from assistant408.practice.paper import Paper

    row = open_services().learner.exams.row(id)
    if key and row.state != "closed" and row.source != "imported":
        raise InputError(f"考试 {id!r} 还没有交卷，交卷后才能导出答案。")
    if out.suffix.lower() not in (".md", ".html"):
        raise InputError(f"文件 {str(out)!r} 的后缀应为 .md 或 .html。")
    paper = Paper.from_json(row.paper)
    _write(out, write_paper(paper, key) if out.suffix.lower() == ".md" else paper_html(paper, key))
    if json:
        print_json({"id": id, "file": str(out), "questions": len(paper.items), "keys": key})
    else:
        typer.echo(f"已写到 {out}。")


def _latest(services: Services, closed: bool) -> str:
    for row in services.learner.exams.all():
        if (row.state == "closed") == closed:
            return row.id
    what = "已交卷的考试，用 a408 exam take 考一场" if closed else "没考完的卷子，用 a408 exam new 组一份"
    raise InputError(f"没有{what}。")


def _judge(services: Services, id: str, quiet: bool) -> None:
    from assistant408.practice.marking import pending

    numbers = [m["number"] for m in services.learner.exams.marks(id) if pending(m)]
    with progress("模型评分", quiet=quiet) as report:
        for done, number in enumerate(numbers):
            report(done, len(numbers))
            services.learner.exams.judge(id, number, services.ask_json)
        report(len(numbers), len(numbers))


def _show_summary(services: Services, id: str, json: bool) -> None:
    summary = services.learner.exams.summary(services.learner.exams.row(id))
    if json:
        print_json(summary)
        return
    typer.echo(
        f"{id}  {summary['title']}：{summary['questions']} 题，{summary['points']} 分，{summary['minutes']} 分钟。"
    )
    console().print(f"用 a408 exam take {id} 开始。", highlight=False)


def _show_report(data: dict[str, Any]) -> None:
    """The report of `practice.exam_report.report`, in the terminal."""
    import sys

    from rich.console import Console
    from rich.table import Table

    out = Console(file=sys.stdout, highlight=False, markup=False)
    total, by = data["score"], data["by"]
    out.print(data["title"], style="bold")
    low, high = total["interval"]
    waits = f"，另有 {total['pending']} 分待评" if total["pending"] else ""
    out.print(f"{total['earned']} / {total['points']} 分（95% 区间 {low:.0f}～{high:.0f}）{waits}")
    out.print(f"自动（计算）{by['auto']} 分，模型建议 {by['model']} 分，自评 {by['self']} 分")
    ended = "，到时自动交卷" if data["timed_out"] else ""
    out.print(f"用时 {_clock(data['used_s'])}，限时 {data['minutes']} 分钟{ended}")
    if not data["continuous"]:
        out.print(f"非连续：中断 {len(data['breaks'])} 次，不能与一次考完的直接相比")
    table = Table("科目", "得分", "95% 区间", "用时")
    for s in data["subjects"].values():
        low, high = s["interval"]
        table.add_row(s["name"], f"{s['earned']} / {s['points']}", f"{low:.0f}～{high:.0f}", _clock(s["seconds"]))
    out.print(table)
    if data["cheapest"]:
        table = Table("最容易拿回的分", "每卷期望分", "失分率", "难度", "题号")
        for c in data["cheapest"]:
            numbers = "、".join(map(str, c["numbers"]))
            table.add_row(c["name"], f"{c['marks']:.2f}", f"{c['miss']:.0%}", f"{c['effort']:.1f}", numbers)
        out.print(table)
    for e in data["earlier"][:3]:
        out.print(f"与 {e['closed_at'][:10]} 的 {e['title']} 比：得分率 {e['rate']:.1%}，本次 {e['change']:+.1%}")


def _show_keys(data: dict[str, Any]) -> None:
    by = {"auto": "自动", "model": "模型建议", "self": "自评", "": "待评"}
    for q in data["questions"]:
        typer.echo(f"\n{q['number']}. {q['earned']} / {q['points']} 分")
        for p in q["marks"]:
            head = f"({p['part']}) " if p["part"] else ""
            typer.echo(f"{head}你的答案：{p['answer'] or '（空）'}\n参考答案：{p['key']}")
            for n, line in enumerate(p["lines"], 1):
                got = "？" if line["earned"] is None else line["earned"]
                quote = f"，依据“{line['quote']}”" if line["quote"] and p["part"] else ""
                place = f"{q['number']}.{p['part']}.{n}"
                typer.echo(f"  [{place}] {got} / {line['points']} 分 {line['text']}（{by[line['by']]}{quote}）")
        if q["explanation"]:
            typer.echo(f"解析：{q['explanation']}")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as e:
        raise InputError(f"写不了文件 {str(path)!r}（{e.strerror}），请换一个位置。") from None


def _clock(seconds: float) -> str:
    """Hours, minutes and seconds.

    Examples:
        >>> _clock(3725.9)
        '1:02:05'
    """
    s = int(seconds)
    return f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}"
