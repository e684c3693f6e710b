"""Accounts, sessions, codes, throttles and quotas in the database, on SQLite and on PostgreSQL, also from many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant408.core.errors import InputError, LimitError
from assistant408.store.accounts import delete_user, join_class, register, reset_password
from assistant408.store.api_keys import ApiKeys
from assistant408.store.archive import make_backup, restore_backup
from assistant408.store.assignments import Assignments
from assistant408.store.attempts import Attempts
from assistant408.store.audit import Audit
from assistant408.store.classes import Classes
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database
from assistant408.store.invites import Invites
from assistant408.store.quotas import Quotas
from assistant408.store.sessions import MOST, Sessions
from assistant408.store.throttle import Patience, Throttle
from assistant408.store.users import Users


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, 30, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def at_once(work: Callable[[int], Any], n: int = 8) -> list[Any]:
    """What n threads get, errors included."""
    out: list[Any] = []

    def run(i: int) -> None:
        try:
            out.append(work(i))
        except (InputError, LimitError) as e:
            out.append(type(e))

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return out


def test_sessions(engine: sa.Engine, clock: Clock) -> None:
    users, sessions = Users(engine, clock), Sessions(engine, clock)
    user = users.add("小明", "student", "digest")
    first, second = sessions.open(user, "a"), sessions.open(user, "b" * 500)
    assert first.token and first.token != second.token and first.csrf != second.csrf
    found = sessions.find(first.token)
    assert found is not None and (found.user.id, found.csrf, found.token) == (user.id, first.csrf, None)
    assert sessions.find("x") is None and sessions.find("") is None
    clock.now += timedelta(days=1, seconds=1)
    tokens = [s.token for s in at_once(lambda _: sessions.find(first.token))]
    assert len([t for t in tokens if t]) == 1, "the token changes once, however many ask"
    assert len(sessions.all(user.id)) == 2
    disable = sa.text("UPDATE users SET disabled_at = :t")
    with engine.begin() as db:
        db.execute(disable, {"t": "now"})
    assert sessions.find(second.token) is None
    with engine.begin() as db:
        db.execute(disable, {"t": None})
    assert sessions.find(second.token) is not None
    users.change(user.id, disabled=True)
    users.change(user.id, disabled=False)
    assert sessions.find(second.token) is None, "disabling ended them"
    assert sessions.all(user.id) == []


def test_a_user_has_so_many_sessions_at_most(engine: sa.Engine, clock: Clock) -> None:
    users, sessions = Users(engine, clock), Sessions(engine, clock)
    user, other = users.add("小明", "student", "digest"), users.add("小红", "student", "digest")
    kept = sessions.open(other, "x")
    tokens = []
    for _ in range(MOST + 2):
        clock.now += timedelta(seconds=1)
        tokens.append(sessions.open(user, "x").token or "")
    assert [sessions.find(t) is not None for t in tokens] == [False, False] + [True] * MOST
    assert sessions.find(kept.token or "") is not None


def test_the_last_administrator_stays_however_many_go_at_once(engine: sa.Engine) -> None:
    users = Users(engine)
    ids = [users.add(f"管理员{i}", "admin", "digest").id for i in range(4)]
    done = at_once(lambda i: users.change(ids[i], role="student"), 4)
    assert done.count(InputError) == 1 and users.has_admin()


def test_a_code_is_used_as_often_as_it_says(engine: sa.Engine, clock: Clock) -> None:
    invites = Invites(engine, clock)
    code, _ = invites.join("student", 3, timedelta(days=1))
    done = at_once(lambda i: register(engine, code, f"学生{i}", "digest", False, clock))
    assert done.count(InputError) == 5 and len(Users(engine).all()) == 3
    again, _ = invites.join("student", 1, timedelta(days=1))
    with pytest.raises(InputError, match="有人用了"):
        register(engine, again, f" {Users(engine).all()[0].name} ", "digest", False, clock)
    assert invites.look(again).uses_left == 1
    with pytest.raises(InputError, match="不是用来"):
        reset_password(engine, again, "digest", clock)
    clock.now += timedelta(days=1)
    with pytest.raises(InputError, match="过期"):
        invites.look(again)


def test_guesses_hold_across_processes(own_home: Path, database_url: str, clock: Clock) -> None:
    engines = [open_database(own_home, database_url) for _ in range(2)]
    patience = {"name a": Patience(3, 60), "address b": Patience(100, 60)}
    throttles = [Throttle(e, clock) for e in engines]
    waits = at_once(lambda i: throttles[i % 2].attempt(patience))
    assert sorted(waits) == [0, 0, 0, 1, 1, 1, 1, 1]
    throttles[0].forget("name a")
    throttles[1].undo("address b")
    assert throttles[1].attempt(patience) == 0
    with engines[0].connect() as db:
        rows = db.execute(sa.text("SELECT name, failures FROM throttle")).fetchall()
    assert sorted(r[1] for r in rows) == [1, 3] and not any("name" in r[0] for r in rows), "names are kept as digests"
    clock.now += timedelta(hours=2)
    throttles[0].attempt({"else": Patience(1, 1)})
    with engines[0].connect() as db:
        assert db.execute(sa.text("SELECT count(*) FROM throttle")).scalar() == 1, "what is old goes"
    for e in engines:
        e.dispose()


def test_quotas(engine: sa.Engine) -> None:
    zone = timezone(timedelta(hours=8))
    moment = [datetime(2026, 11, 24, 23, 59, 30, tzinfo=zone)]
    quotas = Quotas(engine, lambda: moment[0])
    quotas.change("", {"questions_day": 5})
    quotas.change("u1", {"streams": 7})
    assert vars(quotas.of("u1")) == {"questions_day": 5, "upload_mb": 50, "documents_mb": 500, "streams": 7}
    done = at_once(lambda _: quotas.take_question("u1"))
    assert done.count(LimitError) == 3 and quotas.used("u1") == 5 and quotas.used("u2") == 0
    with pytest.raises(LimitError, match="5 个问题") as e:
        quotas.take_question("u1")
    assert e.value.retry_after == 30
    moment[0] += timedelta(seconds=30)
    quotas.take_question("u1")
    assert quotas.used_today() == {"u1": 1}
    quotas.change("u1", {"streams": None})
    assert quotas.own("u1") == {}


def test_deleting_an_account_takes_all_of_it(engine: sa.Engine, clock: Clock) -> None:
    users = Users(engine, clock)
    teacher, student = users.add("老师", "teacher", "d"), users.add("学生", "student", "d")
    classes, assignments = Classes(engine, clock), Assignments(engine, clock)
    room = classes.add(teacher.id, "一班")
    code, _ = Invites(engine, clock).join("student", 9, timedelta(days=1), room)
    for consent in (False, True):
        assert join_class(engine, code, student.id, consent, clock) == room
    assert len(classes.students(teacher.id, room)) == 1
    work = assignments.add(teacher.id, room, "题", ["q1"], None, None)
    Attempts(engine, owner=student.id).add("q1", "A", True, 1.0)
    assert [g.score for g in assignments.answers(teacher.id, work)] == [1.0]
    assert assignments.answers(teacher.id, work)[0].user == student.id
    ApiKeys(engine, clock).add(student.id, "k")
    assignments.begin(student.id, work, "e1")
    assert assignments.begin(student.id, work, "e2") == "e1"
    Conversations(engine, owner=student.id).open("问")
    delete_user(engine, student.id)
    with engine.connect() as db:
        left = {
            table.name: db.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in _tables(engine)
            if table.name not in ("schema_version", "users", "classes", "assignments", "invites")
        }
    assert not any(left.values()), left
    with pytest.raises(InputError):
        delete_user(engine, student.id)


def test_the_audit_log_goes_back_page_by_page(engine: sa.Engine, clock: Clock) -> None:
    audit = Audit(engine, clock)
    for i in range(5):
        audit.add("站长", "做事", f"第{i}", "字" * 900)
    page = audit.all(2)
    assert [line["target"] for line in page] == ["第4", "第3"] and len(page[0]["detail"]) == 500
    assert [line["target"] for line in audit.all(9, page[-1]["id"])] == ["第2", "第1", "第0"]


def test_a_backup_holds_no_session_and_no_open_code(
    own_home: Path, database_url: str, clock: Clock, tmp_path: Path
) -> None:
    engine = open_database(own_home, database_url)
    user = Users(engine, clock).add("小明", "admin", "digest")
    session = Sessions(engine, clock).open(user, "x")
    Conversations(engine, owner=user.id).open("我的问题")
    engine.dispose()
    engine = open_database(own_home, database_url)
    make_backup(own_home, engine, tmp_path / "b.zip", clock.now, "test")
    assert Sessions(engine, clock).find(session.token) is not None, "the running program keeps them"
    engine.dispose()
    restore_backup(own_home, database_url, tmp_path / "b.zip", clock.now)
    engine = open_database(own_home, database_url)
    assert Sessions(engine, clock).find(session.token) is None, "who was signed in then isn't now"
    assert Users(engine, clock).password("小明") is not None
    assert len(Conversations(engine, owner=user.id).recent()) == 1
    engine.dispose()


def _tables(engine: sa.Engine) -> list[sa.Table]:
    found = sa.MetaData()
    found.reflect(engine)
    return found.sorted_tables
