"""Builders of conversations, one a file: each module here has ``conversations(material)`` and is found by its file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

from assistant408.training.conversation import Conversation
from assistant408.training.material import Material

__all__ = ["Build", "all_sources"]

Build = Callable[[Material], Iterator[Conversation]]


def all_sources() -> dict[str, Build]:
    """Every builder by its name, which is its file's.

    Examples:
        >>> sorted(all_sources())[:3]
        ['big', 'choice', 'computed']
    """
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: importlib.import_module(f"{__name__}.{name}").conversations for name in names}
