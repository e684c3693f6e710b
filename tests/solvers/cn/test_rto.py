"""Oracle: the weighted means unrolled into sums of powers, and the code of RFC 6298 in whole numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.rto import solve

SAMPLES = st.lists(st.integers(1, 1000), min_size=1, max_size=8)


@given(SAMPLES, st.integers(0, 10))
def test_the_smoothed_time_is_a_geometric_sum(samples, tenths):
    a = Fraction(tenths, 10)
    n = len(samples)
    weights = [a * (1 - a) ** (n - 1 - i) for i in range(n)]
    weights[0] = (1 - a) ** (n - 1)  # the first sample is taken as it is
    expected = sum(w * s for w, s in zip(weights, samples, strict=True))
    assert solve(samples, alpha=a).answer["srtt_ms"] == expected


@given(SAMPLES)
def test_agrees_with_jacobsons_scaled_arithmetic(samples):
    """Jacobson's form: err = R - srtt; srtt += err/8; var += (|err| - var)/4; rto = srtt + 4 var."""
    srtt, var = Fraction(samples[0]), Fraction(samples[0], 2)
    for r in samples[1:]:
        err = r - srtt
        srtt += err / 8
        var += (abs(err) - var) / 4
    answer = solve(samples).answer
    assert (answer["srtt_ms"], answer["deviation_ms"], answer["rto_ms"]) == (srtt, var, srtt + 4 * var)


@given(SAMPLES, st.data())
def test_retransmitted_samples_leave_no_trace_but_the_doubling(samples, data):
    drop = data.draw(
        st.lists(st.integers(2, max(2, len(samples))), unique=True).filter(lambda d: len(samples) > 1 or not d)
    )
    kept = [s for i, s in enumerate(samples, 1) if i not in drop]
    with_drop, without = solve(samples, retransmitted=drop).answer, solve(kept).answer
    assert with_drop["srtt_ms"] == without["srtt_ms"]
    assert with_drop["deviation_ms"] == without["deviation_ms"]
    tail = 0
    while len(samples) - tail in drop:
        tail += 1
    assert with_drop["rto_ms"] == without["rto_ms"] * 2**tail


def test_golden_tanenbaum_exercise():
    """Tanenbaum ch. 6, 谢希仁 习题: RTT 30 ms, samples 26, 32, 24, α = 0.1: 29.6, 29.84, 29.256 ms."""
    answer = solve([26, 32, 24], initial_srtt=30, alpha=Fraction(1, 10)).answer
    assert answer["srtts_ms"] == [Fraction("29.6"), Fraction("29.84"), Fraction("29.256")]


def test_golden_rfc_6298_first_measurements():
    """RFC 6298 §2.2: after the first R, SRTT = R, RTTVAR = R/2, RTO = 3R. §2.3 by hand for R' = 140 after 100."""
    assert solve([100]).answer["rto_ms"] == 300
    answer = solve([100, 140]).answer
    assert (answer["srtt_ms"], answer["deviation_ms"], answer["rto_ms"]) == (105, Fraction(95, 2), 295)


def test_the_other_order_uses_the_new_mean():
    answer = solve([100, 140], deviation_from="new_srtt").answer
    assert answer["deviation_ms"] == Fraction(3, 4) * 50 + Fraction(1, 4) * 35


def test_rejects_what_can_not_be_estimated():
    with pytest.raises(InputError, match="不存在"):
        solve([1], retransmitted=[2])
    with pytest.raises(InputError, match="无法得出"):
        solve([1], retransmitted=[1])
    with pytest.raises(InputError, match="初始 RTTD"):
        solve([1], initial_deviation=Fraction(1))
