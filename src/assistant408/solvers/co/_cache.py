"""A cache of block numbers: sets, LRU or FIFO replacement, dirty lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from assistant408.core.errors import InputError

__all__ = ["Cache", "Lookup", "Policy", "shape"]

Policy = Literal["LRU", "FIFO"]


@dataclass(frozen=True)
class Lookup:
    """What one access did: which line (of the whole cache), whether it hit, what was evicted."""

    line: int
    hit: bool
    evicted: int | None = None
    wrote_back: bool = False


@dataclass
class Cache:
    """A set-associative cache; one way is direct mapping, one set is fully associative.

    Examples:
        >>> cache = Cache(sets=1, ways=2, policy="LRU")
        >>> [cache.access(b).hit for b in (1, 2, 1, 3, 2)]
        [False, False, True, False, False]
    """

    sets: int
    ways: int
    policy: Policy
    run: int = 1
    blocks: list[int | None] = field(init=False)
    stamps: list[int] = field(init=False)
    dirty: list[bool] = field(init=False)
    clock: int = 0

    def __post_init__(self) -> None:
        """Start with every line invalid."""
        self.blocks = [None] * (self.sets * self.ways)
        self.stamps = [0] * (self.sets * self.ways)
        self.dirty = [False] * (self.sets * self.ways)

    def set_of(self, block: int) -> int:
        """Return the set of a block: runs of `run` consecutive blocks go to one set."""
        return block // self.run % self.sets

    def access(self, block: int, write: bool = False, allocate: bool = True) -> Lookup:
        """Look a block up, and load it on a miss if `allocate`."""
        self.clock += 1
        first = self.set_of(block) * self.ways
        lines = range(first, first + self.ways)
        for line in lines:
            if self.blocks[line] == block:
                if self.policy == "LRU":
                    self.stamps[line] = self.clock
                self.dirty[line] |= write
                return Lookup(line, hit=True)
        if not allocate:
            return Lookup(-1, hit=False)
        line = min(lines, key=lambda i: (self.blocks[i] is not None, self.stamps[i]))
        out, back = self.blocks[line], self.dirty[line]
        self.blocks[line], self.stamps[line], self.dirty[line] = block, self.clock, write
        return Lookup(line, hit=False, evicted=out, wrote_back=back)


def shape(lines: int, ways: int) -> tuple[int, int]:
    """Return (sets, ways); 0 ways means fully associative.

    Raises:
        InputError: the lines do not divide into sets.
    """
    ways = ways or lines
    if lines % ways:
        raise InputError(f"路数 {ways!r} 不能整除 Cache 行数 {lines}，请改正。")
    return lines // ways, ways
