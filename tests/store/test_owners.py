"""Every row of the study database has an owner, and whoever isn't that owner can't see, change or remove it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant408.core.errors import A408Error, InputError
from assistant408.store import db as db_module
from assistant408.store.attempts import Attempts
from assistant408.store.cards import Cards, Deck, Memory
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database
from assistant408.store.exams import Attempted, Entry, ExamRow, ExamStore
from assistant408.store.marks import Favourites, PersonalNotes, Reports
from assistant408.store.migrations import MIGRATIONS
from assistant408.store.owned import OWNED, adopt, erase, rows_of
from assistant408.store.preferences import Preferences
from assistant408.store.quotas import Quotas

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=timezone.utc)
MEMORY = Memory(3.0, 5.0, NOW, NOW + timedelta(days=3), 1, 0)
ROW = ExamRow("", "卷", "assembled", {"minutes": 9, "items": []}, NOW.isoformat())
QUESTIONS = ("os-vm-0001", "cn-tcp-0002")


class Desk:
    """All stores of one owner, and what can be done with them: each action gives what its owner is told."""

    def __init__(self, engine: sa.Engine, owner: str) -> None:
        self.owner = owner
        self.attempts = Attempts(engine, owner=owner)
        self.cards, self.deck = Cards(engine, lambda: NOW, owner), Deck(engine, owner=owner)
        self.conversations = Conversations(engine, owner=owner)
        self.exams = ExamStore(engine, owner)
        self.favourites = Favourites(engine, owner=owner)
        self.notes = PersonalNotes(engine, owner=owner)
        self.reports = Reports(engine, owner=owner)
        self.preferences = Preferences(engine, owner)
        self.quotas = Quotas(engine, lambda: NOW)
        self.opened: list[str] = []  # ids of conversations, in order: what is compared is their place
        self.reported: list[int] = []
        self.sat = 0

    def do(self, action: str, i: int, word: str, other: Desk) -> Any:
        q = QUESTIONS[i % 2]
        mine = self.opened[i % len(self.opened)] if self.opened else "none"
        theirs = other.opened[i % len(other.opened)] if other.opened else "none"
        exam = f"exam{i % 2}"
        actions: dict[str, Callable[[], Any]] = {
            "attempt": lambda: self.attempts.add(q, word, bool(i % 3), 1.0),
            "card": lambda: self.cards.review(q, word, True, 1.0, 2.0, lambda before, now: step(before)),
            "deck": lambda: self.deck.add(q, [(word, "背")]),
            "undeck": lambda: self.deck.remove(q),
            "ask": lambda: self.opened.append(self.conversations.open(word)[0]),
            "say": lambda: self.conversations.add(mine, "assistant", word) and None,
            "intrude": lambda: self.conversations.add(theirs, "user", word) and None,
            "rename": lambda: self.conversations.rename(mine, word),
            "rename theirs": lambda: self.conversations.rename(theirs, word),
            "delete theirs": lambda: self.conversations.delete(theirs),
            "truncate theirs": lambda: self.conversations.truncate(theirs, 0),
            "look at theirs": lambda: self.conversations.get(theirs),
            "restore": lambda: self.conversations.restore(mine),
            "delete": lambda: self.conversations.delete(mine),
            "keep": lambda: self.favourites.add(q),
            "drop": lambda: self.favourites.remove(q),
            "note": lambda: self.notes.put("question", q, word),
            "unnote": lambda: self.notes.remove("question", q),
            "report": lambda: self.reported.append(self.reports.add(q, "stem", word)),
            "unreport": lambda: [self.reports.remove(n) for n in self.reported[-1:]],
            "unreport theirs": lambda: [self.reports.remove(n) for n in other.reported],
            "exam": lambda: self.exams.add(ROW.__class__(**{**vars(ROW), "id": exam, "title": word})),
            "sit": lambda: self.exams.change(exam, running, [Entry(1, "answer", word, i)]) and None,
            "mark": lambda: self.exams.mark(exam, [{"number": 1}], [Attempted(q, word, 1.0, 1.0, NOW.isoformat())]),
            "override": lambda: self.exams.override(exam, (1, 0, 1), i, word, NOW.isoformat()),
            "prefer": lambda: self.preferences.put(q, word),
            "take": lambda: self.quotas.take_question(self.owner),
        }
        try:
            return actions[action]()
        except A408Error as e:
            return str(e).replace(theirs, "?") if theirs != "none" else str(e)
        except sa.exc.DBAPIError as e:
            if not re.search(r"(?i)foreign key|unique", str(e)):
                raise
            return "refused"

    def sees(self) -> Any:
        """All that its owner can see, with ids that differ from run to run replaced by their order."""
        talks = {id: n for n, id in enumerate(self.opened)}
        exams = {}
        for id in ("exam0", "exam1"):
            try:
                row = self.exams.get(id)
                exams[id] = (row.title, row.state, row.marks, self.exams.entries(id), self.exams.overrides(id))
            except A408Error:
                exams[id] = None
        return {
            "attempts": [(a.question, a.answer, a.score) for a in self.attempts.marked()],
            "latest": self.attempts.latest(),
            "wrong": sorted(self.attempts.wrong()),
            "cards": self.cards.all(),
            "deck": [(c.deck, c.front) for c in self.deck.all()],
            "talks": sorted(
                (talks[c["id"]], c["title"], [(m["role"], m["content"]) for m in self.conversations.get(c["id"])["messages"]])
                for c in self.conversations.recent()
            ),
            "found": sorted(talks[c["id"]] for c in self.conversations.recent("词")),
            "favourites": sorted(f["question_id"] for f in self.favourites.all()),
            "notes": sorted((n["target"], n["text"]) for n in self.notes.all()),
            "note": [(self.notes.get("question", q) or {}).get("text") for q in QUESTIONS],
            "reports": [(r["question_id"], r["text"]) for r in self.reports.all()],
            "exams": exams,
            "all exams": sorted(r.id for r in self.exams.all()),
            "preferences": [self.preferences.get(q) for q in QUESTIONS],
            "used": self.quotas.used(self.owner),
        }  # fmt: skip


ACTIONS = (
    "attempt", "card", "deck", "undeck", "ask", "say", "intrude", "rename", "rename theirs", "delete theirs",
    "truncate theirs", "look at theirs", "restore", "delete", "keep", "drop", "note", "unnote", "report", "unreport",
    "unreport theirs", "exam", "sit", "mark", "override", "prefer", "take",
)  # fmt: skip
THEIRS = ("intrude", "rename theirs", "delete theirs", "truncate theirs", "look at theirs", "unreport theirs")


def step(before: Memory | None) -> Memory:
    return MEMORY if before is None else Memory(**{**vars(before), "reps": before.reps + 1})


def running(row: ExamRow) -> ExamRow:
    return row.__class__(**{**vars(row), "state": "running"})


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every SQL text that runs, with its values."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, clause: Any, many: Any, one: Any, __: Any) -> None:
        seen.append((str(clause), [dict(v) for v in many] if many else [dict(one)]))

    sa.event.listen(engine, "before_execute", note)
    yield seen
    sa.event.remove(engine, "before_execute", note)


def test_every_statement_of_the_stores_names_the_owner(engine: sa.Engine) -> None:
    mine, theirs = Desk(engine, "u1"), Desk(engine, "u2")
    with statements(engine) as seen:
        for desk, other in ((mine, theirs), (theirs, mine)):
            for action in ACTIONS:
                for i in range(2):
                    desk.do(action, i, "词", other)
            desk.sees()
    touched = set()
    for text, values in seen:
        tables = {t for t in OWNED if re.search(rf"\b(FROM|JOIN|INTO|UPDATE) {t}\b", text)}
        touched |= tables
        for _ in tables:
            assert ":owner" in text, text
            assert all(v.get("owner") in ("u1", "u2", "") for v in values), (text, values)
            where = text.split("VALUES")[0] if text.startswith("INSERT") else text
            # each mention of an owned table has a condition, or a column, of its own
            assert len(re.findall(r"\bowner\b", where)) >= len(
                re.findall(rf"\b(?:FROM|JOIN|INTO|UPDATE) (?:{'|'.join(OWNED)})\b", where)
            ), text
    assert touched == set(OWNED), "some table was not tried"
    # the shared quota lies under the empty owner
    assert {v["owner"] for text, values in seen for v in values if "preferences" in text} == {"u1", "u2", ""}


def test_the_owned_tables_are_those_with_an_owner(engine: sa.Engine) -> None:
    found = sa.MetaData()
    found.reflect(engine)
    assert {t.name for t in found.sorted_tables if "owner" in t.columns} == set(OWNED)
    for t in found.sorted_tables:
        unique = [list(t.primary_key.columns.keys())]
        unique += [[c.name for c in u.columns] for u in t.constraints if isinstance(u, sa.UniqueConstraint)]
        if t.name in OWNED:
            assert all("owner" in u or u == ["id"] for u in unique), f"{t.name} lets two owners collide"


def test_rows_of_before_there_were_owners_belong_to_nobody_in_particular(
    own_home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_module, "MIGRATIONS", MIGRATIONS[:5])
    engine = open_database(own_home, database_url)
    with engine.begin() as c:
        c.execute(sa.text("INSERT INTO conversations VALUES ('c', '旧', 't', 't', NULL)"))
        for word in ("一", "二"):
            c.execute(
                sa.text(
                    "INSERT INTO messages(conversation_id, role, content, created_at) VALUES ('c', 'user', :w, 't')"
                ),
                {"w": word},
            )
        c.execute(sa.text("INSERT INTO notes VALUES ('leaf', 'os', '旧笔记', 't', 't', NULL)"))
        c.execute(sa.text("INSERT INTO favourites VALUES ('q', 't', NULL)"))
    engine.dispose()
    monkeypatch.setattr(db_module, "MIGRATIONS", MIGRATIONS)
    engine = open_database(own_home, database_url)
    old, new = Desk(engine, ""), Desk(engine, "u1")
    assert [m["content"] for m in old.conversations.get("c")["messages"]] == ["一", "二"]
    assert new.conversations.get("c") is None and new.notes.all() == [] and new.favourites.all() == []
    new.favourites.add("q")
    assert old.conversations.add("c", "user", "三") == 3, "numbers go on"
    with engine.begin() as c:
        assert c.execute(sa.text("DELETE FROM conversations WHERE id = 'c'")).rowcount == 1
        assert c.execute(sa.text("SELECT count(*) FROM messages")).scalar() == 0, "messages still go with it"
    engine.dispose()


def test_a_message_cannot_lie_in_the_conversation_of_another(engine: sa.Engine) -> None:
    id = Conversations(engine, owner="u1").create("我的")
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)foreign key"):
        Conversations(engine, owner="u2").add(id, "user", "闯入")
    assert Conversations(engine, owner="u1").get(id)["messages"] == []


def test_what_was_nobodys_becomes_somebodys(engine: sa.Engine) -> None:
    before, heir, other = Desk(engine, ""), Desk(engine, "u1"), Desk(engine, "u2")
    for desk in (before, other):
        for action in ACTIONS:
            if action not in THEIRS and not action.startswith(("un", "delete", "prefer", "take")):
                desk.do(action, 1, "词", other)
    had, others = before.sees(), other.sees()
    with engine.begin() as c:
        adopt(c, "u1")
    heir.opened = before.opened
    assert heir.sees() == had and other.sees() == others
    assert before.attempts.marked() == [] and before.exams.all() == [] and before.conversations.recent() == []
    before.do("keep", 1, "词", other)
    with pytest.raises(InputError, match="已有自己的记录"), engine.begin() as c:
        adopt(c, "u1")


def test_erasing_takes_one_owner_alone(engine: sa.Engine) -> None:
    mine, theirs = Desk(engine, "u1"), Desk(engine, "u2")
    for desk, other in ((mine, theirs), (theirs, mine)):
        for action in ACTIONS:
            if action not in THEIRS and not action.startswith(("un", "delete")):
                desk.do(action, 1, "词", other)
    before = theirs.sees()
    full = dict(rows_of(engine, "u1"))
    assert all(full.values()), "every table has a row"
    with engine.begin() as c:
        erase(c, "u1")
    assert not any(dict(rows_of(engine, "u1")).values())
    assert theirs.sees() == before


@pytest.mark.parametrize("action", THEIRS)
def test_an_id_of_another_is_the_id_of_nothing(engine: sa.Engine, action: str) -> None:
    mine, theirs = Desk(engine, "u1"), Desk(engine, "u2")
    for begin in ("ask", "say", "report"):
        theirs.do(begin, 0, "词", mine)
    before = theirs.sees()
    told = mine.do(action, 0, "改", theirs)
    assert told in (None, False, "refused", [False]), told
    assert theirs.sees() == before


moves = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(ACTIONS), st.integers(0, 3), st.sampled_from(["词", "字", "再"])),
    min_size=10,
    max_size=40,
)  # fmt: skip


@pytest.fixture
def three(own_home: Path, database_url: str) -> Iterator[list[sa.Engine]]:
    """A database that two share, of each kind in turn, and one for each of them alone."""
    engines = [open_database(own_home / "together", database_url), *(open_database(own_home / n) for n in ("1", "2"))]
    yield engines
    for engine in engines:
        engine.dispose()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_each_sees_what_he_would_see_alone(three: list[sa.Engine], moves: list[tuple[int, str, int, str]]) -> None:
    """Any interleaving of two users: what each is told and sees is what a database of his own would tell him."""
    together, *alone = three
    for engine in three:
        with engine.begin() as c:
            for owner in ("u0", "u1"):
                erase(c, owner)
    pair = [Desk(together, "u0"), Desk(together, "u1")]
    single = [Desk(engine, f"u{i}") for i, engine in enumerate(alone)]
    stranger = Desk(alone[0], "nobody")
    begun = [(who, action, 0, "词") for who in range(2) for action in ("ask", "report", "exam", "note", "keep")]
    for who, action, i, word in begun + moves:
        told = pair[who].do(action, i, word, pair[1 - who])
        if action in THEIRS:
            assert told in (None, False, "refused") or (isinstance(told, list) and not any(told)), "it isn't there"
        else:
            assert told == single[who].do(action, i, word, stranger)
    for who in range(2):
        assert pair[who].sees() == single[who].sees()
