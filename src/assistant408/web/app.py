"""The ASGI app: API routes, then the built pages for every other path."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from assistant408 import __version__
from assistant408.core.errors import A408Error, BackendError, InputError, StoreError
from assistant408.web import chat, library, models, practice, solvers
from assistant408.web.prime import IdlePrimer
from assistant408.web.services import Services

__all__ = ["create_app"]

STATIC = Path(__file__).with_name("static")
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.I)
log = logging.getLogger(__name__)


def create_app(services: Services, prime: bool = True) -> FastAPI:
    """The app for one user's program.

    Args:
        prime: read the sections examined most into stored states while nobody asks anything.
    """
    primer = IdlePrimer(services)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if prime:
            primer.start()
        yield
        primer.stop()

    # No page of the framework: Swagger's would load scripts from another host.
    app = FastAPI(title="assistant408", version=__version__, lifespan=lifespan, openapi_url=None)
    app.state.services = services
    app.state.primer = primer
    app.middleware("http")(_guard)
    app.add_exception_handler(A408Error, _sentence)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_route)
    for router in (chat.router, library.router, solvers.router, models.router, practice.router):
        app.include_router(router, prefix="/api")

    @app.get("/api/{path:path}", include_in_schema=False)
    def unknown(path: str) -> Response:
        return JSONResponse({"error": f"没有接口 /api/{path}。"}, 404)

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        file = _static(path)
        if file is None:
            return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})
        forever = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return FileResponse(file, headers={"Cache-Control": forever})

    return app


def _static(path: str) -> Path | None:
    """The built file that a path names, if there is one."""
    try:
        file = (STATIC / path).resolve()
        return file if STATIC.resolve() in file.parents and file.is_file() else None
    except (OSError, ValueError):  # too long, or a null byte
        return None


async def _guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Security headers, and the walls against pages of other sites."""
    response = _forbidden(request)
    if response is None:
        try:
            response = await call_next(request)
        except Exception:
            log.exception("%s %s failed", request.method, request.url.path)
            response = JSONResponse({"error": "程序出错了，请把日志发给开发者。"}, 500)
    response.headers.update(HEADERS)
    return response


def _forbidden(request: Request) -> Response | None:
    """A refusal, if another site's page is behind the request."""
    host = request.headers.get("host", "")
    if not LOOPBACK.fullmatch(host):  # a name of that site that resolves to loopback
        return JSONResponse({"error": f"拒绝以主机名 {host!r} 访问，请用 127.0.0.1 或 localhost。"}, 400)
    origin = request.headers.get("origin")
    if request.method not in ("GET", "HEAD") and origin and origin.partition("://")[2] != host:
        return JSONResponse({"error": "拒绝来自其他网站的请求。"}, 403)
    return None


async def _sentence(_: Request, error: Exception) -> Response:
    status = 400 if isinstance(error, InputError) else 503 if isinstance(error, BackendError | StoreError) else 500
    return JSONResponse({"error": str(error)}, status)


async def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # A number in "loc" is a position in a text or list, no name.
    names = [".".join(p for p in e["loc"][1:] if isinstance(p, str)) for e in error.errors()]
    where = "、".join(dict.fromkeys(n for n in names if n))
    return JSONResponse({"error": f"请求的 {where or '内容'} 不合要求，请检查后重试。"}, 422)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    text = f"{path} 不支持 {request.method}。" if error.status_code == 405 else f"没有接口 {path}。"
    return JSONResponse({"error": text}, error.status_code, error.headers)
