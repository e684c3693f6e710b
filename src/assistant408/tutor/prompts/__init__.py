"""Prompts as files, each with a version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant408.core.toml import parse

__all__ = ["Prompt", "load_prompt"]


@dataclass(frozen=True)
class Prompt:
    """A prompt file: its version and its named texts."""

    version: str
    texts: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.texts[name]


def load_prompt(name: str) -> Prompt:
    """Reads ``NAME.toml`` beside this file."""
    data = parse(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
    return Prompt(data.pop("version"), data)
