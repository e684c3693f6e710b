"""What keeps measured questions out, against a plain way of counting."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.content.similar import LIKENESS_N, OVERLAP_LIMIT, OVERLAP_N
from assistant408.training.distance import COVER_LIMIT, Guard

texts = st.text("死锁页表快队列", min_size=1, max_size=30)


def _cover(guarded: str, text: str, n: int) -> float:
    def grams(s: str) -> set[str]:
        return {s[i : i + n] for i in range(max(1, len(s) - n + 1))}

    return len(grams(guarded) & grams(text)) / len(grams(guarded))


@given(st.lists(texts, min_size=1, max_size=4), texts)
@settings(deadline=None)
def test_a_text_is_refused_where_plain_counting_says_so(guarded: list[str], text: str) -> None:
    limits = ((OVERLAP_N, OVERLAP_LIMIT), (LIKENESS_N, COVER_LIMIT))
    near = any(_cover(g, text, n) >= limit for g in guarded for n, limit in limits)
    assert (Guard({str(i): g for i, g in enumerate(guarded)}).near(text) is not None) == near
