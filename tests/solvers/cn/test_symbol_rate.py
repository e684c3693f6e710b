"""Oracle: code words counted."""

from fractions import Fraction

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.cn.symbol_rate import solve

WORDS = {
    "MANCHESTER": (1, 2),
    "DIFF_MANCHESTER": (1, 2),
    "NRZ": (1, 1),
    "4B5B": (4, 5),
    "8B10B": (8, 10),
    "64B66B": (64, 66),
}


@pytest.mark.parametrize("code", WORDS)
def test_symbols_of_a_second_of_words(code):
    bits, symbols = WORDS[code]
    words = 1_000_000
    answer = solve(code, f"{bits * words}b/s").answer
    assert answer["baud"] == symbols * words
    assert answer["efficiency"] == Fraction(bits, symbols)
    assert solve(code, baud=f"{symbols * words}Baud").answer["rate_bps"] == bits * words


def test_one_rate_is_given():
    with pytest.raises(InputError):
        solve("NRZ")
