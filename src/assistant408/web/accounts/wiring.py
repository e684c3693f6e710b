"""What the routes of accounts share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from assistant408.core.errors import AccessError, InputError
from assistant408.store.sessions import Session
from assistant408.store.users import User
from assistant408.web.accounts.desk import Accounts
from assistant408.web.accounts.gate import set_session
from assistant408.web.guard import client_of

__all__ = ["accounts_of", "address_of", "agent_of", "found", "link", "me", "note", "public", "sign_in"]


def accounts_of(request: Request) -> Accounts:
    """The accounts.

    Raises:
        AccessError: there are none: the program has one user.
    """
    accounts: Accounts | None = request.app.state.accounts
    if accounts is None:
        raise AccessError("这里只有一个用户，没有账户；用 a408 web --accounts 启动才有。", 404)
    return accounts


def public(user: User) -> dict[str, str]:
    """A user as others may see him."""
    return {"id": user.id, "name": user.name, "role": user.role}


def me(request: Request, session: Session | None) -> dict[str, Any]:
    """What the pages know of who sits in front of them."""
    accounts: Accounts | None = request.app.state.accounts
    return {
        "accounts": accounts is not None,
        "user": public(session.user) if session else None,
        "csrf": session.csrf if session else None,
        "setup": accounts is not None and session is None and not accounts.users.has_admin(),
    }


def sign_in(request: Request, response: Response, session: Session) -> dict[str, Any]:
    """Puts a new session in place of the one that the browser had."""
    old: Session | None = request.scope["state"].get("session")
    if old is not None:
        accounts_of(request).sessions.end(old.user.id, old.id)
    set_session(response, request.url.scheme, session.token)
    return me(request, session)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return client_of(request.scope)


def agent_of(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")


def note(request: Request, target: str = "", detail: str = "") -> None:
    """What the administrators' log says beside the phrase of the route."""
    state = request.scope["state"]
    if target:
        state["audit_target"] = target
    state["audit"] = detail


def link(kind: str, code: str) -> Mapping[str, str]:
    """A code and the path of the page that takes it; what comes after ``#`` is never sent to a server."""
    return {"code": code, "path": f"/{kind}#{code}"}


def found(there: bool, otherwise: str) -> dict[str, Any]:
    """Nothing to say, if it was there.

    Raises:
        InputError: it wasn't.
    """
    if not there:
        raise InputError(otherwise)
    return {}
