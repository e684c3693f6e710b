"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant408.evals.reports.table import Pair, Run, name_of, subjects_of

__all__ = ["percent", "span", "tables", "write_markdown"]

Table = tuple[str, list[str], list[list[str]]]


def write_markdown(runs: Sequence[Run], pairs: Sequence[Pair]) -> str:
    """The whole report."""
    parts = ["# 评测报告\n"]
    for title, head, rows in tables(runs, pairs):
        parts.append(f"## {title}\n")
        parts.append("| " + " | ".join(head) + " |")
        parts.append("|" + "---|" * len(head))
        parts += ["| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in rows]
        parts.append("")
    return "\n".join(parts)


def tables(runs: Sequence[Run], pairs: Sequence[Pair]) -> Iterator[Table]:
    """Title, head and rows of each table that has rows."""
    yield "总表", *_overview(runs)
    for task in dict.fromkeys(r.task for r in runs):
        these = [r for r in runs if r.task == task]
        names = [r.name for r in these]
        for key, title, groups in (
            ("subjects", "分科", subjects_of(these)),
            ("by_way", "按作答方式", list(dict.fromkeys(w for r in these for w in r.results["by_way"]))),
        ):
            rows = [[name_of(g), *(_cell(r.results[key].get(g)) for r in these)] for g in groups]
            if len(rows) > 1:
                yield f"{task}：{title}", ["", *names], rows
    if pairs:
        head = ["任务", "前者", "后者", "共同的题", "前者", "后者", "只前者对", "只后者对", "p（McNemar）"]
        yield "配对比较", head, [_paired(p) for p in pairs]
    if scored := [[r.task, r.name, g, *_numbers(s)] for r in runs for g, s in r.results.get("scorings", {}).items()]:
        yield "两种评分", ["任务", "模型", "评分", "题数", "正确率", "95% 区间", "读不出", "秒/题"], scored
    robust = [
        [r.task, r.name, g, str(s["orders"]), percent(s["mean"]), f"{percent(s['lowest'])}–{percent(s['highest'])}", percent(s["consistency"])]
        for r in runs
        for g, s in r.results.get("robustness", {}).items()
    ]  # fmt: skip
    if robust:
        yield "选项次序", ["任务", "模型", "评分", "次序", "平均", "范围", "始终选同一项"], robust
    measured = [r for r in runs if "metrics" in r.results]
    metrics = list(dict.fromkeys(m for r in measured for m in r.results["metrics"]))
    if measured:
        rows = [[r.task, r.name, *(percent(r.results["metrics"].get(m)) for m in metrics)] for r in measured]
        yield "其他指标", ["任务", "对象", *metrics], rows


def _overview(runs: Sequence[Run]) -> tuple[list[str], list[list[str]]]:
    head = ["任务", "版本", "模型与方式", "评分", "题数", "正确率", "95% 区间", "读不出", "秒/题", "提交"]
    rows = [
        [r.task, str(r.results["version"]), r.name, r.results["groups"][0], *_numbers(r.results), r.results["commit"] or "—"]
        for r in runs
    ]  # fmt: skip
    return head, rows


def _paired(pair: Pair) -> list[str]:
    r = pair.result
    counts = [str(r["only_first"]), str(r["only_second"])]
    numbers = [str(r["n"]), percent(r["first"]), percent(r["second"]), *counts, f"{r['p']:.3g}"]
    return [pair.first.task, pair.first.name, pair.second.name, *numbers]


def _numbers(score: dict[str, Any]) -> list[str]:
    seconds = score["seconds_each"]
    unread = str(score["parse_failures"])
    return [
        str(score["n"]),
        percent(score["accuracy"]),
        span(score),
        unread,
        "—" if seconds is None else f"{seconds:.2f}",
    ]


def _cell(score: dict[str, Any] | None) -> str:
    return "—" if not score else f"{percent(score['accuracy'])}（{score['correct']}/{score['n']}）"


def percent(value: float | None) -> str:
    """A share as a percentage, ``—`` where there is none.

    Examples:
        >>> percent(0.8125), percent(None)
        ('81.2%', '—')
    """
    return "—" if value is None else f"{100 * value:.1f}%"


def span(score: dict[str, Any]) -> str:
    """The 95% interval."""
    low, high = score["interval"]
    return f"{percent(low)}–{percent(high)}"
