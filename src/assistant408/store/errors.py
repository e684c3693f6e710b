"""What went wrong in a database, as one sentence for the user.

`speak` makes an engine raise `StoreError` in place of the driver's own errors wherever the cause lies outside the
program: a lock, a full disk, a damaged file, a server that is gone, a password. What is a mistake of ours (SQL that is
wrong, a constraint that is broken) keeps its own type and traceback.
"""

from __future__ import annotations

import re

import sqlalchemy as sa

from assistant408.core.errors import InputError, StoreError

__all__ = ["said", "sentence", "speak"]

# What the driver says, and what that means. SQLite's texts: https://www.sqlite.org/rescode.html. PostgreSQL's server
# speaks the language that its operator chose, so its SQLSTATE stands before the text wherever there is one:
# https://www.postgresql.org/docs/current/errcodes-appendix.html. {0} is the database, {1} the driver's first line.
_CAUSES = (
    (
        r"database (table |schema )?is locked|^55P03|^40P01",
        "学习数据库 {0!r} 被另一个程序占用得太久，这次没有写进去：请稍后重试，或先关掉别的 assistant408。",
    ),
    (
        r"disk is full|^53100",
        "存放学习数据库 {0!r} 的磁盘满了，刚才这一项没有保存（以前的都在）：请腾出空间后重试。",
    ),
    (
        r"malformed|not a database|^XX00[12]",
        "学习数据库 {0!r} 已损坏（{1}）：请用 a408 restore 从备份恢复，坏的那份会另外留着。",
    ),
    (
        r"readonly database|unable to open database|disk I/O error|attempt to write",
        "学习数据库 {0!r} 读写不了（{1}）：请检查磁盘，以及文件夹是否存在、是否允许写。",
    ),
    (
        r"password|密码|口令|^28",
        "学习数据库 {0!r} 不接受这个用户名或密码（{1}）：请检查 A408_DATABASE 或 PGPASSWORD。",
    ),
    (r"^3D000|database .* does not exist", "学习数据库 {0!r} 不存在：请先在服务器上用 createdb 建好它。"),
    (r"^42501", "学习数据库 {0!r} 不许这个用户这样做（{1}）：请让管理员把这个库的所有权给他。"),
    (r"^53300|too many clients", "学习数据库的服务器连接已满（{0!r}）：请稍后重试，或调大 max_connections。"),
)
_GONE = "连不上学习数据库的服务器（{0!r}，{1}），刚才这一项没有保存：请确认 PostgreSQL 在运行、地址没写错，然后重试。"


def said(error: BaseException) -> tuple[str, str]:
    """A driver's error as SQLSTATE, empty where there is none, and text.

    Examples:
        >>> said(ValueError({"S": "FATAL", "C": "3D000", "M": 'database "x" does not exist'}))  # as pg8000 has it
        ('3D000', 'database "x" does not exist')
        >>> said(OSError(104, "Connection reset by peer"))
        ('', 'Connection reset by peer')
    """
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    cause = error if isinstance(error, OSError) else error.__cause__
    text = fields.get("M") or (isinstance(cause, OSError) and cause.strerror) or str(error)
    return getattr(error, "sqlstate", None) or fields.get("C", ""), text


def sentence(error: BaseException, where: str, gone: bool = False) -> str | None:
    """One sentence about a driver's error; `None` where the mistake is the program's.

    Args:
        error: the driver's exception.
        where: the database's file, or its URL without the password.
        gone: whether the connection is lost.

    Examples:
        >>> import sqlite3
        >>> sentence(sqlite3.OperationalError("database or disk is full"), "study.db")
        "存放学习数据库 'study.db' 的磁盘满了，刚才这一项没有保存（以前的都在）：请腾出空间后重试。"
        >>> sentence(sqlite3.OperationalError("no such table: x"), "study.db") is None
        True
    """
    state, text = said(error)
    text = " ".join(text.split())
    brief = re.split(r"(?:FATAL|failed): +", text)[-1].partition(" Is the server")[0][:200] or type(error).__name__
    if state.startswith("23"):  # a constraint is broken
        return None
    for pattern, meaning in _CAUSES:
        if re.search(pattern, f"{state} {text}".strip()):
            return meaning.format(where, brief)
    return _GONE.format(where, brief) if gone or state[:2] in ("08", "57") else None


def speak(engine: sa.Engine, where: str) -> None:
    """From now on `engine` raises `StoreError` with `sentence` where it has one."""

    @sa.event.listens_for(engine, "handle_error")
    def _translate(context: sa.engine.ExceptionContext) -> BaseException | None:
        error = context.original_exception
        if isinstance(error, OverflowError | UnicodeEncodeError) or said(error)[0].startswith("22"):
            return InputError("有一个值存不下（数太大，或有不成文字的字符），请检查后重试。")
        if context.is_pre_ping or isinstance(context.sqlalchemy_exception, sa.exc.IntegrityError):
            return None
        if isinstance(error, OSError):  # of pg8000, bare
            context.is_disconnect = True
        lost = engine.dialect.name == "postgresql" and (context.is_disconnect or context.connection is None)
        text = sentence(error, where, lost)
        return StoreError(text) if text else None
