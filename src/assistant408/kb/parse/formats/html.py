"""HTML pages saved to disk."""

from __future__ import annotations

import re
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse import html
from assistant408.kb.parse.encoding import decode
from assistant408.kb.parse.parts import Parts, cut
from assistant408.kb.parse.types import Format, Limits, Reader, Sample

__all__ = ["FORMAT"]

_START = re.compile(r"\s*(?:<!--[\s\S]{0,2000}?-->\s*|<\?xml[^>]*>\s*)*(?:<!doctype\s+html|<html|<head|<body)", re.I)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    text = _decoded(path)
    try:
        return Parts(path.name, html.title(text), FORMAT.media_type, cut(html.blocks(text)))
    except RecursionError:
        raise InputError(f"网页 {path.name!r} 的标签嵌套太深，不像正常的网页，没有读取。") from None


def _decoded(path: Path) -> str:
    """The text in the encoding that the page states, unless it has a byte-order mark or states a wrong one."""
    data = path.read_bytes()
    stated = _CHARSET.search(data[:4096])
    if stated and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = stated[1].decode("ascii").lower()
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass  # what decodes as UTF-8 is UTF-8, whatever it states
        try:
            return data.decode("gb18030" if name in ("gb2312", "gbk", "x-gbk") else name)
        except (UnicodeDecodeError, LookupError):
            pass  # the statement is wrong; the content tells
    text = decode(data)
    if text is None:
        raise InputError(f"网页 {path.name!r} 的编码认不出来，请用浏览器打开后另存。")
    return text


def _matches(sample: Sample) -> bool:
    if sample.text is None or sample.suffix in (".md", ".markdown"):
        return False
    return bool(_START.match(sample.text)) or (sample.suffix in FORMAT.suffixes and "<" in sample.text)


FORMAT = Format("html", "网页（HTML）", "text/html", (".html", ".htm", ".xhtml"), _matches, _open, rank=6)
