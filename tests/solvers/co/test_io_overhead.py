"""Oracle: one second of a device, byte by byte in whole units."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.io_overhead import solve


@given(st.integers(1, 200), st.sampled_from([1, 2, 4, 8, 500]), st.integers(1, 60), st.integers(1, 6))
def test_one_second(rate, unit, instructions, cpi):
    operations = Fraction(rate * 1000, unit)
    busy = operations * instructions * cpi
    assume(busy <= 10**8)
    answer = solve("中断", 100, rate, unit, instructions=instructions, cpi=cpi).answer
    assert answer["cycles_per_s"] == busy
    assert answer["share"] == busy / 10**8
    assert answer["interval_us"] * operations == 10**6
    same = solve("程序查询", 100, cycles=instructions * cpi, operations_per_s=operations).answer
    assert same["share"] == answer["share"]


def test_golden_408_2009():
    # 408, 2009: 500 MHz, CPI 5; 0.5 MB/s by 32 bits, 18+2 instructions: 2.5 %; DMA 5 MB/s, 5000 B, 500: 0.1 %
    assert solve("中断", 500, 500, 4, instructions=20, cpi=5).answer["share"] == Fraction(25, 1000)
    assert solve("DMA", 500, 5000, 5000, 500).answer["share"] == Fraction(1, 1000)


def test_golden_408_2011_polling():
    # 408, 2011: 50 MHz, 200 polls a second of 500 cycles: 0.20 %
    answer = solve("程序查询", 50, cycles=500, operations_per_s=200).answer
    assert answer["share"] == Fraction(2, 1000)


def test_refusals():
    with pytest.raises(InputError, match="未知"):
        solve("中断", 100, 10, 4)
    with pytest.raises(InputError, match="来不及"):
        solve("中断", 1, 1000, 1, 100)
