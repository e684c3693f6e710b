"""An engine for a PostgreSQL server: pg8000, which is pure Python, or psycopg (LGPL) where the user installed it."""

from __future__ import annotations

import contextlib
import os
import ssl
import struct
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000

from assistant408.core.errors import InputError, StoreError

__all__ = ["server_engine"]

CONNECT_S = 10  # how long a server may take to accept a connection and to greet
ANSWER_S = 120  # how long pg8000's server may be silent in the middle of a statement
TLS: dict[str, bool | None] = {"disable": False, "prefer": None, "require": True}  # pg8000's words for them
VERIFIED = ("verify-ca", "verify-full")
OPTIONS = ("sslmode", "sslrootcert", "host", "user", "password", "application_name")
WANTED = "应形如 'postgresql+pg8000://用户@主机/库名'，空着就用本机的 SQLite 文件"


class Dialect(PGDialect_pg8000):
    """SQLAlchemy's dialect for pg8000, at the points it offers for it, minding what pg8000 says about a lost network.

    Some of Python's own `OSError` come out of pg8000 as they are, and closing a dead connection is an error to it.
    """

    supports_statement_cache = True

    def connect(self, *args: Any, **options: Any) -> Any:
        """A connection; as `InterfaceError` what is no error of the driver's own."""
        try:
            connection: Any = super().connect(*args, timeout=CONNECT_S, **options)
            connection._usock.settimeout(ANSWER_S)  # a statement may wait for a lock longer than for a connection
            return connection
        except OSError as e:
            raise self.loaded_dbapi.InterfaceError(e.strerror or str(e)) from e
        except (KeyError, ValueError, struct.error) as e:
            raise self.loaded_dbapi.InterfaceError("no PostgreSQL") from e

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Whether the server answers."""
        try:
            return super().do_ping(dbapi_connection)
        except OSError as e:
            raise self.loaded_dbapi.InterfaceError("network error") from e

    def do_close(self, dbapi_connection: Any) -> None:
        """Closes it, also where nobody hears it."""
        with contextlib.suppress(self.loaded_dbapi.InterfaceError, OSError):
            dbapi_connection.close()


registry.register("postgresql.a408", __name__, Dialect.__name__)


def server_engine(url: str, patience: float) -> sa.Engine:
    """The engine; connects when it is first used.

    Args:
        url: ``postgresql+pg8000://USER:PASSWORD@HOST/NAME`` or ``postgresql://…``, with ``?sslmode=…&sslrootcert=…``;
            ``postgresql+psycopg://…`` with all that libpq knows. Without a password it is taken from ``PGPASSWORD``.
        patience: seconds to wait for a lock.

    Raises:
        InputError: the URL is none.
        StoreError: the driver isn't installed.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise InputError(f"设置项 database 的值不是数据库地址，{WANTED}。") from None
    if parsed.drivername not in ("postgresql", "postgresql+pg8000", "postgresql+psycopg"):
        raise InputError(f"设置项 database 的 {parsed.drivername!r} 不支持，{WANTED}。")
    driver = parsed.drivername.partition("+")[2] or "pg8000"
    if driver == "pg8000":
        target, options = _pg8000(parsed, patience)
    else:
        target = parsed
        options = {"connect_timeout": CONNECT_S, "client_encoding": "utf8", "options": f"-c lock_timeout={patience}s"}
    try:
        # pool_pre_ping: a connection that the server has closed is replaced before it is used
        engine = sa.create_engine(target, pool_pre_ping=True, connect_args=options)
    except ModuleNotFoundError:
        other = "，或把地址开头换成 'postgresql+pg8000://'" if driver != "pg8000" else ""
        raise StoreError(f"用 {parsed.drivername!r} 要先安装驱动：pip install {driver}{other}。") from None
    sa.event.listen(engine, "before_cursor_execute", _picture_nul, retval=True)
    return engine


def _pg8000(url: sa.URL, patience: float) -> tuple[sa.URL, dict[str, Any]]:
    """What pg8000, which isn't libpq, has to be told: the URL without what only libpq knows, and the arguments."""
    query = {key: str(value) for key, value in url.query.items()}
    if unknown := [key for key in query if key not in OPTIONS]:
        raise InputError(f"设置项 database 的参数 {unknown[0]!r} 不支持，可用的有：{'、'.join(OPTIONS)}。")
    if not (url.username or query.get("user")):
        raise InputError(f"设置项 database 没有写用户，{WANTED}。")
    options: dict[str, Any] = {
        "startup_params": {"client_encoding": "utf8", "lock_timeout": f"{patience}s"},
        "ssl_context": _tls(query.pop("sslmode", "prefer"), query.pop("sslrootcert", "")),
        "port": url.port or 5432,
    }
    host = query.pop("host", "") or url.host or "localhost"
    if host.startswith("/"):  # the folder of a socket, as libpq has it
        options |= {"unix_sock": f"{host}/.s.PGSQL.{options['port']}", "ssl_context": False}
    if url.password is None and "password" not in query:
        options["password"] = os.environ.get("PGPASSWORD", "")
    return url.set(drivername="postgresql+a408", host=host, query=query), options


def _tls(mode: str, roots: str) -> ssl.SSLContext | bool | None:
    """What pg8000 takes for libpq's ``sslmode``; without `roots` the system's authorities count."""
    if mode not in (*TLS, *VERIFIED):
        raise InputError(f"设置项 database 的 sslmode 是 {mode!r}，应为 {'、'.join((*TLS, *VERIFIED))} 之一。")
    if mode in TLS:
        if roots:
            raise InputError("设置项 database 的 sslrootcert 要与 sslmode=verify-ca 或 verify-full 一起用。")
        return TLS[mode]
    try:
        context = ssl.create_default_context(cafile=roots or None)
    except OSError as e:
        raise InputError(
            f"设置项 database 的 sslrootcert 文件 {roots!r} 读不了（{e.strerror or e}），应为 PEM 格式的根证书。"
        ) from None
    context.check_hostname = mode == "verify-full"
    return context


def _picture_nul(_: object, __: object, statement: str, values: Any, *___: object) -> tuple[str, Any]:
    """PostgreSQL's text can't hold U+0000: its picture, ␀ (U+2400), stands for it."""
    return statement, _pictured(values)


def _pictured(values: Any) -> Any:
    if isinstance(values, str):
        return values.replace("\0", "␀")
    if isinstance(values, dict):
        return {key: _pictured(value) for key, value in values.items()}
    return type(values)(map(_pictured, values)) if isinstance(values, (list, tuple)) else values
