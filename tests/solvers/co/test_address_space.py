"""Oracle: number the units one by one."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.address_space import solve


@given(st.integers(1, 16), st.sampled_from([8, 16, 32]), st.integers(0, 4096))
def test_units_numbered_one_by_one(kilobytes, unit, first):
    addresses = range(first, first + kilobytes * 1024 * 8 // unit)
    answer = solve(f"{kilobytes}KB", unit, first_address=first).answer
    assert int(answer["last_address"][:-1], 16) == addresses[-1]
    assert answer["units"] == len(addresses)
    assert (
        2 ** answer["address_bits"] >= len(addresses) > 2 ** (answer["address_bits"] - 1) // 1 - (len(addresses) == 1)
    )
    back = solve(unit_bits=unit, first_address=first, last_address=addresses[-1]).answer
    assert back["capacity_bytes"] == kilobytes * 1024
