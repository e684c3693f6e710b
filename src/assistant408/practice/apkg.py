"""The Anki package (``.apkg``) as bytes: a zip archive of an SQLite collection, schema 11, which every Anki reads.

Source: https://github.com/ankitects/anki/blob/main/rslib/src/storage/schema11.sql, and the format of ``col.models``
and ``col.decks`` as Anki 2.1 wrote it.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

__all__ = ["FIELDS", "Note", "write_apkg"]

FIELDS = ("题目", "答案", "出处")
MODEL_ID, DECK_ID = 1_408_000_001, 1_408_000_002
CSS = (
    ".card { font-family: system-ui, sans-serif; font-size: 18px; line-height: 1.6; text-align: left; }\n"
    "table { border-collapse: collapse; } td, th { border: 1px solid #999; padding: 2px 8px; }\n"
    ".from { color: #777; font-size: 14px; }"
)
SCHEMA = """
CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, left integer not null,
  odue integer not null, odid integer not null, flags integer not null, data text not null);
CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, type integer not null);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


@dataclass(frozen=True)
class Note:
    """A note; `guid` is permanent, so that importing again updates it. `fields` are HTML, one for each of `FIELDS`."""

    guid: str
    fields: Sequence[str]
    tags: Sequence[str] = ()


def write_apkg(deck: str, notes: Sequence[Note], now: datetime) -> bytes:
    """The package of a deck.

    Args:
        deck: its name; ``::`` nests decks.
        now: the time of the notes.
    """
    db = sqlite3.connect(":memory:")
    with closing(db):
        _fill(db, deck, notes, now)
        collection = bytes(_serialize(db))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (("collection.anki2", collection), ("media", b"{}")):
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, data)
    return out.getvalue()


def _serialize(db: sqlite3.Connection) -> bytes:
    """The database's file; `sqlite3.Connection.serialize` came with Python 3.11."""
    if hasattr(db, "serialize"):
        return bytes(db.serialize())
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(path)) as copy:
            db.backup(copy)
        return path.read_bytes()


def _fill(db: sqlite3.Connection, deck: str, notes: Sequence[Note], now: datetime) -> None:
    seconds = int(now.timestamp())
    first = seconds * 1000
    db.executescript(SCHEMA)
    db.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
        (seconds, first, first, *(json.dumps(part, ensure_ascii=False) for part in _column(deck, seconds))),
    )
    for i, note in enumerate(notes):
        plain = note.fields[0]
        check = int(hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        tags = f" {' '.join(t.replace(' ', '_') for t in note.tags)} " if note.tags else ""
        row = (first + i, note.guid, MODEL_ID, seconds, -1, tags, "\x1f".join(note.fields), plain, check, 0, "")
        db.execute(f"INSERT INTO notes VALUES ({','.join('?' * len(row))})", row)
        card = (first + i, first + i, DECK_ID, 0, seconds, -1, 0, 0, i + 1, 0, 0, 0, 0, 0, 0, 0, 0, "")
        db.execute(f"INSERT INTO cards VALUES ({','.join('?' * len(card))})", card)
    db.commit()


def _column(
    deck: str, seconds: int
) -> tuple[dict[str, object], dict[str, object], dict[str, object], dict[str, object]]:
    """``conf``, ``models``, ``decks``, ``dconf``."""
    field = {"font": "Arial", "media": [], "rtl": False, "size": 20, "sticky": False}
    template = {
        "name": "408", "ord": 0, "qfmt": "{{题目}}", "did": None, "bqfmt": "", "bafmt": "", "bfont": "", "bsize": 0,
        "afmt": '{{FrontSide}}<hr id="answer">{{答案}}<p class="from">{{出处}}</p>',
    }  # fmt: skip
    model = {
        "id": str(MODEL_ID), "name": "assistant408", "type": 0, "mod": seconds, "usn": -1, "sortf": 0, "did": DECK_ID,
        "tmpls": [template], "flds": [{"name": n, "ord": i, **field} for i, n in enumerate(FIELDS)], "css": CSS,
        "latexPre": "", "latexPost": "", "latexsvg": False, "tags": [], "vers": [], "req": [[0, "all", [0]]],
    }  # fmt: skip

    def named(id: int, name: str) -> dict[str, object]:
        today = {"newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0]}
        return {
            "id": id, "name": name, "desc": "", "mod": seconds, "usn": -1, "dyn": 0, "collapsed": False, "conf": 1,
            "extendNew": 0, "extendRev": 0, "browserCollapsed": False, **today,
        }  # fmt: skip

    new = {"bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20, "separate": True}  # fmt: skip
    review = {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 200}
    lapse = {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0}
    options = {
        "id": 1, "name": "Default", "autoplay": True, "dyn": False, "maxTaken": 60, "mod": 0, "replayq": True,
        "timer": 0, "usn": 0, "new": new, "rev": review, "lapse": lapse,
    }  # fmt: skip
    conf: dict[str, object] = {
        "activeDecks": [1], "addToCur": True, "collapseTime": 1200, "curDeck": 1, "curModel": str(MODEL_ID),
        "dueCounts": True, "estTimes": True, "newBury": True, "newSpread": 0, "nextPos": 1, "sortBackwards": False,
        "sortType": "noteFld", "timeLim": 0,
    }  # fmt: skip
    decks: dict[str, object] = {"1": named(1, "Default"), str(DECK_ID): named(DECK_ID, deck)}
    return conf, {str(MODEL_ID): model}, decks, {"1": options}
