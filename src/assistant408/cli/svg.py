"""The pictures of a solution as one SVG file, with the standard library alone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant408.cli.pictures.charts import bits, gantt, plot, table, timeline
from assistant408.cli.pictures.graphs import graph
from assistant408.cli.pictures.plain import plain_text
from assistant408.cli.pictures.shapes import GREY, Drawing, quote, text, width_of, wrap
from assistant408.cli.pictures.trees import tree
from assistant408.cli.render import _last_pictures
from assistant408.core.errors import InputError

__all__ = ["solution_svg", "write_svg"]

_DRAW: dict[str, Callable[[dict[str, Any]], Drawing]] = {
    "bits": bits, "gantt": gantt, "graph": graph, "plot": plot, "table": table, "timeline": timeline, "tree": tree,
}  # fmt: skip
_FONTS = (
    "-apple-system, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)
_MONO = "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
_MARGIN, _LINES = 24, 640  # around the page; the least width of a line of text


def solution_svg(solution: dict[str, Any]) -> str:
    """One picture under the other, each under what its step says; the text of an SVG file.

    Args:
        solution: ``Solution.to_json()`` with id and title.

    Raises:
        InputError: no step has a picture.

    Examples:
        >>> step = {"why": "补码 $2^4$", "data": {"kind": "bits", "fields": [["符号", "1"]], "caption": ""}}
        >>> svg = solution_svg({"id": "co.x", "title": "例", "steps": [step]})
        >>> svg.startswith("<svg xmlns="), "1. 补码 2⁴" in svg, "符号" in svg
        (True, True, True)
    """
    last = _last_pictures(solution["steps"])
    shown = [(n, s["why"], s["data"]) for n, s in enumerate(solution["steps"], 1) if s["data"] and n in last]
    if not shown:
        raise InputError(f"{solution.get('title') or solution['id']!r} 的解答没有图可画，请去掉 --svg。")
    drawn = [(f"{n}. {plain_text(why)}", data, _DRAW[data["kind"]](data)) for n, why, data in shown]
    width = max([float(_LINES), *(d.width for _, _, d in drawn)])
    title = f"{solution.get('title', '')}（{solution['id']}）"
    parts = [text(_MARGIN, _MARGIN + 16, title, size=17, bold=True)]
    y = _MARGIN + 42.0
    for why, data, drawing in drawn:
        for line in wrap(why, min(width, 820), 14):
            parts.append(text(_MARGIN, y, line, size=14))
            y += 22
        if caption := data.get("caption"):
            parts.append(text(_MARGIN, y, plain_text(caption), size=12, fill=GREY))
            y += 18
        parts += [f'<g transform="translate({_MARGIN} {y - 6:.1f})">', *drawing.parts, "</g>"]
        y += drawing.height + 34
    width = max([width, width_of(title, 17), *(width_of(d.get("caption") or "", 12) for _, d, _ in drawn)])
    wide, tall = round(width + 2 * _MARGIN), round(y - 34 + _MARGIN)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" viewBox="0 0 {wide} {tall}" '
        f'font-family="{quote(_FONTS)}" role="img">'
    )
    style = f"<style>.mono {{ font-family: {_MONO}; }}</style>"
    ground = f'<rect width="{wide}" height="{tall}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{quote(title)}</title>", style, ground, *parts, "</svg>", ""])


def write_svg(path: Path, solution: dict[str, Any]) -> None:
    """Writes the file whole or not at all.

    Raises:
        InputError: it can't be written, or there is nothing to draw.
    """
    svg = solution_svg(solution)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    if path.exists() and not path.is_file():
        raise InputError(f"图写不进 {str(path)!r}：它不是普通文件。请换一个文件名，如 图.svg。")
    try:
        part.write_text(svg, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as e:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        why = (
            "文件夹不存在"
            if isinstance(e, FileNotFoundError)
            else "不允许写"
            if isinstance(e, PermissionError)
            else e.strerror
        )
        raise InputError(f"图写不进 {str(path)!r}：{why}。请换一个可写的文件名，如 图.svg。") from None
