"""The user's settings: ``settings.toml`` under `home`, overridden by ``A408_*`` environment variables.

=================  ==========================================  ===============================================
key                environment variable                        meaning
=================  ==========================================  ===============================================
``model``          ``A408_MODEL``                              id of the language model, or ``openai:NAME``
``base_url``       ``A408_BASE_URL``                           a ``/v1`` server (LMDeploy, vLLM, Ollama, cloud)
``api_key``        ``A408_API_KEY``                            its key; read from the environment only
``embedding``      ``A408_EMBEDDING``                          ``e5`` (default), ``none``, a folder, or a /v1 URL
``threads``        ``A408_THREADS``                            CPU threads of the embedded engine (0: all cores)
``kv_cache_mb``    ``A408_KV_CACHE_MB``                        disk budget of saved section states
``exam_date``      ``A408_EXAM_DATE``                          ISO date of the exam
``daily_minutes``  ``A408_DAILY_MINUTES``                      minutes a day for the plan on the pages
``runs``           ``A408_RUNS``                               more folders of runs for the pages beside ``runs/``,
                                                               with the system's path separator between them
``database``       ``A408_DATABASE``                           ``postgresql+pg8000://USER@HOST/NAME``; a password in
                                                               it, or ``PGPASSWORD``, from the environment only
``store``          ``A408_STORE``                              where vectors are searched: ``sqlite`` (default),
                                                               ``chroma``, ``chroma:URL``, ``qdrant:URL``
``store_key``      ``A408_STORE_KEY``                          that server's key; read from the environment only
=================  ==========================================  ===============================================
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assistant408.core.errors import InputError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["Settings", "load_settings", "save_settings"]

KEYS = {"api_key", "store_key"}


@dataclass(frozen=True)
class Settings:
    """See the table above; keys are never written to disk, nor is a ``database`` of the environment."""

    model: str = ""
    base_url: str = ""
    api_key: str = ""
    embedding: str = "e5"
    threads: int = 0
    kv_cache_mb: int = 1024
    exam_date: str = ""
    daily_minutes: int = 30
    runs: str = ""
    database: str = ""
    store: str = "sqlite"
    store_key: str = ""


def load_settings(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Reads the file under `home`, then the environment.

    Args:
        home: the user's data folder.
        environ: in place of the program's environment; an empty one reads the file alone.

    Raises:
        InputError: the file isn't TOML, or a value has the wrong type.
    """
    values = _read(home / "settings.toml")
    for f in dataclasses.fields(Settings):
        if (text := (os.environ if environ is None else environ).get(f"A408_{f.name.upper()}")) is not None:
            values[f.name] = text
    known = {f.name: f for f in dataclasses.fields(Settings)}
    out: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise InputError(f"设置项 {name!r} 不存在，可用的有：{'、'.join(known)}。")
        if known[name].type == "int":
            try:
                value = int(value) if isinstance(value, str) else value
            except ValueError:
                value = None
            if type(value) is not int:
                raise InputError(f"设置项 {name} 的值 {values[name]!r} 应为整数。")
        elif not isinstance(value, str):
            raise InputError(f"设置项 {name} 的值 {value!r} 应为文本，请加上引号。")
        out[name] = value
    return Settings(**out)


def save_settings(home: Path, settings: Settings) -> None:
    """Writes all settings that differ from the defaults, but the key, and ``database`` as the file has it; atomic.

    Raises:
        InputError: the file that is there can't be read.
    """
    home.mkdir(parents=True, exist_ok=True)
    default = Settings()
    settings = dataclasses.replace(settings, database=str(_read(home / "settings.toml").get("database", "")))
    lines = [
        f"{f.name} = {_toml(getattr(settings, f.name))}\n"
        for f in dataclasses.fields(settings)
        if f.name not in KEYS and getattr(settings, f.name) != getattr(default, f.name)
    ]
    path = home / "settings.toml"
    part = path.with_suffix(".part")
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(path)


def _read(path: Path) -> dict[str, Any]:
    """What a settings file says, not yet checked but for secrets; nothing where there is no file."""
    if not path.is_file():
        return {}
    try:
        values = parse(path.read_text(encoding="utf-8"))
    except (TOMLDecodeError, UnicodeDecodeError) as e:
        raise InputError(f"设置文件 {str(path)!r} 不是合法的 TOML（{e}），请修正或删除它。") from None
    for name in KEYS & values.keys():
        raise InputError(f"密钥不写在设置文件 {str(path)!r} 里，请删去 {name}，改用环境变量 A408_{name.upper()}。")
    if _has_password(values.get("database")):
        raise InputError(f"密码不写在设置文件 {str(path)!r} 里，请从 database 中删去，改用环境变量 PGPASSWORD。")
    return values


def _has_password(url: object) -> bool:
    try:
        parts = urlsplit(str(url))
        return parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:  # no URL; whoever opens it will say so
        return "@" in str(url)


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # the one character JSON may leave bare
