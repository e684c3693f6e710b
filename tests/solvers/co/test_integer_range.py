"""Oracle: decode every word of a short length."""

import pytest

from assistant408.solvers.co.integer_range import solve
from assistant408.tutor.arith import arithmetic


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("code", ["补码", "原码", "反码", "无符号"])
def test_every_word_decoded(bits, code):
    def read(w):
        rest = w & ((1 << (bits - 1)) - 1)
        if code == "无符号" or not w >> (bits - 1):
            return w
        return {"原码": -rest, "补码": w - (1 << bits), "反码": w - (1 << bits) + 1}[code]

    values = {read(w) for w in range(1 << bits)}
    answer = solve(bits, code).answer
    low = 0 if answer["smallest"] == "0" else arithmetic(answer["smallest"])
    assert (low, arithmetic(answer["largest"])) == (min(values), max(values))
    assert answer["count"] == len(values)
