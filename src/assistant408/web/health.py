"""What a supervisor asks: is the process alive, can it take requests, how busy is it.

``GET /healthz`` answers while the event loop turns. ``GET /readyz`` is 503 while the program is stopping or something
it needs doesn't answer; a model that isn't loaded is no reason, since answers are then made of the notes' own words.
``GET /metrics`` speaks Prometheus' text format.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant408.core.errors import A408Error, StoreError
from assistant408.web.services import Services

__all__ = ["Measure", "Meters", "health_router"]

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class Meters:
    """The figures of one app, in a registry of its own."""

    def __init__(self, services: Services) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "a408_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.first_byte = Histogram(
            "a408_first_byte_seconds", "Until the first byte", ["route"], buckets=SECONDS, registry=self.registry
        )
        self.duration = Histogram(
            "a408_request_seconds", "Until the last byte", ["route"], buckets=SECONDS, registry=self.registry
        )
        self._services = services
        self.registry.register(self)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def collect(self) -> Iterator[Metric]:
        """The figures that are read when they are asked for."""
        queue = self._services.queue
        model = self._services.loaded_backend is not None
        for name, text, value in (
            ("a408_queue_running", "Generations at the model", queue.running),
            ("a408_queue_waiting", "Generations in line", queue.waiting),
            ("a408_queue_inside", "Requests let in and not yet done", queue.inside),
            ("a408_queue_refused", "Requests refused because too many were inside", queue.refused),
            ("a408_model_loaded", "Whether the language model is loaded", model),
        ):
            yield GaugeMetricFamily(name, text, value=value)


class Measure:
    """Middleware that counts and times requests by route; outermost."""

    def __init__(self, app: ASGIApp, meters: Meters, clock: Callable[[], float] = time.perf_counter) -> None:
        self.app = app
        self._meters = meters
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and watches what is sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = self._clock()
        status = 0
        first: float | None = None

        async def watched(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status = message["status"]
            elif first is None:
                first = self._clock() - start
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            route = _route(scope)
            self._meters.requests.labels(scope["method"], route, status).inc()
            self._meters.duration.labels(route).observe(self._clock() - start)
            if first is not None:
                self._meters.first_byte.labels(route).observe(first)


def _route(scope: Scope) -> str:
    """The path with its parameters' names for their values, so that there are no more labels than routes."""
    if "route" not in scope:
        return "other"
    end = ""
    path: str = scope["path"]
    for name, value in reversed(scope["path_params"].items()):
        path, found, rest = path.rpartition(f"/{value}")
        end = f"{found and '/{' + name + '}'}{rest}{end}"
    return path + end


def health_router(services: Services, meters: Meters, study: bool) -> APIRouter:
    """The three routes; `study`: the study database is needed too."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> Response:
        checks: dict[str, Any] = {"knowledge": _check(lambda: _chunks(services))}
        if study:
            checks["database"] = _check(lambda: _ping(services))
        ready = not services.queue.closed and all(c == "ok" for c in checks.values())
        checks |= {"model": "loaded" if services.loaded_backend is not None else "not loaded"}
        checks |= {"stopping": services.queue.closed}
        return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503)

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _check(probe: Callable[[], None]) -> str:
    try:
        probe()
        return "ok"
    except A408Error as e:
        return str(e)


def _chunks(services: Services) -> None:
    if not services.kb.store.count():
        raise StoreError("知识库是空的，请运行 a408 kb rebuild。")
    services.kb.store.ping()


def _ping(services: Services) -> None:
    services.learner.conversations.get("")
