"""Oracle: pages that fall into the same set differ in the tag, and every page is found by set and tag."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.tlb_fields import solve


@given(st.integers(18, 24), st.sampled_from([4, 8, 16, 32]), st.sampled_from([1, 2, 4]))
def test_set_and_tag_name_each_page_once(bits, entries, ways):
    answer = solve(bits, "4KB", entries, ways).answer
    sets = entries // ways
    pages = range(1 << (bits - 12))
    seen = {(p % sets, p // sets) for p in pages}
    assert len(seen) == len(pages) == answer["pages"]
    assert max(tag for _, tag in seen) < 2 ** answer["tlb_tag_bits"]
    assert 2 ** (answer["tlb_tag_bits"] + answer["tlb_index_bits"]) == len(pages)
