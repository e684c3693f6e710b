"""What goes wrong around the database is one sentence, and nothing that was saved is lost."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant408.core.errors import StoreError
from assistant408.store import db
from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import health, open_database
from assistant408.store.migrations import MIGRATIONS


def sentence(caught: pytest.ExceptionInfo[StoreError]) -> str:
    text = str(caught.value)
    assert text.endswith("。") and "\n" not in text and "S3cret" not in text, text
    return text


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A folder with ``server.crt``, signed by itself, and ``server.key``."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl: apt-get install openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.crt"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    return tmp_path


@pytest.fixture
def server(own_home: Path, postgres: Any) -> Iterator[sa.Engine]:
    engine = open_database(own_home, postgres.new())
    yield engine
    engine.dispose()


# --- SQLite ----------------------------------------------------------------------------------------------------------


def test_a_locked_file(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PATIENCE_S", 0.1)
    engine = open_database(own_home)
    with closing(sqlite3.connect(own_home / "study.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"study\.db' 被另一个程序占用得太久，这次没有写进去") as caught:
            Attempts(engine).add("a", "A", True, 1)
        sentence(caught)
        assert Attempts(engine).latest() == {}, "reading goes on"
        other.execute("ROLLBACK")
    Attempts(engine).add("a", "A", True, 1)
    assert Attempts(engine).latest() == {"a": True}
    engine.dispose()


def test_a_full_disk(own_home: Path) -> None:
    """SQLite itself refuses to grow the file, as it does when the disk refuses."""
    engine = open_database(own_home)
    sa.event.listen(engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA max_page_count={pages[0]}"))
    pages = [200]
    conversations = Conversations(engine)
    id = conversations.create("满")
    saved = []
    with pytest.raises(StoreError, match=r"磁盘满了，刚才这一项没有保存（以前的都在）") as caught:  # noqa: PT012
        while True:
            saved.append(conversations.add(id, "user", "字" * 20_000))
    sentence(caught)
    assert len(saved) > 3 and [m["id"] for m in conversations.get(id)["messages"]] == saved
    pages[0] = 1000
    saved.append(conversations.add(id, "user", "字" * 20_000))
    assert [m["id"] for m in conversations.get(id)["messages"]] == saved, "with room again it goes on"
    engine.dispose()


@pytest.mark.parametrize(
    "content", [b"not a database " * 500, b"SQLite format 3\x00" + b"\xff" * 8000], ids=["text", "torn"]
)
def test_a_file_that_is_no_database(own_home: Path, content: bytes) -> None:
    own_home.mkdir()
    (own_home / "study.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"study\.db' 已损坏（.*）：请用 a408 restore 从备份恢复") as caught:
        open_database(own_home)
    sentence(caught)
    assert (own_home / "study.db").read_bytes() == content, "kept for rescue"


def test_a_file_damaged_in_the_middle(own_home: Path) -> None:
    engine = open_database(own_home)
    conversations = Conversations(engine)
    id = conversations.create("x")
    for _ in range(20):
        conversations.add(id, "user", "字" * 5000)
    engine.dispose()
    path = own_home / "study.db"
    data = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as c:
        (page,) = c.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()
        (size,) = c.execute("PRAGMA page_size").fetchone()
    data[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(data)
    engine = open_database(own_home)
    for look in (lambda: Conversations(engine).get(id), lambda: health(engine)):
        with pytest.raises(StoreError, match="已损坏") as caught:
            look()
        sentence(caught)
    engine.dispose()


def test_a_file_that_may_not_be_written(own_home: Path) -> None:
    engine = open_database(own_home)
    with engine.connect() as c:
        c.execute(sa.text("PRAGMA query_only=ON"))
    with pytest.raises(StoreError, match="读写不了（attempt to write a readonly database）") as caught:
        Attempts(engine).add("a", "A", True, 1)
    sentence(caught)
    engine.dispose()


def test_a_folder_in_place_of_the_file(own_home: Path) -> None:
    (own_home / "study.db").mkdir(parents=True)
    with pytest.raises(StoreError, match="读写不了（unable to open database file）") as caught:
        open_database(own_home)
    sentence(caught)


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def test_a_wrong_password(own_home: Path, postgres: Any) -> None:
    with pytest.raises(StoreError, match=r"不接受这个用户名或密码（.*）：请检查 A408_DATABASE 或 PGPASSWORD") as caught:
        open_database(own_home, postgres.url("postgres", "S3cret-wrong"))
    assert f"postgresql+pg8000://tests:***@127.0.0.1:{postgres.port}/postgres" in sentence(caught)


def test_the_password_may_come_from_the_environment(
    own_home: Path, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = re.sub(r":[^:/@]*@", "@", postgres.new())
    assert "S3cret" not in url
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    open_database(own_home, url).dispose()


def test_a_missing_database(own_home: Path, postgres: Any) -> None:
    with pytest.raises(StoreError, match=r"nowhere' 不存在：请先在服务器上用 createdb 建好它") as caught:
        open_database(own_home, postgres.url("nowhere"))
    sentence(caught)


def test_nobody_listens(own_home: Path) -> None:
    with pytest.raises(
        StoreError, match=r"连不上学习数据库的服务器（.*127\.0\.0\.1:1/d.*请确认 PostgreSQL 在运行"
    ) as caught:
        open_database(own_home, "postgresql://u:S3cret@127.0.0.1:1/d")
    sentence(caught)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["silence", "http"])
def test_what_listens_is_no_postgresql(own_home: Path, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(100)
                peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(StoreError, match="连不上学习数据库的服务器") as caught:
            open_database(own_home, f"postgresql://u:S3cret@127.0.0.1:{listener.getsockname()[1]}/d")
        thread.join()
    sentence(caught)


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(own_home: Path, postgres: Any) -> None:
    url = postgres.new()
    open_database(own_home, f"{url}?sslmode=disable").dispose()
    for mode in ("require", "verify-ca", "verify-full"):
        with pytest.raises(StoreError, match=r"连不上学习数据库的服务器.*Server refuses SSL") as caught:
            open_database(own_home, f"{url}?sslmode={mode}")
        sentence(caught)


def test_tls_is_checked_against_the_root_certificate(own_home: Path, postgres: Any, certificate: Path) -> None:
    """The certificate names 127.0.0.1, so ``localhost`` passes verify-ca alone."""
    url = postgres.new()
    data = postgres.folder / "data"
    for name in ("server.crt", "server.key"):
        (data / name).write_bytes((certificate / name).read_bytes())
        (data / name).chmod(0o600)
        if postgres.user:
            shutil.chown(data / name, postgres.user)
    postgres.ask("ALTER SYSTEM SET ssl = on")
    postgres.stop()
    postgres.start()
    try:
        elsewhere = url.replace("127.0.0.1", "localhost")
        root = f"sslrootcert={certificate / 'server.crt'}"
        encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        for good in (url, f"{url}?sslmode=verify-full&{root}", f"{elsewhere}?sslmode=verify-ca&{root}"):
            engine = open_database(own_home, good)
            with engine.connect() as c:
                assert c.execute(sa.text(encrypted)).scalar() is True
            engine.dispose()
        for bad in (f"{url}?sslmode=verify-full", f"{elsewhere}?sslmode=verify-full&{root}"):
            with pytest.raises(StoreError, match=r"连不上学习数据库的服务器.*(?i:certificate)") as caught:
                open_database(own_home, bad)
            sentence(caught)
    finally:
        postgres.ask("ALTER SYSTEM RESET ssl")
        postgres.stop()
        postgres.start()


def test_a_server_that_stops_and_comes_back(postgres: Any, server: sa.Engine) -> None:
    attempts = Attempts(server)
    attempts.add("a", "A", True, 1)
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(StoreError, match=r"连不上学习数据库的服务器.*刚才这一项没有保存") as caught:
                attempts.add("b", "A", True, 1)
            sentence(caught)
    finally:
        postgres.start()
    attempts.add("c", "A", False, 1)
    assert attempts.latest() == {"a": True, "c": False}


def test_a_connection_that_the_server_closes(postgres: Any, server: sa.Engine) -> None:
    """Between transactions nobody notices; within one it is said, and the transaction is gone as a whole."""
    attempts = Attempts(server)
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{server.url.database}'"
    for i in range(3):
        attempts.add(f"q{i}", "A", True, 1)
        assert postgres.ask(cut) == [(True,)]
    with pytest.raises(StoreError, match="连不上学习数据库的服务器") as caught, server.begin() as c:  # noqa: PT012
        c.execute(sa.text("INSERT INTO attempts(question_id, answer, created_at) VALUES ('half', '', '')"))
        postgres.ask(cut)
        c.execute(sa.text("SELECT 1"))
    sentence(caught)
    assert set(attempts.latest()) == {"q0", "q1", "q2"}


def test_a_table_that_stays_locked(own_home: Path, postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PATIENCE_S", 1)
    engine = open_database(own_home, postgres.new())
    with engine.begin() as c:
        c.execute(sa.text("LOCK TABLE attempts IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreError, match="被另一个程序占用得太久") as caught:
            Attempts(engine).add("a", "A", True, 1)
        sentence(caught)
    engine.dispose()


@pytest.mark.parametrize(
    ("code", "said"),
    [("53100", "磁盘满了"), ("XX001", "已损坏"), ("53300", "连接已满"), ("42501", "不许这个用户")],
)
def test_what_the_server_reports_by_its_code(server: sa.Engine, code: str, said: str) -> None:
    """A trigger raises the code: the server's words are whatever its language is."""
    with server.begin() as c:
        c.execute(
            sa.text(
                f"CREATE FUNCTION fail() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '出错' USING ERRCODE = '{code}'; "
                "END $$ LANGUAGE plpgsql"
            )
        )
        c.execute(sa.text("CREATE TRIGGER fail BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION fail()"))
    with pytest.raises(StoreError, match=said) as caught:
        Attempts(server).add("a", "A", True, 1)
    sentence(caught)


# --- both ------------------------------------------------------------------------------------------------------------


def test_a_mistake_of_the_program_keeps_its_traceback(engine: sa.Engine) -> None:
    for statement in ("SELECT * FROM no_such_table", "SELEC 1", "INSERT INTO notes(kind) VALUES ('x')"):
        with pytest.raises(sa.exc.SQLAlchemyError), engine.begin() as c:
            c.execute(sa.text(statement))


def test_a_whole_database_says_where_it_is(engine: sa.Engine) -> None:
    said = health(engine)
    assert f"第 {len(MIGRATIONS)} 版" in said and "S3cret" not in said
    assert ("study.db" in said) == (engine.dialect.name == "sqlite")
