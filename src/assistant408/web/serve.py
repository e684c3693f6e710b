"""Running an app with uvicorn."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn
from sse_starlette.sse import AppStatus
from starlette.types import ASGIApp

from assistant408.core.errors import InputError

__all__ = ["serve"]

GRACE_S = 30  # how long an answer that has begun may take to finish


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    say: Callable[[str], None],
    stopping: Callable[[], None] = lambda: None,
    open_browser: bool = False,
    proxies: str = "127.0.0.1",
) -> None:
    """Serves until Ctrl-C or SIGTERM; takes the next free port if the wanted one is taken.

    Then no connection is taken any more, `stopping` is called once, and what has begun has 30 s to finish; a second
    Ctrl-C ends it at once.

    Args:
        say: hears the address.
        stopping: hands back what has not begun.
        proxies: whose word on the client's address and protocol is taken, with commas between; empty: nobody's.

    Raises:
        InputError: no port is free.
    """
    listener = _listen(host, port)
    shown = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}"
    say(address)
    if open_browser:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    # Streams end by themselves; the SSE package would cut them off at the first signal.
    AppStatus.enable_automatic_graceful_drain = False
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or [],
    )
    server = uvicorn.Server(config)
    asyncio.run(_run(server, listener, stopping))


async def _run(server: uvicorn.Server, listener: socket.socket, stopping: Callable[[], None]) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not serving.done() and not server.should_exit:
        await asyncio.wait({serving}, timeout=0.1)
    stopping()
    await serving


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port] if port == 0 else range(port, min(port + 20, 65536)):
        # With its protocol named, asyncio turns Nagle's algorithm off; without, each answer waits 40 ms for an ACK.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(1024)
            return listener
        except OSError as e:
            listener.close()
            if e.errno != errno.EADDRINUSE and not isinstance(e, PermissionError):
                raise InputError(
                    f"监听地址 {host!r} 用不了（{e.strerror}），应为这台机器的地址、127.0.0.1 或 0.0.0.0。"
                ) from None
    raise InputError(f"端口 {port} 到 {port + 19} 都被占用，请用 --port 指定别的端口。")
