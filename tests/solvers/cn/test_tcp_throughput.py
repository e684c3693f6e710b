"""Oracle: a sender simulated window by window over many round trips."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.tcp_throughput import solve


def long_run_bps(window_bits: int, rtt: Fraction, rate: int, windows: int = 300) -> Fraction:
    """Bit 0 of window i may leave a round trip after bit 0 of window i-1 left; the line sends one at a time."""
    start = free = Fraction(0)
    for _ in range(windows):
        start = max(free, start)
        free = start + Fraction(window_bits, rate)
        start += rtt
    return Fraction(window_bits * windows) / max(start, free)


@given(st.integers(1, 5000), st.integers(1, 200), st.integers(1, 100))
def test_throughput_is_that_of_a_long_run(window, rtt, kbps):
    answer = solve(f"{window}B", f"{rtt}ms", f"{kbps}kb/s").answer
    simulated = long_run_bps(8 * window, Fraction(rtt, 1000), 1000 * kbps)
    assert abs(answer["throughput_bps"] - simulated) <= Fraction(answer["throughput_bps"]) / 100
    assert answer["utilization"] * 1000 * kbps == answer["throughput_bps"]


@given(st.integers(1, 500), st.integers(1, 10**6))
def test_the_product_is_the_least_window_that_fills_the_link(rtt, kbps):
    need = solve("1B", f"{rtt}ms", f"{kbps}kb/s").answer["bandwidth_delay_bytes"]
    assert solve(f"{need}B", f"{rtt}ms", f"{kbps}kb/s").answer["utilization"] == 1
    less = Fraction(need) * Fraction(99, 100)
    assert solve(f"{less}B", f"{rtt}ms", f"{kbps}kb/s").answer["utilization"] < 1


@given(st.integers(1, 4000), st.integers(1, 300))
def test_sequence_bits_by_counting_bytes(kbps, life):
    bits = solve("1B", "1s", f"{8 * kbps}kb/s", lifetime=f"{life}s").answer["seq_bits"]
    assert 2**bits >= 1000 * kbps * life
    assert bits == 1 or 2 ** (bits - 1) < 1000 * kbps * life


def test_golden_xie_xiren_65535_bytes_at_1_gbps():
    """谢希仁 ch. 5: window 65535 B, 1 Gb/s, 10 ms one way: 25.5 Mb/s, utilization 2.55%."""
    answer = solve("65535B", "20ms", "1Gb/s", count_sending=True).answer
    assert round(answer["throughput_bps"], -5) == 25_500_000
    assert round(float(answer["utilization"]), 4) == 0.0255


def test_golden_rfc_7323_wrap_times():
    """RFC 7323 appendix/§5: at 1 Gb/s the numbers wrap in about 34 s, at 10 Mb/s in about 57 min."""
    assert int(solve("1B", "1s", "1Gb/s").answer["wrap_s"]) == 34
    assert int(solve("1B", "1s", "10Mb/s").answer["wrap_s"] / 60) == 57


def test_the_scale_is_at_most_14():
    assert solve("1B", "1s", "1Tb/s").answer["scale"] == 14
    assert solve("1B", "1ms", "1Mb/s").answer["scale"] == 0
    assert solve("1B", "0s", "1Mb/s").answer["utilization"] == 1


def test_rejects_unreadable_quantities():
    with pytest.raises(InputError, match="发送窗口"):
        solve("big", "1s", "1Mb/s")


def test_a_full_number_space_is_enough():
    assert solve("1B", "1s", "1024B/s", lifetime="1s").answer["seq_bits"] == 10
    assert solve("1B", "1s", "1025B/s", lifetime="1s").answer["seq_bits"] == 11
