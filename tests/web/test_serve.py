"""Finding a port."""

from __future__ import annotations

import socket

import pytest

from assistant408.core.errors import InputError
from assistant408.web.serve import _listen


def test_a_taken_port_gives_the_next_free_one() -> None:
    with _listen("127.0.0.1", 0) as taken, _listen("127.0.0.1", taken.getsockname()[1]) as other:
        assert other.getsockname()[1] in range(taken.getsockname()[1] + 1, taken.getsockname()[1] + 20)


def test_only_loopback_is_bound() -> None:
    with _listen("127.0.0.1", 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_no_free_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket.socket, "bind", busy)
    with pytest.raises(InputError, match="--port"):
        _listen("127.0.0.1", 4080)


def test_accepted_connections_send_at_once() -> None:
    """asyncio sets TCP_NODELAY only where the protocol is named; else every answer waits for a delayed ACK."""
    with _listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP
