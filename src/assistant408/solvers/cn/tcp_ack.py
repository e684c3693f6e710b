"""Sequence and acknowledgement numbers of consecutive TCP segments (TCP 的序号与确认号)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["solve"]

SPACE = 2**32


@solver(
    "cn.tcp_ack",
    title="TCP 报文段的序号与确认号",
    summary="给出连续几个 TCP 报文段的数据长度和其中一个的序号，求各段的序号、收到其中一部分后的确认号；给出收到的段，求回送段的序号和确认号。",
    syllabus=("cn.transport.seq-ack", "cn.transport.reliable"),
    keywords=("TCP 段", "报文段", "连续的 TCP 段", "确认序号", "确认号", "序列号", "有效载荷", "正确接收", "累积确认"),
    answers={
        "ack": Out("确认号"),
        "seqs": Out("各段的序号"),
        "lengths": Out("各段的数据长度"),
        "last_seq": Out("最后一段的序号"),
        "next_seq": Out("下一个要发送的字节的序号"),
        "reply": Out("回送段的序号与确认号"),
    },
    examples=(
        {"lengths": [300, 400, 500], "seq": 900, "seq_of": 3, "received": [1, 3]},
        {"lengths": [100], "seq": 1913, "peer_ack": 2046},
    ),
)
def solve(
    lengths: Annotated[list[int], Param("各段的数据长度", "单位 B，按发送次序", min=0, min_len=1, max_len=10_000)],
    seq: Annotated[int, Param("已知的序号", "0 到 2^32−1", min=0, max=SPACE - 1)],
    seq_of: Annotated[int, Param("该序号属于第几段", "从 1 起", min=1)] = 1,
    received: Annotated[list[int] | None, Param("正确收到的段", "第几段，从 1 起；不填为全部收到")] = None,
    peer_ack: Annotated[int | None, Param("收到的段中的确认号", "求回送段的序号时填", min=0, max=SPACE - 1)] = None,
) -> Solution:
    """Number TCP segments by their bytes and acknowledge what came in order (序号与确认号).

    Args:
        lengths: bytes of data in consecutive segments.
        seq: the sequence number of segment `seq_of` (from 1).
        received: which of them came (from 1), all if `None`; those before the first are taken to be acknowledged.
        peer_ack: acknowledgement number that the segments carry; the reply begins there.

    Returns:
        `ack`: the first byte missing; `seqs`; `lengths`; `last_seq`; `next_seq`, behind them all; `reply`,
        "seq, ack", if `peer_ack` is given. Modulo 2^32.

    Raises:
        InputError: `seq_of` or a received one is none of the segments.

    Examples:
        >>> solve([300, 400, 500], 900, 3, [1, 3]).answer["ack"]
        500
        >>> solve([100], 1913, peer_ack=2046).answer["reply"]
        '2046, 2013'
        >>> solve([10], 2**32 - 5).answer["ack"]  # the numbers wrap round
        5

    Source:
        RFC 9293 §3.4; 谢希仁《计算机网络》第8版 §5.5.
    """
    n = len(lengths)
    wrong = next((k for k in [seq_of, *(received or [])] if not 1 <= k <= n), None)
    if wrong is not None:
        raise InputError(f"第 {wrong} 段不存在：共有 {n} 段，请改正。")
    starts = list(accumulate(lengths, initial=0))
    base = seq - starts[seq_of - 1]
    seqs = [(base + s) % SPACE for s in starts]
    got = set(range(1, n + 1) if received is None else received)
    first_lost = next((i for i in range(1, n + 1) if i not in got), None)
    ack = seqs[first_lost - 1] if first_lost else seqs[n]
    shown = range(min(n, 12))
    table = Table(
        ["段", "序号", "数据长度", "字节", "收到"],
        [
            [i + 1, seqs[i], lengths[i], f"{seqs[i]}～{(seqs[i + 1] - 1) % SPACE}", "√" if i + 1 in got else ""]
            for i in shown
        ],
    )
    numbering = Step(
        f"TCP 按字节编号，段的序号是其第一个数据字节的编号，后一段的序号 = 前一段的序号 + 前一段的数据长度，"
        f"各段的序号为 {joined(seqs[:n][:12])}。",
        table,
        credit="求各段的序号",
        gives={"seqs": seqs[:n], "lengths": list(lengths), "last_seq": seqs[n - 1], "next_seq": seqs[n]},
    )
    why = f"第 {first_lost} 段没有按序收到" if first_lost else "各段都已按序收到"
    acked = Step(
        f"确认号是期望收到的下一个字节的编号，确认是累积的；{why}，确认号为 {ack}。",
        credit="求确认号",
        gives={"ack": ack},
    )
    if peer_ack is None:
        return Solution([numbering, acked])
    reply = Step(
        f"对方的确认号 {peer_ack} 就是它期望的下一个字节，回送段的序号为 {peer_ack}，确认号为 {ack}。",
        credit="求回送段",
        gives={"reply": f"{peer_ack}, {ack}"},
    )
    return Solution([numbering, acked, reply])


def mistakes(
    lengths: list[int], seq: int, seq_of: int, received: list[int] | None, peer_ack: int | None
) -> Iterator[Mistake]:
    """Misconceptions: what came later acknowledged too, the number of the last byte, lengths left out."""
    first = seq - sum(lengths[: seq_of - 1])
    yield Mistake("确认了后面失序的段", {"ack": first + sum(lengths)})
    yield Mistake("把第一段的序号当作确认号", {"ack": first})
    yield Mistake("确认号写成已收到的最后一个字节的编号", {"ack": first + lengths[0] - 1})
    yield Mistake("只把数据长度相加", {"ack": sum(lengths)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Three segments, the second of which is lost at higher difficulties."""
    lengths = [rng.choice([100, 200, 300, 400, 500, 600]) for _ in range(3)]
    seq = rng.choice([200, 500, 900, 1000, 2001])
    stem = f"甲向乙发送 3 个连续的 TCP 段，分别含 {lengths[0]} B、{lengths[1]} B 和 {lengths[2]} B 的数据，第 1 个段的序号为 {seq}，"
    if difficulty < 3:
        return Draft(stem + "乙全部正确收到后返回的确认号是（ ）。", {"lengths": lengths, "seq": seq}, "ack")
    stem += "乙只正确收到第 1 个和第 3 个段，则乙返回的确认号是（ ）。"
    return Draft(stem, {"lengths": lengths, "seq": seq, "received": [1, 3]}, "ack")
