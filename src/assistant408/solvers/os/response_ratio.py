"""Response ratio (响应比) of a waiting job."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import number, tidy

__all__ = ["solve"]


@solver(
    "os.response_ratio",
    title="作业的响应比",
    summary="给出作业已等待的时间和要求服务的时间，求响应比（优先权）；或由响应比反求已等待的时间。",
    syllabus=("os.process.sched-hrrn",),
    keywords=("响应比", "高响应比优先", "等待时间", "要求服务时间", "此刻", "优先权"),
    answers={
        "ratio": Out("响应比"),
        "waited": Out("已等待的时间"),
    },
    examples=({"service": 40, "waited": 60},),
)
def solve(
    service: Annotated[Fraction, Param("要求服务的时间", "与等待时间同一单位", min=0)],
    waited: Annotated[Fraction | None, Param("已等待的时间", "从提交到此刻", min=0)] = None,
    ratio: Annotated[Fraction | None, Param("响应比", "求等待时间时给出", min=1)] = None,
) -> Solution:
    """Find the response ratio of a job, or the wait that leads to one (响应比).

    Args:
        service: running time asked for, above 0.
        waited: time since submission.
        ratio: the ratio, to find the wait.

    Returns:
        `ratio` and `waited`.

    Raises:
        InputError: a service time of 0, or not exactly one of `waited` and `ratio`.

    Examples:
        >>> solve(Fraction(40), Fraction(60)).answer["ratio"]
        Fraction(5, 2)
        >>> solve(Fraction(40), ratio=Fraction(3)).answer["waited"]
        80

    Conventions:
        Ratio = (waiting + service) / service.

    Source:
        汤小丹《计算机操作系统》第3章 §高响应比优先调度算法.
    """
    if not service:
        raise InputError("要求服务的时间应大于 0，请核对。")
    if (waited is None) == (ratio is None):
        raise InputError("已等待的时间 waited 与响应比 ratio 应给出其中一个，请补上或删去一个。")
    service = Fraction(service)
    if waited is None:
        assert ratio is not None
        found = (Fraction(ratio) - 1) * service
        why = f"等待时间 $=({number(tidy(Fraction(ratio)))}-1)\\times {number(tidy(service))}={number(tidy(found))}$。"
        value = Fraction(ratio)
    else:
        found = Fraction(waited)
        value = (found + service) / service
        why = (
            f"响应比 = （等待时间 + 要求服务时间）÷ 要求服务时间 $=({number(tidy(found))}+{number(tidy(service))})"
            f"/{number(tidy(service))}={number(tidy(value))}$。"
        )
    row = [number(tidy(x)) for x in (found, service, value)]
    return Solution(
        [
            Step(
                why,
                Table(["等待时间", "要求服务时间", "响应比"], [row]),
                credit="按定义求响应比",
                gives={"ratio": tidy(value), "waited": tidy(found)},
            )
        ],
        ["响应比 =（等待时间 + 要求服务时间）÷ 要求服务时间"],
    )


def mistakes(service: Fraction, waited: Fraction | None, ratio: Fraction | None) -> Iterator[Mistake]:
    """Misconceptions: one forgotten, the fraction turned over, the wrong denominator."""
    service = Fraction(service)
    if waited is not None:
        w = Fraction(waited)
        yield Mistake("漏加 1", {"ratio": tidy(w / service)})
        yield Mistake("分子分母弄反", {"ratio": tidy(service / (w + service))})
        if w:
            yield Mistake("除以等待时间", {"ratio": tidy((w + service) / w)})
        yield Mistake("多加 1", {"ratio": tidy(w / service + 2)})
    if ratio is not None:
        yield Mistake("没有减去服务时间", {"waited": tidy(ratio * service)})
        yield Mistake("多减一个服务时间", {"waited": tidy((ratio - 2) * service)})
        yield Mistake("当作服务时间", {"waited": tidy(service)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a waiting job."""
    service = 10 * rng.randint(2, 8)
    waited = service * rng.choice([1, 2, 3]) // 2 + service * (difficulty > 3)
    stem = f"某作业已等待 {waited} 分钟，要求运行 {service} 分钟，按高响应比优先调度，此时它的响应比为（ ）。"
    return Draft(stem, {"service": service, "waited": waited}, "ratio")
