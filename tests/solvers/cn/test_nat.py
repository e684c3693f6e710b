"""Oracle: the promises of NAT seen from outside: replies come home, sockets stay apart, strangers stay out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.nat import Mapping, Packet, solve

PUBLIC = "203.0.113.5"
SOCKETS = st.lists(st.tuples(st.integers(2, 9), st.integers(1000, 1010)), min_size=1, max_size=12)


def outward(host: int, port: int) -> Packet:
    return Packet(f"192.168.1.{host}", port, "198.51.100.7", 80)


@given(SOCKETS)
def test_a_reply_comes_home(sockets):
    sent = [outward(*s) for s in sockets]
    outside = [text.split(" → ")[0] for text in solve(PUBLIC, sent).answer["packets"]]
    replies = [Packet("198.51.100.7", 80, *_split(socket)) for socket in outside]
    back = solve(PUBLIC, [*sent, *replies]).answer["packets"][len(sent) :]
    assert [b.split(" → ")[1] for b in back] == [f"192.168.1.{h}:{p}" for h, p in sockets]
    assert all(b.startswith("198.51.100.7:80 → ") for b in back)


def _split(socket: str) -> tuple[str, int]:
    ip, port = socket.split(":")
    return ip, int(port)


@given(SOCKETS)
def test_public_ports_are_one_to_one(sockets):
    answer = solve(PUBLIC, [outward(*s) for s in sockets]).answer
    assert len(answer["table"]) == len(set(sockets))
    assert len(set(answer["table"].values())) == len(set(sockets))
    pairs = {(s, text.split(" → ")[0]) for s, text in zip(sockets, answer["packets"], strict=True)}
    assert len(pairs) == len(set(sockets))
    assert all(text.split(" → ")[1] == "198.51.100.7:80" for text in answer["packets"])


@given(st.integers(0, 65535))
def test_strangers_stay_out(port):
    answer = solve(PUBLIC, [Packet("198.51.100.7", 80, PUBLIC, port)], [Mapping(80, "192.168.1.2", 8080)]).answer
    assert answer["last_packet"] == ("198.51.100.7:80 → 192.168.1.2:8080" if port == 80 else "丢弃")
    assert ("source" in answer) == (port == 80)


def test_new_ports_step_over_those_in_use():
    answer = solve(PUBLIC, [outward(3, 1000)], [Mapping(50000, "192.168.1.2", 99)]).answer
    assert answer["source"] == f"{PUBLIC}:50001"


def test_golden_rfc_3022():
    """RFC 3022 §2.2 figure 3: 10.0.0.10 port 3017 goes out as 138.76.28.4 port 1024, and the reply comes back."""
    sent = Packet("10.0.0.10", 3017, "138.76.29.7", 23)
    reply = Packet("138.76.29.7", 23, "138.76.28.4", 1024)
    answer = solve("138.76.28.4", [sent, reply], next_port=1024).answer
    assert answer["packets"] == ["138.76.28.4:1024 → 138.76.29.7:23", "138.76.29.7:23 → 10.0.0.10:3017"]


def test_rejects_bad_tables():
    with pytest.raises(InputError, match="两次"):
        solve(PUBLIC, [outward(2, 1)], [Mapping(80, "10.0.0.1", 1), Mapping(80, "10.0.0.2", 1)])
    with pytest.raises(InputError, match="公网 IP"):
        solve("1.2.3.999", [outward(2, 1)])
    with pytest.raises(InputError, match="超出"):
        solve(PUBLIC, [outward(2, 1), outward(3, 1)], next_port=65535)
