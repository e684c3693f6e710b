"""Oracle: floating-point logarithms, and searches over powers for the inverse questions."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.channel_capacity import solve

HZ = st.integers(1, 10**7)


@given(HZ, st.integers(2, 5000))
def test_nyquist(hz, levels):
    answer = solve(f"{hz}Hz", levels).answer
    assert float(answer["nyquist_bps"]) == pytest.approx(2 * hz * math.log2(levels), abs=2e-4 * hz)
    assert answer["max_rate_bps"] == answer["nyquist_bps"]


@given(HZ, st.integers(0, 90))
def test_shannon_from_decibels(hz, decibels):
    answer = solve(f"{hz}Hz", snr_db=Fraction(decibels)).answer
    assert float(answer["shannon_bps"]) == pytest.approx(hz * math.log2(1 + 10 ** (decibels / 10)), abs=2e-4 * hz)


@given(HZ, st.integers(2, 300), st.integers(0, 60))
def test_the_smaller_limit_holds(hz, levels, decibels):
    answer = solve(f"{hz}Hz", levels, Fraction(decibels)).answer
    assert answer["max_rate_bps"] == min(answer["nyquist_bps"], answer["shannon_bps"])


@given(st.integers(1, 10**6))
def test_fewest_levels_for_a_noise_ratio_by_search(snr):
    levels = solve("1kHz", snr=Fraction(snr), find="levels").answer["levels"]
    assert levels**2 >= 1 + snr
    assert levels == 2 or (levels - 1) ** 2 < 1 + snr


@given(st.integers(1, 40), st.integers(1, 5))
def test_fewest_levels_for_a_rate_by_search(kbps, khz):
    """V reaches R if V^(2W) >= 2^R, in whole numbers."""
    levels = solve(f"{khz}kHz", rate=f"{kbps}kb/s", find="levels").answer["levels"] if kbps <= 40 * khz else 2
    expected = next(v for v in range(2, 2**21) if v ** (2 * khz) >= 2**kbps) if kbps <= 40 * khz else 2
    assert levels == expected


@given(st.integers(1, 20), st.integers(1, 10))
def test_the_noise_ratio_inverts_shannon(bits, khz):
    answer = solve(f"{khz}kHz", rate=f"{bits * khz}kb/s", find="snr").answer
    assert answer["snr"] == 2**bits - 1
    assert float(answer["snr_db"]) == pytest.approx(10 * math.log10(2**bits - 1), abs=1e-4)


@given(st.integers(1, 10), st.integers(1, 10**5))
def test_bandwidth_inverts_both_theorems(bits, hz):
    assert solve(levels=2**bits, rate=f"{2 * hz * bits}b/s", find="bandwidth").answer["bandwidth_hz"] == hz
    assert solve(snr=Fraction(2**bits - 1), rate=f"{hz * bits}b/s", find="bandwidth").answer["bandwidth_hz"] == hz


def test_golden_exams():
    """2009-34, 2011-34, 2016-34, 2017-34, 2022-34."""
    assert solve("3kHz", 16).answer["max_rate_bps"] == 24_000
    assert solve(rate="2400b/s", levels=4, find="baud").answer["baud"] == 1200
    assert round(solve("8kHz", snr_db=Fraction(30), efficiency=Fraction(1, 2)).answer["max_rate_bps"], -3) == 40_000
    assert solve("1Hz", snr_db=Fraction(30), find="levels").answer["levels"] == 32
    assert solve("200kHz", 4).answer["max_rate_bps"] == 800_000


def test_says_what_is_missing():
    with pytest.raises(InputError, match="信道带宽"):
        solve(levels=4)
    with pytest.raises(InputError, match="信号状态数"):
        solve("1kHz")
    with pytest.raises(InputError, match="数据率"):
        solve("1kHz", find="snr")
    with pytest.raises(InputError, match="求带宽"):
        solve(rate="1kb/s", find="bandwidth")
    with pytest.raises(InputError, match="求信号状态数"):
        solve("1kHz", find="levels")


def test_the_symbol_rate_of_a_noiseless_band_is_twice_its_width():
    answer = solve("3kHz", 8, find="baud").answer
    assert (answer["baud"], answer["bits_per_symbol"]) == (6000, 3)


def test_the_plot_runs_through_the_answer():
    solution = solve("3kHz", 16, Fraction(30))
    nyquist, shannon = next(s.data for s in solution.steps if s.data).series
    assert dict(nyquist.points)[4] * 1000 == solution.answer["nyquist_bps"]
    assert {y * 1000 for _, y in shannon.points} == {solution.answer["shannon_bps"]}
