"""Interrupt priority (中断响应与处理优先级): mask words, and the order in which requests are served."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import listed

__all__ = ["Request", "solve"]


@dataclass(frozen=True)
class Request:
    """An interrupt request and when it arrives."""

    source: Annotated[str, Param("中断源", max_len=10)]
    time: Annotated[int, Param("到达时刻", "与服务时间同单位", min=0)] = 0


@dataclass
class Run:
    """What the processor did: slices of time, order of acceptance and of completion."""

    slices: list[Slice] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)


@solver(
    "co.interrupt_priority",
    title="中断屏蔽字与中断处理次序",
    summary="给出各中断源的响应优先级和要求的处理优先级，求每级中断的屏蔽字；给出请求到达时刻，画 CPU 运行轨迹，求响应和处理完成次序。",
    syllabus=("co.io.interrupt-mask", "co.io.interrupt-flow"),
    keywords=("中断屏蔽字", "响应优先级", "处理优先级", "多重中断", "中断嵌套", "CPU 运行轨迹", "屏蔽位"),
    answers={
        "asked_mask": Out("指定中断源的屏蔽字"),
        "masks": Out("各中断源的屏蔽字"),
        "finish_order": Out("处理完成的次序"),
        "response_order": Out("响应的次序"),
    },
    examples=(
        {
            "response": ["L0", "L1", "L2", "L3", "L4"],
            "handling": ["L4", "L0", "L2", "L1", "L3"],
            "columns": ["L4", "L3", "L2", "L1", "L0"],
            "asked": "L1",
            "requests": [{"source": "L1", "time": 0}, {"source": "L0", "time": 0}, {"source": "L4", "time": 5}],
        },
    ),
)
def solve(
    response: Annotated[list[str], Param("响应优先级", "中断源名，从高到低", min_len=1, max_len=16)],
    handling: Annotated[
        list[str] | None, Param("处理优先级", "中断源名，从高到低；不给时与响应优先级相同", max_len=16)
    ] = None,
    columns: Annotated[
        list[str] | None, Param("屏蔽字各位的次序", "从左到右对应的中断源；不给时同响应优先级", max_len=16)
    ] = None,
    asked: Annotated[str | None, Param("要求屏蔽字的中断源", "", max_len=10)] = None,
    requests: Annotated[list[Request] | None, Param("中断请求", "中断源:到达时刻，如 L1:0, L0:5", max_len=40)] = None,
    service_time: Annotated[int, Param("每次中断服务的时间", "与到达时刻同单位", min=1, max=10**6)] = 10,
) -> Solution:
    """Set mask words and follow nested interrupts (中断屏蔽字与 CPU 运行轨迹).

    Args:
        response: sources from the highest response priority, which the hardware fixes.
        handling: sources from the highest handling priority, which the masks establish.
        columns: order of the mask bits from left to right.
        asked: a source whose mask is asked for.
        requests: arrivals, for the processor's trajectory.
        service_time: time each service routine runs.

    Returns:
        `masks` by source, `asked_mask`, and with requests `response_order` and `finish_order`.

    Raises:
        InputError: lists that do not name the same sources, or an unknown source.

    Examples:
        >>> answer = solve(list("ABCD"), list("ACBD"), requests=[Request("B"), Request("C")]).answer
        >>> answer["masks"]["B"], answer["finish_order"]
        ('0101', ['C', 'B'])
        >>> solve(["L0", "L1"], ["L1", "L0"], asked="L0").answer["asked_mask"]
        '10'

    Conventions:
        A mask bit of 1 blocks the source. A routine blocks itself and every source of lower handling
        priority. Among unblocked pending requests the one of highest response priority is accepted; the
        routine sets its mask at once and allows nesting. All routines take the same time.

    Source:
        唐朔飞《计算机组成原理》第8章（中断系统）; 408 真题 2011.
    """
    order = handling or response
    bits = columns or response
    for name, names in (("处理优先级", order), ("屏蔽字次序", bits)):
        if sorted(names) != sorted(response) or len(set(response)) != len(response):
            raise InputError(f"{name} {names!r} 应恰好是响应优先级中的各中断源，请检查有无遗漏或重复。")
    for source in [r.source for r in requests or []] + ([asked] if asked else []):
        if source not in response:
            raise InputError(f"中断源 {source!r} 不在优先级列表中，可用：{listed(response)}。")
    masks = _masks(response, order, bits)
    gives: dict[str, Result] = {"masks": masks}
    why = "某级的屏蔽字：对自身和处理优先级更低的中断源置 1，对处理优先级更高的置 0。"
    if asked:
        gives["asked_mask"] = masks[asked]
        lower = order[order.index(asked) :]
        why += f"{asked} 应屏蔽 {listed(lower)}，屏蔽字为 {masks[asked]}。"
    rows = [[s, *masks[s]] for s in response]
    marks = [(response.index(asked), 1 + i) for i in range(len(bits))] if asked else []
    steps = [Step(why, Table(["中断源", *bits], rows, marks), "设置屏蔽字", gives)]
    if requests:
        run = _run(requests, response, order, service_time)
        steps.append(
            Step(
                f"同时有多个未屏蔽的请求时按响应优先级响应，响应后按屏蔽字决定是否被打断；响应次序 {'→'.join(run.accepted)}，"
                f"处理完成次序 {'→'.join(run.finished)}。",
                Gantt(run.slices, caption="CPU 运行轨迹"),
                "画出 CPU 运行轨迹",
                {"response_order": run.accepted, "finish_order": run.finished},
            )
        )
    return Solution(steps, ("屏蔽位为 1 表示屏蔽", f"屏蔽字各位从左到右对应 {listed(bits)}"))


def _masks(response: list[str], order: list[str], bits: list[str]) -> dict[str, str]:
    """Return each source's mask word."""
    rank = {s: i for i, s in enumerate(order)}
    return {s: "".join("1" if rank[b] >= rank[s] else "0" for b in bits) for s in response}


def _run(requests: list[Request], response: list[str], order: list[str], service: int) -> Run:
    """Serve the requests with nesting."""
    run = Run()
    arrivals = sorted(requests, key=lambda r: r.time)
    pending: list[str] = []
    stack: list[tuple[str, int]] = []  # routine and the time it still needs
    now = 0
    while arrivals or pending or stack:
        while arrivals and arrivals[0].time <= now:
            pending.append(arrivals.pop(0).source)
        level = order.index(stack[-1][0]) if stack else len(order)
        open_ = [s for s in pending if order.index(s) < level]
        if open_:
            first = min(open_, key=response.index)
            pending.remove(first)
            stack.append((first, service))
            run.accepted.append(first)
            continue
        until = arrivals[0].time if arrivals else None
        if not stack:
            now = _advance(run, "主程序", now, until or now)
            continue
        name, left = stack.pop()
        end = now + left if until is None else min(now + left, until)
        left -= end - now
        now = _advance(run, name, now, end)
        if left:
            stack.append((name, left))
        else:
            run.finished.append(name)
    return run


def _advance(run: Run, lane: str, start: int, end: int) -> int:
    """Record that `lane` ran, joining slices that touch."""
    if run.slices and run.slices[-1].lane == lane and run.slices[-1].end == start:
        run.slices[-1] = Slice(lane, run.slices[-1].start, end)
    elif end > start:
        run.slices.append(Slice(lane, start, end))
    return end


def mistakes(
    response: list[str],
    handling: list[str] | None,
    columns: list[str] | None,
    asked: str | None,
    requests: list[Request] | None,
    service_time: int,
) -> Iterator[Mistake]:
    """Name the slips: ones and zeros exchanged, the source itself open, the response priority used."""
    order, bits = handling or response, columns or response
    masks = _masks(response, order, bits)
    by_response = _masks(response, response, bits)
    flip = str.maketrans("01", "10")
    if asked:
        mask, own = masks[asked], bits.index(asked)
        yield Mistake("0 与 1 的含义弄反", {"asked_mask": mask.translate(flip)})
        yield Mistake("没有屏蔽自身", {"asked_mask": mask[:own] + "0" + mask[own + 1 :]})
        yield Mistake("按响应优先级设置屏蔽字", {"asked_mask": by_response[asked]})
        yield Mistake("屏蔽字各位的次序写反", {"asked_mask": mask[::-1]})
        higher = mask.translate(flip)
        yield Mistake("屏蔽了处理优先级更高的中断源", {"asked_mask": higher[:own] + "1" + higher[own + 1 :]})
        yield Mistake("屏蔽全部中断", {"asked_mask": "1" * len(bits)})
    yield Mistake("按响应优先级设置屏蔽字", {"masks": by_response})
    if requests:
        plain = _run(requests, response, response, service_time)
        yield Mistake("按响应优先级确定处理次序", {"finish_order": plain.finished, "response_order": plain.accepted})
        right = _run(requests, response, order, service_time)
        latest = sorted(requests, key=lambda r: (-r.time, response.index(r.source)))
        yield Mistake("后到的请求总能打断先到的", {"finish_order": [r.source for r in latest]})
        yield Mistake("把响应次序当成处理完成次序", {"finish_order": right.accepted})
        yield Mistake("按到达先后处理", {"finish_order": [r.source for r in sorted(requests, key=lambda r: r.time)]})
        sources = [r.source for r in requests]
        ranked = sorted(sources, key=order.index)
        yield Mistake("只看处理优先级，不看到达时刻", {"finish_order": ranked})
        yield Mistake("处理优先级高低弄反", {"finish_order": ranked[::-1]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for a mask at first, for the order of completion from difficulty 4."""
    n = 4 if difficulty < 3 else 5
    names = [f"L{i}" for i in range(n)]
    order = rng.sample(names, n)
    args: dict[str, object] = {"response": names, "handling": order}
    text = f"某机有 {n} 级中断，响应优先级从高到低为 {'→'.join(names)}，要求处理优先级从高到低为 {'→'.join(order)}，"
    if difficulty < 4:
        columns = names[::-1]
        asked = order[rng.randint(1, n - 2)]
        shown = "".join(f"M{c[1:]}" for c in columns)
        stem = f"{text}中断屏蔽字为 {shown}（Mi=1 表示屏蔽 Li 级），则 {asked} 的中断服务程序中设置的屏蔽字为（ ）。"
        return Draft(stem, {**args, "columns": columns, "asked": asked}, "asked_mask")
    sources = rng.sample(names, 4)
    requests = [Request(s, 0) for s in sorted(sources[:3])] + [Request(sources[3], 5)]
    stem = f"{text}每次中断服务需 10 μs。{listed(sorted(sources[:3]))} 同时请求，5 μs 后 {sources[3]} 请求，则处理完成的次序是（ ）。"
    return Draft(stem, {**args, "requests": requests}, "finish_order")
