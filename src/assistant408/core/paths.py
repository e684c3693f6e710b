"""Where things live: the shipped content, and the user's data under ``$A408_HOME``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["content_dir", "home"]


def home() -> Path:
    """The user's data folder: ``$A408_HOME``, or the platform's usual place. Not created here."""
    if override := os.environ.get("A408_HOME"):
        return Path(override).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "assistant408"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "assistant408"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "assistant408"


def content_dir() -> Path:
    """The shipped content: ``content/`` of a checkout, or the copy inside an installed wheel."""
    if override := os.environ.get("A408_CONTENT"):
        return Path(override).expanduser()
    package = Path(__file__).resolve().parents[1]
    packed = package / "_content"
    return packed if packed.is_dir() else package.parents[1] / "content"
