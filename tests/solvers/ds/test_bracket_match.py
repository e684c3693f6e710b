"""Oracle: pairs taken away until none is left, and depths by counting."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.bracket_match import solve


@given(st.text("()[]{}", min_size=1, max_size=12))
def test_matched_if_all_pairs_go(text):
    rest = text
    while any(p in rest for p in ("()", "[]", "{}")):
        for p in ("()", "[]", "{}"):
            rest = rest.replace(p, "")
    answer = solve(text).answer
    assert answer["matched"] == (rest == "")
    if answer["matched"]:
        depths = [sum(c in "([{" for c in text[:k]) - sum(c in ")]}" for c in text[:k]) for k in range(len(text) + 1)]
        assert answer["max_depth"] == max(depths)
        assert answer["pairs"] == len(text) // 2


def test_other_characters_are_passed_over():
    assert solve("if(a[i]>(b)){c}").answer["max_depth"] == 2
