"""The walls around every route: security headers, host names and origins, the API key, one sentence for a bug.

Plain ASGI, so that a stream passes through untouched and a client that hangs up is noticed at once.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard", "client_of"]

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.I)
log = logging.getLogger(__name__)


class Guard:
    """Middleware around the whole app.

    Args:
        key: demanded as a bearer token on the paths under `keyed`; empty demands none.
        keyed: the first parts of those paths.
        any_host: let any ``Host`` in. Only with a key on everything that matters: without one, another site's name
            that resolves to this machine would open the door to that site's pages.
    """

    def __init__(self, app: ASGIApp, key: str = "", keyed: Sequence[str] = (), any_host: bool = False) -> None:
        self.app = app
        self._key = key.encode()
        self._keyed = tuple(keyed)
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, with_headers)
            return
        try:
            await self.app(scope, receive, with_headers)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not begun:
                response = self._error(scope, 500, "程序出错了，请把日志发给开发者。", "server_error")
                await response(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """An answer instead of the app's, if the request may not pass."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._any_host and not LOOPBACK.fullmatch(host):  # another site's name that resolves to loopback
            return self._error(scope, 400, f"拒绝以主机名 {host!r} 访问，请用 127.0.0.1 或 localhost。", "invalid_host")
        origin = headers.get("origin")
        if scope["method"] not in ("GET", "HEAD") and origin and origin.partition("://")[2] != host:
            return self._error(scope, 403, "拒绝来自其他网站的请求。", "invalid_origin")
        if self._key and scope["path"].startswith(self._keyed):
            scheme, _, token = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self._key):
                said = "密钥不对" if token else "缺少密钥"
                text = f"{said}，请在请求头 Authorization: Bearer … 里写上服务端 A408_SERVER_KEY 的值。"
                response = self._error(scope, 401, text, "invalid_api_key")
                response.headers["WWW-Authenticate"] = "Bearer"
                return response
        return None

    def _error(self, scope: Scope, status: int, text: str, code: str) -> Response:
        if not scope["path"].startswith("/v1"):
            return JSONResponse({"error": text}, status)
        kind = "server_error" if status >= 500 else "authentication_error" if status == 401 else "invalid_request_error"
        return JSONResponse({"error": {"message": text, "type": kind, "param": None, "code": code}}, status)


def client_of(scope: Scope) -> str:
    """Whose turn it is in the line: the address that the request came from."""
    client = scope.get("client")
    return str(client[0]) if client else ""
