"""Oracle: ambiguity by trying all messages, and least lengths by trying all code lengths."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.prefix_code import solve

CODES = st.lists(st.text("01", min_size=1, max_size=4), min_size=2, max_size=6, unique=True)


@given(CODES)
def test_prefix_free_by_comparing_all_beginnings(codes):
    beginnings = [c[:k] for c in codes for k in range(1, len(c))]
    answer = solve(codes).answer
    assert answer["prefix_free"] == (not set(beginnings) & set(codes))
    words = ["".join(bits) for bits in itertools.product("01", repeat=5)]
    covered = all(sum(w.startswith(c) for c in codes) == 1 for w in words)  # every long word begins with one code
    assert answer["complete"] == (answer["prefix_free"] and covered)


@given(CODES, st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_decoding_undoes_encoding(codes, picks):
    if not solve(codes).answer["prefix_free"]:
        return
    names = list("abcdef"[: len(codes)])
    text = [names[k % len(codes)] for k in picks]
    bits = "".join(codes[names.index(c)] for c in text)
    assert solve(codes, names, bits=bits).answer["decoded"] == text


@given(st.lists(st.integers(1, 20), min_size=2, max_size=5))
def test_optimal_length_by_trying_all_lengths(weights):
    best = min(
        sum(w * k for w, k in zip(weights, lengths, strict=True))
        for lengths in itertools.product(range(1, 5), repeat=len(weights))
        if sum(Fraction(1, 2**k) for k in lengths) <= 1
    )
    chain = ["1" * k + "0" for k in range(len(weights) - 1)] + ["1" * (len(weights) - 1)]
    answer = solve(chain, weights=weights).answer
    assert answer["optimal"] == (answer["total"] == best)


def test_golden_408_2014():
    sets = ["01,0000,0001,001,1", "011,000,001,010,1", "000,001,010,011,100", "0,100,110,1110,1100"]
    assert [solve(s.split(",")).answer["prefix_free"] for s in sets] == [True, True, True, False]


def test_golden_408_2017():
    codes = ["0100", "10", "0000", "0101", "001", "011", "11", "0001"]
    assert "".join(solve(codes, list("abcdefgh"), bits="0100011001001011110101").answer["decoded"]) == "afeefgd"


@pytest.mark.parametrize("codes", [["0", "2"], ["0", "0"]])
def test_refuses(codes):
    with pytest.raises(InputError):
        solve(codes)
