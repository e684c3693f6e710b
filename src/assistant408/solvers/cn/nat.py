"""NAT (网络地址转换): address and port of packets on either side of a NAPT router."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._ip import address, dotted

__all__ = ["Mapping", "Packet", "solve"]


@dataclass(frozen=True)
class Mapping:
    """A row of the table: a public port, and the private address and port that it stands for."""

    public_port: Annotated[int, Param("外网端口", min=0, max=65535)]
    private_ip: Annotated[str, Param("内网 IP", min_len=7, max_len=15)]
    private_port: Annotated[int, Param("内网端口", min=0, max=65535)]


@dataclass(frozen=True)
class Packet:
    """A packet as it comes to the router."""

    source_ip: Annotated[str, Param("源 IP", min_len=7, max_len=15)]
    source_port: Annotated[int, Param("源端口", min=0, max=65535)]
    destination_ip: Annotated[str, Param("目的 IP", min_len=7, max_len=15)]
    destination_port: Annotated[int, Param("目的端口", min=0, max=65535)]


@solver(
    "cn.nat",
    title="网络地址转换（NAT/NAPT）",
    summary="给出 NAT 路由器的公网 IP、已有的 NAT 转换表和依次到达的分组（源/目的 IP 和端口），求转换后的源、目的 IP 与端口，以及转换表。",
    syllabus=("cn.network.nat",),
    keywords=("NAT", "NAPT", "网络地址转换", "转换表", "公网", "私有地址", "内网", "外网", "端口转换", "WAN", "LAN"),
    answers={
        "last_packet": Out("最后一个分组转换后的内容"),
        "source": Out("最后一个分组转换后的源 IP:端口"),
        "destination": Out("最后一个分组转换后的目的 IP:端口"),
        "packets": Out("各分组转换后的内容"),
        "table": Out("NAT 转换表"),
    },
    examples=(
        {
            "public_ip": "203.0.113.5",
            "packets": [
                {
                    **{"source_ip": "192.168.1.2", "source_port": 3000},
                    **{"destination_ip": "198.51.100.7", "destination_port": 80},
                },
                {
                    **{"source_ip": "198.51.100.7", "source_port": 80},
                    **{"destination_ip": "203.0.113.5", "destination_port": 50000},
                },
            ],
        },
    ),
)
def solve(
    public_ip: Annotated[str, Param("公网 IP", "NAT 路由器外网接口的地址", min_len=7, max_len=15)],
    packets: Annotated[list[Packet], Param("依次到达的分组", "源IP:源端口:目的IP:目的端口", min_len=1, max_len=50)],
    table: Annotated[
        list[Mapping], Param("已有的转换表", "外网端口:内网IP:内网端口，如 80:192.168.1.2:80", max_len=100)
    ] = [],  # noqa: B006
    next_port: Annotated[int, Param("新分配的外网端口", "没有表项时从它起依次分配", min=1, max=65535)] = 50000,
) -> Solution:
    """Translate packets at a NAPT router (网络地址转换).

    Args:
        public_ip: address of the outer interface.
        packets: as they come to the router. One to `public_ip` comes from outside; the others go out.
        table: rows at the start, port forwarding included.
        next_port: first public port for new rows.

    Returns:
        `packets` after translation as ``源IP:端口 → 目的IP:端口`` (丢弃 if no row fits), `last_packet`, its `source`
        and `destination`, and `table` (public port to private address).

    Raises:
        InputError: an address that can't be read, a public port twice, or no ports left.

    Examples:
        >>> out = Packet("192.168.1.2", 3000, "198.51.100.7", 80)
        >>> solve("203.0.113.5", [out]).answer["source"]
        '203.0.113.5:50000'
        >>> back = Packet("198.51.100.7", 80, "203.0.113.5", 50000)
        >>> solve("203.0.113.5", [out, back]).answer["destination"]
        '192.168.1.2:3000'
        >>> solve("203.0.113.5", [back]).answer["last_packet"]  # nobody asked
        '丢弃'

    Conventions:
        A private socket keeps its row whatever the destination. New public ports are given out in order.

    Source:
        RFC 3022 §2.2; 谢希仁《计算机网络》第8版 §4.8.2.
    """
    dotted(address(public_ip, "公网 IP"))
    rows = _check(table, packets)
    log = []
    steps = []
    for packet in packets:
        result, fresh, next_port = _translate(public_ip, packet, rows, next_port)
        log.append(result)
        steps.append(_step(packet, public_ip, result, rows, fresh))
    last = log[-1]
    shown = ["丢弃" if r is None else _text(r) for r in log]
    final = {str(port): f"{ip}:{inner}" for port, (ip, inner) in rows.items()}
    end = Step(
        "各分组转换后依次为：" + "；".join(shown) + "。",
        gives={
            "last_packet": shown[-1],
            "packets": shown,
            "table": dict(final),
            **({"source": _socket(last, 0), "destination": _socket(last, 2)} if last else {}),
        },
    )
    return Solution([*steps, end], ["出去的分组改源 IP 和源端口，进来的分组改目的 IP 和目的端口"])


_Four = tuple[str, int, str, int]
_Rows = dict[int, tuple[str, int]]


def _check(table: Sequence[Mapping], packets: Sequence[Packet]) -> _Rows:
    rows: _Rows = {}
    for row in table:
        address(row.private_ip, "内网 IP")
        if row.public_port in rows:
            raise InputError(f"外网端口 {row.public_port!r} 在转换表中出现了两次，请改正。")
        rows[row.public_port] = (row.private_ip, row.private_port)
    for packet in packets:
        address(packet.source_ip, "源 IP")
        address(packet.destination_ip, "目的 IP")
    return rows


def _translate(public_ip: str, packet: Packet, rows: _Rows, next_port: int) -> tuple[_Four | None, bool, int]:
    """The packet behind the router, whether a row was added, and the next free port."""
    if packet.destination_ip == public_ip:
        inner = rows.get(packet.destination_port)
        return inner and (packet.source_ip, packet.source_port, *inner), False, next_port
    private = (packet.source_ip, packet.source_port)
    port = next((p for p, inner in rows.items() if inner == private), None)
    fresh = port is None
    if port is None:
        while next_port in rows:
            next_port += 1
        if next_port > 65535:
            raise InputError(f"外网端口 {next_port!r} 超出 65535，请减小新分配的外网端口。")
        port = next_port
        rows[port] = private
    return (public_ip, port, packet.destination_ip, packet.destination_port), fresh, next_port


def _socket(four: _Four, at: int) -> str:
    return f"{four[at]}:{four[at + 1]}"


def _text(four: _Four) -> str:
    return f"{_socket(four, 0)} → {_socket(four, 2)}"


def _step(packet: Packet, public_ip: str, result: _Four | None, rows: _Rows, fresh: bool) -> Step:
    before = (packet.source_ip, packet.source_port, packet.destination_ip, packet.destination_port)
    inward = packet.destination_ip == public_ip
    if result is None:
        why = f"外网分组 {_text(before)}：转换表中没有外网端口 {packet.destination_port}，丢弃。"
    elif inward:
        why = f"外网分组 {_text(before)}：查外网端口 {packet.destination_port}，目的改为 {_socket(result, 2)}，源不变。"
    else:
        how = f"新建表项，分配外网端口 {result[1]}" if fresh else f"查得外网端口 {result[1]}"
        why = f"内网分组 {_text(before)}：{how}，源改为 {_socket(result, 0)}，目的不变。"
    used = packet.destination_port if inward else result[1] if result else None
    cells: list[list[Cell]] = [[f"{public_ip}:{port}", f"{ip}:{inner}"] for port, (ip, inner) in rows.items()]
    marks = [(i, c) for i, port in enumerate(rows) if port == used for c in (0, 1)]
    return Step(
        why, Table(["外网（WAN）", "内网（LAN）"], cells, marks, caption="NAT 转换表"), credit="按转换表改写地址和端口"
    )


def mistakes(public_ip: str, packets: list[Packet], table: list[Mapping], next_port: int) -> Iterator[Mistake]:
    """Misconceptions: the wrong end rewritten, the port kept, no translation at all."""
    rows = _check(table, packets)
    result: _Four | None = None
    for packet in packets:
        result, _, next_port = _translate(public_ip, packet, rows, next_port)
    p = packets[-1]
    before = (p.source_ip, p.source_port, p.destination_ip, p.destination_port)

    def gives(four: _Four) -> dict[str, str]:
        return {"last_packet": _text(four), "source": _socket(four, 0), "destination": _socket(four, 2)}

    yield Mistake("没有转换", gives(before))
    if result is None:
        yield Mistake("以为转发给了路由器自己", gives((before[0], before[1], public_ip, before[3])))
        return
    if p.destination_ip == public_ip:
        yield Mistake("只改了目的 IP，没有改端口", gives((before[0], before[1], result[2], before[3])))
        yield Mistake("源 IP 也改成了公网 IP", gives((public_ip, result[1], result[2], result[3])))
        yield Mistake("改了源而没有改目的", gives((result[2], result[3], before[2], before[3])))
        yield Mistake("只改了端口，没有改 IP", gives((before[0], before[1], before[2], result[3])))
    else:
        yield Mistake("只改了源 IP，没有改端口", gives((result[0], before[1], result[2], result[3])))
        yield Mistake("目的也改成了公网 IP", gives((result[0], result[1], public_ip, result[3])))
        yield Mistake("改了目的而没有改源", gives((before[0], before[1], result[0], result[1])))
        yield Mistake("只改了端口，没有改 IP", gives((before[0], result[1], before[2], before[3])))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Packets out and in through a table of port mappings."""
    public = f"203.0.113.{rng.randint(2, 250)}"
    web = f"198.51.100.{rng.randint(2, 250)}"
    ports = rng.sample(range(2000, 9000), 3)
    count = 2 + difficulty // 3
    table = [Mapping(p, f"192.168.1.{10 + i}", rng.choice([80, 1025, 3000 + i])) for i, p in enumerate(ports[:count])]
    row = rng.choice(table)
    inward = difficulty % 2 == 0
    shown = "；".join(f"{public}:{m.public_port} 对应 {m.private_ip}:{m.private_port}" for m in table)
    if inward:
        packet = Packet(web, rng.randint(40000, 60000), public, row.public_port)
    else:
        packet = Packet(row.private_ip, row.private_port, web, 80)
    where = "外网进入" if inward else "内网发出"
    stem = (
        f"某 NAT 路由器的公网 IP 地址为 {public}，NAT 转换表为：{shown}。若一个分组由{where}，其源 IP 地址和端口为 "
        f"{packet.source_ip}:{packet.source_port}，目的 IP 地址和端口为 {packet.destination_ip}:{packet.destination_port}，"
    )
    args = {"public_ip": public, "packets": [packet], "table": table}
    if difficulty < 3:
        ask, what = ("destination", "目的") if inward else ("source", "源")
        return Draft(f"{stem}则经该路由器转换后，分组的{what} IP 地址和端口是（ ）。", args, ask)
    return Draft(f"{stem}则经该路由器转换后，分组的源和目的地址依次是（ ）。", args, "last_packet")
