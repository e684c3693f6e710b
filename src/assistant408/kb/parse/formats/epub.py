"""E-books (EPUB 2 and 3) without DRM: one part a chapter file, in the order of the spine."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from assistant408.core.errors import InputError
from assistant408.kb.parse import html
from assistant408.kb.parse.encoding import decode
from assistant408.kb.parse.parts import Parts
from assistant408.kb.parse.types import Format, Limits, Reader, Sample
from assistant408.kb.parse.xml import attribute, child, children, local, parse
from assistant408.kb.parse.ziparchive import open_archive

__all__ = ["FORMAT"]


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    archive = open_archive(path, limits)
    names = set(archive.namelist())
    if "META-INF/encryption.xml" in names and _locked(_xml(path, archive, "META-INF/encryption.xml")):
        raise InputError(f"电子书 {path.name!r} 有版权保护（DRM），读不出来；请用没有保护的版本。")
    container = _xml(path, archive, "META-INF/container.xml")
    main = next((attribute(e, "full-path") for e in container.iter() if local(e) == "rootfile"), "")
    package = _xml(path, archive, main)
    folder = posixpath.dirname(main)
    items = {
        attribute(i, "id"): posixpath.normpath(posixpath.join(folder, unquote(attribute(i, "href"))))
        for i in children(child(package, "manifest"))
        if "nav" not in attribute(i, "properties").split()
    }
    spine = [items.get(attribute(i, "idref"), "") for i in children(child(package, "spine"))]
    chapters = [c for c in spine if c in names]
    if not chapters:
        raise InputError(f"电子书 {path.name!r} 里没有正文，可能已损坏，请换一个文件。")
    title = next((e.text or "" for e in children(child(package, "metadata")) if local(e) == "title"), "").strip()
    try:
        pages = [html.blocks(decode(archive.read(c)) or "") for c in chapters]
    except RecursionError:
        raise InputError(f"电子书 {path.name!r} 的标签嵌套太深，不像正常的书，没有读取。") from None
    return Parts(path.name, title, FORMAT.media_type, pages)


def _locked(encryption: Any) -> bool:
    """Whether chapters are encrypted; fonts often are, and don't matter."""
    return any(
        attribute(e, "URI").lower().endswith((".html", ".xhtml", ".htm"))
        for e in encryption.iter()
        if local(e) == "CipherReference"
    )


def _xml(path: Path, archive: zipfile.ZipFile, name: str) -> Any:
    try:
        return parse(archive.read(name))
    except (KeyError, ValueError):
        raise InputError(f"电子书 {path.name!r} 里的 {name!r} 缺失或已损坏，请换一个文件。") from None


def _matches(sample: Sample) -> bool:
    return "META-INF/container.xml" in sample.names


FORMAT = Format("epub", "电子书（EPUB）", "application/epub+zip", (".epub",), _matches, _open)
