"""Markdown files."""

from __future__ import annotations

import re
from pathlib import Path

from assistant408.kb.parse import markdown
from assistant408.kb.parse.formats.text import read_text
from assistant408.kb.parse.parts import Parts, cut
from assistant408.kb.parse.types import Format, Limits, Reader, Sample

__all__ = ["FORMAT"]


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    title, text = markdown.front_matter(read_text(path))
    found = markdown.blocks(text)
    if not title and found and found[0].kind == "heading" and found[0].level == 1:
        title = re.sub(r"[*`]", "", found[0].text)
    return Parts(path.name, title, FORMAT.media_type, cut(found))


def _matches(sample: Sample) -> bool:
    return sample.text is not None and sample.suffix in FORMAT.suffixes


FORMAT = Format("markdown", "Markdown", "text/markdown", (".md", ".markdown"), _matches, _open, rank=7)
