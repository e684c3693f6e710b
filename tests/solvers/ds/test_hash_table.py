"""Oracle: a table simulated from the definition, searching for every key and every home address."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.hash_table import solve

KEYS = st.lists(st.integers(0, 80), min_size=1, max_size=8, unique=True)


def offsets(method, key, q):
    if method == "linear":
        return list(range(11))
    if method == "double":
        return [k * (1 + key % q) for k in range(11)]
    return [0, *(sign * k * k for k in range(1, 6) for sign in (1, -1))]


def build(keys, deletes, method, q, p, m=11):
    """Insert by trying the offsets; deletion leaves a ghost."""
    cells = [None] * m
    for key in keys:
        at = next((a for a in ((key % p + d) % m for d in offsets(method, key, q)) if cells[a] is None), None)
        if at is None:
            return None
        cells[at] = key
    return ["ghost" if c in deletes else c for c in cells]


def search(cells, method, key, home, q, m=11):
    for n, d in enumerate(offsets(method, key, q), 1):
        cell = cells[(home + d) % m]
        if cell is None or cell == key:
            return n
    return n


@given(KEYS, st.sampled_from(["linear", "quadratic", "double"]), st.sampled_from([7, 11]), st.integers(1, 9), st.data())
def test_open_addressing(keys, method, p, q, data):
    deletes = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys) - 1))
    cells = build(keys, deletes, method, q, p)
    assume(cells is not None)
    answer = solve(keys, 11, p, method, second_modulus=q, deletes=deletes).answer
    assert answer["table"] == ["已删" if c == "ghost" else c for c in cells]
    left = [k for k in keys if k not in deletes]
    costs = {str(k): search(cells, method, k, k % p, q) for k in left}
    assert answer["comparisons"] == costs
    assert answer["asl_success"] == Fraction(sum(costs.values()), len(left))
    if method != "double":
        lost = [search(cells, method, -1, home, q) for home in range(p)]
        assert answer["asl_failure"] == Fraction(sum(lost), p)
    target = data.draw(st.integers(0, 80).filter(lambda k: k not in deletes))
    found = solve(keys, 11, p, method, second_modulus=q, deletes=deletes, target=target).answer
    assert found["target_comparisons"] == search(cells, method, target, target % p, q) == len(found["target_path"])


@given(KEYS, st.integers(1, 9), st.booleans(), st.data())
def test_chaining(keys, p, count_empty, data):
    deletes = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys) - 1))
    left = [k for k in keys if k not in deletes]
    chains = [[k for k in left if k % p == home] for home in range(p)]
    answer = solve(keys, 11, p, "chain", deletes=deletes, count_empty_link=count_empty).answer
    assert answer["table"] == chains
    assert answer["asl_success"] == Fraction(sum(c.index(k) + 1 for c in chains for k in c), len(left))
    assert answer["asl_failure"] == Fraction(sum(len(c) + count_empty for c in chains), p)


def test_a_deletion_mark_is_used_again():
    answer = solve([1, 12, 23], 11, 11, deletes=[12]).answer
    assert answer["table"][:4] == [None, 1, "已删", 23]


def test_golden_408_2010():
    # H(key) = (key×3) mod 7, load factor 0.7, linear probing: ASL 12/7 and 18/7
    answer = solve([7, 8, 30, 11, 18, 9, 14], 10, 7, multiplier=3).answer
    assert answer["table"] == [7, 14, None, 8, None, 11, 30, 18, 9, None]
    assert (answer["asl_success"], answer["asl_failure"]) == (Fraction(12, 7), Fraction(18, 7))
    assert answer["load_factor"] == Fraction(7, 10)


def test_golden_408_2018():
    # 22, 43, 15 into a table of length 7, H = key mod 7, linear probing: ASL of success 2
    assert solve([22, 43, 15], 7, 7).answer["asl_success"] == 2


def test_golden_408_2019():
    # length 11, H = key mod 7, linear probing, 87 40 30 6 11 22 98 20: ASL of failure 6
    assert solve([87, 40, 30, 6, 11, 22, 98, 20], 11, 7).answer["asl_failure"] == 6


def test_golden_yan_weimin_9_3_chain():
    # 严蔚敏 §9.3.3: 12 keys, H = key mod 13, chaining: ASL (1×6+2×4+3+4)/12
    keys = [19, 14, 23, 1, 68, 20, 84, 27, 55, 11, 10, 79]
    assert solve(keys, 13, 13, "chain").answer["asl_success"] == Fraction(21, 12)


@pytest.mark.parametrize(
    "args",
    [
        {"keys": [1, 1]},
        {"keys": [1], "modulus": 12},
        {"keys": [*range(12)]},
        {"keys": [1], "deletes": [2]},
        {"keys": [3, 3], "method": "chain"},
    ],
)
def test_refuses(args):
    with pytest.raises(InputError):
        solve(**{"size": 11, "modulus": 11, **args})
