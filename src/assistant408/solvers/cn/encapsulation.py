"""Encapsulation (封装): headers, padding and efficiency from the application down to Ethernet frames."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Cell, Solution, Step, Table
from assistant408.solvers.cn._show import equals, percent, tidy

__all__ = ["solve"]

Transport = Literal["TCP", "UDP", "CUSTOM"]
HEADERS = {"TCP": 20, "UDP": 8}
IP, ETHERNET, PREAMBLE = 20, 18, 8
MIN_DATA, MTU = 46, 1500


@solver(
    "cn.encapsulation",
    title="封装开销与传输效率",
    summary="给出应用层数据长度，经 TCP（或 UDP）、IP、以太网封装，或经若干层、每层增加固定首部，求帧长、填充、帧数、总字节数和传输效率。",
    syllabus=("cn.overview.encapsulation", "cn.link.ethernet-frame", "cn.transport.mss"),
    keywords=(
        *("封装", "首部", "开销", "传输效率", "有效数据率", "帧长", "填充", "最短帧", "MTU", "MSS", "PDU"),
        *("数据链路层", "应用层数据", "以太网帧", "前导码", "额外开销", "OSI"),
    ),
    answers={
        "efficiency": Out("数据传输效率"),
        "frames": Out("帧数（报文段数）", "个"),
        "frame_bytes": Out("各帧的长度", "B"),
        "padding_bytes": Out("填充的字节数", "B"),
        "total_bytes": Out("发送的总字节数", "B"),
        "overhead_bytes": Out("总开销", "B"),
        "max_data_bytes": Out("每个报文段最多的数据（MSS）", "B"),
    },
    examples=(
        {"data_bytes": 100, "transport": "TCP"},
        {"data_bytes": 400, "transport": "CUSTOM", "headers": [20, 20, 20, 20, 20]},
    ),
)
def solve(
    data_bytes: Annotated[int, Param("应用层数据长度", "单位 B", min=1, max=10**9)],
    transport: Annotated[
        Transport, Param("封装方式", "TCP、UDP 表示经 IP 和以太网封装；CUSTOM 表示各层首部由下一项给出")
    ] = "TCP",
    headers: Annotated[
        list[int], Param("各层开销", "封装方式为 CUSTOM 时，各层增加的字节数，如 20,20,18", min=0, max_len=20)
    ] = [],  # noqa: B006
    mtu: Annotated[int, Param("MTU", "以太网帧数据部分的最大长度，单位 B", min=68, max=65535)] = MTU,
    preamble: Annotated[bool, Param("计入前导码", "前同步码和帧开始定界符共 8 B 是否计入")] = False,
) -> Solution:
    """Overhead of encapsulation (封装的开销与效率).

    Args:
        data_bytes: application data.
        transport: TCP or UDP over IP and Ethernet (headers 20 or 8, 20, 18), or CUSTOM with `headers` and no limits.
        headers: bytes that each layer adds, for CUSTOM.
        mtu: greatest IP datagram in a frame.
        preamble: whether the 8 bytes before the frame count.

    Returns:
        `efficiency` = data over bytes sent; `frames`, `frame_bytes` of each (the first 50), `padding_bytes`,
        `total_bytes`, `overhead_bytes`; `max_data_bytes`, except for CUSTOM.

    Raises:
        InputError: CUSTOM without headers, headers without CUSTOM, or UDP data that need IP fragments.

    Examples:
        >>> solve(1).answer["efficiency"]  # 1 + 20 + 20 is padded to 46, and 18 more
        Fraction(1, 64)
        >>> solve(1460).answer["frame_bytes"]
        [1518]
        >>> solve(6).answer["padding_bytes"]  # 46 without padding
        0
        >>> solve(400, "CUSTOM", [20] * 5).answer["efficiency"]
        Fraction(4, 5)

    Conventions:
        Ethernet V2: 14 bytes before and 4 bytes FCS behind, at least 46 bytes of data. TCP data is cut into segments
        of MSS = MTU - 40. No options. The gap between frames is not counted.

    Source:
        谢希仁《计算机网络》第8版 §3.3.4, §1.7.3; RFC 894; 408 真题 2017-33.
    """
    _check(transport, headers)
    if transport == "CUSTOM":
        return _custom(data_bytes, headers)
    head, room = HEADERS[transport], mtu - IP - HEADERS[transport]
    if transport == "UDP" and data_bytes > room:
        raise InputError(f"数据长度 {data_bytes!r} B 超过 UDP 不分片的上限 {room} B，请减小数据或先求 IP 分片。")
    parts = [min(room, data_bytes - done) for done in range(0, data_bytes, room)]
    padding = [max(0, MIN_DATA - part - head - IP) for part in parts]
    frames = [part + head + IP + pad + ETHERNET + PREAMBLE * preamble for part, pad in zip(parts, padding, strict=True)]
    cut = f"每段数据至多 ${mtu}-{IP}-{head}={room}$ B，{data_bytes} B 分为 {len(parts)} 段。"
    steps = [
        Step(cut, credit="求报文段个数", gives={"max_data_bytes": room, "frames": len(parts)}),
        _frame_step(transport, parts[-1], head, padding[-1], frames[-1], preamble),
        _end(data_bytes, frames, sum(padding)),
    ]
    return Solution(
        steps,
        [
            "TCP、IP 首部没有选项" if transport == "TCP" else "IP 首部没有选项",
            "以太网首部和尾部共 18 B，数据部分至少 46 B",
            "计入 8 B 前导码" if preamble else "不计前导码和帧间隔",
        ],
    )


def _check(transport: Transport, headers: Sequence[int]) -> None:
    if transport == "CUSTOM" and not headers:
        raise InputError(f"封装方式为 CUSTOM 时缺少各层开销 {headers!r}，请补上。")
    if transport != "CUSTOM" and headers:
        raise InputError(f"封装方式为 {transport} 时不用各层开销 {headers!r}，请去掉或改为 CUSTOM。")


def _custom(data: int, headers: Sequence[int]) -> Solution:
    total = data + sum(headers)
    rows: list[list[Cell]] = []
    size = data
    for i, header in enumerate(headers, 1):
        size += header
        rows.append([f"第 {i} 次封装", header, size])
    added = "+".join(map(str, headers))
    return Solution(
        [
            Step(
                f"各层共增加 ${added}={sum(headers)}$ B，发送 ${data}+{sum(headers)}={total}$ B。",
                Table(["封装", "开销", "PDU 长度"], rows),
                credit="求总开销",
                gives={"overhead_bytes": sum(headers), "total_bytes": total, "frames": 1, "frame_bytes": [total]},
            ),
            Step(
                f"传输效率 $={data}/{total}{equals(Fraction(data, total))}$，即 {percent(Fraction(data, total))}。",
                credit="求传输效率",
                gives={"efficiency": tidy(Fraction(data, total)), "padding_bytes": 0},
            ),
        ],
        ["数据不拆分"],
    )


def _frame_step(transport: Transport, part: int, head: int, pad: int, frame: int, preamble: bool) -> Step:
    inner = part + head + IP
    short = f"，不足 46 B，填充 {pad} B" if pad else ""
    fields = [
        *([("前导码", "8 B")] if preamble else []),
        *[("以太网首部", "14 B"), ("IP 首部", f"{IP} B"), (f"{transport} 首部", f"{head} B"), ("数据", f"{part} B")],
        *([("填充", f"{pad} B")] if pad else []),
        ("FCS", "4 B"),
    ]
    extra = f"+{PREAMBLE}" if preamble else ""
    return Step(
        f"最后一段数据 {part} B：IP 数据报长 ${part}+{head}+{IP}={inner}$ B{short}，帧长 "
        f"${inner + pad}+{ETHERNET}{extra}={frame}$ B。",
        Bits(fields, caption="最后一帧的组成"),
        credit="求帧长与填充",
    )


def _end(data: int, frames: Sequence[int], padding: int) -> Step:
    total = sum(frames)
    share = Fraction(data, total)
    return Step(
        f"共发送 {total} B，其中数据 {data} B，传输效率 $={data}/{total}{equals(share)}$，即 {percent(share)}。",
        credit="求传输效率",
        gives={
            "efficiency": tidy(share),
            "total_bytes": total,
            "frame_bytes": list(frames[:50]),
            "padding_bytes": padding,
            "overhead_bytes": total - data,
        },
    )


def mistakes(data_bytes: int, transport: Transport, headers: list[int], mtu: int, preamble: bool) -> Iterator[Mistake]:
    """Misconceptions: padding or a header forgotten, MTU taken for MSS, overhead for efficiency."""
    d = data_bytes
    if transport == "CUSTOM":
        total = d + sum(headers)
        yield Mistake("少算了一层开销", _share(d, total - headers[-1]))
        yield Mistake("多算了一层开销", _share(d, total + headers[-1]))
        yield Mistake("只算了一层开销", _share(d, d + headers[0]))
        yield Mistake("求成了开销的比例", {"efficiency": tidy(Fraction(sum(headers), total))})
        yield Mistake("从数据中扣除开销", {"efficiency": tidy(Fraction(d - sum(headers), d))})
        return
    head = HEADERS[transport]
    room = mtu - IP - head
    count = -(-d // room)
    each = head + IP + ETHERNET + PREAMBLE * preamble
    yield Mistake("忘了填充到最短帧", {**_share(d, d + count * each), "padding_bytes": 0})
    yield Mistake("漏了以太网的首部和尾部", _share(d, max(MIN_DATA, d + count * (head + IP))))
    yield Mistake("漏了 FCS", _share(d, d + count * (each - 4)))
    yield Mistake("漏了 IP 首部", _share(d, d + count * (each - IP)))
    yield Mistake("漏了运输层首部", _share(d, d + count * (each - head)))
    yield Mistake("填充到 64 B 时没有减去帧首部", {"padding_bytes": max(0, 64 - d - head - IP)})
    yield Mistake("把数据直接填充到 46 B", {"padding_bytes": max(0, MIN_DATA - d)})
    yield Mistake("以为每段数据可达 MTU", {"max_data_bytes": mtu, "frames": -(-d // mtu)})
    yield Mistake("只扣除了 IP 首部", {"max_data_bytes": mtu - IP, "frames": -(-d // (mtu - IP))})
    yield Mistake("多算了一帧", {**_share(d, d + (count + 1) * each), "frames": count + 1})


def _share(data: int, total: int) -> dict[str, int | Fraction]:
    return {"efficiency": tidy(Fraction(data, total)), "total_bytes": total, "overhead_bytes": total - data}


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Layers with equal headers first, then Ethernet frames, padding, and segments."""
    if difficulty < 3:
        header, layers = rng.choice([10, 16, 20, 24]), 5 if difficulty == 1 else rng.randint(4, 6)
        data = rng.choice([200, 300, 400, 500, 600])
        if difficulty == 1:
            stem = (
                f"假设 OSI 参考模型的应用层欲发送 {data} B 的数据（无拆分），除物理层和应用层之外，其他各层在封装 PDU 时均引入 "
                f"{header} B 的额外开销，则应用层数据传输效率为（ ）。"
            )
        else:
            stem = f"应用层欲发送 {data} B 的数据（无拆分），其下有 {layers} 层在封装 PDU 时各引入 {header} B 的额外开销，则数据传输效率为（ ）。"
        return Draft(stem, {"data_bytes": data, "transport": "CUSTOM", "headers": [header] * layers}, "efficiency")
    transport = rng.choice(["TCP", "UDP"])
    if difficulty < 5:
        data = rng.randint(1, 5) if difficulty == 3 else rng.choice([60, 100, 200, 500])
        ask, what = ("padding_bytes", "填充的字节数是") if difficulty == 3 else ("efficiency", "数据传输效率为")
        stem = f"应用层有 {data} B 数据，经 {transport}、IP（首部均无选项）和以太网 V2 封装成一个帧发送，不计前导码，则{what}（ ）。"
        return Draft(stem, {"data_bytes": data, "transport": transport}, ask)
    data = rng.choice([3000, 4500, 6000, 8000, 10000])
    stem = (
        f"应用层有 {data} B 数据，经 TCP（首部 20 B）、IP（首部 20 B）和以太网 V2（MTU=1500 B）发送，每个报文段尽可能长，"
        "不计前导码，则各以太网帧的总字节数是（ ）。"
    )
    return Draft(stem, {"data_bytes": data, "transport": "TCP"}, "total_bytes")
