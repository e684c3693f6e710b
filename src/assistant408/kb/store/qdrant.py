"""Vectors on a Qdrant server or cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from assistant408.core.errors import InputError, StoreError
from assistant408.kb.embed import Vectors
from assistant408.kb.store.base import Condition, Place

__all__ = ["QdrantIndex", "qdrant_server"]

PAGE = 5000  # rows asked for at once
_WORDS, _NUMBERS = ("seen_by", "subject", "collection", "doc", "format"), ("added", "page", "n")


def qdrant_server(url: str, base: str, key: str = "", timeout_s: int = 60) -> QdrantIndex:
    """An index on the server at `url`.

    Args:
        base: name of the knowledge base; several can share a server.
        key: the server's API key.
    """
    try:
        from qdrant_client import QdrantClient
    except ImportError:
        raise InputError(
            '设置 store 要用 Qdrant，但没有安装 qdrant-client，请运行 pip install "qdrant-client>=1.15" 后再试。'
        ) from None
    client = QdrantClient(url=url, api_key=key or None, timeout=timeout_s, check_compatibility=False)
    return QdrantIndex(f"qdrant:{url}", base, client)


class QdrantIndex:
    """See `assistant408.kb.store.base.VectorIndex`; a Qdrant collection for each number of dimensions.

    Args:
        name: as in the setting.
        base: name of the knowledge base.
        client: a ``qdrant_client.QdrantClient``.
    """

    def __init__(self, name: str, base: str, client: Any) -> None:
        self.name = name
        self._prefix = f"a408-{base}-"
        self._client = client

    @contextlib.contextmanager
    def _speaking(self) -> Iterator[Any]:
        """The client; whatever goes wrong with it is one sentence."""
        from qdrant_client.http.exceptions import ApiException

        try:
            yield self._client
        except (ApiException, ValueError, OSError) as e:
            what = " ".join(str(e).split())[:200] or type(e).__name__
            raise StoreError(
                f"向量库 {self.name!r} 没有应答或出错（{what}），这次没有改动任何东西：请确认它在运行，"
                "或者用 a408 kb migrate --to sqlite 换回自带的存储。"
            ) from None

    def _collections(self, client: Any) -> list[str]:
        return [c.name for c in client.get_collections().collections if c.name.startswith(self._prefix)]

    def _create(self, client: Any, name: str, dim: int) -> None:
        from qdrant_client import models

        client.create_collection(name, vectors_config=models.VectorParams(size=dim, distance=models.Distance.DOT))
        kinds = models.PayloadSchemaType
        for field, kind in [*((f, kinds.KEYWORD) for f in _WORDS), *((f, kinds.INTEGER) for f in _NUMBERS)]:
            client.create_payload_index(name, field, kind)

    def put(self, ids: Sequence[int], vectors: Vectors, places: Sequence[Place]) -> None:
        """See `VectorIndex`."""
        from qdrant_client import models

        with self._speaking() as client:
            name = f"{self._prefix}{vectors.shape[1]}"
            if not client.collection_exists(name):
                self._create(client, name, vectors.shape[1])
            points = [
                models.PointStruct(id=id, vector=vector, payload={**place, "n": id})
                for id, vector, place in zip(ids, vectors.tolist(), places, strict=True)
            ]
            for start in range(0, len(points), 500):  # a request may have 32 MB
                client.upsert(name, points[start : start + 500], wait=True)

    def drop(self, ids: Sequence[int]) -> None:
        """See `VectorIndex`."""
        from qdrant_client import models

        with self._speaking() as client:
            for name in self._collections(client) if ids else []:
                client.delete(name, models.PointIdsList(points=list(ids)), wait=True)

    def drop_from(self, id: int) -> None:
        """See `VectorIndex`."""
        from qdrant_client import models

        with self._speaking() as client:
            for name in self._collections(client):
                client.delete(name, models.FilterSelector(filter=_filter([Condition("n", low=id)])), wait=True)

    def nearest(self, vector: Vectors, limit: int, conditions: Sequence[Condition]) -> list[int]:
        """See `VectorIndex`."""
        from qdrant_client import models

        with self._speaking() as client:
            name = f"{self._prefix}{len(vector)}"
            if not client.collection_exists(name):
                return []
            answer = client.query_points(
                name,
                query=vector.tolist(),
                limit=limit,
                query_filter=_filter(conditions),
                search_params=models.SearchParams(hnsw_ef=max(256, limit)),
                with_payload=False,
            )
            return [int(p.id) for p in answer.points]

    def fetch(self, ids: Sequence[int]) -> dict[int, tuple[Vectors, Place]]:
        """See `VectorIndex`."""
        out: dict[int, tuple[Vectors, Place]] = {}
        with self._speaking() as client:
            for name in self._collections(client) if ids else []:
                for p in client.retrieve(name, list(ids), with_payload=True, with_vectors=True):
                    out[int(p.id)] = np.asarray(p.vector, np.float32), {k: v for k, v in p.payload.items() if k != "n"}
        return out

    def ids(self) -> set[int]:
        """See `VectorIndex`."""
        out: set[int] = set()
        with self._speaking() as client:
            for name in self._collections(client):
                after = None
                while True:
                    rows, after = client.scroll(name, limit=PAGE, offset=after, with_payload=False, with_vectors=False)
                    out.update(int(r.id) for r in rows)
                    if after is None:
                        break
        return out

    def count(self) -> int:
        """See `VectorIndex`."""
        with self._speaking() as client:
            return sum(client.count(name, exact=True).count for name in self._collections(client))

    def clear(self) -> None:
        """See `VectorIndex`."""
        with self._speaking() as client:
            for name in self._collections(client):
                client.delete_collection(name)

    def refresh(self) -> None:
        """See `VectorIndex`; a server shows every client the same."""

    def close(self) -> None:
        """See `VectorIndex`."""
        self._client.close()


def _filter(conditions: Sequence[Condition]) -> Any:
    """Conditions in Qdrant's words."""
    from qdrant_client import models

    return models.Filter(
        must=[
            models.FieldCondition(
                key=c.field,
                match=models.MatchAny(any=list(c.among)) if c.among else None,
                range=None if c.among else models.Range(gte=c.low, lte=c.high),
            )
            for c in conditions
        ]
    )
