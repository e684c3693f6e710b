"""Solutions in the terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

__all__ = ["show_solution"]


def show_solution(solution: dict[str, Any]) -> None:
    """Prints a solution's steps, pictures and answer; `solution` is ``Solution.to_json()`` with id, title and labels."""
    out = Console(file=sys.stdout, highlight=False, markup=False)
    out.print(f"{solution.get('title', '')}（{solution['id']}）", style="bold")
    steps = solution["steps"]
    last = _last_pictures(steps)
    for n, step in enumerate(steps, 1):
        credit = f"  【采分点：{step['credit']}】" if step["credit"] else ""
        out.print(f"{n}. {step['why']}{credit}")
        if n in last and step["data"]:
            _picture(out, step["data"])
    labels = solution.get("labels", {})
    out.print("答案", style="bold")
    for key, value in solution["answer"].items():
        label = labels.get(key, {"label": key, "unit": ""})
        exact = solution["exact"].get(key)
        shown = f"{exact} ≈ {value:.6g}" if exact else value
        out.print(f"  {label['label']}：{shown} {label['unit']}".rstrip())
    for line in solution["conventions"]:
        out.print(f"约定：{line}", style="dim")


def _last_pictures(steps: list[dict[str, Any]]) -> set[int]:
    """Pictures that grow from step to step are shown once, when they are complete."""
    keep: set[int] = set()
    for n, step in enumerate(steps, 1):
        now: Any = step["data"]
        following: Any = steps[n]["data"] if n < len(steps) else None
        grows = now and following and now["kind"] == following["kind"] == "table"
        if not (grows and now and following["columns"][:2] == now["columns"][:2]):
            keep.add(n)
    return keep


def _picture(out: Console, data: dict[str, Any]) -> None:
    kind = data["kind"]
    if caption := data.get("caption"):
        out.print(caption, style="dim")
    if kind == "table":
        marks = {tuple(m) for m in data["marks"]}
        table = Table(show_header=True, header_style="bold")
        for column in data["columns"]:
            table.add_column(str(column))
        for r, row in enumerate(data["rows"]):
            cells = [Text("" if c is None else str(c), "reverse" if (r, i) in marks else "") for i, c in enumerate(row)]
            table.add_row(*cells)
        out.print(table)
    elif kind == "tree":
        out.print(_tree(data))
    elif kind == "graph":
        arrow = "→" if data["directed"] else "—"
        for e in data["edges"]:
            out.print(f"  {e['source']} {arrow} {e['target']}  {e['label']}{'  *' if e['mark'] else ''}")
    elif kind == "gantt":
        for s in data["slices"]:
            out.print(f"  {s['lane']:<8} {s['start']}–{s['end']} {data['unit']}  {s['label']}")
    elif kind == "timeline":
        for m in data["messages"]:
            end = "丢失" if m["end"] is None else m["end"]
            out.print(f"  {m['start']}→{end} {data['unit']}  {m['source']} → {m['target']}  {m['label']}")
    elif kind == "plot":
        for s in data["series"]:
            out.print(f"  {s['label']}：" + "，".join(f"({x}, {y})" for x, y in s["points"]))
    elif kind == "bits":
        table = Table(*[name for name, _ in data["fields"]])
        table.add_row(*[bits for _, bits in data["fields"]])
        out.print(table)


def _tree(node: dict[str, Any]) -> Tree:
    def label(n: dict[str, Any] | None) -> str:
        if n is None:
            return "·"
        return f"{n['edge'] + ' ' if n['edge'] else ''}{n['label']}{' *' if n['mark'] else ''} {n['note']}".rstrip()

    def grow(branch: Tree, n: dict[str, Any]) -> None:
        for child in n["children"]:
            sub = branch.add(label(child))
            if child is not None:
                grow(sub, child)

    root = Tree(label(node))
    grow(root, node)
    return root
