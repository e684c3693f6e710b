"""Office Open XML packages: parts, and what they point to."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import IO, Any

from assistant408.core.errors import InputError
from assistant408.kb.parse.types import Limits
from assistant408.kb.parse.xml import attribute, child, children, parse
from assistant408.kb.parse.ziparchive import open_archive

__all__ = ["Package"]


class Package:
    """A DOCX or PPTX file; only the parts that are asked for are unpacked, never macros."""

    def __init__(self, path: Path, limits: Limits, data: IO[bytes] | None = None) -> None:
        self._name = path.name
        self._archive = open_archive(path, limits, data)
        self._members = set(self._archive.namelist())

    def part(self, name: str) -> Any:
        """The root element of a part, `None` if there is none.

        Raises:
            InputError: it isn't well-formed.
        """
        if name not in self._members:
            return None
        try:
            return parse(self._archive.read(name))
        except ValueError:
            raise InputError(f"文件 {self._name!r} 里的 {name!r} 已损坏，请用原来的软件打开后另存。") from None

    def links(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part points to inside the package: id → (kind, name of the part); the package itself is ""."""
        folder, base = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        out = {}
        for link in children(root):
            if attribute(link, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attribute(link, "Target"))).lstrip("/")
                out[attribute(link, "Id")] = (attribute(link, "Type").rpartition("/")[2], target)
        return out

    def read(self, name: str) -> bytes:
        """The bytes of a part, empty if there is none."""
        return self._archive.read(name) if name in self._members else b""

    @property
    def main(self) -> str:
        """The part that holds the document.

        Raises:
            InputError: there is none.
        """
        for kind, target in self.links("").values():
            if kind == "officeDocument" and target in self._members:
                return target
        raise InputError(f"文件 {self._name!r} 里找不到正文，可能已损坏，请用原来的软件打开后另存。")

    @property
    def title(self) -> str:
        """The title in its properties, or ""."""
        root = self.part("docProps/core.xml")
        found = child(root, "title")
        text = "" if found is None else (found.text or "").strip()
        return "" if text.lower() in ("powerpoint 演示文稿", "powerpoint presentation", "word document") else text
