"""Simulation of page replacement, which `page_replacement` and `belady` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["Access", "Frame", "Policy", "Tie", "simulate"]

Policy = Literal["OPT", "FIFO", "LRU", "CLOCK", "ENHANCED_CLOCK"]
Tie = Literal["loaded_first", "lowest_frame"]


@dataclass(frozen=True)
class Frame:
    """A frame that holds a page: access and modify bit, and when the page was loaded and last used."""

    page: int
    access: int
    modify: int
    loaded: int
    used: int


@dataclass(frozen=True)
class Access:
    """What one access did.

    Args:
        page: the page accessed.
        fault: whether it was missing.
        slot: the frame that now holds it.
        victim: the frame's content that was evicted, `None` if nothing was.
        memory: the frames afterwards, `None` for an empty one.
        hand: the frame that the clock hand points to afterwards.
    """

    page: int
    fault: bool
    slot: int
    victim: Frame | None
    memory: tuple[Frame | None, ...]
    hand: int


def simulate(
    refs: Sequence[int],
    frames: int,
    policy: Policy,
    *,
    writes: frozenset[int] = frozenset(),
    initial: Sequence[Frame] = (),
    hand: int = 0,
    tie: Tie = "loaded_first",
) -> list[Access]:
    """Replay a reference string.

    Args:
        refs: page numbers.
        frames: number of frames.
        policy: the replacement policy.
        writes: 0-based positions in `refs` that modify the page.
        initial: content of the first frames, in frame order.
        hand: frame that the clock hand points to at first.
        tie: whom OPT evicts among pages that are never used again.
    """
    memory: list[Frame | None] = [*initial, *[None] * (frames - len(initial))]
    log: list[Access] = []
    for now, page in enumerate(refs):
        written = int(now in writes)
        held = next((i for i, f in enumerate(memory) if f and f.page == page), None)
        victim = None
        if held is not None:
            slot, frame = held, memory[held]
            assert frame is not None
            memory[slot] = replace(frame, access=1, modify=frame.modify | written, used=now)
        else:
            if policy in ("CLOCK", "ENHANCED_CLOCK"):
                slot = _sweep(memory, hand) if policy == "CLOCK" else _enhanced_sweep(memory, hand)
                hand = (slot + 1) % frames
            elif None in memory:
                slot = memory.index(None)
            else:
                slot = _choose(policy, [f for f in memory if f], refs[now + 1 :], tie)
            victim = memory[slot]
            memory[slot] = Frame(page, 1, written, now, now)
        log.append(Access(page, held is None, slot, victim, tuple(memory), hand))
    return log


def _sweep(memory: list[Frame | None], hand: int) -> int:
    """Move the hand past frames with access bit 1, clearing it, to the frame to use."""
    while (frame := memory[hand]) and frame.access:
        memory[hand] = replace(frame, access=0)
        hand = (hand + 1) % len(memory)
    return hand


def _enhanced_sweep(memory: list[Frame | None], hand: int) -> int:
    """Look for (0,0) without changes, then for (0,1) clearing access bits, and so on again."""
    order = [(hand + i) % len(memory) for i in range(len(memory))]
    while True:
        for wanted_modify in (0, 1):
            for slot in order:
                frame = memory[slot]
                if frame is None or (frame.access, frame.modify) == (0, wanted_modify):
                    return slot
                if wanted_modify:
                    memory[slot] = replace(frame, access=0)


def _choose(policy: Policy, memory: Sequence[Frame], future: Sequence[int], tie: Tie) -> int:
    """Pick the frame that OPT, FIFO or LRU gives up, every frame being full."""
    slots = range(len(memory))
    if policy == "FIFO":
        return min(slots, key=lambda i: memory[i].loaded)
    if policy == "LRU":
        return min(slots, key=lambda i: memory[i].used)
    next_use = [future.index(f.page) if f.page in future else len(future) for f in memory]
    if tie == "lowest_frame":
        return max(slots, key=lambda i: (next_use[i], -i))
    return max(slots, key=lambda i: (next_use[i], -memory[i].loaded))
