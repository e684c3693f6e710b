"""Markdown as blocks, each verbatim."""

from __future__ import annotations

import re

from assistant408.kb.parse.types import Block

__all__ = ["blocks", "front_matter"]

_DISPLAY = re.compile(r"^[ \t]*(?:\$\$[\s\S]+?\$\$|\\\[[\s\S]+?\\\])[ \t]*$", re.M)
_FRONT = re.compile(r"\A(\+\+\+|---)[ \t]*\n([\s\S]*?)\n\1[ \t]*(?:\n|\Z)")


def front_matter(text: str) -> tuple[str, str]:
    """The title in the front matter, or "", and the text after it.

    Examples:
        >>> front_matter('---\\ntitle: "死锁"\\n---\\n正文')
        ('死锁', '正文')
    """
    matter = _FRONT.match(text)
    if not matter:
        return "", text
    title = re.search(r"^title\s*[:=]\s*[\"']?(.*?)[\"']?\s*$", matter[2], re.M)
    return title[1] if title else "", text[matter.end() :]


def blocks(text: str) -> list[Block]:
    """The top-level blocks of a Markdown text in order; raw HTML loses its tags.

    Examples:
        >>> [(b.kind, b.text, b.level) for b in blocks("# 死锁\\n\\n四个**必要**条件。\\n\\n$$\\na=b\\n$$\\n")]
        [('heading', '死锁', 1), ('text', '四个**必要**条件。', 0), ('formula', 'a=b', 0)]
        >>> [(b.kind, b.text) for b in blocks("| a |\\n| - |\\n| 1 |\\n\\n```c\\nint x;\\n```")]
        [('table', '| a |\\n| - |\\n| 1 |'), ('code', 'int x;')]
    """
    from markdown_it import MarkdownIt

    formulas: list[str] = []

    def aside(match: re.Match[str]) -> str:
        formulas.append(match[0].strip()[2:-2].strip())
        return f"\n\n\x02{len(formulas) - 1}\x02\n\n"

    pieces = re.split(r"(^[ \t]*(?:```[\s\S]*?^[ \t]*```|~~~[\s\S]*?^[ \t]*~~~)[ \t]*$)", text, flags=re.M)
    text = "".join(p if i % 2 else _DISPLAY.sub(aside, p.replace("\x02", "")) for i, p in enumerate(pieces))
    source = text.split("\n")
    parser = MarkdownIt("commonmark").enable("table")
    out: list[Block] = []
    tokens = parser.parse(text)
    for i, token in enumerate(tokens):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        lines = "\n".join(source[token.map[0] : token.map[1]]).strip("\n")
        if token.type == "heading_open":
            words = re.sub(r"\s*\{#[^}\s]+\}\s*$", "", tokens[i + 1].content)
            out.append(Block("heading", words, int(token.tag[1])))
        elif token.type in ("fence", "code_block"):
            out.append(Block("code", token.content.rstrip("\n")))
        elif token.type == "table_open":
            out.append(Block("table", lines))
        elif token.type == "html_block":
            if words := _untagged(lines):
                out.append(Block("text", words))
        elif formula := re.fullmatch(r"\s*\x02(\d+)\x02\s*", lines):
            out.append(Block("formula", formulas[int(formula[1])]))
        elif token.type != "hr":
            out.append(Block("text", re.sub(r"\x02(\d+)\x02", lambda m: f"$${formulas[int(m[1])]}$$", lines)))
    return out


def _untagged(html: str) -> str:
    html = re.sub(r"<!--[\s\S]*?(?:-->|\Z)|<(script|style)\b[\s\S]*?(?:</\1\s*>|\Z)", "", html, flags=re.I)
    return re.sub(r"<[^>]*>", "", html).strip()
