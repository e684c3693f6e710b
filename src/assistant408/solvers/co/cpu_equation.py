"""The processor performance equation T = N·CPI/f, for whichever quantity is missing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@solver(
    "co.cpu_equation",
    title="CPU 执行时间公式",
    summary="由指令条数、平均 CPI、主频（时钟周期）、CPU 时间、MIPS 中已知的几项求其余各项。",
    syllabus=("co.overview.cpu-time", "co.overview.mips-flops"),
    keywords=("CPU 时间", "平均 CPI", "主频", "时钟周期数", "指令条数", "执行时间", "MIPS"),
    answers={
        "time_s": Out("CPU 执行时间", "s"),
        "cpi": Out("平均 CPI"),
        "clock_hz": Out("主频", "Hz"),
        "instructions": Out("指令条数", "条"),
        "cycles": Out("总时钟周期数", "个"),
        "mips": Out("MIPS", "百万条/秒"),
        "cycle_ns": Out("时钟周期", "ns"),
    },
    examples=({"instructions": 600_000_000, "cpi": 2.5, "clock_mhz": 2500},),
)
def solve(
    instructions: Annotated[Fraction | None, Param("指令条数", "程序执行的指令条数", min=1)] = None,
    cpi: Annotated[Fraction | None, Param("平均 CPI", "每条指令的时钟周期数", min=0)] = None,
    clock_mhz: Annotated[Fraction | None, Param("主频", "MHz", min=0)] = None,
    time_s: Annotated[Fraction | None, Param("CPU 时间", "s", min=0)] = None,
    mips: Annotated[Fraction | None, Param("MIPS", "每秒百万条指令", min=0)] = None,
    cycles: Annotated[Fraction | None, Param("总时钟周期数", "", min=1)] = None,
) -> Solution:
    """Solve T = N·CPI/f and MIPS = f/(CPI·10^6) for what is missing (CPU 性能公式).

    Args:
        instructions: N, instructions executed.
        cpi: mean cycles of an instruction.
        clock_mhz: f in MHz.
        time_s: T in s.
        mips: million instructions a second.
        cycles: N·CPI.

    Returns:
        Every quantity that follows, each with its step: `time_s`, `cpi`, `clock_hz`, `instructions`, `cycles`, `mips`,
        `cycle_ns`.

    Raises:
        InputError: a given value of 0, or nothing follows from what is given.

    Examples:
        >>> solve(instructions=600_000_000, cpi=Fraction(5, 2), clock_mhz=2500).answer["time_s"]
        Fraction(3, 5)
        >>> solve(clock_mhz=1000, cpi=4).answer["mips"]
        Fraction(250, 1)
        >>> solve(time_s=10, clock_mhz=2000, instructions=8 * 10**9).answer["cpi"]
        Fraction(5, 2)

    Source:
        袁春风《计算机组成与系统结构》第1章; Patterson and Hennessy, Computer Organization and Design §1.6.
    """
    known: dict[str, Fraction] = {}
    clock = None if clock_mhz is None else Fraction(clock_mhz) * 10**6
    given = {
        "instructions": instructions,
        "cpi": cpi,
        "clock_hz": clock,
        "time_s": time_s,
        "mips": mips,
        "cycles": cycles,
    }
    for name, value in given.items():
        if value is not None:
            if not value:
                raise InputError(f"已知量 {_NAMES[name]} 为 0，应大于 0，请改正。")
            known[name] = Fraction(value)
    steps: list[Step] = []
    while (found := _next(known)) is not None:
        name, words, value = found
        known[name] = value
        shown = decimal(value / 10**6) if name == "clock_hz" else decimal(value)
        unit = " MHz" if name == "clock_hz" else _UNITS.get(name, "")
        more = {"cycle_ns": 10**9 / value} if name == "clock_hz" else {}
        steps.append(
            Step(f"{words}，得{_NAMES[name]} {shown}{unit}。", credit=f"求{_NAMES[name]}", gives={name: value, **more})
        )
    if not steps:
        raise InputError("已知的量不够，请在指令条数、CPI、主频、时间、MIPS 中至少给出能构成公式的几项。")
    if clock is not None:
        period = 10**9 / clock
        steps.insert(
            0, Step(f"时钟周期为主频的倒数{equals(period)} ns。".replace("=", " "), gives={"cycle_ns": period})
        )
    rows = [[_NAMES[n], f"{decimal(v / 10**6)} MHz" if n == "clock_hz" else decimal(v)] for n, v in known.items()]
    steps.append(Step("各量汇总如表。", Table(["量", "值"], rows)))
    return Solution(steps, ("MIPS 中 M = 10^6",))


_NAMES = {
    "instructions": "指令条数",
    "cpi": "平均 CPI",
    "clock_hz": "主频",
    "time_s": "CPU 时间",
    "mips": "MIPS",
    "cycles": "总时钟周期数",
}
_UNITS = {"time_s": " s", "instructions": " 条", "cycles": " 个"}


def _next(k: dict[str, Fraction]) -> tuple[str, str, Fraction] | None:
    """One more quantity that follows, in words and as a value."""
    rules: tuple[tuple[str, str, tuple[str, str], Callable[[Fraction, Fraction], Fraction]], ...] = (
        ("cycles", "总时钟周期数 = 指令条数 × CPI", ("instructions", "cpi"), lambda a, b: a * b),
        ("cycles", "总时钟周期数 = CPU 时间 × 主频", ("time_s", "clock_hz"), lambda a, b: a * b),
        ("time_s", "CPU 时间 = 总时钟周期数 ÷ 主频", ("cycles", "clock_hz"), lambda a, b: a / b),
        ("cpi", "CPI = 总时钟周期数 ÷ 指令条数", ("cycles", "instructions"), lambda a, b: a / b),
        ("instructions", "指令条数 = 总时钟周期数 ÷ CPI", ("cycles", "cpi"), lambda a, b: a / b),
        ("clock_hz", "主频 = 总时钟周期数 ÷ CPU 时间", ("cycles", "time_s"), lambda a, b: a / b),
        ("mips", "MIPS = 主频 ÷ CPI ÷ 10^6", ("clock_hz", "cpi"), lambda a, b: a / b / 10**6),
        ("cpi", "CPI = 主频 ÷ MIPS ÷ 10^6", ("clock_hz", "mips"), lambda a, b: a / b / 10**6),
        ("clock_hz", "主频 = MIPS × CPI × 10^6", ("mips", "cpi"), lambda a, b: a * b * 10**6),
        ("time_s", "CPU 时间 = 指令条数 ÷ (MIPS × 10^6)", ("instructions", "mips"), lambda a, b: a / b / 10**6),
        ("instructions", "指令条数 = MIPS × 10^6 × CPU 时间", ("mips", "time_s"), lambda a, b: a * b * 10**6),
        ("mips", "MIPS = 指令条数 ÷ CPU 时间 ÷ 10^6", ("instructions", "time_s"), lambda a, b: a / b / 10**6),
    )  # fmt: skip
    for name, words, needs, rule in rules:
        if name not in k and all(n in k for n in needs):
            return name, words, rule(k[needs[0]], k[needs[1]])
    return None


def mistakes(
    instructions: Fraction | None,
    cpi: Fraction | None,
    clock_mhz: Fraction | None,
    time_s: Fraction | None,
    mips: Fraction | None,
    cycles: Fraction | None,
) -> Iterator[Mistake]:
    """Name the slips: a division upside down, a factor left out, powers of ten."""
    if instructions and cpi and clock_mhz:
        n, c, f = Fraction(instructions), Fraction(cpi), Fraction(clock_mhz) * 10**6
        yield Mistake("漏乘 CPI", {"time_s": n / f})
        yield Mistake("乘除用反，除以 CPI", {"time_s": n / c / f})
        yield Mistake("MHz 换算差了 10 倍", {"time_s": 10 * n * c / f})
        yield Mistake("MHz 换算差了 10 倍（偏小）", {"time_s": n * c / f / 10})
    if clock_mhz and cpi and not instructions:
        f, c = Fraction(clock_mhz), Fraction(cpi)
        yield Mistake("主频乘以 CPI", {"mips": f * c})
        yield Mistake("把主频直接当作 MIPS", {"mips": f})
        yield Mistake("多除一次 CPI", {"mips": f / c / c})
        yield Mistake("差了 10 倍", {"mips": f / c / 10})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for a run time, or for MIPS."""
    f, c = rng.choice([500, 800, 1000, 2000, 2500]), rng.choice([2, 4, 5])
    if difficulty < 3:
        stem = f"某机主频为 {f} MHz，平均 CPI 为 {c}，该机的 MIPS 为（ ）。"
        return Draft(stem, {"clock_mhz": f, "cpi": c}, "mips")
    n = rng.choice([2, 3, 4, 6]) * 10**8
    stem = f"某程序执行 {n // 10**8}×10^8 条指令，平均 CPI 为 {c}，主频为 {f} MHz，所占的 CPU 时间为（ ）。"
    return Draft(stem, {"instructions": n, "cpi": c, "clock_mhz": f}, "time_s")
