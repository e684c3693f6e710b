"""Oracle: a binary tree that is searched for the tightest free node."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.buddy import Event, solve


class Node:
    def __init__(self, start, size):
        self.start, self.size, self.owner, self.kids = start, size, None, []

    def free(self):
        if self.kids:
            return [b for k in self.kids for b in k.free()]
        return [] if self.owner else [self]

    def place(self, name, size):
        if self.size // 2 >= size:
            self.kids = [Node(self.start + i * self.size // 2, self.size // 2) for i in (0, 1)]
            return self.kids[0].place(name, size)
        self.owner = name
        return self.start

    def release(self, name):
        if self.owner == name:
            self.owner = None
        for k in self.kids:
            k.release(name)
        if self.kids and all(not k.kids and not k.owner for k in self.kids):
            self.kids = []


@st.composite
def histories(draw):
    events, held = [], []
    for i in range(draw(st.integers(1, 14))):
        if held and draw(st.booleans()):
            events.append((held.pop(draw(st.integers(0, len(held) - 1))), 0))
        else:
            events.append((f"J{i}", draw(st.integers(1, 40))))
            held.append(f"J{i}")
    return events


@settings(max_examples=100)
@given(histories())
def test_against_a_tree(events):
    root, placed = Node(0, 64), {}
    kept = []
    for name, size in events:
        if not size:
            if name in placed:
                root.release(name)
                kept.append((name, size))
            continue
        kept.append((name, size))
        fits = sorted((b for b in root.free() if b.size >= size), key=lambda b: (b.size, b.start))
        if fits:
            placed[name] = fits[0].place(name, size)
    answer = solve(64, [Event(*e) for e in kept]).answer
    assert answer["addresses"] == placed
    assert answer["free_blocks"] == [[b.start, b.size] for b in sorted(root.free(), key=lambda b: b.start)]
    alive = [n for n in placed if (n, 0) not in kept]
    size_of = dict(e for e in kept if e[1])
    used = 64 - answer["free_total"]
    assert answer["internal_fragmentation"] == used - sum(size_of[n] for n in alive)


def test_golden_silberschatz_9e_exercise():
    """10e, Figure 10.26: 21 KB out of 256 KB splits 128, 64, 32 and takes a block of 32 KB."""
    answer = solve(256, [Event("A", 21)]).answer
    assert answer["block_sizes"] == {"A": 32}
    assert answer["free_blocks"] == [[32, 32], [64, 64], [128, 128]]


def test_min_block_and_bad_input():
    assert solve(64, [Event("A", 1)], min_block=16).answer["block_sizes"] == {"A": 16}
    for total, least in ((60, 1), (64, 3), (4, 8)):
        with pytest.raises(InputError):
            solve(total, [Event("A", 1)], least)
    with pytest.raises(InputError):
        solve(64, [Event("A")])
