"""Data hazards of the five-stage pipeline (数据冒险): stalls with and without forwarding."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import listed

__all__ = ["solve"]

LOADS = ("lw", "ld", "lb", "lbu", "lh", "lhu", "load")
STORES = ("sw", "sd", "sb", "sh", "store")
BRANCHES = ("beq", "bne", "blt", "bge", "bgt", "ble", "beqz", "bnez", "j", "jmp", "jal")
TWO_OPERAND = ("add", "sub", "and", "or", "xor", "mul", "div")
REGISTER = re.compile(r"\$?\b[A-Za-z]{1,2}\d{1,2}\b|\$(?:[a-z]{2,4}|\d{1,2})\b")


@dataclass(frozen=True)
class Instruction:
    """An instruction: what it writes and reads."""

    text: str
    kind: str
    writes: str | None
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Hazard:
    """A read after write whose producer is near: instruction numbers from 1."""

    producer: int
    consumer: int
    register: str


@dataclass(frozen=True)
class Schedule:
    """Cycles in which each instruction enters IF, ID and EX."""

    fetch: list[int]
    decode: list[int]
    execute: list[int]

    @property
    def cycles(self) -> int:
        """The cycle in which the last instruction writes back."""
        return self.execute[-1] + 2


@solver(
    "co.pipeline_hazards",
    title="五段流水线的数据冒险与阻塞",
    summary="给出一段指令序列，五段流水线（IF ID EX MEM WB）有无转发，找出数据相关的指令对，求阻塞周期数和总时钟周期数，画时空图。",
    syllabus=("co.cpu.hazard-data", "co.cpu.forwarding", "co.cpu.pipeline-datapath", "co.cpu.hazard-control"),
    keywords=("数据冒险", "数据相关", "流水线", "转发", "旁路", "阻塞", "load-use", "气泡", "写后读", "RAW"),
    answers={
        "cycles": Out("总时钟周期数", "个"),
        "stalls": Out("阻塞周期数", "个"),
        "hazards": Out("发生数据冒险的指令对"),
        "stalls_before": Out("各条指令前插入的阻塞周期"),
        "cpi": Out("平均 CPI"),
    },
    examples=(
        {"program": "add s2,s1,s0; load s3,0(t2); add s2,s2,s3; store s2,0(t2)", "forwarding": False},
        {"program": "lw $t1,0($t0); lw $t2,4($t0); add $t3,$t1,$t2; sw $t3,12($t0)", "forwarding": True},
    ),
)
def solve(
    program: Annotated[
        str, Param("指令序列", "用分号或换行隔开，如 lw r1,0(r2); add r3,r1,r4", min_len=2, max_len=4000)
    ],
    forwarding: Annotated[bool, Param("有转发（旁路）", "是否有数据转发电路")] = False,
    split_register_file: Annotated[bool, Param("寄存器堆先写后读", "同一周期前半写、后半读")] = True,
    branch_stalls: Annotated[int, Param("每条转移后的阻塞周期", "不考虑控制冒险时为 0", min=0, max=5)] = 0,
) -> Solution:
    """Schedule instructions on the five-stage pipeline (五段流水线的数据冒险).

    Args:
        program: instructions, separated by semicolons or new lines; the first register is the
            destination, except for stores and branches.
        forwarding: whether results are forwarded to EX.
        split_register_file: whether a register written in a cycle can be read in the same cycle.
        branch_stalls: bubbles after each branch.

    Returns:
        `cycles` (in all), `stalls`, `hazards` ("I1→I2(r1)"), `stalls_before` (by instruction), `cpi`.

    Raises:
        InputError: no instruction, more than 60, or one that cannot be read.

    Examples:
        >>> solve("add r1,r2,r3; sub r4,r1,r5").answer["stalls"]
        2
        >>> solve("lw r1,0(r2); add r3,r1,r4", forwarding=True).answer["cycles"]
        7
        >>> solve("add r1,r2,r3; add r4,r5,r6", split_register_file=False).answer["hazards"]
        []

    Conventions:
        In order; a stalled instruction waits in ID and those behind it wait too. Without forwarding ID
        must wait for the producer's WB. With forwarding only a load followed at once by a use stalls, by
        one cycle; store data is needed in EX like any other operand. $0 and $zero never conflict.

    Source:
        Patterson and Hennessy, Computer Organization and Design, §4.7; 408 真题 2012.
    """
    code = _parse(program)
    hazards = _hazards(code, forwarding, split_register_file)
    plan = _schedule(code, forwarding, split_register_file, branch_stalls)
    waits = _waits(plan)
    pairs = [f"I{h.producer}→I{h.consumer}({h.register})" for h in hazards]
    n = len(code)
    gap = 3 if split_register_file else 4
    rule = (
        "有转发：ALU 结果直接送下一条的 EX，只有 load 后紧跟使用要阻塞 1 个周期。"
        if forwarding
        else f"无转发：使用者的 ID 要等产生者的 WB{'（同一周期先写后读）' if gap == 3 else '之后'}，"
        f"相邻相关阻塞 {gap - 1} 个周期。"
    )
    steps = [
        Step(
            f"逐条找写后读相关：{listed([f'`{p}`' for p in pairs]) if pairs else '没有冲突的指令对'}。",
            Table(
                ["指令", "内容", "写", "读"],
                [[f"I{i}", c.text, c.writes or "", " ".join(c.reads)] for i, c in enumerate(code, start=1)],
                [(h.consumer - 1, 3) for h in hazards],
            ),
            credit="找出数据相关的指令对",
            gives={"hazards": pairs},
        ),
        Step(rule + _explain(waits), _chart(plan), credit="画出时空图", gives={"stalls_before": waits}),
        Step(
            f"无阻塞需 ${n}+4={n + 4}$ 个周期，阻塞 {plan.cycles - n - 4} 个，共 {plan.cycles} 个周期，"
            f"$CPI={plan.cycles}/{n}$。",
            credit="求总周期数",
            gives={
                "cycles": plan.cycles,
                "stalls": plan.cycles - n - 4,
                "cpi": Fraction(plan.cycles, n),
            },
        ),
    ]
    conventions = ["按序发射，按序完成", "阻塞的指令停在 ID 段，后面的指令停在 IF 段"]
    conventions.append("寄存器堆前半周期写、后半周期读" if split_register_file else "同一周期写的值下一周期才能读")
    return Solution(steps, conventions)


def _parse(program: str) -> list[Instruction]:
    """Read the instructions."""
    lines = [re.sub(r"//.*", "", line) for line in program.splitlines()]
    parts = [re.sub(r"^\s*\w+\s*[:：]", "", p).strip() for line in lines for p in re.split(r"[;；]", line)]
    code = [_instruction(p) for p in parts if p]
    if not 1 <= len(code) <= 60:
        raise InputError(f"指令序列有 {len(code)!r} 条，应为 1 到 60 条，请用分号或换行隔开。")
    return code


def _instruction(text: str) -> Instruction:
    """Read one instruction: what it writes and what it reads."""
    op, _, rest = text.partition(" ")
    op, operands = op.lower(), [o for o in re.split(r"[,，]", rest) if o.strip()]
    if not re.fullmatch(r"[a-z]+\.?[a-z]*", op):
        raise InputError(f"指令 {text!r} 看不懂，请写成 add r1,r2,r3 的形式。")
    names = [r.lower() for o in operands for r in REGISTER.findall(o)]
    live = [r for r in names if r not in ("$0", "$zero")]
    if op == "jr":
        return Instruction(text, "branch", None, tuple(live))
    if op in BRANCHES:  # the last operand is the target
        return Instruction(text, "branch", None, tuple(r.lower() for o in operands[:-1] for r in REGISTER.findall(o)))
    if op in STORES or not names:
        return Instruction(text, "store" if names else "other", None, tuple(dict.fromkeys(live)))
    reads = names if op in TWO_OPERAND and len(operands) == 2 else names[1:]
    reads = [r for r in reads if r in live]
    kind = "load" if op in LOADS else "alu"
    return Instruction(text, kind, names[0] if names[0] in live else None, tuple(dict.fromkeys(reads)))


def _producers(code: list[Instruction], i: int) -> Iterator[tuple[int, str]]:
    """Yield the last writer of each register that instruction i reads."""
    for register in code[i].reads:
        p = next((j for j in range(i - 1, -1, -1) if code[j].writes == register), None)
        if p is not None:
            yield p, register


def _distance(producer: Instruction, forwarding: bool, split: bool) -> int:
    """Return the least distance of the two EX cycles."""
    if forwarding:
        return 2 if producer.kind == "load" else 1
    return 3 if split else 4


def _hazards(code: list[Instruction], forwarding: bool, split: bool) -> list[Hazard]:
    """List the dependences that would read too early if nothing stalled."""
    return [
        Hazard(p + 1, i + 1, register)
        for i in range(len(code))
        for p, register in _producers(code, i)
        if i - p < _distance(code[p], forwarding, split)
    ]


def _schedule(code: list[Instruction], forwarding: bool, split: bool, branch_stalls: int) -> Schedule:
    """Advance each instruction as early as the one before it and its operands allow."""
    plan = Schedule([], [], [])
    for i in range(len(code)):
        fetch, decode = 1, 2
        if i:
            bubbles = branch_stalls if code[i - 1].kind == "branch" else 0
            fetch = plan.decode[-1] + bubbles
            decode = max(plan.execute[-1], fetch + 1)
        execute = decode + 1
        for p, _ in _producers(code, i):
            execute = max(execute, plan.execute[p] + _distance(code[p], forwarding, split))
        plan.fetch.append(fetch)
        plan.decode.append(decode)
        plan.execute.append(execute)
    return plan


def _waits(plan: Schedule) -> list[int]:
    """Return the bubbles in front of each instruction."""
    before = [2, *plan.execute]
    return [e - b - 1 for e, b in zip(plan.execute, before, strict=False)]


def _explain(waits: list[int]) -> str:
    late = [f"I{i} 前 {w} 个" for i, w in enumerate(waits, start=1) if w]
    return f"插入的阻塞周期：{listed(late)}。" if late else "没有阻塞。"


def _chart(plan: Schedule) -> Table:
    """Draw which stage each instruction is in, cycle by cycle."""
    rows, marks = [], []
    for i, (f, d, e) in enumerate(zip(plan.fetch, plan.decode, plan.execute, strict=True)):
        cells = [""] * (plan.cycles + 1)
        for t in range(f, d):
            cells[t] = "IF"
        for t in range(d, e):
            cells[t] = "ID"
        cells[e], cells[e + 1], cells[e + 2] = "EX", "MEM", "WB"
        marks += [(i, t) for t in range(d + 1, e)]
        rows.append([f"I{i + 1}", *cells[1:]])
    return Table(["指令", *map(str, range(1, plan.cycles + 1))], rows, marks, "标出的是阻塞的周期")


def mistakes(program: str, forwarding: bool, split_register_file: bool, branch_stalls: int) -> Iterator[Mistake]:
    """Name the slips: the other forwarding, the other register file, hazards or stalls overlooked."""
    code = _parse(program)
    n = len(code)
    right = _schedule(code, forwarding, split_register_file, branch_stalls).cycles

    def gives(cycles: int) -> dict[str, int | Fraction]:
        return {"cycles": cycles, "stalls": cycles - n - 4, "cpi": Fraction(cycles, n)}

    turned = _schedule(code, not forwarding, split_register_file, branch_stalls).cycles
    yield Mistake("没有考虑转发" if forwarding else "按有转发处理", gives(turned))
    other = _schedule(code, forwarding, not split_register_file, branch_stalls).cycles
    yield Mistake("寄存器堆同一周期能否先写后读弄错", gives(other))
    yield Mistake("没有考虑数据冒险", gives(n + 4))
    yield Mistake("每条指令顺序执行，没有重叠", gives(5 * n))
    pairs = _hazards(code, forwarding, split_register_file)
    each = sum(_distance(code[h.producer - 1], forwarding, split_register_file) - 1 for h in pairs)
    yield Mistake("每对相关都按相邻计算阻塞", gives(n + 4 + each))
    yield Mistake("漏算最后一条指令排空流水线的周期", gives(right - 1))
    yield Mistake("多数一个阻塞周期", gives(right + 1))
    near = [f"I{h.producer}→I{h.consumer}({h.register})" for h in pairs if h.consumer - h.producer == 1]
    yield Mistake("只看相邻的两条指令", {"hazards": near})
    every = [f"I{p + 1}→I{i + 1}({r})" for i in range(n) for p, r in _producers(code, i)]
    yield Mistake("把相隔很远的相关也算作冒险", {"hazards": every})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a dependent sequence, longer with difficulty."""
    registers = [f"r{i}" for i in range(1, 6)]
    lines: list[str] = []
    recent: list[str] = []
    for i in range(3 + difficulty // 2):
        target = rng.choice([r for r in registers if r not in recent[-2:]])
        a = recent[-1] if recent and rng.random() < 0.75 else rng.choice(registers)
        b = rng.choice(registers)
        last = i == 2 + difficulty // 2
        if i % 2 == 0 and not last:
            lines.append(f"lw {target},0({b if i else a})")
        elif last and rng.random() < 0.5:
            lines.append(f"sw {a},0({b})")
        else:
            lines.append(f"add {target},{a},{b}")
        recent.append(target)
    forwarding = difficulty >= 3 and rng.random() < 0.5
    how = "有转发电路" if forwarding else "没有转发电路"
    ask, what = ("cycles", "所需的时钟周期数") if rng.random() < 0.6 else ("stalls", "阻塞的时钟周期数")
    shown = "；".join(f"I{i}: {line}" for i, line in enumerate(lines, start=1))
    stem = f"五段流水线（IF、ID、EX、MEM、WB）按序执行指令序列 {shown}。{how}，寄存器堆前半周期写、后半周期读，则{what}是（ ）。"
    return Draft(stem, {"program": "; ".join(lines), "forwarding": forwarding}, ask)
