"""Oracle: the same statements on Python objects."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.pointer_ops import solve


class Node:
    """A node of a circular list."""

    def __init__(self, name):
        self.name, self.next, self.prior = name, None, None


def ring():
    nodes = [Node(n) for n in "HaPbc"]
    for k, node in enumerate(nodes):
        node.next, node.prior = nodes[(k + 1) % 5], nodes[k - 1]
    return nodes


def executed(code):
    nodes, s = ring(), Node("s")
    scope = {"p": nodes[2], "s": s}
    for part in code.replace("->", ".").split(";"):
        if part.strip():
            exec(part.strip(), {}, scope)
    forward, backward, node = [], [], nodes[0]
    for _ in range(6):
        forward.append(node.name)
        node = node.next
    node = nodes[0]
    for _ in range(6):
        backward.append(node.name)
        node = node.prior
        if node is None:
            break
    return forward == list("HaPsbc"), backward == ["H", "c", "b", "s", "P", "a"]


PARTS = ["s->prior=p;", "s->next=p->next;", "p->next->prior=s;", "p->next=s;"]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 1, 2), (1, 0, 3, 2), (2, 1, 0, 3), (1, 3, 0, 2), (1, 2, 3, 0)])
def test_insertions_in_every_order(order):
    code = " ".join(PARTS[k] for k in order)
    forward, backward = executed(code)
    assert solve(code, "insert_after", "double").answer["valid"] == (forward and backward)


def test_golden_408_2016():
    good = "p->next->prior=p->prior; p->prior->next=p->next; free(p);"
    assert solve(good, "delete", "double").answer["valid"]
    assert not solve("p->next->prior=p->next; p->prior->next=p->prior;", "delete", "double").answer["valid"]


def test_golden_408_2021():
    codes = [
        "h->next=h->next->next; q=h->next; free(q);",
        "q=h->next; h->next=h->next->next; free(q);",
        "q=h->next; h->next=q->next; if(p!=q) p=h; free(q);",
        "q=h->next; h->next=q->next; if(p==q) p=h; free(q);",
    ]
    assert [solve(c, "delete_first").answer["valid"] for c in codes] == [False, False, False, True]


def test_refuses():
    with pytest.raises(InputError):
        solve("p->next+1;")
    with pytest.raises(InputError):
        solve("x->next=p;")
