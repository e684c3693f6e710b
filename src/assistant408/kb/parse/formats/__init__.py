"""The document formats: one file adds one, by a `Format` under the name ``FORMAT``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from assistant408.kb.parse.types import Format

__all__ = ["all_formats"]


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, the surest signs first.

    Examples:
        >>> [f.name for f in all_formats()][:2]
        ['docx', 'epub']
    """
    modules = [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]
    return tuple(sorted((m.FORMAT for m in modules), key=lambda f: (f.rank, f.name)))
