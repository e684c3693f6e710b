"""Oracle: a simulation tick by tick in which the mask words themselves decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.interrupt_priority import Request, solve

NAMES = ["A", "B", "C", "D"]


def tick(requests: list[Request], masks: dict[str, str], service: int) -> tuple[list[str], list[str]]:
    """Response and completion orders; the hardware scans A, B, C, D and skips masked sources."""
    accepted, finished, pending, stack = [], [], [], []
    for now in range(1000):
        pending += [r.source for r in requests if r.time == now]
        while True:
            mask = masks[stack[-1][0]] if stack else "0000"
            ready = [s for i, s in enumerate(NAMES) if s in pending and mask[i] == "0"]
            if not ready:
                break
            pending.remove(ready[0])
            accepted.append(ready[0])
            stack.append([ready[0], service])
        if stack:
            stack[-1][1] -= 1
            if stack[-1][1] == 0:
                finished.append(stack.pop()[0])
    return accepted, finished


@given(
    st.permutations(NAMES),
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 30), min_size=1),
    st.integers(1, 12),
)
def test_the_masks_bring_about_the_orders(order, times, service):
    requests = [Request(s, t) for s, t in times.items()]
    solution = solve(NAMES, list(order), requests=requests, service_time=service)
    answer = solution.answer
    assert (answer["response_order"], answer["finish_order"]) == tick(requests, answer["masks"], service)
    bars = [s for s in solution.steps[1].data.slices if s.lane != "主程序"]
    assert sum(s.end - s.start for s in bars) == service * len(requests)


@given(st.permutations(NAMES))
def test_simultaneous_requests_finish_by_handling_priority(order):
    answer = solve(NAMES, list(order), requests=[Request(s) for s in NAMES]).answer
    assert answer["finish_order"] == list(order)
    for i, s in enumerate(order):
        assert answer["masks"][s].count("1") == len(NAMES) - i


def test_golden_408_2011():
    # 408, 2011: masks M4M3M2M1M0, handling L4→L0→L2→L1→L3: L1 sets 01010
    names = ["L0", "L1", "L2", "L3", "L4"]
    answer = solve(names, ["L4", "L0", "L2", "L1", "L3"], names[::-1], "L1").answer
    assert answer["asked_mask"] == "01010"


def test_refusals():
    with pytest.raises(InputError, match="处理优先级"):
        solve(["A", "B"], ["A"])
    with pytest.raises(InputError, match="'C'"):
        solve(["A", "B"], asked="C")
