"""Oracle: the processor's own addition, through numpy's float16 and float32 and Python's double."""

import struct

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.ieee754_add import solve

CODE32 = st.integers(0, 2**32 - 1).filter(lambda c: c >> 23 & 255 != 255)
NEAR32 = st.builds(
    lambda s, e, f: s << 31 | e << 23 | f, st.integers(0, 1), st.integers(0, 30), st.integers(0, 2**23 - 1)
)


def float32(code: int) -> np.float32:
    return np.frombuffer(code.to_bytes(4, "big"), ">f4")[0].astype(np.float32)


@settings(max_examples=200)
@given(CODE32 | NEAR32, CODE32 | NEAR32, st.sampled_from(["加", "减"]))
def test_single_precision_as_the_hardware_adds(a, b, op):
    with np.errstate(all="ignore"):
        expected = float32(a) + float32(b) if op == "加" else float32(a) - float32(b)
    answer = solve(f"{a:08X}H", f"{b:08X}H", op).answer
    assert answer["code"] == struct.pack(">f", float(expected)).hex().upper() + "H"
    assert answer["overflow"] == bool(np.isinf(expected))


@given(st.integers(0, 2**15 - 1), st.integers(0, 2**16 - 1))
def test_half_precision(a, b):
    x, y = (np.frombuffer(c.to_bytes(2, "big"), ">f2")[0].astype(np.float16) for c in (a, b))
    assume(np.isfinite(x) and np.isfinite(y))
    with np.errstate(all="ignore"):
        total = x + y
    expected = struct.pack(">e", float(total)).hex().upper() + "H"
    assert solve(f"{a:04X}H", f"{b:04X}H", "加", "半精度").answer["code"] == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_double_precision(x, y):
    a, b = (struct.pack(">d", v).hex() + "H" for v in (x, y))
    assert solve(a, b, "加", "双精度").answer["code"] == struct.pack(">d", x + y).hex().upper() + "H"


def test_golden_patterson_hennessy_3_5():
    answer = solve("0.5", "-0.4375").answer
    assert (answer["code"], answer["exact"]) == ("3D800000H", True)  # 0.0625


def test_infinities_are_refused():
    with pytest.raises(InputError, match="无穷大"):
        solve("7F800000H", "1")
