"""Documents in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse.formats import all_formats

__all__ = ["documents_in"]


def documents_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Each file named, and under each folder every file with the suffix of a format; by name, each once.

    Hidden files, lock files of Office (``~$…``) and links inside folders are left out.

    Raises:
        InputError: a path isn't there.
    """
    suffixes = {s for f in all_formats() for s in f.suffixes}
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise InputError(f"路径 {str(path)!r} 不存在，请检查拼写。")
        for file in _walk(path, suffixes) if path.is_dir() else [path]:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def _walk(folder: Path, suffixes: set[str]) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            file = Path(place, name)
            if not name.startswith((".", "~$")) and file.suffix.lower() in suffixes and not file.is_symlink():
                yield file
