"""A paper as one HTML page to print (打印): no script, nothing fetched, whatever the questions hold."""

from __future__ import annotations

import re
from html import escape

from assistant408.content.book_html import note_html
from assistant408.content.syllabus import SUBJECTS
from assistant408.practice.exam_write import write_keys
from assistant408.practice.paper import Item, Paper

__all__ = ["paper_html"]

_STYLE = """
body { font: 11pt/1.7 serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #111; background: #fff; }
h1 { text-align: center; font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
.about { text-align: center; color: #444; }
.question { break-inside: avoid; margin: 1.2em 0; } .big { break-inside: auto; }
.stem > p:first-child { margin-top: 0; } ol.choices { list-style: none; padding-left: 1.2em; margin: .3em 0; }
ol.choices p, .choices li { margin: .1em 0; } .choices p { display: inline; }
pre { background: #f4f4f4; padding: .6em; white-space: pre-wrap; } table { border-collapse: collapse; }
td, th { border: 1px solid #888; padding: .2em .6em; } .room { height: 9em; }
@media print { body { margin: 0; max-width: none; } .keys { break-before: page; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def paper_html(paper: Paper, keys: bool = False) -> str:
    """The page: questions with room to write, and the keys behind them on a page of their own if wanted."""
    choices = [i for i in paper.items if i.question.kind != "big"]
    bigs = [i for i in paper.items if i.question.kind == "big"]
    body = []
    for name, items in (("一、选择题", choices), ("二、综合应用题", bigs)):
        if items:
            points = sum(i.question.points for i in items)
            body.append(f"<h2>{name}：共 {len(items)} 题，{points} 分</h2>")
            body += [_question(i) for i in items]
    if keys:
        body.append(f'<div class="keys">{_html(write_keys(paper))}</div>')
    title = escape(paper.title)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p class="about">满分 {paper.points} 分，时间 {paper.minutes} 分钟</p>\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _question(item: Item) -> str:
    q = item.question
    head = f"<b>{item.number}.</b>（{SUBJECTS[q.subject]}，{q.points} 分）"
    out = [f'<div class="question{" big" if q.parts else ""}">{head}<div class="stem">{_html(q.stem)}</div>']
    if q.choices:
        rows = "".join(f"<li>{letter}. {_html(text)}</li>" for letter, text in q.choices.items())
        out.append(f'<ol class="choices">{rows}</ol>')
    for i, p in enumerate(q.parts, 1):
        out.append(f'<div class="part">（{i}）（{p.points} 分）{_html(p.prompt)}<div class="room"></div></div>')
    return "".join(out) + "</div>"


def _html(markdown: str) -> str:
    html = note_html(markdown, _link)
    return re.sub(r'(<m[a-z]+\b[^>]*?)\s(?:href|style|class|id)="[^"]*"', r"\1", html)  # \\href and others in a formula


def _link(href: str) -> str:
    return href if href.startswith(("https://", "http://")) else "#"
