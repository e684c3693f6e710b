"""One person's own data in a file, and its end (带走与注销)."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant408.store.owned import rows_of

if TYPE_CHECKING:
    from assistant408.store.users import User
    from assistant408.web.accounts.desk import Accounts
    from assistant408.web.learner import Learner

__all__ = ["forget_documents", "write_takeout"]


def write_takeout(learner: Learner, accounts: Accounts, user: User, target: Path) -> None:
    """Writes ``data.json`` (every row by table, the account, classes) and ``files/`` (the documents as they came)."""
    data: dict[str, Any] = {
        "account": {"id": user.id, "name": user.name, "role": user.role, "created_at": user.created_at},
        "classes": accounts.classes.joined(user.id),
        "keys": accounts.keys.all(user.id),
        "tables": dict(rows_of(learner.services.database, learner.owner)),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        files: list[str] = []
        for name, path in learner.originals():
            place = f"files/{len(files) + 1:04d}-{name}"
            out.write(path, place)
            files.append(place)
        out.writestr("data.json", json.dumps({**data, "files": files}, ensure_ascii=False, indent=1))


def forget_documents(learner: Learner) -> None:
    """Removes every document of a person's, with all that came of it."""
    for id in learner.document_ids():
        learner.ingest.remove(id)
