"""The reference page of all solvers, made from their declarations."""

from __future__ import annotations

import json

from assistant408.content.syllabus import SUBJECTS
from assistant408.core.registry import Solver, all_solvers
from assistant408.core.trace import plain

__all__ = ["solver_reference"]


def solver_reference() -> str:
    """Markdown: a section a solver, by subject; ``docs/reference/solvers.md`` holds it."""
    solvers = all_solvers().values()
    lines = [
        "# 解题器参考",
        "",
        f"共 {len(solvers)} 个。本页由 `a408 solve --reference` 生成，请勿手改。参数的文字写法见 `core/params.py`。",
    ]
    for subject, name in SUBJECTS.items():
        lines += ["", f"## {name}"]
        for s in solvers:
            if s.subject == subject:
                lines += ["", *_section(s)]
    return "\n".join(lines) + "\n"


def _section(s: Solver) -> list[str]:
    lines = [f"### {s.title} `{s.id}`", "", s.summary, "", "| 参数 | 含义 | 默认 | 说明 |", "|---|---|---|---|"]
    for f in s.fields:
        default = "必填" if f.required else f"`{json.dumps(plain(f.default), ensure_ascii=False)}`"
        choices = "、".join(f"`{c}`" for c in s.schema["properties"][f.name].get("enum", ()))
        note = "；".join(x for x in (f.param.help, choices) if x).replace("|", "\\|")
        lines.append(f"| `{f.name}` | {f.param.label} | {default} | {note} |")
    results = "、".join(f"{o.label}{f'（{o.unit}）' if o.unit else ''} `{k}`" for k, o in s.answers.items())
    lines += ["", f"结果：{results}。"]
    if s.examples:
        lines += ["", "```json", json.dumps(plain(s.examples[0]), ensure_ascii=False), "```"]
    return lines
