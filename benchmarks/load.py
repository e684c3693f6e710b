"""Many streams at once: the real program with the fake model, asked by as many clients as wanted.

    python benchmarks/load.py --streams 500

Prints one JSON object: how many streams ended well, and the times until the first event, the passages and the end.
Server and clients share this machine's cores, so the times are upper bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from assistant408.content.asked import load_asked
from assistant408.core.paths import content_dir

MARKS = {"ask": b"event: passages", "v1": b'"content": "'}


async def one(http: httpx.AsyncClient, api: str, question: str, start: asyncio.Event) -> dict[str, Any]:
    """One stream: when its first event, its first content and its end came, in seconds; or what went wrong."""
    await start.wait()
    path, body = "/api/ask", {"question": question}
    if api == "v1":
        path = "/v1/chat/completions"
        body = {"model": "a408", "stream": True, "messages": [{"role": "user", "content": question}]}  # type: ignore[dict-item]
    begin = time.perf_counter()
    out: dict[str, Any] = {}
    data = b""
    try:
        async with http.stream("POST", path, json=body) as response:
            if response.status_code != 200:
                return {"error": f"{response.status_code} {(await response.aread())[:200]!r}"}
            async for piece in response.aiter_raw():
                data += piece
                out.setdefault("first", time.perf_counter() - begin)
                if "content" not in out and MARKS[api] in data:
                    out["content"] = time.perf_counter() - begin
    except httpx.HTTPError as e:
        return {"error": repr(e)}
    ended = b"event: done" in data if api == "ask" else b"data: [DONE]" in data
    return out | {"end": time.perf_counter() - begin} if ended else {"error": data[-200:].decode(errors="replace")}


async def run(address: str, api: str, questions: list[str]) -> list[dict[str, Any]]:
    """All streams, begun at the same moment."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    start = asyncio.Event()
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=600, trust_env=False) as http:
        await http.post("/api/ask", json={"question": "什么是死锁？"})  # loads what is loaded once
        tasks = [asyncio.create_task(one(http, api, q, start)) for q in questions]
        await asyncio.sleep(0)
        start.set()
        return await asyncio.gather(*tasks)


def quantile(values: list[float], q: float) -> float:
    """The nearest-rank quantile."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(q * len(ordered)))], 3)


def main() -> None:
    """Starts the program on an empty home, loads it, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--api", choices=sorted(MARKS), default="ask")
    parser.add_argument("--embedding", default="none", help="none: keywords alone; e5: with the embedding model")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(4096, 4 * args.streams),) * 2)
    asked = [q for questions in load_asked(content_dir()).values() for q in questions]
    rng = random.Random(args.seed)
    questions = [rng.choice(asked) for _ in range(args.streams)]
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"A408_HOME": home, "A408_EMBEDDING": args.embedding, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "assistant408", "web", "--model", "fake", "--port", "0", "--no-open"]
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as server:
            assert server.stderr is not None
            address = next(line for line in server.stderr if "http" in line).split("：")[1].split()[0]
            load_before = os.getloadavg()[0]
            start = time.perf_counter()
            results = asyncio.run(run(address, args.api, questions))
            wall = time.perf_counter() - start
            status = Path(f"/proc/{server.pid}/status")
            memory = status.read_text().split("VmHWM:")[1].split()[0] if status.exists() else "0"
            server.terminate()
    well = [r for r in results if "error" not in r]
    report = {
        "api": args.api,
        "streams": args.streams,
        "well": len(well),
        "errors": sorted({r["error"] for r in results if "error" in r})[:5],
        "wall_s": round(wall, 1),
        "streams_per_s": round(len(well) / wall, 1),
        "server_peak_mb": int(memory) >> 10,
        "load_average_before": round(load_before, 1),
        "cores": os.cpu_count(),
    }
    for name in ("first", "content", "end"):
        values = [r[name] for r in well if name in r]
        report[f"{name}_s"] = {"p50": quantile(values, 0.5), "p95": quantile(values, 0.95), "max": max(values)} if values else None  # fmt: skip
    print(json.dumps(report, ensure_ascii=False, indent=2))
    sys.exit(0 if len(well) == args.streams else 1)


if __name__ == "__main__":
    main()
