"""Reading with the `unstructured` package, for those who run it already; it is never installed from here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.kb.parse.parts import Parts, cut
from assistant408.kb.parse.sniff import sniff
from assistant408.kb.parse.types import Block, Limits, Reader

__all__ = ["read"]


def read(path: Path, limits: Limits) -> Reader:
    """A reader of what `unstructured` partitions the document into, by its pages if it tells them.

    Raises:
        InputError: the package isn't installed, or can't read this format.
    """
    try:
        from unstructured.partition.auto import partition
    except ImportError:
        raise InputError(
            "没有安装 unstructured，请运行 .venv/bin/python -m pip install unstructured，或不用 --parser unstructured。"
        ) from None
    try:
        elements = partition(filename=str(path))
    except ImportError as e:
        raise InputError(
            f"unstructured 读 {path.name!r} 还缺少组件（{e}），请按它的说明安装，或不用 --parser unstructured。"
        ) from None
    return reader(path, sniff(path).media_type, elements)


def reader(path: Path, media_type: str, elements: Iterable[Any]) -> Reader:
    """A reader of elements, which have `category`, `text` and `metadata`."""
    pages: dict[int, list[Block]] = {}
    for e in elements:
        pages.setdefault(getattr(e.metadata, "page_number", None) or 0, []).append(_block(e))
    if set(pages) == {0}:
        return Parts(path.name, "", media_type, cut(pages[0]))
    last = max(pages, default=0)
    return Parts(path.name, "", media_type, [pages.get(n, []) for n in range(1, last + 1)], paged=True)


def _block(element: Any) -> Block:
    text = (element.text or "").strip()
    kind = element.category
    if kind == "Title":
        return Block("heading", text, min((getattr(element.metadata, "category_depth", None) or 0) + 1, 6))
    if kind == "Table":
        from assistant408.kb.parse import html

        markup = getattr(element.metadata, "text_as_html", None)
        tables = [b for b in html.blocks(markup) if b.kind == "table"] if markup else []
        return tables[0] if tables else Block("text", text)
    if kind == "CodeSnippet":
        return Block("code", text)
    if kind == "Formula":
        return Block("formula", text)
    if kind == "Image":
        return Block("image", text)
    return Block("text", f"- {text}" if kind == "ListItem" else text)
