"""The gate in front of every route once there are accounts: session, role, CSRF token, and the administrators' log.

Plain ASGI, so that nothing of a request is read before it may pass. It stands inside `assistant408.web.guard.Guard`,
which looks at the origin. See `assistant408.web.accounts.rules` for who may do what.
"""

from __future__ import annotations

import hmac

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant408.core.errors import A408Error, AccessError
from assistant408.store.sessions import IDLE, Session
from assistant408.store.users import User
from assistant408.web.accounts.desk import Accounts
from assistant408.web.accounts.rules import Rule, allowed, rule_of
from assistant408.web.openai_shapes import error_body
from assistant408.web.sentences import said
from assistant408.web.who import SIGN_IN

__all__ = ["CSRF_HEADER", "Gate", "cookie_name", "set_session"]

CSRF_HEADER = "x-a408-csrf"
SAFE = ("GET", "HEAD")


def cookie_name(scheme: str) -> str:
    """The session's cookie: over https one that only this host over https can have set."""
    return "__Host-a408" if scheme == "https" else "a408"


def set_session(response: Response, scheme: str, token: str | None) -> None:
    """Gives the browser a session's token, or takes it away."""
    secure = scheme == "https"
    age = int(IDLE.total_seconds()) if token else 0
    response.set_cookie(
        cookie_name(scheme), token or "", max_age=age, path="/", secure=secure, httponly=True, samesite="lax"
    )


class Gate:
    """Middleware. It leaves ``accounts`` and, for who is signed in, ``user`` and ``session`` in the request's state.

    Args:
        key: what opens ``/v1`` and ``/metrics`` beside the users' own keys; empty opens nothing.
    """

    def __init__(self, app: ASGIApp, accounts: Accounts, key: str = "") -> None:
        self.app = app
        self._accounts = accounts
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["state"] = {**scope.get("state", {}), "accounts": self._accounts}  # of this request alone
        rule = rule_of(scope["method"], scope["path"])
        try:
            await self._check(scope, rule)
        except A408Error as e:
            await self._refusal(scope, e)(scope, receive, _private(send))
            return
        assert rule is not None

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._renew(scope, message)
                if rule.phrase and message["status"] < 400:
                    await to_thread.run_sync(self._log, scope, rule)
            await send(message)

        await self.app(scope, receive, watched if rule.route == "/{path:path}" else _private(watched))

    async def _check(self, scope: Scope, rule: Rule | None) -> None:
        """Finds out who asks, and whether he may.

        Raises:
            AccessError: he may not.
        """
        if rule is not None and rule.route == "/{path:path}":
            return
        state, headers = scope["state"], Headers(scope=scope)
        if rule is not None and rule.who == "key":
            await to_thread.run_sync(self._by_key, scope, headers)
            return
        token = HTTPConnection(scope).cookies.get(cookie_name(scope["scheme"]), "")
        session = await to_thread.run_sync(self._accounts.sessions.find, token) if token else None
        if session is not None:
            state["user"], state["session"] = session.user, session
        if rule is not None and rule.who == "public":
            return
        if session is None:
            raise AccessError(SIGN_IN, 401)
        if rule is None:
            raise AccessError(f"没有接口 {scope['path']}。", 404)
        if not allowed(rule, session.user):
            role = {"teacher": "老师", "admin": "管理员"}[rule.who]
            raise AccessError(f"这一项只有{role}能用，你的账户没有这个权限。", 403)
        given = headers.get(CSRF_HEADER, "")
        if scope["method"] not in SAFE and not hmac.compare_digest(given.encode(), session.csrf.encode()):
            raise AccessError("请求缺少校验码或校验码已经过期，请刷新页面后重试。", 403)

    def _by_key(self, scope: Scope, headers: Headers) -> None:
        """Lets a program in: by the server's key as nobody in particular, by a user's own as that user."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        given = given.strip()
        if scheme.lower() == "bearer" and given:
            if self._key and hmac.compare_digest(given.encode(), self._key):
                del scope["state"]["accounts"]
                return
            user = self._accounts.keys.find(given) if scope["path"] != "/metrics" else None
            if user is not None:
                scope["state"]["user"] = user
                return
        word = "密钥不对" if given else "缺少密钥"
        raise AccessError(f"{word}，请在请求头 Authorization: Bearer … 里写上你在“设置”的“账户”里生成的密钥。", 401)

    def _refusal(self, scope: Scope, error: A408Error) -> Response:
        if not scope["path"].startswith("/v1"):
            return said(error)
        status = error.status if isinstance(error, AccessError) else 503
        kind = "authentication_error" if status == 401 else "server_error"
        return JSONResponse(
            error_body(str(error), kind, "invalid_api_key" if status == 401 else None),
            status,
            {"WWW-Authenticate": "Bearer"},
        )

    def _renew(self, scope: Scope, message: Message) -> None:
        """Hands a changed token over, unless the answer sets a session of its own."""
        session: Session | None = scope["state"].get("session")
        if session is None or session.token is None:
            return
        headers = MutableHeaders(scope=message)
        if "set-cookie" not in headers:
            carrier = Response()
            set_session(carrier, scope["scheme"], session.token)
            headers.append("set-cookie", carrier.headers["set-cookie"])

    def _log(self, scope: Scope, rule: Rule) -> None:
        user: User = scope["state"]["user"]
        target = "、".join(str(v) for v in scope.get("path_params", {}).values())
        state = scope["state"]
        self._accounts.audit.add(user.name, rule.phrase, state.get("audit_target", target), state.get("audit", ""))


def _private(send: Send) -> Send:
    """What is somebody's own stays in no cache, where the next person at that browser would find it."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return sending
