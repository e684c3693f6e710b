"""Page replacement (页面置换): OPT, FIFO, LRU, CLOCK and the enhanced CLOCK."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, get_args

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._replacement import Access, Frame, Policy, Tie, simulate

__all__ = ["Resident", "solve"]

WHY = {
    "OPT": "淘汰以后永不使用、或最晚才再次使用的页",
    "FIFO": "淘汰最早调入的页",
    "LRU": "淘汰最久没有访问的页",
    "CLOCK": "指针扫描，遇访问位 1 清 0 放过，遇 0 淘汰",
    "ENHANCED_CLOCK": "先找 (访问位,修改位)=(0,0)，找不到再找 (0,1) 并把扫过的访问位清 0，如此反复",
}
WIDTH = 24  # columns of history that one step shows


@dataclass(frozen=True)
class Resident:
    """A page that is in memory at the start."""

    page: Annotated[int, Param("页号", min=0)]
    access: Annotated[int, Param("访问位", min=0, max=1)] = 1
    modify: Annotated[int, Param("修改位", min=0, max=1)] = 0


@solver(
    "os.page_replacement",
    title="页面置换",
    summary="给出页面访问序列和页框数，用 OPT、FIFO、LRU、CLOCK 或改进型 CLOCK 算法求缺页次数、"
    "缺页率、写回次数和每步页框内容。",
    syllabus=(
        "os.memory.replacement-opt-fifo",
        "os.memory.replacement-lru",
        "os.memory.replacement-clock",
        "os.memory.replacement-clock-enhanced",
    ),
    keywords=(
        *("页面置换", "缺页次数", "缺页率", "页框", "页面走向", "访问序列", "LRU", "FIFO", "OPT"),
        *("CLOCK", "改进型CLOCK", "最近未用", "修改位", "访问位", "淘汰"),
    ),
    answers={
        "faults": Out("缺页次数", "次"),
        "fault_rate": Out("缺页率"),
        "replacements": Out("置换次数", "次"),
        "victims": Out("依次淘汰的页"),
        "last_victim": Out("最后一次淘汰的页"),
        "write_backs": Out("淘汰时写回次数", "次"),
        "final": Out("最后在内存的页"),
    },
    examples=(
        {"refs": [7, 0, 1, 2, 0, 3, 0, 4, 2, 3], "frames": 3, "policy": "LRU"},
        {"refs": [1, 2, 3, 4, 2, 5, 1], "frames": 3, "policy": "ENHANCED_CLOCK", "writes": [1, 4]},
    ),
)
def solve(
    refs: Annotated[list[int], Param("页面访问序列", "依次访问的页号", min=0, min_len=1, max_len=500)],
    frames: Annotated[int, Param("页框数", "分配给进程的页框数", min=1, max=64)],
    policy: Annotated[Policy, Param("置换算法", "ENHANCED_CLOCK 是改进型 CLOCK")] = "LRU",
    writes: Annotated[list[int], Param("写访问的序号", "访问序列中第几次访问是写操作，从 1 起", min=1)] = [],  # noqa: B006
    initial: Annotated[
        list[Resident], Param("初始页框内容", "按页框次序写 页号:访问位:修改位，先写者装入较早", max_len=64)
    ] = [],  # noqa: B006
    hand: Annotated[int, Param("指针初始位置", "CLOCK 指针所指的页框，从 0 起", min=0, max=63)] = 0,
    opt_tie: Annotated[
        Tie, Param("OPT 平局", "几页都不再使用时淘汰：loaded_first 最早装入者，lowest_frame 页框号最小者")
    ] = "loaded_first",
) -> Solution:
    """Count the page faults of a reference string (缺页次数).

    Args:
        refs: page numbers in order of access, 1 to 500 of them.
        frames: number of page frames, 1 to 64, all empty at first unless `initial` fills them.
        policy: which page is evicted.
        writes: 1-based positions in `refs` that modify their page.
        initial: pages in memory at the start, in frame order, the first one loaded and used longest ago.
        hand: 0-based frame that the clock hand points to at the start.
        opt_tie: whom OPT evicts among pages that are never used again.

    Returns:
        `faults`, `fault_rate` (faults / accesses), `replacements` (faults that evicted), `victims`,
        `write_backs` (victims that were modified), `final`.

    Raises:
        InputError: more initial pages than frames or one page twice, a write or the hand out of range.

    Examples:
        >>> solve([7, 0, 1, 2, 0, 3, 0, 4], 3, "LRU").answer["faults"]
        6
        >>> solve([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5], 4, "FIFO").answer["faults"]  # 3 frames give 9
        10
        >>> solve([5], 1).answer["fault_rate"]
        Fraction(1, 1)
        >>> solve([4], 3, "ENHANCED_CLOCK", initial=[Resident(1, 1, 0), Resident(2, 0, 1), Resident(3, 1, 1)],
        ...       ).answer["victims"]
        [2]

    Conventions:
        Demand paging: loading into an empty frame is a fault. The CLOCKs set the access bit on loading, and
        their hand moves on after a load but not on a hit. The enhanced CLOCK leaves all bits alone in its
        rounds for (0,0) and clears access bits in its rounds for (0,1).

    Source:
        Silberschatz, Operating System Concepts, 10e, §10.4; 汤小丹《计算机操作系统》第5章.
    """
    _check(refs, frames, writes, initial, hand)
    residents = [Frame(r.page, r.access, r.modify, i - 100, i - 100) for i, r in enumerate(initial)]
    written = frozenset(w - 1 for w in writes)
    log = simulate(refs, frames, policy, writes=written, initial=residents, hand=hand, tie=opt_tie)
    steps = [_step(log[: now + 1], policy) for now in range(len(log))]
    faults = sum(a.fault for a in log)
    victims = [a.victim for a in log if a.victim]
    steps.append(
        Step(
            f"共访问 {len(refs)} 次，缺页 {faults} 次，其中 {len(victims)} 次需要淘汰；"
            f"缺页率为 ${faults}/{len(refs)}$。",
            _table(log, policy, len(log)),
            credit="缺页次数与缺页率",
            gives={
                "faults": faults,
                "fault_rate": Fraction(faults, len(refs)),
                "replacements": len(victims),
                "victims": [v.page for v in victims],
                **({"last_victim": victims[-1].page} if victims else {}),
                "write_backs": sum(v.modify for v in victims),
                "final": [f.page for f in log[-1].memory if f],
            },
        )
    )
    return Solution(steps, _conventions(policy, bool(initial), opt_tie))


def _check(refs: Sequence[int], frames: int, writes: Sequence[int], initial: Sequence[Resident], hand: int) -> None:
    pages = [r.page for r in initial]
    if len(pages) > frames:
        raise InputError(f"初始页 {pages!r} 比页框数 {frames} 多，请减少初始页。")
    if len(set(pages)) < len(pages):
        raise InputError(f"初始页 {pages!r} 有重复，每页只能占一个页框。")
    for w in writes:
        if not 1 <= w <= len(refs):
            raise InputError(f"写访问的序号 {w!r} 超出访问序列，应在 1 到 {len(refs)} 之间。")
    if hand >= frames:
        raise InputError(f"指针初始位置 {hand!r} 不存在，应在 0 到 {frames - 1} 之间。")


def _step(log: Sequence[Access], policy: Policy) -> Step:
    now = log[-1]
    if not now.fault:
        why = f"访问页 {now.page}：已在内存，命中。"
    elif now.victim is None:
        why = f"访问页 {now.page}：缺页，装入空页框 {now.slot}。"
    else:
        dirty = "，该页改过，先写回" if now.victim.modify else ""
        why = f"访问页 {now.page}：缺页，{WHY[policy]}，淘汰页 {now.victim.page}{dirty}。"
    return Step(why, _table(log, policy, WIDTH), credit="写出页框内容并标出缺页" if now.fault else "")


def _table(log: Sequence[Access], policy: Policy, width: int) -> Table:
    """Lay out the last `width` accesses as columns, frames as rows."""
    shown = log[-width:]
    rows: list[list[str]] = [
        [str(slot), *(_cell(a.memory[slot], policy) for a in shown)] for slot in range(len(log[-1].memory))
    ]
    rows.append(["缺页", *("×" if a.fault else "" for a in shown)])
    return Table(["页框", *(str(a.page) for a in shown)], rows, marks=[(log[-1].slot, len(shown))])


def _cell(frame: Frame | None, policy: Policy) -> str:
    if frame is None:
        return ""
    if policy == "CLOCK":
        return f"{frame.page}({frame.access})"
    return f"{frame.page}({frame.access},{frame.modify})" if policy == "ENHANCED_CLOCK" else str(frame.page)


def _conventions(policy: Policy, preloaded: bool, tie: Tie) -> list[str]:
    out = [] if preloaded else ["页框最初全空，装入空页框也算缺页"]
    if policy == "CLOCK":
        out.append("页装入时访问位置 1，指针随后指向下一页框；表中括号内为访问位")
    if policy == "ENHANCED_CLOCK":
        out.append("页装入时访问位置 1，指针随后指向下一页框；表中括号内为（访问位,修改位）")
    if policy == "OPT":
        who = "最早装入" if tie == "loaded_first" else "页框号最小"
        out.append(f"几页都不再使用时，淘汰{who}的一页")
    return out


def mistakes(
    refs: list[int],
    frames: int,
    policy: Policy,
    writes: list[int],
    initial: list[Resident],
    hand: int,
    opt_tie: Tie,
) -> Iterator[Mistake]:
    """Misconceptions: counting replacements, the wrong policy, forgetting hits."""

    def answer(frames: int, policy: Policy) -> tuple[int, int]:
        residents = [Frame(r.page, r.access, r.modify, i - 100, i - 100) for i, r in enumerate(initial)]
        written = frozenset(w - 1 for w in writes)
        log = simulate(refs, frames, policy, writes=written, initial=residents, hand=hand, tie=opt_tie)
        return sum(a.fault for a in log), sum(a.victim is not None for a in log)

    faults, replaced = answer(frames, policy)
    yield Mistake("只数了需要淘汰的次数，漏了装入空页框的缺页", {"faults": replaced})
    for other in get_args(Policy):
        if other != policy:
            yield Mistake(f"按 {other} 算法淘汰", {"faults": answer(frames, other)[0]})
    yield Mistake("求成了命中次数", {"faults": len(refs) - faults})
    if max(1, len(initial)) < frames and hand < frames - 1:
        yield Mistake("页框数少算一个", {"faults": answer(frames - 1, policy)[0]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a reference string with locality, longer and with more frames as difficulty grows."""
    frames = rng.randint(3, 3 + difficulty // 3)
    pages = list(range(1, frames + 3))
    refs = [rng.choice(pages)]
    while len(refs) < 8 + 2 * difficulty:
        page = rng.choice(refs[-3:] if rng.random() < 0.25 else pages)
        if page != refs[-1]:
            refs.append(page)
    policy = rng.choice(["LRU", "FIFO", "OPT", "CLOCK"] if difficulty > 2 else ["LRU", "FIFO"])
    shown = "，".join(map(str, refs))
    stem = (
        f"系统为某进程分配了 {frames} 个页框，页框最初全空，页面访问序列为 {shown}。"
        f"采用 {policy} 置换算法，缺页次数是（ ）。"
    )
    return Draft(stem, {"refs": refs, "frames": frames, "policy": policy}, "faults")
