"""Oracle: two ends with the variables of RFC 9293 (SND.NXT, RCV.NXT) that count what each segment takes."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.tcp_connection import solve

NUMBERS = st.integers(0, 2**32 - 1)


class End:
    def __init__(self, isn: int) -> None:
        self.snd_nxt, self.rcv_nxt, self.state = isn, None, "CLOSED"

    def send(self, other: "End", syn=False, fin=False, data=0) -> tuple[int, int | None]:
        numbers = (self.snd_nxt, self.rcv_nxt)
        self.snd_nxt = (self.snd_nxt + syn + fin + data) % 2**32
        assert other.rcv_nxt in (None, numbers[0]), "in order"
        other.rcv_nxt = self.snd_nxt
        return numbers


def conversation(x, y, up, down, closer) -> list[tuple[int, int | None]]:
    client, server = End(x), End(y)
    log = [client.send(server, syn=True), server.send(client, syn=True), client.send(server)]
    if up:
        log += [client.send(server, data=up), server.send(client)]
    if down:
        log += [server.send(client, data=down), client.send(server)]
    one, two = (client, server) if closer == "client" else (server, client)
    return [*log, one.send(two, fin=True), two.send(one), two.send(one, fin=True), one.send(two)]


@given(NUMBERS, NUMBERS, st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(["client", "server"]))
def test_numbers_are_those_of_two_ends_that_count(x, y, up, down, closer):
    answer = solve(x, y, up, down, closer).answer
    log = conversation(x, y, up, down, closer)
    shown = []
    for text in answer["segments"]:
        ack = re.search(r"ack=(\d+)", text)
        shown.append((int(re.search(r"seq=(\d+)", text)[1]), int(ack[1]) if ack else None))
    assert shown == log
    assert answer["syn_ack"] == "{}, {}".format(*log[1])
    assert answer["third_ack"] == "{}, {}".format(*log[2])
    assert [answer[k] for k in ("fin", "last_fin", "last_ack")] == ["{}, {}".format(*log[i]) for i in (-4, -2, -1)]
    assert answer["fin_ack"] == log[-3][1]
    assert answer["client_data_ack"] == (x + 1 + up) % 2**32
    assert answer["server_data_ack"] == (y + 1 + down) % 2**32
    assert (answer["client_first_byte"], answer["server_first_byte"]) == ((x + 1) % 2**32, (y + 1) % 2**32)


TRANSITIONS = {  # RFC 9293 figure 5
    ("CLOSED", "SYN_SENT"),
    ("SYN_SENT", "ESTABLISHED"),
    ("LISTEN", "SYN_RCVD"),
    ("SYN_RCVD", "ESTABLISHED"),
    ("ESTABLISHED", "FIN_WAIT_1"),
    ("FIN_WAIT_1", "FIN_WAIT_2"),
    ("FIN_WAIT_2", "TIME_WAIT"),
    ("TIME_WAIT", "CLOSED"),
    ("ESTABLISHED", "CLOSE_WAIT"),
    ("CLOSE_WAIT", "LAST_ACK"),
    ("LAST_ACK", "CLOSED"),
}


@given(st.integers(0, 2), st.sampled_from(["client", "server"]))
def test_states_follow_the_diagram_of_the_rfc(data, closer):
    states = solve(client_data=data, closer=closer).answer["states"]
    for path in states.values():
        assert set(pairwise(path)) <= TRANSITIONS
        assert path[-1] == "CLOSED"
    assert "TIME_WAIT" in states["客户" if closer == "client" else "服务器"]


def test_golden_2011_39():
    """2011-39: SYN with seq 11220 is answered by SYN, ACK with ack 11221; seq 11221 is possible."""
    assert solve(11220, 11221).answer["syn_ack"] == "11221, 11221"


def test_golden_2022():
    """2022: RTT 50 ms, MSL 800 ms: 1650 ms and 75 ms."""
    answer = solve(rtt="50ms", msl="800ms").answer
    assert (answer["active_close_ms"], answer["passive_close_ms"]) == (1650, 75)


def test_rejects_half_of_the_times():
    with pytest.raises(InputError, match="一起给出"):
        solve(rtt="1ms")
