"""The ASGI app: API routes, then the built pages for every other path."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from assistant408 import __version__
from assistant408.core.errors import A408Error
from assistant408.web import (
    attachments,
    backup,
    benchmark,
    chat,
    documents,
    exam,
    library,
    marks,
    models,
    practice,
    preferences,
    remote,
    review,
    runs,
    solvers,
)
from assistant408.web.accounts import admin, classes, login, own, teaching
from assistant408.web.accounts.desk import Accounts
from assistant408.web.accounts.gate import Gate
from assistant408.web.guard import Guard
from assistant408.web.health import Measure, Meters, health_router
from assistant408.web.openai_api import create_openai_api
from assistant408.web.prime import IdlePrimer
from assistant408.web.sentences import said
from assistant408.web.services import Services

__all__ = ["create_api", "create_app"]

STATIC = Path(__file__).with_name("static")


def create_app(services: Services, prime: bool = True, key: str = "", accounts: Accounts | None = None) -> FastAPI:
    """The app of ``a408 web``: the pages, their API, and ``/v1``.

    Args:
        prime: read the sections examined most into stored states while nobody asks anything.
        key: what ``/v1`` demands; empty demands nothing.
        accounts: who may come in, by any host name; without them the program has one user, on this machine.
    """
    app = _base(services, prime, accounts, key)
    app.add_middleware(Guard, key="" if accounts else key, keyed=("/v1",), any_host=accounts is not None)
    _measure(app, services, study=True)
    for router in (
        chat.router,
        library.router,
        solvers.router,
        models.router,
        benchmark.router,
        remote.router,
        runs.router,
        practice.router,
        exam.router,
        review.router,
        preferences.router,
        marks.router,
        backup.router,
        documents.router,
        attachments.router,
        login.router,
        own.router,
        classes.router,
        teaching.router,
        admin.router,
    ):
        app.include_router(router, prefix="/api")

    app.mount("/v1", create_openai_api(services, app.state.primer.touch))

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


def create_api(
    services: Services, prime: bool = True, key: str = "", any_host: bool = False, accounts: Accounts | None = None
) -> FastAPI:
    """The app of ``a408 serve``: ``/v1``, health and metrics; no pages, and nothing of the learner's own data.

    Args:
        key: demanded of everything but health; empty demands nothing.
        any_host: answer under any host name; only with a key.
        accounts: whose own keys open ``/v1`` too.
    """
    app = _base(services, prime, accounts, key)
    guarded = "" if accounts else key
    app.add_middleware(Guard, key=guarded, keyed=("/v1", "/metrics"), any_host=any_host and bool(key))
    _measure(app, services, study=False)
    app.mount("/v1", create_openai_api(services, app.state.primer.touch))
    return app


def _base(services: Services, prime: bool, accounts: Accounts | None, key: str) -> FastAPI:
    """What both apps have: the primer's life, errors as one sentence, and the gate where there are accounts."""
    primer = IdlePrimer(services)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if prime:
            primer.start()
        yield
        primer.stop()

    # No page of the framework: Swagger's would load scripts from another host.
    app = FastAPI(
        title="assistant408",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.primer = primer
    app.state.accounts = accounts
    if accounts is not None:
        app.add_middleware(Gate, accounts=accounts, key=key)
    app.add_exception_handler(A408Error, _sentence)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_route)
    return app


def _measure(app: FastAPI, services: Services, study: bool) -> None:
    """Health, metrics, and the middleware that counts, around everything else."""
    meters = Meters(services)
    app.add_middleware(Measure, meters=meters)
    app.include_router(health_router(services, meters, study))


def _static(path: str) -> Path | None:
    """The built file that a path names, if there is one."""
    try:
        file = (STATIC / path).resolve()
        return file if STATIC.resolve() in file.parents and file.is_file() else None
    except (OSError, ValueError):  # too long, or a null byte
        return None


async def _sentence(_: Request, error: Exception) -> Response:
    assert isinstance(error, A408Error)
    return said(error)


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
