"""Oracle: ctypes.Structure, which follows the platform's C compiler."""

import ctypes

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.struct_alignment import Member, solve

C = {
    "char": ctypes.c_char,
    "short": ctypes.c_short,
    "int": ctypes.c_int,
    "long": ctypes.c_int64,
    "longlong": ctypes.c_int64,
    "float": ctypes.c_float,
    "double": ctypes.c_double,
    "pointer": ctypes.c_void_p,
}
ROWS = st.lists(st.tuples(st.sampled_from(sorted(C)), st.integers(1, 9)), min_size=1, max_size=8)


def build(rows: list[tuple[str, int]], pack: int | None = None) -> type[ctypes.Structure]:
    fields = [(f"m{i}", C[kind] * count if count > 1 else C[kind]) for i, (kind, count) in enumerate(rows)]
    extra = {"_pack_": pack, "_layout_": "ms"} if pack else {}
    return type("S", (ctypes.Structure,), {**extra, "_fields_": fields})


@given(ROWS)
def test_as_the_compiler_lays_it_out(rows):
    members = [Member(f"m{i}", kind, count) for i, (kind, count) in enumerate(rows)]
    answer = solve(members, address=0x1000, word_bits=64).answer
    struct = build(rows)
    assert answer["size"] == ctypes.sizeof(struct)
    assert answer["alignment"] == ctypes.alignment(struct)
    assert answer["offsets"] == {m.name: getattr(struct, m.name).offset for m in members}
    assert answer["addresses"]["m0"] == "00001000H"
    used = sum(ctypes.sizeof(C[kind]) * count for kind, count in rows)
    assert answer["padding"] == answer["size"] - used


@given(ROWS)
def test_packed(rows):
    members = [Member(f"m{i}", kind, count) for i, (kind, count) in enumerate(rows)]
    answer = solve(members, word_bits=64, packed=True).answer
    assert answer["size"] == ctypes.sizeof(build(rows, 1))
    assert answer["padding"] == 0


def test_golden_408_2012():
    # 408, 2012: struct {int a; char b; short c;} at C00H: c lies at C06H, and the size is 8
    members = [Member("a", "int"), Member("b", "char"), Member("c", "short")]
    answer = solve(members, 0xC00).answer
    assert (answer["size"], answer["addresses"]["c"]) == (8, "00000C06H")


def test_ia32_linux_aligns_double_to_four():
    members = [Member("c", "char"), Member("d", "double")]
    assert solve(members, double_align=4).answer["size"] == 12
    assert solve(members, double_align=8).answer["size"] == 16
