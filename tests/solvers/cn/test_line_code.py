"""Oracle: the codes as XOR of the data with the clock, and as running parities."""

from itertools import accumulate
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.line_code import solve

BITS = st.text("01", min_size=1, max_size=40)
CODES = st.sampled_from(["NRZ", "RZ", "NRZI", "MANCHESTER", "DIFF_MANCHESTER"])


def by_formula(bits: str, code: str, start: int) -> str:
    """Every code in closed form: XOR with the clock, AND with the clock, or a prefix parity."""
    data = [int(b) for b in bits]
    clock = [0, 1]
    if code == "NRZ":
        halves = [[d, d] for d in data]
    elif code == "RZ":
        halves = [[d & (1 - c) for c in clock] for d in data]
    elif code == "MANCHESTER":
        halves = [[d ^ c for c in clock] for d in data]
    elif code == "NRZI":
        state = list(accumulate((1 - d for d in data), xor, initial=start))[1:]
        halves = [[s, s] for s in state]
    else:
        ends = list(accumulate((d for d in data), xor, initial=start))  # a 1 flips the end level, a 0 keeps it
        halves = [[1 - e, e] for e in ends[1:]]
    return "".join(str(h) for pair in halves for h in pair)


@given(BITS, CODES, st.sampled_from(["high", "low"]))
def test_levels_follow_the_formulas(bits, code, initial):
    assert solve(bits, code, initial=initial).answer["levels"] == by_formula(bits, code, int(initial == "high"))


@given(BITS, CODES, st.sampled_from(["high", "low"]), st.sampled_from(["high_low", "low_high"]), st.sampled_from("01"))
def test_decoding_undoes_encoding(bits, code, initial, one, flip):
    how = {"initial": initial, "manchester_one": one, "nrzi_flip": flip}
    levels = solve(bits, code, **how).answer["levels"]
    assert solve(levels, code, decode=True, **how).answer["bits"] == bits


@given(BITS)
def test_the_manchester_conventions_are_complements(bits):
    high_low = solve(bits).answer["levels"]
    low_high = solve(bits, manchester_one="low_high").answer["levels"]
    assert all(a != b for a, b in zip(high_low, low_high, strict=True))


@given(BITS)
def test_self_clocking_codes_change_in_every_middle(bits):
    for code in ("MANCHESTER", "DIFF_MANCHESTER"):
        answer = solve(bits, code).answer
        assert all(answer["levels"][i] != answer["levels"][i + 1] for i in range(0, len(bits) * 2, 2))
        assert answer["transitions"] >= len(bits)


def test_golden_constant_runs():
    """A run of equal bits: Manchester changes twice a bit, differential Manchester of 1s only once."""
    assert solve("1111").answer["transitions"] == 7
    assert solve("0000", "DIFF_MANCHESTER").answer["transitions"] == 7
    assert solve("1111", "DIFF_MANCHESTER").answer["transitions"] == 4
    assert solve("0000", "NRZ").answer["transitions"] == 0
    assert solve("0000", "NRZI").answer["levels"] == "11001100"


def test_rejects_what_is_no_waveform():
    with pytest.raises(InputError, match="0、1"):
        solve("012")
    with pytest.raises(InputError, match="偶数"):
        solve("101", decode=True)
    with pytest.raises(InputError, match="不是"):
        solve("11", "MANCHESTER", decode=True)
