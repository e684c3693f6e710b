"""Oracle: a tree of name servers that refer or resolve, asked for real."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.dns_query import solve

LABELS = st.lists(st.sampled_from(["www", "a", "b", "lab", "com"]), min_size=1, max_size=6)


class Server:
    """Knows the server of the next zone on the way, or the address."""

    def __init__(self, zone: list[str], name: list[str]) -> None:
        self.zone, self.name, self.asked = zone, name, 0

    def refer(self) -> "Server | None":
        longer = len(self.zone) + 1
        return None if longer == len(self.name) else Server(self.name[-longer:], self.name)

    def resolve_recursively(self, log: list[str]) -> None:
        log.append(".".join(self.zone) or ".")
        following = self.refer()
        if following:
            following.resolve_recursively(log)


def iterate(start: Server) -> list[str]:
    log, server = [], start
    while server:
        log.append(".".join(server.zone) or ".")
        server = server.refer()
    return log


@given(LABELS, st.data())
def test_servers_are_those_that_a_resolver_asks(labels, data):
    name = ".".join(labels)
    depth = data.draw(st.integers(0, len(labels) - 1))
    known = labels[len(labels) - depth :]
    log = iterate(Server(known, labels))
    answer = solve(name, known=".".join(known) or ".", server_rtt="7ms", local_rtt="2ms").answer
    assert [s.split(" ")[0] for s in answer["servers"]] == ["根域名服务器" if z == "." else z for z in log]
    assert answer["queries"] == len(log)
    assert answer["time_ms"] == 2 + 7 * len(log)
    assert answer["max_queries"] == len(iterate(Server([], labels)))
    deep: list[str] = []
    Server(known, labels).resolve_recursively(deep)
    recursive = solve(name, "RECURSIVE", ".".join(known) or ".").answer
    assert recursive["queries"] == 1
    assert recursive["messages"] == 2 * len(deep) + 2 == answer["messages"]


@given(LABELS)
def test_a_cached_answer_needs_no_query(labels):
    name = ".".join(labels)
    answer = solve(name, known=name, server_rtt="9ms", local_rtt="1ms").answer
    assert (answer["queries"], answer["messages"], answer["time_ms"]) == (0, 2, 1)
    assert answer["min_queries"] == 0


def test_golden_2016_40():
    """2016-40: www.abc.xyz.com, iterative: at least 0, at most 4 queries."""
    answer = solve("www.abc.xyz.com").answer
    assert (answer["min_queries"], answer["max_queries"]) == (0, 4)


def test_golden_2020_40():
    """2020-40: www.abc.com with an empty cache: three queries of 10 ms."""
    assert solve("www.abc.com", server_rtt="10ms").answer["time_ms"] == 30


def test_one_server_may_answer_for_several_levels():
    assert solve("www.abc.xyz.com", authority="xyz.com").answer["max_queries"] == 3


def test_rejects_what_is_not_on_the_way():
    with pytest.raises(InputError, match="解析路径"):
        solve("www.abc.com", known="org")
    with pytest.raises(InputError, match="上级域"):
        solve("www.abc.com", authority="xyz.com")
    with pytest.raises(InputError, match="域名"):
        solve("www..com")


@pytest.mark.parametrize("mode", ["ITERATIVE", "RECURSIVE"])
def test_the_timeline_holds_every_message_one_after_another(mode):
    solution = solve("www.abc.com", mode)
    messages = solution.steps[-1].data.messages
    assert len(messages) == solution.answer["messages"]
    assert [m.start for m in messages] == list(range(len(messages)))
    assert all(a.target == b.source for a, b in pairwise(messages))
