"""Oracle: read the code back digit by digit."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.bcd import solve

WEIGHTS = {"8421码": (8, 4, 2, 1, 0), "余3码": (8, 4, 2, 1, -3), "2421码": (2, 4, 2, 1, 0)}


@given(st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True), st.sampled_from(sorted(WEIGHTS)))
def test_read_back(number, kind):
    *weights, bias = WEIGHTS[kind]
    code = solve(number, kind).answer["code"]
    back = [
        "".join(str(sum(w * int(b) for w, b in zip(weights, cell, strict=True)) + bias) for cell in part.split())
        for part in code.split(".")
    ]
    assert ".".join(back) == number
