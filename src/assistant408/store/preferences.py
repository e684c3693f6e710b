"""What a person has set for himself, a JSON value a name (偏好); under the empty owner, what holds for all accounts."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

__all__ = ["Preferences"]


class Preferences:
    """Reads and writes the preferences of `owner`."""

    def __init__(self, engine: sa.Engine, owner: str = "") -> None:
        self._engine = engine
        self._owner = owner

    def get(self, name: str) -> Any:
        """The value, or `None`."""
        with self._engine.connect() as db:
            found = db.execute(
                sa.text("SELECT value FROM preferences WHERE owner = :owner AND name = :n"),
                {"owner": self._owner, "n": name},
            ).scalar()
        return None if found is None else json.loads(found)

    def put(self, name: str, value: Any) -> None:
        """Keeps a value in place of the old one."""
        with self._engine.begin() as db:
            db.execute(
                sa.text(
                    "INSERT INTO preferences(owner, name, value) VALUES (:owner, :n, :v) "
                    "ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value"
                ),
                {"owner": self._owner, "n": name, "v": json.dumps(value, ensure_ascii=False)},
            )
