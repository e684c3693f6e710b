"""Oracle: base64 and quopri."""

from base64 import b64encode
from quopri import encodestring

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.mail_encoding import solve


@given(st.integers(0, 500))
def test_base64(size):
    encoded = b64encode(bytes(size))
    answer = solve(size).answer
    assert (answer["encoded_bytes"], answer["padding"]) == (len(encoded), encoded.count(b"="))


@given(st.integers(0, 12), st.integers(0, 20))
def test_quoted_printable(high, plain):
    encoded = encodestring(b"\xe4" * high + b"a" * plain)
    assert solve(high, "QP", plain).answer["encoded_bytes"] == len(encoded)
