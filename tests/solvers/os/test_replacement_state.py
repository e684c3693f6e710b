"""Oracle: clocks as queues that are turned round; the others by sorting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.replacement_state import PageState, solve

BITS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=6)


def turned(queue, wanted, clear):
    """One turn of the hand: the page found, and the queue after it."""
    for _ in range(len(queue)):
        name, a, m = queue.pop(0)
        if wanted(a, m):
            return name, queue
        queue.append((name, 0 if clear else a, m))
    return None, queue


@given(BITS, st.integers(0, 5), st.booleans())
def test_clocks(bits, start, enhanced):
    pages = [PageState(chr(65 + i), accessed=a, modified=m) for i, (a, m) in enumerate(bits)]
    start %= len(pages)
    queue = [(p.page, p.accessed, p.modified) for p in pages[start:] + pages[:start]]
    scans = (
        [(lambda a, m: not a and not m, False), (lambda a, m: not a and m, True)] * 2
        if enhanced
        else [(lambda a, m: not a, True)] * 2
    )
    victim = None
    for wanted, clear in scans:
        victim, queue = turned(queue, wanted, clear)
        if victim:
            break
    answer = solve(pages, "ENHANCED_CLOCK" if enhanced else "CLOCK", pages[start].page).answer
    assert answer["victim"] == victim
    if len(pages) > 1:
        assert answer["pointer"] == queue[0][0]


def test_times():
    pages = [PageState("0", 126, 279), PageState("1", 230, 260), PageState("2", 120, 272), PageState("3", 160, 280)]
    assert solve(pages, "LRU").answer["victim"] == "1"
    assert solve(pages, "FIFO").answer["victim"] == "2"
    assert solve([PageState("a", accessed=1), PageState("b", modified=1)], "NRU").answer["victim"] == "b"


def test_bad_input():
    for args in (([PageState("a"), PageState("a")],), ([PageState("a")], "CLOCK", "z")):
        with pytest.raises(InputError):
            solve(*args)
