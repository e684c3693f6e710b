"""Oracle: count the words that the next address can name."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.control_store import solve


@given(st.integers(12, 40), st.integers(1, 8), st.integers(0, 4))
def test_words_by_enumeration(word, address, test):
    words = len(list(product("01", repeat=address)))
    answer = solve(word, address, test).answer
    assert (answer["words"], answer["capacity_bits"]) == (words, words * word)
    assert answer["control_bits"] + address + test == word


def test_fields_longer_than_the_word_are_refused():
    with pytest.raises(InputError):
        solve(8, 7, 2)
