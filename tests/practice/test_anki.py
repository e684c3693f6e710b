"""Anki packages: what is written reads back in plain SQLite and through our own reader; what is read may be hostile."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

import pytest

from assistant408.core.errors import InputError
from assistant408.practice import anki
from assistant408.practice.anki import question_deck, read_cards
from assistant408.practice.apkg import FIELDS, SCHEMA, Note, write_apkg
from assistant408.web.services import Services

NOW = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)


def opened(data: bytes, folder: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None and json.loads(package.read("media")) == {}
        package.extract("collection.anki2", folder)
    return sqlite3.connect(folder / "collection.anki2")


def packed(statements: str, name: str = "collection.anki2", folder: Path | None = None) -> bytes:
    """A package around a collection made by SQL."""
    assert folder is not None
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statements)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.write(path, name)
    return out.getvalue()


def test_the_bank_as_a_collection(services: Services, tmp_path: Path) -> None:
    questions = list(services.questions.values())
    data = question_deck("408::题库", questions, lambda leaf: services.syllabus.nodes[leaf].name, NOW)
    with closing(opened(data, tmp_path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        notes = dict(db.execute("SELECT guid, flds FROM notes").fetchall())
        assert len(notes) == len(questions) == db.execute("SELECT count(*) FROM cards").fetchone()[0]
        models, decks = (json.loads(x) for x in db.execute("SELECT models, decks FROM col").fetchone())
        (model,) = models.values()
        assert [f["name"] for f in model["flds"]] == list(FIELDS)
        assert "408::题库" in {d["name"] for d in decks.values()}
        joined = "SELECT count(*) FROM cards c JOIN notes n ON n.id = c.nid WHERE n.mid = ? AND c.did = ?"
        deck = next(int(k) for k, d in decks.items() if d["name"] == "408::题库")
        assert db.execute(joined, (int(model["id"]), deck)).fetchone()[0] == len(questions)
    for q in questions:
        front, back, source = notes[f"a408-{q.id}"].split("\x1f")
        assert q.id in source and services.syllabus.nodes[q.syllabus[0]].name in source
        if q.kind == "single":
            assert f"<b>{q.answer[0]}</b>" in back and front.count("<div>") >= 4
    rank = next(q for q in questions if "|---|" in q.stem)
    assert "<table>" in notes[f"a408-{rank.id}"], "tables stay tables"


def test_a_round_trip_keeps_every_question(services: Services) -> None:
    questions = list(services.questions.values())
    data = question_deck("408::题库", questions, lambda leaf: leaf, NOW)
    (deck, cards), *rest = read_cards("x.apkg", data).items()
    assert not rest and deck == "408::题库" and len(cards) == len(questions)
    by_id = {back.rsplit("\n", 1)[-1].split(" · ")[0]: (front, back) for front, back in cards}
    for q in questions:
        front, back = by_id[q.id]
        if q.kind == "judge" and "$" not in q.stem and "`" not in q.stem and "*" not in q.stem:
            assert front == q.stem.replace("\n", " ") and back.startswith(q.answer[0])


def test_the_same_questions_give_the_same_bytes(services: Services) -> None:
    some = list(services.questions.values())[:5]
    assert question_deck("d", some, str, NOW) == question_deck("d", some, str, NOW)


def test_clozes_make_a_card_a_gap(tmp_path: Path) -> None:
    models = {"7": {"id": 7, "type": 1}, "8": {"id": 8, "type": 0}}
    decks = {"1": {"name": "Default"}, "2": {"name": "我的::词"}}
    fields = "{{c1::死锁}}有{{c2::四个::几个}}条件\x1f注"
    data = packed(
        SCHEMA
        + f"INSERT INTO col VALUES (1,0,0,0,11,0,0,0,'{{}}','{json.dumps(models)}','{json.dumps(decks)}','{{}}','{{}}');"
        + f"INSERT INTO notes VALUES (1,'g',7,0,0,'','{fields}','',0,0,''), (2,'h',8,0,0,'','只有一面','',0,0,'');"
        + "INSERT INTO cards VALUES (1,1,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,''), (2,2,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,'');",
        folder=tmp_path,
    )
    assert read_cards("x.apkg", data) == {
        "我的::词": [("[……]有四个条件", "死锁有四个条件\n注"), ("死锁有[几个]条件", "死锁有四个条件\n注")]
    }


def test_text_files() -> None:
    anki_export = (
        '#separator:tab\n#html:true\n#tags column:3\n"<b>TLB</b>"\t"快表<br>""缓存"""\tos\n只有一列\nPCB\t进程控制块\n'
    )
    assert read_cards("词.txt", anki_export.encode("utf-8-sig")) == {
        "词": [("TLB", '快表\n"缓存"'), ("PCB", "进程控制块")]
    }
    assert read_cards("a.csv", "正面,反面\n".encode()) == {"a": [("正面", "反面")]}
    assert read_cards("a.tsv", b"#separator:semicolon\nx;y\n") == {"a": [("x", "y")]}


def test_html_becomes_harmless_text() -> None:
    data = "<img src=x onerror=alert(1)>问<script>alert(1)</script>\t<a href='javascript:x'>答</a>[sound:a.mp3]\x07\n"
    assert read_cards("a.txt", data.encode()) == {"a": [("[图]问", "答")]}


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF", "格式不支持"),
        ("a.apkg", b"not a zip", "不是能读的 Anki 包"),
        ("a.apkg", b"", "不是能读的 Anki 包"),
        ("a.txt", "正面\t反面".encode("utf-16"), "UTF-8"),
        ("a.txt", b"", "没有卡片"),
        ("a.txt", "只有一面\n".encode(), "没有卡片"),
    ],
)
def test_what_is_no_deck_is_named(name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as e:
        read_cards(name, data)
    assert repr(name) in str(e.value) and str(e.value).endswith("。")


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "."), data)
    return out.getvalue()


def test_broken_and_newer_packages_are_named() -> None:
    good = write_apkg("d", [Note("g", ("a", "b", "c"))], NOW)
    for cut in (10, len(good) // 3, len(good) // 2, len(good) - 30):
        with pytest.raises(InputError, match="不是能读的 Anki 包"):
            read_cards("x.apkg", good[:cut])
    flipped = bytearray(good)
    flipped[80:200] = bytes(120)
    with pytest.raises(InputError, match="不是能读的 Anki 包"):
        read_cards("x.apkg", bytes(flipped))
    for files, says in (
        ({"collection__anki21b": b"zstd", "collection__anki2": b""}, "支持旧版"),
        ({"readme__txt": b""}, "没有卡片集合"),
        ({"collection__anki2": b"SQLite format 3\0" + bytes(4000)}, "不是能读的"),
        ({"collection__anki2": b""}, "不是能读的"),
    ):
        with pytest.raises(InputError, match=says):
            read_cards("x.apkg", zipped(**files))


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki, "MAX_BYTES", 1 << 20)
    bomb = zipped(collection__anki2=bytes(2 << 20))
    assert len(bomb) < 10_000
    with pytest.raises(InputError, match="超过 1 MB"):
        read_cards("x.apkg", bomb)
    liar = bytearray(bomb)  # a header that states a small size
    at = liar.rfind(b"PK\x01\x02")
    liar[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(InputError):
        read_cards("x.apkg", bytes(liar))
    with pytest.raises(InputError, match="超过 1 MB"):
        read_cards("x.txt", b"a\tb\n" * (1 << 19))


def test_a_collection_cannot_run_anything(tmp_path: Path) -> None:
    """Views in place of tables, and a query without end behind them."""
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id, 'f' AS flds, 1 AS mid FROM n"
    )
    cards = "CREATE TABLE cards (nid, did); CREATE TABLE col (models, decks); INSERT INTO col VALUES ('{}', '{}');"
    with pytest.raises(InputError, match="notes 不是普通的表"):
        read_cards("x.apkg", packed(f"{cards} CREATE VIEW notes AS {endless};", folder=tmp_path))
    nested = "[" * 100_000
    deep = f"CREATE TABLE cards (nid, did); CREATE TABLE notes (id, mid, flds); CREATE TABLE col (models, decks); INSERT INTO col VALUES ('{nested}', '{{}}');"
    with pytest.raises(InputError, match="不是能读的"):
        read_cards("x.apkg", packed(deep, folder=tmp_path))


def test_too_many_cards_and_overlong_fields(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(anki, "MAX_CARDS", 10)
    notes = [Note(str(n), (f"正 {n}", "反", "")) for n in range(11)]
    with pytest.raises(InputError, match="超过 10 张"):
        read_cards("x.apkg", write_apkg("d", notes, NOW))
    with pytest.raises(InputError, match="超过 10 张"):
        read_cards("x.txt", "".join(f"{n}\t反\n" for n in range(11)).encode())
    huge = [Note("h", ("正" * 50_000, "反", "")), Note("k", ("短", "反", ""))]
    assert read_cards("x.apkg", write_apkg("d", huge, NOW)) == {"d": [("短", "反")]}
