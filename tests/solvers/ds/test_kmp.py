"""Oracle: next by definition (longest equal prefix and suffix), positions by str.find."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.kmp import solve

AB = st.text("ab", min_size=1, max_size=9)


def border(s: str) -> int:
    return max((k for k in range(len(s)) if s[:k] == s[len(s) - k :]), default=0)


@given(AB, st.integers(0, 1))
def test_next_by_definition(pattern, start):
    expected = [start - 1] + [border(pattern[:j]) + start for j in range(1, len(pattern))]
    answer = solve(pattern, start=start).answer
    assert answer["next"] == expected
    assert answer["partial_match"] == [border(pattern[: j + 1]) for j in range(len(pattern))]


@given(AB)
def test_nextval_by_definition(pattern):
    """nextval[j] is the longest border of p[:j] whose next character differs from p[j], or -1."""
    for j, value in enumerate(solve(pattern, start=0).answer["nextval"]):
        fits = [k for k in range(j) if pattern[:k] == pattern[j - k : j] and pattern[k] != pattern[j]]
        assert value == max(fits, default=-1)


@given(st.text("ab", min_size=1, max_size=30), AB, st.sampled_from(["next", "nextval"]))
def test_finds_what_find_finds(text, pattern, table):
    answer = solve(pattern, text, 0, table).answer
    assert answer["position"] == text.find(pattern)
    assert answer["comparisons"] <= 2 * len(text)


def textbook_comparisons(text: str, pattern: str, jumps: list[int]) -> int:
    """Count in the textbook loop (严蔚敏 算法 4.6), written with 1-based subscripts."""
    i = j = 1
    count = 0
    while i <= len(text) and j <= len(pattern):
        if j > 0:
            count += 1
        if j == 0 or text[i - 1] == pattern[j - 1]:
            i, j = i + 1, j + 1
        else:
            j = jumps[j - 1]
    return count


@given(st.text("ab", min_size=1, max_size=30), AB, st.sampled_from(["next", "nextval"]))
def test_comparisons_of_the_textbook_loop(text, pattern, table):
    answer = solve(pattern, text, 1, table).answer
    assert answer["comparisons"] == textbook_comparisons(text, pattern, answer[table])


@given(st.text("ab", min_size=1, max_size=20), AB)
def test_naive_comparisons(text, pattern):
    count = 0
    for i in range(len(text) - len(pattern) + 1):
        equal = [a == b for a, b in zip(text[i:], pattern, strict=False)]
        count += ([*equal, False]).index(False) + (not all(equal))
        if all(equal):
            break
    assert solve(pattern, text).answer["naive_comparisons"] == count


def test_golden_408_2015_and_2019():
    answer = solve("abaabc", "abaabaabacacaabaabcc", start=0).answer
    assert answer["first_mismatch"] == [5, 5]
    assert answer["resume"] == [5, 2]
    assert solve("abaabc", "abaabaabcabaabc", start=0).answer["comparisons"] == 10


def test_golden_yan_weimin_4_3():
    answer = solve("abaabcac").answer
    assert answer["next"] == [0, 1, 1, 2, 2, 3, 1, 2]
    assert answer["nextval"] == [0, 1, 0, 2, 1, 3, 0, 2]
    assert solve("aaaab").answer["nextval"] == [0, 0, 0, 0, 4]
