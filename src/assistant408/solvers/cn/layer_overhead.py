"""Share of the headers that every layer adds (各层首部的开销)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import equals, listing

__all__ = ["solve"]


@solver(
    "cn.layer_overhead",
    title="各层封装的传输效率",
    summary="给出应用层数据的长度、加首部的层数和每层附加的开销，求应用层数据的传输效率和首部所占的比例。",
    syllabus=("cn.overview.encapsulation", "cn.overview.osi"),
    keywords=("每层附加", "额外开销", "其他各层", "OSI 参考模型", "应用层数据", "数据传输效率", "封装时"),
    answers={
        "efficiency": Out("传输效率"),
        "share": Out("首部所占的比例"),
        "total_bytes": Out("传送的总字节数", "B"),
        "layers": Out("附加首部的层数", "层"),
    },
    examples=({"data": 400, "overhead": 20, "layers": 5},),
)
def solve(
    data: Annotated[int, Param("应用层数据长度", "单位 B", min=1, max=10**9)],
    overhead: Annotated[int, Param("每层附加的开销", "单位 B", min=0, max=10**6)],
    layers: Annotated[int, Param("附加首部的层数", "如 OSI 除物理层和应用层外有 5 层", min=1, max=20)],
) -> Solution:
    """Data over data and headers (封装的效率).

    Args:
        data: bytes of the application.
        overhead: bytes that each layer adds.
        layers: number of layers that do.

    Returns:
        `efficiency`, `share` of the headers, `total_bytes`, `layers`.

    Examples:
        >>> solve(400, 20, 5).answer["efficiency"]
        Fraction(4, 5)
        >>> solve(1, 0, 1).answer["share"]
        Fraction(0, 1)

    Source:
        谢希仁《计算机网络》第8版 §1.7.
    """
    added = overhead * layers
    total = data + added
    efficiency = Fraction(data, total)
    return Solution(
        [
            Step(
                f"共有 {layers} 层附加首部，每层 {overhead} B，开销为 ${layers}\\times{overhead}={added}$ B。",
                credit="求总开销",
                gives={"layers": layers, "total_bytes": total},
            ),
            Step(
                f"效率 $={data}/({data}+{added}){equals(efficiency)}$。",
                listing(("数据 (B)", data), ("首部 (B)", added), ("总长 (B)", total)),
                credit="求效率",
                gives={"efficiency": efficiency, "share": Fraction(added, total)},
            ),
        ]
    )


def mistakes(data: int, overhead: int, layers: int) -> Iterator[Mistake]:
    """Misconceptions: one layer too many or too few, the headers' share, data over the headers."""
    for wrong, why in ((layers + 1, "多算一层"), (layers - 1, "少算一层"), (layers + 2, "多算两层")):
        yield Mistake(why, {"efficiency": Fraction(data, data + overhead * wrong)})
    yield Mistake("求成了首部的比例", {"efficiency": Fraction(overhead * layers, data + overhead * layers)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """OSI's five layers between the first and the last."""
    data, overhead = rng.choice([200, 300, 400, 500, 1000]), rng.choice([10, 20, 30])
    stem = f"OSI 参考模型中，应用层数据为 {data} B，除物理层和应用层外，其他各层都附加 {overhead} B 的开销，应用层数据的传输效率约为（ ）。"
    return Draft(stem, {"data": data, "overhead": overhead, "layers": 5}, "efficiency")
