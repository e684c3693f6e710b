"""A report as one HTML page: no script, nothing fetched, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from assistant408.evals.reports.markdown import percent, span, tables
from assistant408.evals.reports.table import Pair, Run, name_of, subjects_of

__all__ = ["write_html"]

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #fff;
  --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; --c4: #bf3989; --c5: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117;
  --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff; --c4: #f778ba; --c5: #9198a1; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem; text-align: left; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; } svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); }
svg .soft { fill: var(--soft); } svg .grid { stroke: var(--line); }
.k { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin: 0 .3em 0 1em; }
"""
LEFT, WIDTH, ROW, TOP = 150, 620, 16, 26  # pixels: room for names, the scale, a run, the axis


def write_html(runs: Sequence[Run], pairs: Sequence[Pair]) -> str:
    """The whole page."""
    body = ["<h1>评测报告</h1>"]
    for task in dict.fromkeys(r.task for r in runs):
        these = [r for r in runs if r.task == task]
        body += [
            f"<h2>{escape(task)}：各科正确率与 95% 区间</h2>",
            _legend(these),
            f'<div class="wide">{_plot(these)}</div>',
        ]
    for title, head, rows in tables(runs, pairs):
        cells = "".join(f'<th scope="col">{escape(h)}</th>' for h in head)
        lines = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
        body.append(f'<h2>{escape(title)}</h2><div class="wide" tabindex="0" role="region" aria-label="{escape(title)}">'
                    f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>")  # fmt: skip
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>评测报告</title><style>{STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _legend(runs: Sequence[Run]) -> str:
    marks = (f'<span class="k" style="background:var(--c{i % 6})"></span>{escape(r.name)}' for i, r in enumerate(runs))
    return f"<p>{''.join(marks)}</p>"


def _plot(runs: Sequence[Run]) -> str:
    """A dot with its interval for each run, by subject and in all."""
    groups = [(name_of(s), [r.results["subjects"].get(s) for r in runs]) for s in subjects_of(runs)]
    groups.append(("全部", [r.results for r in runs]))
    block = ROW * len(runs) + 12
    height = TOP + block * len(groups)
    out = [_axis(height)]
    for g, (name, scores) in enumerate(groups):
        y = TOP + g * block
        out.append(
            f'<text x="{LEFT - 12}" y="{y + block / 2 + 5:g}" text-anchor="end" font-size="14">{escape(name)}</text>'
        )
        out += [_mark(score, y + 10 + ROW * i, i, runs[i].name, name) for i, score in enumerate(scores) if score]
    label = f"各科正确率，{len(runs)} 次评测"
    size = f'viewBox="0 0 {LEFT + WIDTH + 60} {height + 8}" width="{LEFT + WIDTH + 60}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" {size}>{"".join(out)}</svg>'


def _axis(height: int) -> str:
    out = []
    for k in range(0, 101, 20):
        x = LEFT + WIDTH * k / 100
        out.append(f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{TOP - 6}" y2="{height}"/>')
        out.append(f'<text class="soft" x="{x:g}" y="14" text-anchor="middle" font-size="12">{k}%</text>')
    return "".join(out)


def _mark(score: dict[str, Any], y: float, i: int, run: str, subject: str) -> str:
    low, high = (LEFT + WIDTH * v for v in score["interval"])
    x, color = LEFT + WIDTH * score["accuracy"], f"var(--c{i % 6})"
    said = f"{subject} · {run}：{percent(score['accuracy'])}（{span(score)}，n={score['n']}）"
    return (
        f"<g><title>{escape(said)}</title>"
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y}" r="4.5" fill="{color}"/>'
        f'<text class="soft" x="{high + 6:.1f}" y="{y + 4}" font-size="11">{percent(score["accuracy"])}</text></g>'
    )
