"""Moving the vectors of a knowledge base to another place, and proving that they are there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant408.core.errors import StoreError
from assistant408.kb.embed import Vectors
from assistant408.kb.store.base import Place, VectorIndex
from assistant408.kb.store.indexed import BATCH, local_rows, sync
from assistant408.kb.store.sqlite import SqliteStore, whole

__all__ = ["Moved", "digest", "migrate"]

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Moved:
    """What was found at both ends, which is the same.

    Attributes:
        chunks: passages of the knowledge base.
        vectors: those that have a vector.
        sha256: of all ids, vectors and places, in the order of ids.
    """

    chunks: int
    vectors: int
    sha256: str


def migrate(store: SqliteStore, index: VectorIndex | None, report: Report = lambda what, done, total: None) -> Moved:
    """Copies the vectors to `index`, reads them back from there and compares; `None` is the SQLite file itself.

    What is there already isn't copied again, so one that was interrupted goes on. The store goes on being searched as
    before; whoever calls changes the setting afterwards.

    Args:
        report: called with ``copy`` or ``check``, vectors done, vectors in all.

    Raises:
        StoreError: the place can't be reached or doesn't give back what it was given; or the file is damaged.
    """
    if not whole(store.path):
        raise StoreError(f"知识库文件 {str(store.path)!r} 损坏，没有搬：请先运行 a408 kb rebuild 重建。")
    if index is not None:
        sync(store, index, lambda done, total: report("copy", done, total))
    ids = [row[0] for row in store.rows("SELECT id FROM chunks WHERE vector IS NOT NULL ORDER BY id")]
    here, there = hashlib.sha256(), hashlib.sha256()
    for start in range(0, len(ids), BATCH):
        report("check", start, len(ids))
        rows = local_rows(store, ids[start : start + BATCH])
        digest(here, rows)
        if index is not None:
            found = index.fetch([r[0] for r in rows])
            digest(there, ((id, *found[id]) for id in sorted(found)))
    report("check", len(ids), len(ids))
    if index is not None:
        count = index.count()
        if count != len(ids) or here.digest() != there.digest():
            raise StoreError(
                f"{index.name!r} 里有 {count} 个向量，应有 {len(ids)} 个，校验和{'' if here.digest() == there.digest() else '不'}一致，"
                "设置没有改：若刚才有别的程序在改知识库，请等它结束再运行一次；否则那里的数据坏了，请清空后再试。"
            )
    (chunks,) = store.rows("SELECT count(*) FROM chunks")[0]
    return Moved(chunks, len(ids), here.hexdigest())


def digest(into: hashlib._Hash, rows: Iterable[tuple[int, Vectors, Place]]) -> None:
    """Adds rows to a hash: id, the vector's numbers, the place."""
    for id, vector, place in rows:
        into.update(f"{id} {json.dumps(dict(sorted(place.items())), ensure_ascii=False)} {len(vector)}".encode())
        into.update(vector.astype("<f4").tobytes())
