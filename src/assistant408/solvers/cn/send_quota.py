"""What a TCP sender may still send (还可发送的数据量): the lesser window, less what is on its way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, listing, tidy

__all__ = ["solve"]


@solver(
    "cn.send_quota",
    title="TCP 还可发送的数据量",
    summary="给出拥塞窗口、接收窗口（或接收缓存及其中未取走的数据）和已发送未确认的数据量，求发送方此时还可以继续发送多少字节。",
    syllabus=("cn.transport.flow", "cn.transport.send-window"),
    keywords=("还可以发送", "最多还能发送", "继续发送", "已发送未确认", "通告窗口", "接收缓存", "未被读取", "可用窗口"),
    answers={
        "remaining_bytes": Out("还可发送的数据量", "B"),
        "window_bytes": Out("发送窗口", "B"),
        "rwnd_bytes": Out("接收窗口", "B"),
        "range": Out("可继续发送的序号范围"),
    },
    examples=(
        {"cwnd": "4000B", "rwnd": "2000B", "unacked": "1000B"},
        {"cwnd": "8KB", "buffer": "16KB", "held": "10KB", "unacked": "4KB"},
    ),
)
def solve(
    unacked: Annotated[str, Param("已发送未确认的数据量", q.SIZE_HELP)] = "0B",
    cwnd: Annotated[str | None, Param("拥塞窗口", "不考虑拥塞时不填，" + q.SIZE_HELP)] = None,
    rwnd: Annotated[str | None, Param("接收窗口", "接收方通告的窗口，" + q.SIZE_HELP)] = None,
    buffer: Annotated[str | None, Param("接收缓存", "没有给出接收窗口时填总缓存，" + q.SIZE_HELP)] = None,
    held: Annotated[str, Param("缓存中未取走的数据", q.SIZE_HELP)] = "0B",
    ack: Annotated[int | None, Param("收到的确认号", "求序号范围时填", min=0, max=2**32 - 1)] = None,
) -> Solution:
    """What may still be sent under both windows (还可发送的数据量).

    Args:
        unacked: bytes sent and not acknowledged.
        cwnd: congestion window, if it limits.
        rwnd: advertised window; or else `buffer`, of which `held` is occupied.
        ack: acknowledgement number, where the window begins.

    Returns:
        `remaining_bytes`: max(0, min(cwnd, rwnd) − unacked); `window_bytes`; `rwnd_bytes` if known; with
        `ack` the `range` of numbers that may be sent, "first~last".

    Raises:
        InputError: no window at all, both `rwnd` and `buffer`, or more held than the buffer takes.

    Examples:
        >>> solve("1000B", "4000B", "2000B").answer["remaining_bytes"]
        1000
        >>> solve("4000B", "4000B").answer["remaining_bytes"]  # the window is used up
        0

    Source:
        谢希仁《计算机网络》第8版 §5.6, §5.7; RFC 5681 §2.
    """
    if rwnd is not None and buffer is not None:
        raise InputError(f"接收窗口 {rwnd!r} 与接收缓存 {buffer!r} 只应给出一个，请去掉一个。")
    limits: dict[str, Fraction] = {}
    steps = []
    if cwnd is not None:
        limits["拥塞窗口"] = q.size_bits(cwnd, "拥塞窗口") / 8
    if rwnd is not None:
        limits["接收窗口"] = q.size_bits(rwnd, "接收窗口") / 8
    elif buffer is not None:
        whole, taken = q.size_bits(buffer, "接收缓存") / 8, q.size_bits(held, "未取走的数据") / 8
        if taken > whole:
            raise InputError(f"未取走的数据 {held!r} 超过接收缓存 {buffer!r}，请改正。")
        limits["接收窗口"] = whole - taken
        steps.append(
            Step(
                f"接收窗口是缓存中剩余的空间：${decimal(whole)}-{decimal(taken)}={decimal(whole - taken)}$ B。",
                credit="求接收窗口",
            )
        )
    if not limits:
        raise InputError("拥塞窗口 None 与接收窗口 None 至少应给出一个，请补上。")
    window = min(limits.values())
    said = "，".join(f"{name}为 {decimal(v)} B" for name, v in limits.items())
    rule = "发送窗口取两者的较小值" if len(limits) > 1 else "发送窗口"
    gives: dict[str, int | Fraction] = {"window_bytes": tidy(window)}
    if "接收窗口" in limits:
        gives["rwnd_bytes"] = tidy(limits["接收窗口"])
    steps.append(Step(f"{said}，{rule}为 {decimal(window)} B。", credit="求发送窗口", gives=gives))
    sent = q.size_bits(unacked, "已发送未确认的数据") / 8
    left = max(Fraction(0), window - sent)
    steps.append(
        Step(
            f"其中 {decimal(sent)} B 已发送而未确认，还占着窗口，还可发送 ${decimal(window)}-{decimal(sent)}$，"
            f"即 {decimal(left)} B。",
            listing(("发送窗口 (B)", decimal(window)), ("未确认 (B)", decimal(sent)), ("还可发送 (B)", decimal(left))),
            credit="减去已发送未确认的数据",
            gives={"remaining_bytes": tidy(left)},
        )
    )
    if ack is not None and left:
        first, last = ack + int(sent), ack + int(window) - 1
        why = f"窗口从确认号 {ack} 开始，到 {last} 为止，其中到 {first - 1} 的已发送，可继续发送 {first}～{last}。"
        steps.append(Step(why, credit="求序号范围", gives={"range": f"{first}~{last}"}))
    return Solution(steps, ["KB=2^10 B"])


def mistakes(
    unacked: str, cwnd: str | None, rwnd: str | None, buffer: str | None, held: str, ack: int | None
) -> Iterator[Mistake]:
    """Misconceptions: what is on its way forgotten, the wrong window, the windows added."""
    sent = q.size_bits(unacked) / 8
    own = q.size_bits(cwnd) / 8 if cwnd else Fraction(0)
    other = q.size_bits(rwnd) / 8 if rwnd else Fraction(0)
    yield Mistake("没有减去已发送未确认的数据", {"remaining_bytes": tidy(min(own, other))})
    yield Mistake("只看拥塞窗口", {"remaining_bytes": tidy(own - sent)})
    yield Mistake("只看接收窗口", {"remaining_bytes": tidy(other - sent)})
    yield Mistake("取了较大的窗口", {"remaining_bytes": tidy(max(own, other))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Both windows and what is on its way."""
    mss = rng.choice([500, 1000, 1460])
    rwnd, cwnd = (mss * n for n in rng.sample(range(3, 9), 2))
    unacked = mss * rng.randint(1, 2)
    stem = (
        f"某 TCP 连接的 MSS 为 {mss} B，发送方的拥塞窗口为 {cwnd} B，接收方通告的窗口为 {rwnd} B，"
        f"已发送而未被确认的数据有 {unacked} B，此时还可以发送的字节数最多是（ ）。"
    )
    return Draft(stem, {"unacked": f"{unacked}B", "cwnd": f"{cwnd}B", "rwnd": f"{rwnd}B"}, "remaining_bytes")
