"""Oracle: which bits of a page number two pages must share to meet in a set."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.os.tlb_fields import solve


@pytest.mark.parametrize(("entries", "ways"), [(16, 4), (8, 1), (8, 0), (32, 2)])
def test_against_the_sets(entries, ways):
    answer = solve(20, 1024, entries, ways).answer
    sets = 1 if ways == 0 else entries // ways
    pages = range(2 ** answer["page_bits"])
    assert len(pages) * 1024 == 2**20
    in_one_set = [p for p in pages if p % sets == 0]
    assert len(in_one_set) == 2 ** answer["tag_bits"]  # a tag tells them all apart
    assert answer["index_bits"] + answer["tag_bits"] == answer["page_bits"]


def test_bad_input():
    for args in ((32, 1000, 16), (32, 4096, 12), (32, 4096, 8, 16), (12, 2048, 64, 1)):
        with pytest.raises(InputError):
            solve(*args)
