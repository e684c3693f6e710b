"""Oracle: every code of the offset field, read as two's complement."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.instruction_fields import solve


@given(st.integers(1, 60), st.sampled_from([1, 2, 4, 8]), st.sampled_from([8, 16]), st.integers(0, 1))
def test_the_offset_takes_what_is_left(operations, modes, registers, fields):
    answer = solve(14, operations=operations, modes=modes, registers=registers, register_fields=fields).answer
    used = sum(len(bin(n - 1)[2:]) if n > 1 else 0 for n in [operations, modes, *[registers] * fields])
    assert answer["rest_bits"] == 14 - used
    n = answer["rest_bits"]
    values = [c - (1 << n) if c >> (n - 1) else c for c in range(1 << n)]
    assert answer["signed_range"] == f"{min(values)}～{max(values)}"
    assert answer["reach"] == len(values)
