"""Oracle: an event simulation of every packet on every link, one at a time, first come first served."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.switching import solve


def store_and_forward(sizes: list[int], rate: int, links: int, prop: Fraction, proc: Fraction) -> Fraction:
    """When the last packet has come in, if every link sends what has come in, in order."""
    ready = [Fraction(0)] * len(sizes)
    for link in range(links):
        free = Fraction(0)
        for i, bits in enumerate(sizes):
            start = max(free, ready[i] + (proc if link else 0))
            free = start + Fraction(bits, rate)
            ready[i] = free + prop
    return ready[-1]


def cut(message: int, payload: int, header: int) -> list[int]:
    sizes = []
    while message > 0:
        sizes.append(min(payload, message) + header)
        message -= payload
    return sizes


@given(
    *(st.integers(1, 400), st.integers(1, 60), st.integers(0, 10), st.integers(1, 5)),
    *(st.integers(0, 20), st.integers(0, 20)),
)
def test_times_agree_with_the_simulation(message, payload, header, links, prop, proc):
    answer = solve(
        *(f"{message}bit", f"{payload + header}bit", "1kb/s", links),
        **{"header": f"{header}bit", "propagation": f"{prop}ms", "processing": f"{proc}ms"},
    ).answer
    sizes = cut(message, payload, header)
    way = (Fraction(prop, 1000), Fraction(proc, 1000))
    assert answer["packets"] == len(sizes)
    assert answer["sent_bytes"] * 8 == sum(sizes)
    assert answer["packet_ms"] == 1000 * store_and_forward(sizes, 1000, links, *way)
    assert answer["message_ms"] == 1000 * store_and_forward([message + header], 1000, links, *way)


@given(st.integers(1, 300), st.integers(1, 60), st.integers(1, 5))
def test_the_chart_ends_when_the_answer_says(message, payload, links):
    solution = solve(f"{message}bit", f"{payload}bit", "1kb/s", links)
    chart = next(s.data for s in solution.steps if s.data)
    assert max(s.end for s in chart.slices) == solution.answer["packet_ms"]


@given(st.integers(2, 40), st.integers(2, 6))
def test_packets_beat_the_message_when_headers_are_free(n, links):
    answer = solve(f"{100 * n}bit", "100bit", "1kb/s", links).answer
    assert answer["circuit_ms"] < answer["packet_ms"] < answer["message_ms"]


def test_golden_2010_34():
    """2010-34: 980000 B in packets of 1000 B with 20 B headers, three links of 100 Mb/s: 80.16 ms."""
    answer = solve("980000B", "1000B", "100Mb/s", 3, header="20B").answer
    assert answer["packet_ms"] == Fraction(8016, 100)
    assert answer["packets"] == 1000


def test_the_circuit_pays_its_setup_once():
    answer = solve("8000bit", "1000bit", "1Mb/s", 4, propagation="2ms", setup="5ms", processing="7ms").answer
    assert answer["circuit_ms"] == 5 + 8 + 4 * 2


def test_rejects_packets_without_data():
    with pytest.raises(InputError, match="装不下数据"):
        solve("100B", "20B", "1Mb/s", 2, header="20B")
