"""Running the app with uvicorn."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from assistant408.core.errors import InputError
from assistant408.web.app import create_app
from assistant408.web.services import Services

__all__ = ["serve"]


def serve(services: Services, host: str, port: int, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serves until Ctrl-C; takes the next free port if the wanted one is taken.

    Raises:
        InputError: no port is free.
    """
    listener = _listen(host, port)
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{listener.getsockname()[1]}"
    say(f"assistant408 已启动：{address}    （Ctrl-C 停止）")
    if open_browser:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    config = uvicorn.Config(create_app(services), log_level="warning", timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port] if port == 0 else range(port, min(port + 20, 65536)):
        # With its protocol named, asyncio turns Nagle's algorithm off; without, each answer waits 40 ms for an ACK.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
            return listener
        except OSError:
            listener.close()
    raise InputError(f"端口 {port} 到 {port + 19} 都被占用，请用 --port 指定别的端口。")
