"""All rows of one study database into another one, of the same kind or not."""

from __future__ import annotations

import sqlalchemy as sa

from assistant408.store.db import writing
from assistant408.store.migrations import MIGRATIONS

__all__ = ["replace_rows"]

BATCH = 500  # rows at a time, so that memory stays bounded


def replace_rows(source: sa.Engine, target: sa.Engine) -> dict[str, int]:
    """Makes `target` hold exactly the rows of `source`, as one transaction.

    Both are from `open_database`, so they have the same tables; what else a server's database holds is left alone.
    `source` is read as of one moment, also while others write to it; who writes to `target` waits.

    Returns:
        The number of rows by table.

    Raises:
        StoreError: either can't be read or written; `target` is then as it was.
    """
    ordered = _tables()
    counts: dict[str, int] = {}
    options = {"isolation_level": "REPEATABLE READ"} if source.dialect.name == "postgresql" else {}
    with source.connect().execution_options(yield_per=BATCH, **options) as old, writing(target) as new:
        if target.dialect.name == "postgresql":
            new.execute(sa.text(f"LOCK TABLE {', '.join(t.name for t in ordered)} IN EXCLUSIVE MODE"))
        for table in reversed(ordered):
            new.execute(table.delete())
        for table in ordered:
            plain = sa.table(table.name, *(sa.column(c.name) for c in table.columns))  # values as the driver gives them
            rows = old.execute(sa.select(plain).order_by(*(plain.c[k.name] for k in table.primary_key)))
            for batch in rows.mappings().partitions():
                new.execute(plain.insert(), [dict(r) for r in batch])
            counts[table.name] = new.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            if target.dialect.name == "postgresql":
                _continue_numbers(new, table)
    return counts


def _tables() -> list[sa.Table]:
    """The tables that the migrations make, each after those it refers to."""
    engine = sa.create_engine("sqlite://")
    found = sa.MetaData()
    with engine.begin() as db:
        for _, migrate in MIGRATIONS:
            migrate(db)
        found.reflect(db)
    engine.dispose()
    return found.sorted_tables


def _continue_numbers(db: sa.Connection, table: sa.Table) -> None:
    """New rows get numbers after those that were copied."""
    key = list(table.primary_key)
    if len(key) == 1 and isinstance(key[0].type, sa.Integer):
        sequence = sa.func.pg_get_serial_sequence(table.name, key[0].name)  # null, and then no change, where none is
        highest = sa.select(sa.func.coalesce(sa.func.max(key[0]), 0) + 1).scalar_subquery()
        db.execute(sa.select(sa.func.setval(sequence, highest, False)))
