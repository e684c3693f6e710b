"""Oracle: flip every bit of the code word; an odd number of flips is found."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.parity_code import solve


@given(
    st.text("01", min_size=1, max_size=12), st.sampled_from(["奇校验", "偶校验"]), st.sampled_from(["最高位", "最低位"])
)
def test_single_flips_are_found(bits, parity, place):
    code = solve(bits, parity, place).answer["code"]
    assert code.count("1") % 2 == (parity == "奇校验")
    assert (code[1:] if place == "最高位" else code[:-1]) == bits
    assert solve(code, parity).answer["valid"] is True
    for i in range(len(code)):
        flipped = code[:i] + "10"[int(code[i])] + code[i + 1 :]
        assert solve(flipped, parity).answer["valid"] is False
