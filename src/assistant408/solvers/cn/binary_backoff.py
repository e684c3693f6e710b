"""Truncated binary exponential backoff (截断二进制指数退避)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, tidy

__all__ = ["solve"]

CAP, GIVE_UP = 10, 16


@solver(
    "cn.binary_backoff",
    title="截断二进制指数退避",
    summary="给出以太网帧连续冲突的次数和争用期，求可选的退避时间（r 的范围）、最长和最短退避时间、选中某值的概率、两站再次冲突的概率。",
    syllabus=("cn.link.backoff",),
    keywords=("二进制指数退避", "截断", "退避时间", "冲突次数", "碰撞", "争用期", "重传次数", "再次冲突", "随机数"),
    answers={
        "max_slots": Out("最长退避的争用期个数", "个"),
        "choices": Out("可选的退避值个数", "个"),
        "max_wait_us": Out("最长退避时间", "μs"),
        "mean_wait_us": Out("平均退避时间", "μs"),
        "probability": Out("选中某一退避值的概率"),
        "collide_again": Out("两站再次冲突的概率"),
        "gives_up": Out("是否放弃发送"),
    },
    examples=({"collisions": 4}, {"collisions": 11, "slot": "5.12us"}),
)
def solve(
    collisions: Annotated[int, Param("冲突次数", "该帧连续发生冲突的次数，即第几次冲突之后", min=1, max=100)],
    slot: Annotated[str, Param("争用期", "一个时隙 2τ，10Mb/s 以太网为 51.2us")] = "51.2us",
) -> Solution:
    """Waiting times after the n-th collision of a frame (截断二进制指数退避).

    Args:
        collisions: how often this frame has collided, 1 or more.
        slot: contention period 2τ, the unit of waiting.

    Returns:
        `choices` is 2^k with k = min(n, 10); `max_slots` is 2^k - 1; `max_wait_us`, `mean_wait_us`;
        `probability` of each choice; `collide_again`: two stations after the same number of collisions choose
        alike; `gives_up` from the 16th collision on. Nothing but `gives_up` is given then.

    Raises:
        InputError: the slot can't be read.

    Examples:
        >>> solve(1).answer["choices"], solve(10).answer["max_slots"]
        (2, 1023)
        >>> solve(15).answer["max_slots"] == solve(10).answer["max_slots"]  # truncated
        True
        >>> solve(16).answer
        {'gives_up': True}

    Source:
        IEEE 802.3 §4.2.3.2.5; 谢希仁《计算机网络》第8版 §3.3.2.
    """
    length = q.time_s(slot, "争用期", positive=True)
    if collisions >= GIVE_UP:
        why = f"冲突 {collisions} 次，已达 {GIVE_UP} 次，放弃发送该帧并向高层报告。"
        return Solution([Step(why, _table(collisions), credit="达到上限则放弃", gives={"gives_up": True})])
    k = min(collisions, CAP)
    top = 2**k - 1
    unit = length * 10**6
    exponent = Step(
        f"第 {collisions} 次冲突后 $k=\\min({collisions},{CAP})={k}$，从 $\\{{0,1,\\dots,2^{{{k}}}-1\\}}$ 中随机取 $r$，"
        f"共 $2^{{{k}}}={2**k}$ 个值，$r$ 最大为 {top}。",
        _table(collisions),
        credit="求退避的取值范围",
        gives={"choices": 2**k, "max_slots": top, "gives_up": False},
    )
    wait = Step(
        f"退避时间为 $r$ 个争用期，最短 0，最长 ${top}\\times{decimal(unit)}={decimal(top * unit)}$ μs，"
        f"平均 $\\dfrac{{{top}}}{{2}}\\times{decimal(unit)}={decimal(top * unit / 2)}$ μs。",
        credit="求退避时间",
        gives={"max_wait_us": tidy(top * unit), "mean_wait_us": tidy(top * unit / 2)},
    )
    chance = Step(
        f"每个值的概率为 $1/{2**k}$；同样冲突 {collisions} 次的两站取值相同则再次冲突，概率也是 $1/{2**k}$。",
        credit="求概率",
        gives={"probability": Fraction(1, 2**k), "collide_again": Fraction(1, 2**k)},
    )
    return Solution([exponent, wait, chance])


def _table(collisions: int) -> Table:
    rows: list[list[str | int]] = []
    for n in [*range(1, 6), 10, 15, 16]:
        k = min(n, CAP)
        rows.append([n, k, f"0~{2**k - 1}"] if n < GIVE_UP else [n, "", "放弃"])
    if all(row[0] != collisions for row in rows) and collisions < GIVE_UP:
        k = min(collisions, CAP)
        rows = sorted([*rows, [collisions, k, f"0~{2**k - 1}"]], key=lambda row: int(row[0]))
    here = next(i for i, row in enumerate(rows) if row[0] == min(collisions, GIVE_UP))
    return Table(["冲突次数 n", "k=min(n,10)", "r 的取值"], rows, [(here, c) for c in range(3)])


def mistakes(collisions: int, slot: str) -> Iterator[Mistake]:
    """Misconceptions: no truncation, off by one, n in place of 2^n, giving up too early."""
    unit = q.time_s(slot, "争用期", positive=True) * 10**6
    k = min(collisions, CAP)

    def gives(top: int, choices: int) -> dict[str, int | Fraction]:
        out: dict[str, int | Fraction] = {"max_slots": top, "choices": choices, "max_wait_us": tidy(top * unit)}
        out["mean_wait_us"] = tidy(top * unit / 2)
        share = Fraction(1, max(1, choices))
        return out | {"probability": share, "collide_again": share}

    yield Mistake("最大值忘了减 1", gives(2**k, 2**k + 1))
    yield Mistake("退避值取 0 到 n", gives(collisions, collisions + 1))
    yield Mistake("没有在 10 次截断", gives(2**collisions - 1, 2**collisions))
    yield Mistake("冲突次数少算一次", gives(2 ** (k - 1) - 1, 2 ** (k - 1)))
    yield Mistake("冲突次数多算一次", gives(2 ** (k + 1) - 1, 2 ** (k + 1)))
    yield Mistake("取值从 1 开始", {"choices": 2**k - 1, "probability": Fraction(1, max(1, 2**k - 1))})
    yield Mistake("两站的概率又相乘", {"collide_again": Fraction(1, 4**k)})
    yield Mistake("求成了不冲突的概率", {"collide_again": 1 - Fraction(1, 2**k)})
    yield Mistake("以为从不放弃", {"gives_up": False})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ranges first, then waiting times, truncation and probabilities."""
    n = rng.randint(2, 5) if difficulty < 3 else rng.choice([3, 4, 5, 11, 12, 13])
    base = f"在 10 Mb/s 的以太网中采用截断二进制指数退避算法，某站点的一个数据帧已连续发生 {n} 次冲突，"
    args = {"collisions": n}
    if difficulty == 1:
        return Draft(f"{base}则该站点可选择的退避时间共有几种（ ）。", args, "choices")
    if difficulty == 2:
        return Draft(f"{base}则该站点最多等待的争用期个数为（ ）。", args, "max_slots")
    if difficulty == 3:
        return Draft(f"{base}争用期为 51.2 μs，则该站点的最长退避时间（单位 μs）为（ ）。", args, "max_wait_us")
    if difficulty == 4:
        return Draft(f"{base}则该站点选择的退避时间为 0 的概率是（ ）。", args, "probability")
    stem = f"{base}另一站点的帧也连续发生了 {n} 次冲突。若只有这两个站点竞争且它们同时开始退避，则下一次又发生冲突的概率是（ ）。"
    return Draft(stem, args, "collide_again")
