"""Measuring this machine (测一测这台电脑): the model, the embedding model, memory, and which model would suit."""

from __future__ import annotations

import json
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant408.core.errors import A408Error
from assistant408.core.machine import available_memory, process_memory, total_memory
from assistant408.llm.bench import ROUNDS, Rate, Round, Speed, measure, rate, summarize
from assistant408.llm.models import Model, load_models
from assistant408.llm.pull import installed
from assistant408.web.guard import client_of
from assistant408.web.library import model_status
from assistant408.web.pump import pump
from assistant408.web.queue import Ticket, slots_of
from assistant408.web.services import Services

__all__ = ["Benchmark", "Fit", "advice", "fits", "router"]

BATCHES, BATCH = 4, 8  # of chunks to embed
READING = 5.0  # tokens a second: about as fast as Chinese is read
ROOM = 1.3  # of a model's need: less is a tight fit

router = APIRouter()
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Memory:
    """Bytes; `None` where the system doesn't say. `process` is taken while the model is loaded."""

    total: int | None
    available: int | None
    process: int | None


@dataclass(frozen=True)
class Embedding:
    """The embedding model, in chunks a second."""

    model: str
    chunks: int
    rate: Rate


@dataclass(frozen=True)
class Fit:
    """Whether a model would run here.

    Attributes:
        verdict: ``fits``, ``tight``, ``no``, or ``unknown`` where the system doesn't say what memory there is.
        generation: estimated tokens a second, from the measured model's by the ratio of the files' sizes.
    """

    id: str
    name: str
    memory_mb: int
    installed: bool
    verdict: str
    generation: float | None


@dataclass(frozen=True)
class Benchmark:
    """What was measured, when, and what follows from it."""

    at: str
    model: str
    remote: bool
    cpus: int
    speed: Speed | None
    no_speed: str
    embedding: Embedding | None
    memory: Memory
    fits: list[Fit]
    advice: str


@dataclass(frozen=True)
class Stage:
    """How far a measurement is."""

    text: str
    done: int
    total: int


_KEPT = TypeAdapter(Benchmark)


@router.get("/benchmark")
def last(request: Request) -> Benchmark | None:
    """The last measurement; nothing before the first one."""
    services: Services = request.app.state.services
    file = services.home / "benchmark.json"
    try:
        return _KEPT.validate_json(file.read_bytes())
    except (OSError, ValidationError):  # none yet, or of an earlier version: to be measured again
        return None


@router.post("/benchmark")
async def run(request: Request) -> EventSourceResponse:
    """Measures, reporting progress; leaving the stream stops it. In turn with those who ask."""
    services: Services = request.app.state.services
    ticket = services.admit(client_of(request.scope))
    events = pump(lambda put: _measure(services, ticket, put), ticket)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        async with aclosing(events):
            try:
                async for event in events:
                    request.app.state.primer.touch()
                    if event != 0:  # the turn has come, which the next stage says
                        yield _event(event)
            except Exception as e:
                if not isinstance(e, A408Error):
                    log.exception("measuring failed")
                said = str(e) if isinstance(e, A408Error) else "测量时程序出错了，请把日志发给开发者。"
                yield ServerSentEvent(json.dumps({"error": said}, ensure_ascii=False), event="error")

    return EventSourceResponse(stream(), ping=15)


def _event(event: Stage | Benchmark | int) -> ServerSentEvent:
    if isinstance(event, int):
        event = Stage(f"前面还有 {event} 个问题在用模型", 0, 1)
    name = "done" if isinstance(event, Benchmark) else "progress"
    return ServerSentEvent(json.dumps(asdict(event), ensure_ascii=False), event=name)


def _measure(
    services: Services, ticket: Ticket, put: Callable[[Stage | Benchmark | int], None]
) -> Iterator[Stage | Benchmark | int]:
    total = ROUNDS + BATCHES
    status = model_status(services)
    speed, no_speed, name = None, "", status.name
    yield Stage("正在载入模型", 0, total)
    try:
        backend = services.backend()
        name = backend.name
        rounds: list[Round] = []
        while len(rounds) < ROUNDS:
            got = None
            with ticket.turn(slots_of(backend), put):
                yield Stage(f"读一段新的资料，再写一段话：第 {len(rounds) + 1} 次，共 {ROUNDS} 次", len(rounds), total)
                for sign in measure(backend, lambda: secrets.token_hex(8), rounds=1):
                    got = sign or got
                    if ticket.gone:
                        return
            if got is None:
                no_speed = f"模型 {name!r} 没有写出文字，量不出速度，请换一个模型再测。"
                break
            rounds.append(got)
        speed = summarize(backend, rounds) if rounds else None
    except A408Error as e:
        no_speed = str(e)
    held = process_memory()
    embedding = None
    for step in _embed(services):
        if isinstance(step, Embedding):
            embedding = step
        else:
            yield Stage("给资料片段算向量", ROUNDS + step, total)
        if ticket.gone:
            return
    memory = Memory(total_memory(), available_memory(), held)
    found = fits(services, memory, speed)
    remote = status.remote
    result = Benchmark(
        datetime.now(timezone.utc).isoformat(timespec="seconds"),
        name,
        remote,
        os.cpu_count() or 1,
        speed,
        no_speed,
        embedding,
        memory,
        found,
        advice(found, remote),
    )
    part = services.home / "benchmark.json.part"
    part.write_bytes(_KEPT.dump_json(result))
    part.replace(services.home / "benchmark.json")
    yield result


def _embed(services: Services) -> Iterator[int | Embedding]:
    """How many batches are done, each time one is to begin, then the rate; nothing without an embedding model."""
    from assistant408.kb.shipped import note_chunks

    embedder = services.kb.embedder
    if embedder is None:
        return
    chunks = note_chunks(list(services.notes.values()), {})
    texts = [c.embedded for c in chunks[:: max(1, len(chunks) // (BATCH * BATCHES))]]
    embedder.passages(texts[:1])  # loads it
    rates = []
    for n in range(BATCHES):
        yield n
        batch = texts[n * BATCH : (n + 1) * BATCH]
        start = time.perf_counter()
        embedder.passages(batch)
        rates.append(len(batch) / max(time.perf_counter() - start, 1e-6))
    yield Embedding(embedder.name, BATCH * BATCHES, rate(rates))


def fits(services: Services, memory: Memory, speed: Speed | None) -> list[Fit]:
    """Each model of the list on this machine: whether its memory is there, and how fast it would write."""
    models = load_models(services.home)
    status = model_status(services)
    current = None if status.remote else models.get(status.id)
    loaded = current if services.loaded_backend is not None else None
    room = None if memory.available is None else memory.available + ((loaded.memory_mb << 20) if loaded else 0)
    written = speed.generation if speed and speed.unit == "token" and current else None

    def fit(m: Model) -> Fit:
        need = m.memory_mb << 20
        verdict = "unknown" if room is None else "fits" if room >= ROOM * need else "tight" if room >= need else "no"
        estimate = None
        if written and current:
            estimate = float(f"{written.median * current.bytes / m.bytes:.2g}")
        return Fit(m.id, m.name, m.memory_mb, installed(services.home, m), verdict, estimate)

    return [fit(m) for m in models.values()]


def advice(found: list[Fit], remote: bool) -> str:
    """Which model suits, in one or two sentences.

    Examples:
        >>> small, large = (
        ...     Fit("s", "小", 800, True, "fits", 30.0), Fit("l", "大", 1700, False, "fits", 9.0)
        ... )
        >>> advice([small, large], False)
        '“大”放得下，估计每秒写 9 个词元，跟得上阅读，建议用它。'
        >>> advice([Fit("l", "大", 1700, False, "no", None)], False)
        '现在的空闲内存放不下列表里的任何模型：请关掉一些程序，或连接一个 /v1 服务。'
    """
    fitting = sorted((f for f in found if f.verdict in ("fits", "tight")), key=lambda f: f.memory_mb)
    where = "现在由远程模型回答，本机的速度不影响它。" if remote else ""
    if not fitting:
        if any(f.verdict == "unknown" for f in found):
            return where + "这个系统不报告空闲内存，请对照每个模型所需的内存自己判断。"
        return where + "现在的空闲内存放不下列表里的任何模型：请关掉一些程序，或连接一个 /v1 服务。"
    known = [f for f in fitting if f.generation is not None]
    if not known:
        best = fitting[-1]
        return where + f"按内存，“{best.name}”放得下；量过本机模型的速度后，才知道它写得快不快。"
    quick = [f for f in known if (f.generation or 0) >= READING]
    if quick:
        best = quick[-1]
        tight = "（内存有些紧，先关掉别的程序）" if best.verdict == "tight" else ""
        return where + f"“{best.name}”放得下{tight}，估计每秒写 {best.generation:g} 个词元，跟得上阅读，建议用它。"
    best = max(known, key=lambda f: f.generation or 0)
    return (
        where
        + f"放得下的模型里最快的是“{best.name}”，估计每秒只写 {best.generation:g} 个词元，会等得久："
        + "可以在“回答的设置”里关掉语言模型只看原文，或连接一个有显卡的 /v1 服务。"
    )
