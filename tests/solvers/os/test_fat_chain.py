"""Oracle: networkx paths."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.fat_chain import Entry, solve


@given(st.lists(st.integers(0, 200), min_size=1, max_size=20, unique=True), st.integers(1, 20), st.data())
def test_against_a_graph(clusters, size, data):
    links = list(zip(clusters, [*clusters[1:], -1], strict=True))
    offset = data.draw(st.integers(0, len(clusters) * size - 1))
    fat = [Entry(a, b) for a, b in data.draw(st.permutations(links))]
    answer = solve(fat, clusters[0], offset, size).answer
    way = nx.shortest_path(nx.DiGraph(links), clusters[0], -1)[:-1]
    assert answer["chain"] == way
    assert answer["cluster"] == way[offset // size]
    on_disk = solve(fat, clusters[0], offset, size, fat_in_memory=False).answer
    assert on_disk["disk_accesses"] == nx.shortest_path_length(nx.DiGraph(links), way[0], answer["cluster"]) + 1


def test_a_byte_in_the_second_cluster():
    answer = get_solver("os.fat_chain")(fat="106:48, 48:72, 72:-1", start=106, offset=5000).answer
    assert answer["cluster"] == 48


def test_bad_chains():
    for fat, offset in (([Entry(1, 2)], None), ([Entry(1, 2), Entry(2, 1)], None), ([Entry(1, -1)], 5000)):
        with pytest.raises(InputError):
            solve(fat, 1, offset)
