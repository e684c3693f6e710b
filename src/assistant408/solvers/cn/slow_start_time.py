"""Round trips that a transfer takes from slow start on (慢开始下传送数据的时间)."""

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


@solver(
    "cn.slow_start_time",
    title="慢开始下传送数据的时间",
    summary="给出要传送的数据量、MSS、慢开始门限、接收窗口和 RTT，求从慢开始起传完全部数据需要几个 RTT，以及含建立连接在内的总时间。",
    syllabus=("cn.transport.slow-start", "cn.app.http-rtt"),
    keywords=(
        "传完",
        "收到全部",
        "慢开始",
        "慢启动",
        "多少个 RTT",
        "网页大小",
        "文件大小",
        "MSS",
        "建立连接",
        "最短时间",
    ),
    answers={
        "rounds": Out("传送数据所需的 RTT 数", "个"),
        "total_rtts": Out("含建立连接的 RTT 数", "个"),
        "total_ms": Out("含建立连接的总时间", "ms"),
        "transfer_ms": Out("传送数据的时间", "ms"),
        "bursts": Out("各轮发送的段数"),
    },
    examples=({"size": "12KB", "mss": "1KB", "rtt": "20ms"}, {"size": "62KB", "mss": "2KB", "ssthresh": 8}),
)
def solve(
    size: Annotated[str, Param("数据量", q.SIZE_HELP)],
    mss: Annotated[str, Param("最大报文段 MSS", q.SIZE_HELP)],
    rtt: Annotated[str, Param("往返时间 RTT", q.TIME_HELP)] = "1s",
    initial: Annotated[int, Param("初始拥塞窗口", "单位 MSS", min=1, max=2**16)] = 1,
    ssthresh: Annotated[int | None, Param("慢开始门限", "单位 MSS；不填为足够大", min=1, max=2**16)] = None,
    rwnd: Annotated[int | None, Param("接收窗口", "单位 MSS；不填为足够大", min=1, max=2**16)] = None,
) -> Solution:
    """Send a window a round trip until all is sent (慢开始下传送数据的时间).

    Args:
        size: data to send, at most 10^6 segments.
        mss: largest segment.
        rtt: round-trip time; transmission takes none of it.
        initial, ssthresh, rwnd: windows in segments; no loss.

    Returns:
        `rounds`: round trips until the last acknowledgement, or for a page, from its request to its last byte;
        `total_rtts`, `total_ms`: one more, for the connection, whose third segment carries the request;
        `transfer_ms`; `bursts`: segments in each round.

    Raises:
        InputError: a quantity can't be read, or is 0.

    Examples:
        >>> solve("12KB", "1KB", "20ms").answer["total_ms"]
        100
        >>> solve("31KB", "1KB", ssthresh=8).answer["bursts"]  # linear from 8 on; the last burst is what is left
        [1, 2, 4, 8, 9, 7]

    Source:
        RFC 5681 §3.1; 谢希仁《计算机网络》第8版 §5.8.
    """
    one = q.time_s(rtt, "RTT", positive=True) * 1000
    left = -(-q.size_bits(size, "数据量", positive=True) // q.size_bits(mss, "MSS", positive=True))
    total, window, rows, bursts = left, initial, [], []
    while left > 0:
        burst = min(window, rwnd or window, left)
        left -= burst
        bursts.append(int(burst))
        rows.append([len(bursts), window, int(burst), int(total - left)])
        window = min(2 * window, ssthresh) if ssthresh and window < ssthresh else window + 1 if ssthresh else 2 * window
    rounds = len(bursts)
    growth = "cwnd 达到门限前每轮加倍，之后每轮加 1" if ssthresh else "cwnd 每轮加倍"
    steps = [
        Step(
            f"数据共 {decimal(Fraction(total))} 个段。{growth}，每个 RTT 发送一个窗口，共需 {rounds} 轮。",
            Table(["轮次", "cwnd", "本轮发送", "累计"], rows[:40]),
            credit="逐轮累计发送的段数",
            gives={"bursts": bursts, "rounds": rounds, "transfer_ms": tidy(rounds * one)},
        ),
        Step(
            f"建立连接用 1 个 RTT（请求随第三次握手发出），共 $1+{rounds}={rounds + 1}$ 个 RTT，"
            f"即 ${rounds + 1}\\times{decimal(one)}={decimal((rounds + 1) * one)}$ ms。",
            credit="加上建立连接的时间",
            gives={"total_rtts": rounds + 1, "total_ms": tidy((rounds + 1) * one)},
        ),
    ]
    return Solution(steps, ["不计发送时间，无丢失"])


def mistakes(size: str, mss: str, rtt: str, initial: int, ssthresh: int | None, rwnd: int | None) -> Iterator[Mistake]:
    """Misconceptions: a segment a round, the connection forgotten or counted twice."""
    total = -(-q.size_bits(size) // q.size_bits(mss))
    doubled = int(total).bit_length()
    yield Mistake("漏了建立连接的 RTT", {"total_rtts": doubled})
    yield Mistake("建立连接按 2 个 RTT 计", {"total_rtts": doubled + 2})
    yield Mistake("每个 RTT 只发一个段", {"total_rtts": int(total) + 1})
    yield Mistake("少算一轮", {"total_rtts": doubled - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """A page over a fresh connection."""
    size, mss, rtt = rng.randint(4, 40), rng.choice([1, 2]), rng.choice([10, 20, 50])
    stem = (
        f"客户与服务器间的 RTT 为 {rtt} ms，MSS 为 {mss} KB，慢开始门限足够大，请求随第三次握手发出。忽略发送时间，"
        f"从发起 TCP 连接到收完一个 {size * mss} KB 的网页，共需（ ）个 RTT。"
    )
    return Draft(stem, {"size": f"{size * mss}KB", "mss": f"{mss}KB", "rtt": f"{rtt}ms"}, "total_rtts")
