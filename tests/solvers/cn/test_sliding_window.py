"""Oracle: a sender simulated frame by frame over many windows, and a receiver that must not confuse frames."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.sliding_window import solve


def busy_share(frame: int, trip: int, reply: int, window: int, frames: int = 400) -> Fraction:
    """Busy time over elapsed time, when frame i waits for the acknowledgement of frame i - window."""
    done: list[int] = []  # when the acknowledgement of each frame is in
    free = 0
    for i in range(frames * window):
        start = max(free, done[i - window] if i >= window else 0)
        free = start + frame
        done.append(free + trip + reply)
    rounds_end = max(free, done[-window])
    return Fraction(frames * window * frame, rounds_end)


@settings(max_examples=60)
@given(st.integers(1, 30), st.integers(0, 60), st.integers(0, 10), st.integers(1, 12))
def test_utilization_is_what_a_long_run_shows(frame, trip, reply, window):
    answer = solve("1kb/s", f"{frame}bit", rtt=f"{trip}ms", ack=f"{reply}bit", protocol="GBN", window=window).answer
    assert abs(answer["utilization"] - busy_share(frame, trip, reply, window)) <= Fraction(1, 50)
    assert answer["max_rate_bps"] == answer["utilization"] * 1000


@given(st.integers(1, 30), st.integers(0, 90), st.sampled_from(["GBN", "SR"]))
def test_the_full_window_is_the_smallest(frame, trip, protocol):
    def share(window: int):
        return solve("1kb/s", f"{frame}bit", rtt=f"{trip}ms", protocol=protocol, window=window).answer

    full = share(1)["full_window"]
    assert share(full)["utilization"] == 1
    assert full == 1 or share(full - 1)["utilization"] < 1
    bits = share(1)["seq_bits"]
    limit = {"GBN": lambda n: 2**n - 1, "SR": lambda n: 2 ** (n - 1)}[protocol]
    assert limit(bits) >= full
    assert bits == 1 or limit(bits - 1) < full


@given(st.integers(1, 49), st.integers(1, 500), st.integers(1, 5), st.booleans())
def test_the_frame_for_a_target_is_the_shortest(percent, trip, window, equal):
    target = Fraction(percent, 100)
    how = {"rtt": f"{trip}ms", "protocol": "GBN", "window": window, "piggyback": equal}
    bits = solve("10kb/s", target=target, **how).answer["min_frame_bits"]
    assert solve("10kb/s", f"{bits}bit", **how).answer["utilization"] >= target
    assert bits == 1 or solve("10kb/s", f"{bits - 1}bit", **how).answer["utilization"] < target


@given(st.integers(1, 5))
def test_windows_keep_the_receiver_from_taking_an_old_frame_for_a_new_one(bits):
    """Sequence numbers that the sender may repeat and those that the receiver awaits must not meet."""

    def safe(send: int, receive: int) -> bool:
        old = {n % 2**bits for n in range(send)}
        new = {n % 2**bits for n in range(send, send + receive)}
        return not old & new and send + receive <= 2**bits

    gbn = solve("1kb/s", "1B", "1s", protocol="GBN", bits=bits).answer
    assert safe(gbn["max_window"], 1)
    assert not safe(gbn["max_window"] + 1, 1)
    sr = solve("1kb/s", "1B", "1s", protocol="SR", bits=bits).answer
    assert safe(sr["max_window"], sr["max_window"])
    assert not safe(sr["max_window"] + 1, sr["max_window"] + 1)
    assert safe(sr["window"], sr["receive_window"])


def test_golden_2012_36():
    """2012-36: 16 kb/s, 270 ms, frames of 128 to 512 B answered by frames as long: 4 sequence bits."""
    answer = solve("16kb/s", "128B", "270ms", protocol="GBN", window=1, piggyback=True).answer
    assert answer["seq_bits"] == 4


def test_golden_2014_36():
    """2014-36: GBN, window 1000, 1000 B, 100 Mb/s, 50 ms: about 80 Mb/s."""
    answer = solve("100Mb/s", "1000B", "50ms", protocol="GBN", window=1000).answer
    assert round(answer["max_rate_bps"], -6) == 80_000_000


def test_golden_2018_36_and_2020_36_and_2019_35():
    assert solve("3kb/s", delay="200ms", target=Fraction(2, 5)).answer["min_frame_bits"] == 800
    assert solve("10kb/s", "1000B", "200ms", piggyback=True).answer["utilization"] == Fraction(2, 5)
    assert solve("1kb/s", "1B", "1s", protocol="SR", window=5, bits=3).answer["receive_window"] == 3


def test_rejects_what_has_no_answer():
    with pytest.raises(InputError, match="恰好给出一个"):
        solve("1kb/s", "1B")
    with pytest.raises(InputError, match="发送窗口"):
        solve("1kb/s", "1B", "1s", protocol="GBN")
    with pytest.raises(InputError, match="超过 3 位序号"):
        solve("1kb/s", "1B", "1s", protocol="GBN", window=8, bits=3)
    with pytest.raises(InputError, match="应为 1"):
        solve("1kb/s", "1B", "1s", window=2)
    with pytest.raises(InputError, match="达不到"):
        solve("1kb/s", delay="1s", target=Fraction(1))
    with pytest.raises(InputError, match="数据帧长"):
        solve("1kb/s", delay="1s")
