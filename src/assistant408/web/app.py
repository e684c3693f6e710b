"""The ASGI app: API routes, then the built pages for every other path."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assistant408 import __version__
from assistant408.core.errors import A408Error, BackendError, InputError, StoreError
from assistant408.web import chat, library, models, solvers
from assistant408.web.prime import IdlePrimer
from assistant408.web.services import Services

__all__ = ["create_app"]

STATIC = Path(__file__).with_name("static")
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
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

    app = FastAPI(title="assistant408", version=__version__, lifespan=lifespan, docs_url="/api/docs", redoc_url=None)
    app.state.services = services
    app.state.primer = primer
    # A page of another site must not reach this server through a name that resolves to loopback.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", "testserver"])
    app.middleware("http")(_guard)
    app.add_exception_handler(A408Error, _sentence)
    app.add_exception_handler(RequestValidationError, _malformed)
    for router in (chat.router, library.router, solvers.router, models.router):
        app.include_router(router, prefix="/api")

    @app.get("/api/{path:path}", include_in_schema=False)
    def unknown(path: str) -> Response:
        return JSONResponse({"error": f"没有接口 /api/{path}。"}, 404)

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        file = (STATIC / path).resolve()
        if path and file.is_file() and STATIC.resolve() in file.parents:
            forever = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
            return FileResponse(file, headers={"Cache-Control": forever})
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    return app


async def _guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Security headers; and no change on behalf of another site's page."""
    origin = request.headers.get("origin")
    if request.method not in ("GET", "HEAD") and origin:
        host = origin.partition("://")[2]
        if host != request.headers.get("host"):
            return JSONResponse({"error": "拒绝来自其他网站的请求。"}, 403)
    response = await call_next(request)
    response.headers.update(
        {
            "Content-Security-Policy": CSP,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "DENY",
        }
    )
    return response


async def _sentence(_: Request, error: Exception) -> Response:
    status = 400 if isinstance(error, InputError) else 503 if isinstance(error, BackendError | StoreError) else 500
    return JSONResponse({"error": str(error)}, status)


async def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = "、".join(".".join(str(p) for p in e["loc"] if p != "body") for e in error.errors())
    return JSONResponse({"error": f"请求的 {where or '内容'} 不合要求，请检查后重试。"}, 422)
