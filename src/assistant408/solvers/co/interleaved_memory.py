"""Interleaved memory (多体交叉存储器): pipelined access to low-order interleaved modules, and conflicts."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step, Table
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@dataclass(frozen=True)
class Access:
    """One access: its address, when its module starts, and the access it had to wait for."""

    address: int
    start: Fraction
    blocker: int | None


@solver(
    "co.interleaved_memory",
    title="多体交叉存储器",
    summary="低位交叉（多模块）存储器按流水方式连续读若干字，或访问给定地址序列，求时间、带宽、与顺序方式的比较、访存冲突的地址。",
    syllabus=("co.memory.multi-module", "co.memory.interleave-timing"),
    keywords=(
        "交叉编址",
        "低位交叉",
        "多体",
        "多模块存储器",
        "流水方式",
        "带宽",
        "存取周期",
        "访存冲突",
        "总线传送周期",
    ),
    answers={
        "interleaved_ns": Out("交叉方式所需时间", "ns"),
        "sequential_ns": Out("顺序方式所需时间", "ns"),
        "interleaved_bps": Out("交叉方式的带宽", "b/s"),
        "sequential_bps": Out("顺序方式的带宽", "b/s"),
        "max_bps": Out("最大带宽", "b/s"),
        "speedup": Out("加速比"),
        "min_modules": Out("不等待所需的最少模块数", "个"),
        "conflicts": Out("发生冲突的地址对"),
        "pairs": Out("冲突的两个地址"),
    },
    examples=(
        {"modules": 4, "cycle_ns": 200, "bus_ns": 50, "words": 4, "word_bits": 64},
        {
            "modules": 4,
            "cycle_ns": 200,
            "bus_ns": 50,
            "addresses": [8005, 8006, 8007, 8008, 8001, 8002, 8003, 8004, 8000],
        },
    ),
)
def solve(
    modules: Annotated[int, Param("模块数", "交叉编址的存储体个数 m", min=1, max=64)],
    cycle_ns: Annotated[Fraction, Param("存取周期", "每个存储体的存取周期 T，ns", min=0)],
    bus_ns: Annotated[Fraction, Param("总线传送周期", "启动相邻两次访问的间隔 r，ns", min=0)],
    words: Annotated[int, Param("连续读的字数", "没有给地址序列时用", min=1, max=1000)] = 4,
    word_bits: Annotated[int, Param("存储字长", "每次访问得到的位数", min=1, max=4096)] = 64,
    addresses: Annotated[
        list[int] | None, Param("访问的地址序列", "字地址；不给时从 0 起连续读", min=0, max_len=1000)
    ] = None,
) -> Solution:
    """Time accesses to low-order interleaved modules (低位交叉存储器).

    Args:
        modules: number of modules m; address a lies in module a mod m.
        cycle_ns: cycle T of a module, in ns.
        bus_ns: bus transfer time r, the least interval between two starts, in ns.
        words: consecutive words to read when no addresses are given.
        word_bits: bits of one access.
        addresses: word addresses in order.

    Returns:
        `interleaved_ns`, `sequential_ns` (one access at a time), both bandwidths in bit/s, the greatest one of a
        full pipeline `max_bps`, `speedup`,
        `min_modules` (⌈T/r⌉) and `conflicts` (pairs "a-b": b waits for the module that a keeps busy;
        in `pairs` as numbers, either way round).

    Raises:
        InputError: a time of 0, or r above T.

    Examples:
        >>> solve(4, 200, 50, 4).answer["interleaved_ns"]
        Fraction(350, 1)
        >>> solve(4, 200, 50, addresses=[8005, 8006, 8007, 8008, 8001, 8002, 8003, 8004, 8000]).answer["conflicts"]
        ['8004-8000']
        >>> solve(2, 200, 50, 4).answer["interleaved_ns"]  # too few modules: every second access waits
        Fraction(450, 1)

    Conventions:
        Accesses start in order, at least r apart, once their module is free. The time runs to the end of
        the last module cycle, so that n words take T + (n-1)r when m >= T/r.

    Source:
        唐朔飞《计算机组成原理》第4章（并行存储器）; 408 真题 2015.
    """
    cycle, bus = Fraction(cycle_ns), Fraction(bus_ns)
    if not 0 < bus <= cycle:
        raise InputError(f"总线传送周期 {str(bus_ns)!r} ns 应大于 0 且不超过存取周期 {cycle} ns，请检查单位。")
    order = addresses or list(range(words))
    trace = _run(order, modules, cycle, bus)
    n = len(order)
    total = trace[-1].start + cycle
    sequential = n * cycle
    conflicts = [f"{a.blocker}-{a.address}" for a in trace if a.blocker is not None]
    least = -(-cycle // bus)
    gap = max(bus, cycle / modules)
    t, r = decimal(cycle), decimal(bus)
    steps = [
        Step(
            f"低位交叉：地址 a 在第 $a\\bmod {modules}$ 个模块。不等待须 $m\\ge T/r={t}/{r}$，即至少 {least} 个模块，"
            f"现有 {modules} 个，{'连续访问不冲突' if modules >= least else '不够，连续访问也要等待'}。",
            Table(
                ["次序", "地址", "模块", "启动时刻/ns"],
                [[i, a.address, a.address % modules, a.start] for i, a in enumerate(trace[:40], start=1)],
                [(i, 3) for i, a in enumerate(trace[:40]) if a.blocker is not None],
            ),
            credit="确定模块号，判断冲突",
            gives={
                "min_modules": least,
                "conflicts": conflicts,
                "pairs": [
                    list(p)
                    for a in trace
                    if a.blocker is not None
                    for p in ((a.blocker, a.address), (a.address, a.blocker))
                ],
            },
        ),
        Step(
            _timing(n, t, r, total, conflicts),
            Gantt(
                [Slice(f"M{a.address % modules}", a.start, a.start + cycle, str(a.address)) for a in trace[:40]],
                "ns",
            ),
            credit="求交叉方式的时间",
            gives={"interleaved_ns": total},
        ),
        Step(
            f"顺序方式逐个访问，用 ${n}\\times {t}={decimal(sequential)}$ ns；"
            f"共读 ${n}\\times {word_bits}={n * word_bits}$ 位，带宽为 "
            f"${n * word_bits}/{decimal(sequential)}$ 与 ${n * word_bits}/{decimal(total)}$（b/ns），"
            f"加速比 ${decimal(sequential)}/{decimal(total)}{equals(sequential / total)}$。",
            credit="求带宽与加速比",
            gives={
                "sequential_ns": sequential,
                "interleaved_bps": n * word_bits * 10**9 / total,
                "sequential_bps": n * word_bits * 10**9 / sequential,
                "speedup": sequential / total,
            },
        ),
        Step(
            f"连续读很多字时，每 {decimal(gap)} ns 得到一个 {word_bits} 位的字，最大带宽为 "
            f"{decimal(word_bits * 10**9 / gap)} b/s。",
            credit="求最大带宽",
            gives={"max_bps": word_bits * 10**9 / gap},
        ),
    ]
    return Solution(steps, ("时间算到最后一次存取周期结束", "速率 1 G = 10^9"))


def _timing(n: int, t: str, r: str, total: Fraction, conflicts: list[str]) -> str:
    """Explain the time of the interleaved run."""
    if not conflicts:
        return f"每隔 {r} ns 启动一个模块，{n} 次访问用 $T+(n-1)r={t}+{n - 1}\\times {r}={decimal(total)}$ ns。"
    shown = "、".join(conflicts[:5]) + ("等" if len(conflicts) > 5 else "")
    return f"地址对 {shown} 在同一模块且间隔不足 {t} ns，后者要等模块空闲；{n} 次访问共用 {decimal(total)} ns。"


def _run(order: list[int], modules: int, cycle: Fraction, bus: Fraction) -> list[Access]:
    """Start each access as soon as the bus and its module allow."""
    user: dict[int, Access] = {}
    trace: list[Access] = []
    for address in order:
        ready = trace[-1].start + bus if trace else Fraction(0)
        before = user.get(address % modules)
        free = before.start + cycle if before else Fraction(0)
        blocker = before.address if before and free > ready else None
        access = Access(address, max(ready, free), blocker)
        user[address % modules] = access
        trace.append(access)
    return trace


def mistakes(
    modules: int, cycle_ns: Fraction, bus_ns: Fraction, words: int, word_bits: int, addresses: list[int] | None
) -> Iterator[Mistake]:
    """Name the slips: sequential timing, n instead of n-1 intervals, rounds of T."""
    cycle, bus = Fraction(cycle_ns), Fraction(bus_ns)
    order = addresses or list(range(words))
    n, bits = len(order), len(order) * word_bits

    def gives(time: Fraction) -> dict[str, Fraction]:
        return {"interleaved_ns": time, "interleaved_bps": bits * 10**9 / time, "speedup": n * cycle / time}

    yield Mistake("按顺序方式逐个访问", gives(n * cycle))
    yield Mistake("间隔数算成 n，多算一个总线周期", gives(cycle + n * bus))
    yield Mistake("只算总线传送，漏了第一个存取周期", gives(n * bus))
    yield Mistake("每 m 个字一轮，各轮之间不重叠", gives(-(-n // modules) * (cycle + (modules - 1) * bus)))
    yield Mistake("每 m 个字只用一个存取周期", gives(-(-n // modules) * cycle))
    ideal = cycle + (n - 1) * bus
    yield Mistake("没有考虑访存冲突", {**gives(ideal), "conflicts": []})
    same = [f"{a}-{b}" for i, b in enumerate(order) for a in order[:i] if a % modules == b % modules]
    yield Mistake("同一模块的访问不论间隔都算冲突", {"conflicts": same})
    yield Mistake("把不冲突的相邻地址当成冲突", {"conflicts": [f"{a}-{b}" for a, b in itertools.pairwise(order)][:1]})
    yield Mistake("按高位交叉理解，同一存储体内全部冲突", {"conflicts": [f"{order[0]}-{order[-1]}"]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the time of consecutive reads, or for the bandwidth from difficulty 3."""
    modules = rng.choice([4, 8])
    bus = rng.choice([20, 25, 40, 50])
    cycle = bus * modules
    words = rng.choice([modules, 2 * modules]) + (rng.randint(0, 3) if difficulty > 1 else 0)
    args = {"modules": modules, "cycle_ns": cycle, "bus_ns": bus, "words": words, "word_bits": 32}
    text = f"某存储器由 {modules} 个模块低位交叉编址构成，存储字长 32 位，存取周期 {cycle} ns，总线传送周期 {bus} ns，"
    if difficulty < 3:
        return Draft(f"{text}按流水方式连续读出 {words} 个字需要（ ）。", args, "interleaved_ns")
    if difficulty < 5:
        return Draft(f"{text}连续读出 {words} 个字，交叉方式相对顺序方式的加速比是（ ）。", args, "speedup")
    base = 1000 * modules
    while True:
        order = rng.sample(range(base, base + 3 * modules), modules + 3)
        clashes = sum(a.blocker is not None for a in _run(order, modules, Fraction(cycle), Fraction(bus)))
        if 1 <= clashes <= 2:
            break
    shown = "、".join(map(str, order))
    stem = f"{text}CPU 依次访问字地址 {shown}，能发生访存冲突的地址对是（ ）。"
    return Draft(stem, {**args, "addresses": order}, "conflicts")
