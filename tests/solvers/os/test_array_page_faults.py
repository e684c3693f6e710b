"""Oracle: every access played on a plain list of resident pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.array_page_faults import solve


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(1, 20),
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from(["row", "column"]),
    st.sampled_from(["row", "column"]),
    st.sampled_from(["LRU", "FIFO"]),
)
def test_against_a_played_memory(rows, columns, page, element, frames, stored, access, policy):
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    if access == "column":
        cells.sort(key=lambda rc: (rc[1], rc[0]))
    held, faults = [], 0
    for r, c in cells:
        index = r * columns + c if stored == "row" else c * rows + r
        for p in sorted({b // page for b in range(index * element, (index + 1) * element)}):
            if p in held:
                if policy == "LRU":
                    held.remove(p)
                    held.append(p)
            else:
                faults += 1
                held = [*held, p][-frames:]
    assert solve(rows, columns, page, element, frames, stored, access, policy).answer["faults"] == faults


def test_bad_input():
    with pytest.raises(InputError):
        solve(10**4, 10**4, 512)
