"""Vectors in Chroma: inside the program, in a folder, or on a ``chroma run`` server."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from assistant408.core.errors import InputError, StoreError
from assistant408.kb.embed import Vectors
from assistant408.kb.store.base import Condition, Place

__all__ = ["ChromaIndex", "chroma_folder", "chroma_server"]

PAGE = 5000  # rows asked for at once
# inner product, and a list of candidates as long as the shortest one that a search asks for
_SPACE = {"hnsw": {"space": "ip", "max_neighbors": 32, "ef_construction": 200, "ef_search": 256}}


def chroma_folder(folder: Path, base: str) -> ChromaIndex:
    """An index in `folder`, of which one process writes at a time.

    Args:
        base: name of the knowledge base.
    """
    chromadb = _package()

    def connect() -> Any:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(folder), settings=_settings())

    return ChromaIndex("chroma", base, connect, again=True)


def chroma_server(url: str, base: str, key: str = "") -> ChromaIndex:
    """An index on the server at `url`.

    Args:
        base: name of the knowledge base; several can share a server.
        key: sent as a bearer token.
    """
    parts = urlsplit(url)
    chromadb = _package()

    def connect() -> Any:
        return chromadb.HttpClient(
            host=parts.hostname or "",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            headers={"Authorization": f"Bearer {key}"} if key else None,
            settings=_settings(),
        )

    return ChromaIndex(f"chroma:{url}", base, connect, again=False)


class ChromaIndex:
    """See `assistant408.kb.store.base.VectorIndex`; a Chroma collection for each number of dimensions.

    Args:
        name: as in the setting.
        connect: makes a client.
        again: whether a client must be made anew to see what other processes have written; then one thread uses it at
            a time.
    """

    def __init__(self, name: str, base: str, connect: Callable[[], Any], again: bool) -> None:
        self.name = name
        self._prefix = f"a408-{base}-"
        self._connect, self._again = connect, again
        self._client: Any = None
        self._opening = threading.Lock()
        self._turn: contextlib.AbstractContextManager[Any] = threading.RLock() if again else contextlib.nullcontext()

    @contextlib.contextmanager
    def _speaking(self) -> Iterator[Any]:
        """The client, connected; whatever goes wrong with it is one sentence."""
        from chromadb.errors import ChromaError

        try:
            with self._turn:
                with self._opening:
                    if self._client is None:
                        self._client = self._connect()
                yield self._client
        except (ChromaError, ValueError, OSError, _http_error()) as e:
            what = " ".join(str(e).split())[:200] or type(e).__name__
            raise StoreError(
                f"向量库 {self.name!r} 没有应答或出错（{what}），这次没有改动任何东西：请确认它在运行，"
                "或者用 a408 kb migrate --to sqlite 换回自带的存储。"
            ) from None

    def _collections(self, client: Any) -> list[Any]:
        names = [c if isinstance(c, str) else c.name for c in client.list_collections()]
        return [client.get_collection(n, embedding_function=None) for n in names if n.startswith(self._prefix)]

    def _collection(self, client: Any, dim: int) -> Any:
        """That of vectors of `dim` numbers; `None` if there is none yet."""
        from chromadb.errors import NotFoundError

        try:
            return client.get_collection(f"{self._prefix}{dim}", embedding_function=None)
        except NotFoundError:
            return None

    def put(self, ids: Sequence[int], vectors: Vectors, places: Sequence[Place]) -> None:
        """See `VectorIndex`."""
        with self._speaking() as client:
            name = f"{self._prefix}{vectors.shape[1]}"
            collection = client.get_or_create_collection(name, embedding_function=None, configuration=_SPACE)
            step = min(PAGE, client.get_max_batch_size())
            for start in range(0, len(ids), step):
                some = range(start, min(start + step, len(ids)))
                collection.upsert(
                    ids=[str(ids[i]) for i in some],
                    embeddings=vectors[some.start : some.stop],
                    metadatas=[{**places[i], "n": ids[i]} for i in some],
                )

    def drop(self, ids: Sequence[int]) -> None:
        """See `VectorIndex`."""
        with self._speaking() as client:
            for collection in self._collections(client) if ids else []:
                collection.delete(ids=[str(i) for i in ids])

    def drop_from(self, id: int) -> None:
        """See `VectorIndex`."""
        with self._speaking() as client:
            for collection in self._collections(client):
                collection.delete(where={"n": {"$gte": id}})

    def nearest(self, vector: Vectors, limit: int, conditions: Sequence[Condition]) -> list[int]:
        """See `VectorIndex`."""
        with self._speaking() as client:
            collection = self._collection(client, len(vector))
            if collection is None:
                return []
            answer = collection.query(query_embeddings=[vector], n_results=limit, where=_where(conditions), include=[])
            return [int(i) for i in answer["ids"][0]]

    def fetch(self, ids: Sequence[int]) -> dict[int, tuple[Vectors, Place]]:
        """See `VectorIndex`."""
        out: dict[int, tuple[Vectors, Place]] = {}
        with self._speaking() as client:
            for collection in self._collections(client) if ids else []:
                rows = collection.get(ids=[str(i) for i in ids], include=["embeddings", "metadatas"])
                for id, vector, data in zip(rows["ids"], rows["embeddings"], rows["metadatas"], strict=True):
                    out[int(id)] = np.asarray(vector, np.float32), {k: v for k, v in data.items() if k != "n"}
        return out

    def ids(self) -> set[int]:
        """See `VectorIndex`."""
        out: set[int] = set()
        with self._speaking() as client:
            for collection in self._collections(client):
                for start in range(0, collection.count(), PAGE):
                    out.update(map(int, collection.get(limit=PAGE, offset=start, include=[])["ids"]))
        return out

    def count(self) -> int:
        """See `VectorIndex`."""
        with self._speaking() as client:
            return sum(c.count() for c in self._collections(client))

    def clear(self) -> None:
        """See `VectorIndex`."""
        with self._speaking() as client:
            for collection in self._collections(client):
                client.delete_collection(collection.name)

    def refresh(self) -> None:
        """See `VectorIndex`."""
        if self._again:
            with self._turn:
                self.close()

    def close(self) -> None:
        """See `VectorIndex`."""
        if self._client is not None:
            with contextlib.suppress(AttributeError):
                self._client._server._session.close()  # its own close() leaves the connections open
            self._client.close()
            self._client = None


def _where(conditions: Sequence[Condition]) -> dict[str, Any] | None:
    """Conditions in Chroma's words.

    Examples:
        >>> _where([Condition("doc", ("a",))]), _where([])
        ({'doc': {'$in': ['a']}}, None)
        >>> _where([Condition("page", low=3, high=9)])
        {'$and': [{'page': {'$gte': 3}}, {'page': {'$lte': 9}}]}
    """
    parts: list[dict[str, Any]] = []
    for c in conditions:
        if c.among:
            parts.append({c.field: {"$in": list(c.among)}})
        else:
            parts.append({c.field: {"$gte": c.low}})
            parts += [] if c.high is None else [{c.field: {"$lte": c.high}}]
    return {"$and": parts} if len(parts) > 1 else parts[0] if parts else None


def _package() -> Any:
    try:
        import chromadb
    except ImportError:
        raise InputError(
            '设置 store 要用 Chroma，但没有安装 chromadb，请运行 pip install "chromadb>=1.5" 后再试。'
        ) from None
    return chromadb


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _http_error() -> type[Exception]:
    import httpx

    return httpx.HTTPError
