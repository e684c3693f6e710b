"""Opening the model that the settings name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assistant408.core.errors import BackendError, InputError
from assistant408.core.settings import Settings
from assistant408.llm.models import default_model, find_model
from assistant408.llm.pull import installed, model_path
from assistant408.llm.types import Backend

if TYPE_CHECKING:
    import httpx

__all__ = ["open_backend"]


def open_backend(home: Path, settings: Settings, model: str = "") -> Backend:
    """Loads a model, or connects to its server.

    Args:
        model: overrides the settings: an id of ``models.toml``, the path of a GGUF file, of a Hugging Face folder
            or of a LoRA adapter, ``openai:NAME`` for a model of the server at ``settings.base_url``, or ``fake``.

    Raises:
        InputError: no model of that name.
        BackendError: it is not installed, or can't be loaded or reached.
    """
    wanted = model or settings.model
    if wanted == "fake":
        from assistant408.llm.backends.fake import FakeBackend

        return FakeBackend()
    if wanted.startswith("openai:") or (settings.base_url and not model):
        from assistant408.llm.backends.openai import OpenAIBackend

        if not settings.base_url:
            raise BackendError(f"模型 {wanted!r} 需要服务地址，请设置 A408_BASE_URL，例如 http://127.0.0.1:8000/v1。")
        name = wanted.removeprefix("openai:")
        return OpenAIBackend(settings.base_url, name, settings.api_key, transport=_transport(settings.base_url))
    path = Path(wanted).expanduser()
    if wanted and path.is_dir():
        from assistant408.llm.backends.transformers import TransformersBackend

        if (path / "adapter_config.json").is_file():
            return TransformersBackend(_base_of(home, path), adapter=path)
        return TransformersBackend(path)
    from assistant408.llm.backends.llama_cpp import LlamaCppBackend

    context = 4096
    if not (wanted.endswith(".gguf") and path.is_file()):
        entry = find_model(home, wanted) if wanted else default_model(home)
        if not installed(home, entry):
            raise BackendError(f"模型 {entry.id!r} 还没有下载，请运行 a408 model pull {entry.id}。")
        path, context = model_path(home, entry), entry.context
    return LlamaCppBackend(path, context, settings.threads, home / "cache" / "kv", settings.kv_cache_mb << 20)


def _transport(url: str) -> httpx.BaseTransport | None:
    """To where the server's name resolves now; `None` where a proxy of the environment resolves it."""
    from urllib.request import getproxies, proxy_bypass

    import httpx

    from assistant408.llm.address import Pinned, resolve

    try:
        host = httpx.URL(url).host
        elsewhere = host not in ("127.0.0.1", "localhost", "::1") and not proxy_bypass(host)
        if elsewhere and getproxies().keys() & {"http", "https", "all"}:
            return None
        return Pinned(resolve(url))
    except httpx.InvalidURL:
        return None  # the backend will say so
    except InputError as e:
        raise BackendError(str(e)) from None


def _base_of(home: Path, adapter: Path) -> Path:
    """The model under an adapter: a folder, a GGUF file, or the file of an id of ``models.toml``."""
    try:
        name = str(json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))["base_model_name_or_path"])
    except (ValueError, KeyError):
        raise BackendError(f"适配器 {str(adapter)!r} 的 adapter_config.json 没有写明基座模型。") from None
    path = Path(name).expanduser()
    if path.exists():
        return path
    entry = find_model(home, name)
    if not installed(home, entry):
        raise BackendError(f"适配器 {adapter.name!r} 的基座 {name!r} 还没有下载，请运行 a408 model pull {name}。")
    return model_path(home, entry)
