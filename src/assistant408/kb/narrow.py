"""What a search is narrowed to, as people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from assistant408.core.errors import InputError
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.store.base import Filter

__all__ = ["narrow", "parse_pages", "parse_since"]


def narrow(
    kb: KnowledgeBase,
    subject: str | None = None,
    collections: Sequence[str] | None = None,
    documents: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    pages: str | None = None,
    since: str | None = None,
) -> Filter:
    """The filter of a search; collections, documents and formats that aren't there are an error, not an empty answer.

    Args:
        pages: ``3`` or ``3-9``.
        since: an ISO date or time, local unless it says otherwise.

    Raises:
        InputError: one of the values can't be used.
    """
    formats = [f.lower().lstrip(".") for f in formats] if formats else None
    if collections or documents or formats:
        there = kb.store.documents()
        _known("合集", collections, {d.collection for d in there})
        _known("资料", documents, {d.id for d in there})
        _known("格式", formats, {PurePosixPath(d.source).suffix.lower().lstrip(".") for d in there})
    return Filter(
        subject,
        tuple(collections) if collections else None,
        tuple(documents) if documents else None,
        tuple(formats) if formats else None,
        parse_pages(pages) if pages else None,
        parse_since(since) if since else None,
    )


def _known(what: str, asked: Sequence[str] | None, there: set[str]) -> None:
    for name in asked or ():
        if name not in there:
            names = "、".join(sorted(there)[:12]) + ("等" if len(there) > 12 else "")
            raise InputError(f"知识库里没有{what} {name!r}，现有的是 {names or '空的'}。")


def parse_pages(text: str) -> tuple[int, int]:
    """First and last page.

    Raises:
        InputError: it is no page and no range.

    Examples:
        >>> parse_pages("3-9"), parse_pages(" 12 ")
        ((3, 9), (12, 12))
        >>> parse_pages("9-3")
        Traceback (most recent call last):
        ...
        assistant408.core.errors.InputError: 页码 '9-3' 不能用，应为一页（如 3）或从小到大的一段（如 3-9），从 1 数起。
    """
    found = re.fullmatch(r"\s*(\d{1,6})\s*(?:[-–~]\s*(\d{1,6})\s*)?", text, re.ASCII)
    if found is not None:
        first, last = int(found[1]), int(found[2] or found[1])
        if 1 <= first <= last:
            return first, last
    raise InputError(f"页码 {text!r} 不能用，应为一页（如 3）或从小到大的一段（如 3-9），从 1 数起。")


def parse_since(text: str) -> int:
    """Seconds since 1970.

    Raises:
        InputError: it is no date.

    Examples:
        >>> parse_since("2026-11-01T00:00:00+00:00")
        1793491200
        >>> parse_since("去年")
        Traceback (most recent call last):
        ...
        assistant408.core.errors.InputError: 日期 '去年' 不能用，应为 2026-11-01 这样的年-月-日，也可以带时刻（2026-11-01T08:00）。
    """
    try:
        return int(datetime.fromisoformat(text.strip()).timestamp())
    except (ValueError, OverflowError, OSError):
        raise InputError(
            f"日期 {text!r} 不能用，应为 2026-11-01 这样的年-月-日，也可以带时刻（2026-11-01T08:00）。"
        ) from None
