"""Switching (交换方式): total time of circuit, message and packet switching over several links."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import equals, ratio, size_text, tidy, time_text

__all__ = ["solve"]

DRAWN = 4  # packets that the chart shows from the front; the last one is always shown


@dataclass(frozen=True)
class _Task:
    """A message over `links` equal links, in bits, b/s and seconds."""

    message: Fraction
    packet: Fraction
    header: Fraction
    rate: Fraction
    links: int
    propagation: Fraction
    processing: Fraction
    setup: Fraction

    @property
    def payload(self) -> Fraction:
        return self.packet - self.header

    @property
    def packets(self) -> int:
        return -(-self.message // self.payload)

    @property
    def full(self) -> Fraction:
        """Seconds to send a full packet."""
        return self.packet / self.rate

    @property
    def last(self) -> Fraction:
        """Seconds to send the last packet, which may be shorter."""
        return (self.message - (self.packets - 1) * self.payload + self.header) / self.rate

    @property
    def on_the_way(self) -> Fraction:
        """Propagation on every link and processing in every node between."""
        return self.links * self.propagation + (self.links - 1) * self.processing

    @property
    def packet_time(self) -> Fraction:
        return (self.packets + self.links - 2) * self.full + self._tail + self.on_the_way

    @property
    def _tail(self) -> Fraction:
        return self.last if self.packets > 1 else self.last * self.links - (self.links - 1) * self.full

    @property
    def message_time(self) -> Fraction:
        return self.links * (self.message + self.header) / self.rate + self.on_the_way

    @property
    def circuit_time(self) -> Fraction:
        return self.setup + self.message / self.rate + self.links * self.propagation


@solver(
    "cn.switching",
    title="电路交换、报文交换与分组交换的时间",
    summary="给出报文（文件）大小、分组大小、分组首部、链路段数和数据率，求分组交换、报文交换、电路交换从开始发送到全部接收的总时间，"
    "以及分组个数和发送的总数据量。",
    syllabus=("cn.overview.switching", "cn.overview.switching-delay"),
    keywords=(
        *("分组交换", "报文交换", "电路交换", "存储转发", "路由器", "链路段数", "跳数"),
        *("分组大小", "分组头", "全部接收", "连接建立时间", "至少需要的时间"),
    ),
    answers={
        "packet_ms": Out("分组交换总时间", "ms"),
        "message_ms": Out("报文交换总时间", "ms"),
        "circuit_ms": Out("电路交换总时间", "ms"),
        "packets": Out("分组个数", "个"),
        "sent_bytes": Out("分组交换发送的总数据量", "B"),
    },
    examples=(
        {"message": "980000B", "packet": "1000B", "header": "20B", "rate": "100Mb/s", "links": 3},
        {"message": "8000bit", "packet": "2000bit", "rate": "1Mb/s", "links": 2, "propagation": "1ms", "setup": "5ms"},
    ),
)
def solve(
    message: Annotated[str, Param("报文长度", "要传送的数据总量，" + q.SIZE_HELP)],
    packet: Annotated[str, Param("分组长度", "含首部的分组总长，" + q.SIZE_HELP)],
    rate: Annotated[str, Param("数据率", "每段链路的数据率，" + q.RATE_HELP)],
    links: Annotated[int, Param("链路段数", "源到目的经过几段链路，即中间结点数加 1", min=1, max=100)],
    header: Annotated[str, Param("分组首部长度", q.SIZE_HELP)] = "0B",
    propagation: Annotated[str, Param("每段链路的传播时延", q.TIME_HELP)] = "0s",
    processing: Annotated[str, Param("每个中间结点的处理时延", q.TIME_HELP)] = "0s",
    setup: Annotated[str, Param("电路建立时间", "只用于电路交换，" + q.TIME_HELP)] = "0s",
) -> Solution:
    """Time to move a message across store-and-forward links (存储转发的总时间).

    Args:
        message: size of the data, such as ``980000B``.
        packet: size of a full packet, its header included.
        rate: data rate of every link.
        links: number of links on the path, 1 to 100.
        header: header of a packet, which the message of message switching bears once too.
        propagation: one-way propagation delay of each link.
        processing: delay in each node between.
        setup: time to set up the circuit.

    Returns:
        `packet_ms`, `message_ms`, `circuit_ms`: from the start of sending to the last bit received;
        `packets`; `sent_bytes`, headers included.

    Raises:
        InputError: an unreadable quantity, or packets with no room for data.

    Examples:
        >>> solve("980000B", "1000B", "100Mb/s", 3, header="20B").answer["packet_ms"]
        Fraction(2004, 25)
        >>> solve("1000bit", "1000bit", "1Mb/s", 1).answer["packet_ms"]  # one packet, one link
        1
        >>> sorted(solve("2000bit", "1000bit", "1Mb/s", 2, setup="1ms").answer.items())[0]  # circuit and packet tie
        ('circuit_ms', 3)

    Conventions:
        The last packet carries what is left over. A node sends a packet on once it has all of it.

    Source:
        谢希仁《计算机网络》第8版 §1.3.2, 习题 1-10; 408 真题 2010-34.
    """
    task = _parse(message, packet, rate, links, header, propagation, processing, setup)
    steps = [_split(task), _packet_step(task), _message_step(task), _circuit_step(task)]
    return Solution(steps, ["最后一个分组只装余下的数据", "中间结点收完整个分组（报文）后才转发"])


def _parse(
    message: str, packet: str, rate: str, links: int, header: str, propagation: str, processing: str, setup: str
) -> _Task:
    task = _Task(
        q.size_bits(message, "报文长度", positive=True),
        q.size_bits(packet, "分组长度", positive=True),
        q.size_bits(header, "分组首部长度"),
        q.rate_bps(rate),
        links,
        q.time_s(propagation, "传播时延"),
        q.time_s(processing, "处理时延"),
        q.time_s(setup, "电路建立时间"),
    )
    if task.payload <= 0:
        raise InputError(f"分组长度 {packet!r} 装不下数据：应大于首部长度 {header}，请改大。")
    return task


def _split(task: _Task) -> Step:
    n = task.packets
    return Step(
        f"每个分组可装数据 {size_text(task.payload)}，分组个数 "
        f"$n=\\lceil {ratio(task.message, task.payload)}\\rceil={n}$（单位 bit）。",
        credit="分组个数",
        gives={"packets": n, "sent_bytes": tidy((task.message + n * task.header) / 8)},
    )


def _packet_step(task: _Task) -> Step:
    n, k, total = task.packets, task.links, task.packet_time * 1000
    extra = f"，加上途中时延 {time_text(task.on_the_way)}" if task.on_the_way else ""
    if n == 1:
        how = f"只有一个分组，经 {k} 段链路各发送一次，每次 {time_text(task.last)}"
    else:
        how = (
            f"满分组的发送时间为 {time_text(task.full)}，最后一个分组为 {time_text(task.last)}；"
            f"源依次发出前 {n - 1} 个分组，最后一个分组紧随其后，"
            f"总时间 = $({n}+{k}-2)$ 个满分组的发送时间 + 最后一个分组的发送时间"
        )
    return Step(
        f"分组交换：{how}{extra}，共 ${equals(total).lstrip('=')}$ ms。",
        _chart(task),
        credit="分组交换的总时间",
        gives={"packet_ms": tidy(total)},
    )


def _message_step(task: _Task) -> Step:
    value = task.message_time * 1000
    once = (task.message + task.header) / task.rate
    return Step(
        f"报文交换：整个报文在 {task.links} 段链路上各发送一次，每次 {time_text(once)}，"
        f"途中时延 {time_text(task.on_the_way)}，共 ${equals(value).lstrip('=')}$ ms。",
        credit="报文交换的总时间",
        gives={"message_ms": tidy(value)},
    )


def _circuit_step(task: _Task) -> Step:
    value = task.circuit_time * 1000
    return Step(
        f"电路交换：建立电路 {time_text(task.setup)}，数据只发送一次，需 {time_text(task.message / task.rate)}，"
        f"传播 {time_text(task.links * task.propagation)}，共 ${equals(value).lstrip('=')}$ ms。",
        credit="电路交换的总时间",
        gives={"circuit_ms": tidy(value)},
    )


def _chart(task: _Task) -> Gantt:
    """When each link is busy with which packet; of many packets the first few and the last."""
    n = task.packets
    shown = sorted({*range(min(DRAWN, n)), n - 1})
    slices = []
    for link in range(min(task.links, 6)):
        offset = link * (task.propagation + task.processing)
        for i in shown:
            length = task.last if i == n - 1 else task.full
            ahead = link * length if n == 1 else (i + link) * task.full
            start = (ahead + offset) * 1000
            slices.append(Slice(f"链路 {link + 1}", start, start + length * 1000, f"分组 {i + 1}"))
    note = f"共 {n} 个分组，只画前 {DRAWN} 个和最后一个" if n > DRAWN + 1 else "每段链路发送各分组的时间"
    return Gantt(slices, unit="ms", caption=note)


def mistakes(
    message: str, packet: str, rate: str, links: int, header: str, propagation: str, processing: str, setup: str
) -> Iterator[Mistake]:
    """Misconceptions: no store-and-forward, headers forgotten, nodes taken for links, bytes for bits."""
    t = _parse(message, packet, rate, links, header, propagation, processing, setup)
    total, n = t.packet_time, t.packets

    def ms(seconds: Fraction) -> int | Fraction:
        return tidy(seconds * 1000)

    yield Mistake("没有计入存储转发，只算了源的发送时间", {"packet_ms": ms((n - 1) * t.full + t.last)})
    yield Mistake("把中间结点数当成链路段数，少算一段", {"packet_ms": ms(total - t.full - t.propagation)})
    yield Mistake("多算一段链路", {"packet_ms": ms(total + t.full + t.propagation)})
    yield Mistake("忘了分组首部", {"packet_ms": ms(t.message / t.rate + (t.links - 1) * t.payload / t.rate)})
    yield Mistake("按报文交换计算", {"packet_ms": ms(t.message_time)})
    yield Mistake("每个分组都等前一个到达目的后才发送", {"packet_ms": ms(n * t.links * t.full)})
    yield Mistake("没有由字节换算成位", {"packet_ms": ms(total / 8), "message_ms": ms(t.message_time / 8)})
    yield Mistake("只算一段链路", {"message_ms": ms(t.message / t.rate + t.propagation)})
    yield Mistake("按分组交换计算", {"message_ms": ms(total), "circuit_ms": ms(total)})
    yield Mistake("少算一段链路", {"message_ms": ms(t.message_time - t.message / t.rate)})
    yield Mistake("忘了电路建立时间", {"circuit_ms": ms(t.circuit_time - t.setup)})
    yield Mistake("电路交换也按存储转发计算", {"circuit_ms": ms(t.setup + t.message_time)})
    yield Mistake("分组个数没有扣除首部", {"packets": -(-t.message // t.packet)})
    yield Mistake("分组个数向下取整", {"packets": t.message // t.payload})
    yield Mistake("分组个数多算一个", {"packets": n + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Equal packets over two links first; headers, propagation and comparison later."""
    payload = rng.choice([480, 980, 1480]) if difficulty > 2 else rng.choice([500, 1000])
    head = 20 if difficulty > 2 else 0
    n = rng.randint(4, 10 * difficulty)
    routers = rng.randint(1, 1 + difficulty // 2)
    mbps = rng.choice([1, 10, 100])
    args: dict[str, object] = {
        "message": f"{payload * n}B",
        "packet": f"{payload + head}B",
        "rate": f"{mbps}Mb/s",
        "links": routers + 1,
        "header": f"{head}B",
    }
    stem = (
        f"主机甲经 {routers} 个采用存储转发方式的路由器向主机乙发送一个 {payload * n} B 的文件，"
        f"每段链路的数据率均为 {mbps} Mb/s，分组大小为 {payload + head} B"
        + (f"，其中分组首部大小为 {head} B" if head else "，忽略分组首部")
    )
    if difficulty > 3:
        delay = rng.choice([1, 2, 5])
        args["propagation"] = f"{delay}ms"
        stem += f"，每段链路的传播时延为 {delay} ms"
    else:
        stem += "，不考虑传播时延"
    ask = rng.choice(["packet_ms", "message_ms"]) if difficulty == 2 else "packet_ms"
    how = "采用分组交换" if ask == "packet_ms" else "改用报文交换"
    stem += f"。若{how}，则从甲开始发送到乙收完为止，至少需要（单位 ms）（ ）。"
    return Draft(stem, args, ask)
