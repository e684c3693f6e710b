"""Oracle: every arrangement of the bits."""

from itertools import combinations

import pytest

from assistant408.solvers.co.bit_pattern import solve


def read(bits, code):
    rest = int(bits[1:] or "0", 2)
    if code == "无符号" or bits[0] == "0":
        return int(bits, 2)
    return {"原码": -rest, "补码": int(bits, 2) - 2 ** len(bits), "反码": int(bits, 2) - 2 ** len(bits) + 1}[code]


@pytest.mark.parametrize("code", ["补码", "原码", "反码", "无符号"])
@pytest.mark.parametrize("ones", range(9))
def test_all_arrangements_of_eight_bits(ones, code):
    words = ["".join("1" if i in places else "0" for i in range(8)) for places in combinations(range(8), ones)]
    values = [read(w, code) for w in words]
    answer = solve(ones, 8 - ones, code).answer
    assert (answer["smallest"], answer["largest"]) == (min(values), max(values))
