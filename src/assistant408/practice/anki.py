"""Questions as Anki notes, and cards of one's own read from Anki packages and text files.

What is read may be hostile: sizes are bounded before anything is unpacked, the collection is opened without its
triggers, views or extensions, and cards are kept as plain text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from assistant408.content.book_html import note_html
from assistant408.content.questions import Question
from assistant408.core.errors import InputError
from assistant408.practice.apkg import Note, write_apkg

__all__ = ["MAX_BYTES", "question_deck", "read_cards"]

MAX_BYTES = 256 << 20  # of a file, and of the collection in it
MAX_CARDS = 50_000
MAX_FIELD = 20_000  # characters
COLLECTIONS = ("collection.anki21", "collection.anki2")


def question_deck(deck: str, questions: Sequence[Question], names: Callable[[str], str], now: datetime) -> bytes:
    """Questions with their keys, reasons and traps as an Anki package.

    Args:
        names: the name of a leaf.
    """
    return write_apkg(deck, [_note(q, names) for q in questions], now)


def _note(q: Question, names: Callable[[str], str]) -> Note:
    front = [_html(q.stem)]
    front += [f"<div>{letter}. {_html(text, inline=True)}</div>" for letter, text in q.choices.items()]
    front += [f"<p><b>（{n}）{p.points} 分</b></p>{_html(p.prompt)}" for n, p in enumerate(q.parts, 1)]
    back = [f"<p><b>{escape(' / '.join(q.answer))}</b></p>"] if q.answer and not q.parts else []
    if q.explanation:
        back.append(_html(q.explanation))
    back += [f"<div>{escape(letter)}：{_html(why, inline=True)}</div>" for letter, why in q.traps.items()]
    for n, p in enumerate(q.parts, 1):
        back.append(f"<p><b>（{n}）</b></p>{_html(p.answer)}")
        back += [f"<div>{points} 分：{_html(text, inline=True)}</div>" for points, text in p.rubric]
    back += [f"<blockquote>{_html(e.quote, inline=True)}</blockquote>" for e in q.evidence]
    source = f"{escape(q.id)} · {escape('、'.join(names(leaf) for leaf in q.syllabus))}"
    return Note(
        f"a408-{q.id}", ("\n".join(front), "\n".join(back), source), [leaf.replace(".", "::") for leaf in q.syllabus]
    )


def _html(markdown: str, inline: bool = False) -> str:
    html = note_html(markdown, lambda _: "#").strip().replace("\x1f", " ")
    return re.sub(r"^<p>(.*)</p>$", r"\1", html, flags=re.S) if inline and html.count("<p>") == 1 else html


def read_cards(name: str, data: bytes) -> dict[str, list[tuple[str, str]]]:
    """(front, back) pairs by deck, as plain text.

    Args:
        name: the file's name, which tells its format: ``.apkg``, or ``.txt``, ``.tsv``, ``.csv``.

    Raises:
        InputError: it isn't what its name says, is too large, or holds no card.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"文件 {name!r} 超过 {MAX_BYTES >> 20} MB，请拆成几份再导入。")
    suffix = Path(name).suffix.casefold()
    if suffix == ".apkg":
        decks = _package(name, data)
    elif suffix in (".txt", ".tsv", ".csv"):
        decks = {Path(name).stem[:200] or "导入": _text(name, data, "," if suffix == ".csv" else "\t")}
    else:
        raise InputError(f"文件 {name!r} 的格式不支持，请从 Anki 导出 .apkg，或用制表符分隔正反两面的 .txt。")
    if sum(map(len, decks.values())) > MAX_CARDS:
        raise InputError(f"文件 {name!r} 的卡片超过 {MAX_CARDS} 张，请拆成几份再导入。")
    if not any(decks.values()):
        raise InputError(f"文件 {name!r} 里没有卡片：每张要有正反两面。")
    return {deck: cards for deck, cards in decks.items() if cards}


def _text(name: str, data: bytes, separator: str) -> list[tuple[str, str]]:
    """Anki's plain-text export: a line a card, fields between tabs; ``#`` lines are settings."""
    try:
        lines = data.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError:
        raise InputError(f"文件 {name!r} 不是 UTF-8 编码，请另存为 UTF-8 再导入。") from None
    head, skip = 0, set[int]()
    while head < len(lines) and lines[head].startswith("#"):
        setting, _, value = lines[head][1:].strip().partition(":")
        if setting == "separator":
            known = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
            separator = known.get(value.casefold(), value if len(value) == 1 else separator)
        elif setting.endswith(" column") and value.isdecimal():  # tags, deck, notetype, guid
            skip.add(int(value) - 1)
        head += 1
    out = []
    try:
        for row in csv.reader(io.StringIO("".join(lines[head:]), newline=""), delimiter=separator):
            fields = [field for n, field in enumerate(row) if n not in skip]
            if len(fields) >= 2 and (card := _card(fields[0], fields[1:])):
                out.append(card)
            if len(out) > MAX_CARDS:
                break
    except csv.Error as e:
        raise InputError(f"文件 {name!r} 的内容分不成列（{e}），请用制表符分隔正反两面。") from None
    return out


def _package(name: str, data: bytes) -> dict[str, list[tuple[str, str]]]:
    bad = f"文件 {name!r} 不是能读的 Anki 包"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            inside = next((n for n in COLLECTIONS if n in names), None)
            if "collection.anki21b" in names:
                raise InputError(f"{bad}：请在 Anki 导出时勾选“支持旧版 Anki”，再导入。")
            if inside is None:
                raise InputError(f"{bad}：里面没有卡片集合，请从 Anki 重新导出 .apkg。")
            if package.getinfo(inside).file_size > MAX_BYTES:
                raise InputError(f"{bad}：卡片集合解开后超过 {MAX_BYTES >> 20} MB，请拆成几份再导入。")
            with package.open(inside) as stream:
                collection = stream.read(MAX_BYTES + 1)
        if len(collection) > MAX_BYTES:
            raise InputError(f"{bad}：卡片集合解开后超过 {MAX_BYTES >> 20} MB，请拆成几份再导入。")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as e:
        raise InputError(f"{bad}（{str(e).splitlines()[0] if str(e) else type(e).__name__}），请重新导出。") from None
    except Exception as e:
        if type(e).__module__ in ("zlib", "lzma"):
            raise InputError(f"{bad}（{e}），请重新导出。") from None
        raise
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "collection.anki2"
        path.write_bytes(collection)
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                return _collection(db)
        except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
            raise InputError(
                f"{bad}（{str(e).splitlines()[0] if str(e) else type(e).__name__}），请重新导出。"
            ) from None


def _collection(db: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """The notes of a collection, by the deck of their first card."""
    db.execute("PRAGMA trusted_schema=OFF")
    db.execute("PRAGMA query_only=ON")
    db.execute("PRAGMA cell_size_check=ON")
    steps = iter(range(20_000))  # of 100,000 instructions of SQLite's machine
    db.set_progress_handler(lambda: next(steps, None) is None, 100_000)
    kinds = {
        row[0]: (row[1], str(row[2])) for row in db.execute("SELECT name, type, substr(sql, 1, 40) FROM sqlite_master")
    }
    for table in ("col", "notes", "cards"):
        kind, sql = kinds.get(table, ("", ""))
        if kind != "table" or not re.match(r"CREATE TABLE\b", sql, re.I):
            raise ValueError(f"{table} 不是普通的表")
    (models_json, decks_json) = db.execute(
        "SELECT substr(models, 1, 4000000), substr(decks, 1, 4000000) FROM col LIMIT 1"
    ).fetchone() or ("{}", "{}")
    clozes = {int(id) for id, model in json.loads(models_json).items() if model.get("type") == 1}
    decks = {int(id): str(deck["name"])[:200] for id, deck in json.loads(decks_json).items()}
    rows = db.execute(
        "SELECT n.mid, n.flds, (SELECT min(c.did) FROM cards c WHERE c.nid = n.id) FROM notes n "
        "WHERE length(n.flds) <= ? ORDER BY n.id LIMIT ?",
        (2 * MAX_FIELD, MAX_CARDS + 1),
    )
    out: dict[str, list[tuple[str, str]]] = {}
    for model, fields, deck in rows:
        first, *rest = str(fields).split("\x1f")
        pairs = _clozes(first, rest) if model in clozes else iter([(first, rest)])
        for front, back in pairs:
            if card := _card(front, back):
                out.setdefault(decks.get(deck, "") or "导入", []).append(card)
    return out


CLOZE = re.compile(r"\{\{c(\d{1,3})::(.*?)(?:::(.*?))?\}\}", re.S)


def _clozes(text: str, rest: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """A cloze note gives a card a number: its gaps open on the front, all filled on the back."""
    full = [CLOZE.sub(r"\2", text), *rest]
    for number in sorted({m[1] for m in CLOZE.finditer(text)}, key=int):

        def gap(m: re.Match[str], number: str = number) -> str:
            return f"[{m[3] or '……'}]" if m[1] == number else m[2]

        yield CLOZE.sub(gap, text), full


def _card(front: str, back: Sequence[str]) -> tuple[str, str] | None:
    a = _plain(front[:MAX_FIELD])
    b = "\n".join(filter(None, (_plain(field[:MAX_FIELD]) for field in back[:20])))
    return (a, b) if a and b else None


BLOCKS = {"blockquote", "div", "h1", "h2", "h3", "hr", "li", "p", "table", "tr"}


class _Text(HTMLParser):
    """What a reader sees of a piece of HTML."""

    def __init__(self, html: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.hidden += 1
        elif tag == "img":
            self.parts.append("[图]")
        elif tag == "br" or tag in BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data.replace("\n", " ") if self.html else data)


def _plain(html: str) -> str:
    """Text of a field: tags, sounds and control characters gone.

    Examples:
        >>> _plain("<div>a&lt;b</div><script>alert(1)</script>[sound:x.mp3]<br><br><br>c")
        'a<b\\nc'
    """
    parser = _Text(html=re.search("<[a-zA-Z]", html) is not None)  # there, ends of lines are but blanks
    parser.feed(html)
    parser.close()
    text = re.sub(r"\[sound:[^\]]*\]", "", "".join(parser.parts)).replace("\xa0", " ")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    return re.sub(r"\n{2,}", "\n" if parser.html else "\n\n", text).strip()
