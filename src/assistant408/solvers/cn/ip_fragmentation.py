"""IP fragmentation (IP 分片): lengths, flags and offsets of the fragments, over one link or several."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.cn._show import joined

__all__ = ["solve"]

LIMIT = 2000  # fragments


@dataclass(frozen=True)
class _Fragment:
    """A datagram or a piece of one: data bytes, offset in units of 8 bytes, the MF flag."""

    data: int
    offset: int
    more: int


@solver(
    "cn.ip_fragmentation",
    title="IP 分片",
    summary="给出 IP 数据报总长度、首部长度和链路 MTU（可以依次经过几段链路），求分片数、各分片的总长度、MF 标志和片偏移。",
    syllabus=("cn.network.fragmentation", "cn.network.ip-header"),
    keywords=("分片", "片偏移", "MTU", "MF", "DF", "总长度", "数据报", "重组", "最大传送单元", "标识"),
    answers={
        "count": Out("分片数", "片"),
        "lengths": Out("各分片的总长度", "B"),
        "offsets": Out("各分片的片偏移", "8 B"),
        "flags": Out("各分片的 MF"),
        "max_data": Out("每片最多的数据长度", "B"),
        "length": Out("指定分片的总长度", "B"),
        "offset": Out("指定分片的片偏移", "8 B"),
        "mf": Out("指定分片的 MF"),
        "data_length": Out("指定分片的数据长度", "B"),
        "length_mf": Out("指定分片的总长度与 MF"),
        "total_bytes": Out("各分片总长度之和", "B"),
    },
    examples=(
        {"total": 1580, "mtus": [800], "focus": 2},
        {"total": 4000, "mtus": [1500, 576]},
    ),
)
def solve(
    total: Annotated[int, Param("数据报总长度", "含首部，单位 B", min=20, max=65535)],
    mtus: Annotated[
        list[int], Param("链路 MTU", "单位 B；依次经过几段链路时按次序写", min=28, max=65535, min_len=1, max_len=10)
    ],
    header: Annotated[int, Param("首部长度", "单位 B，20 到 60 且为 4 的倍数", min=20, max=60)] = 20,
    dont_fragment: Annotated[bool, Param("DF=1", "不允许分片时为真")] = False,
    focus: Annotated[int, Param("要问的分片", "第几个分片，从 1 起", min=1)] = 1,
) -> Solution:
    """Cut a datagram to the MTU of each link on its way (IP 分片).

    Args:
        total: total length of the datagram in bytes, header included.
        mtus: MTUs of the links in order, in bytes; fragments may be cut again.
        header: length of the header, which every fragment bears.
        dont_fragment: whether the DF flag is set.
        focus: the fragment, from 1, that `length`, `offset` and `mf` tell.

    Returns:
        `count`, `lengths`, `offsets` (in 8 bytes), `flags` (MF), `max_data` of the last link; `length`, `offset`,
        `mf`, and `length_mf` as text, of the fragment in question; `total_bytes` of all.

    Raises:
        InputError: a header that is no multiple of 4 or longer than the datagram, a link too narrow, DF set where
            fragments are needed, or a fragment that doesn't exist.

    Examples:
        >>> solve(1580, [800], focus=2).answer["length_mf"]
        '796, 1'
        >>> solve(1500, [1500]).answer["count"]  # exactly fits
        1
        >>> solve(4000, [1500]).answer["offsets"]
        [0, 185, 370]

    Conventions:
        Every fragment but the last carries as much data as fits, a multiple of 8 bytes. No options are copied
        selectively: all headers are equally long.

    Source:
        RFC 791 §3.2; 谢希仁《计算机网络》第8版 §4.2.4; 408 真题 2021-36.
    """
    _check(total, mtus, header)
    parts = [_Fragment(total - header, 0, 0)]
    steps = []
    for number, mtu in enumerate(mtus, 1):
        room = (mtu - header) // 8 * 8
        if dont_fragment and any(p.data + header > mtu for p in parts):
            raise InputError(
                f"数据报总长度 {total!r} 超过 MTU {mtu} 而 DF=1，路由器丢弃它并发 ICMP 差错报文，没有分片。"
            )
        parts = [piece for p in parts for piece in _cut(p, mtu - header)]
        if len(parts) > LIMIT:
            raise InputError(f"分片数 {len(parts)!r} 过多（上限 {LIMIT}），请增大 MTU 或减小总长度。")
        steps.append(_link_step(number, mtu, header, room, parts, len(mtus)))
    if focus > len(parts):
        raise InputError(f"第 {focus!r} 个分片不存在，共 {len(parts)} 片，请改正。")
    steps.append(_end(parts, header, focus))
    return Solution(steps, ["除最后一片外，各片的数据尽可能长且为 8 B 的整数倍", "各分片首部等长"])


def _check(total: int, mtus: Sequence[int], header: int) -> None:
    if header % 4 or header > total:
        raise InputError(f"首部长度 {header!r} 不合要求：应为 4 的倍数且不超过总长度 {total}。")
    for mtu in mtus:
        if mtu - header < 8:
            raise InputError(f"MTU {mtu!r} 装不下首部和 8 B 数据，应不小于 {header + 8}。")


def _cut(whole: _Fragment, room: int) -> list[_Fragment]:
    if whole.data <= room:
        return [whole]
    size = room // 8 * 8
    out = []
    done = 0
    while whole.data - done > room:
        out.append(_Fragment(size, whole.offset + done // 8, 1))
        done += size
    return [*out, _Fragment(whole.data - done, whole.offset + done // 8, whole.more)]


def _link_step(number: int, mtu: int, header: int, room: int, parts: Sequence[_Fragment], links: int) -> Step:
    where = f"第 {number} 段链路 " if links > 1 else ""
    rows: list[list[Cell]] = [
        [i, p.data + header, p.data, p.more, p.offset, f"{p.offset * 8}~{p.offset * 8 + p.data - 1}" if p.data else ""]
        for i, p in enumerate(parts[:40], 1)
    ]
    return Step(
        f"{where}MTU 为 {mtu} B，每片数据至多 $\\lfloor({mtu}-{header})/8\\rfloor\\times8={room}$ B；分为 {len(parts)} 片，"
        f"数据长度为 {joined([p.data for p in parts[:40]])} B。",
        Table(["分片", "总长度", "数据长度", "MF", "片偏移", "数据范围"], rows),
        credit="求每片数据长度与分片数",
        gives={"max_data": room, "count": len(parts)},
    )


def _end(parts: Sequence[_Fragment], header: int, focus: int) -> Step:
    chosen = parts[focus - 1]
    length = chosen.data + header
    gives: dict[str, Value] = {
        "lengths": [p.data + header for p in parts],
        "offsets": [p.offset for p in parts],
        "flags": [p.more for p in parts],
        "total_bytes": sum(p.data + header for p in parts),
        "length": length,
        "offset": chosen.offset,
        "mf": chosen.more,
        "data_length": chosen.data,
        "length_mf": f"{length}, {chosen.more}",
    }
    return Step(
        f"第 {focus} 片：总长度 $={header}+{chosen.data}={length}$ B，片偏移 $={chosen.offset * 8}/8={chosen.offset}$，"
        f"MF$={chosen.more}$（{'后面还有分片' if chosen.more else '最后一片'}）。",
        credit="求总长度、片偏移与 MF",
        gives=gives,
    )


def mistakes(total: int, mtus: list[int], header: int, dont_fragment: bool, focus: int) -> Iterator[Mistake]:
    """Misconceptions: no multiple of 8, offsets in bytes, headers forgotten, flags exchanged."""

    def run(size_of: int, data: int) -> list[_Fragment]:
        return _cut(_Fragment(max(0, data), 0, 0), max(8, size_of))

    room = mtus[-1] - header
    right = [_Fragment(total - header, 0, 0)]
    for mtu in mtus:
        right = [piece for p in right for piece in _cut(p, mtu - header)]

    def gives(parts: Sequence[_Fragment], add: int = header) -> dict[str, Value]:
        out: dict[str, Value] = {"count": len(parts), "total_bytes": sum(p.data + add for p in parts)}
        if focus <= len(parts):
            p = parts[focus - 1]
            out |= {"length": p.data + add, "offset": p.offset, "mf": p.more, "length_mf": f"{p.data + add}, {p.more}"}
        return out

    yield Mistake("没有扣除首部，把总长度当成数据长度", gives(run(room, total)))
    yield Mistake("每片数据取到 MTU，没有留首部", gives(run(mtus[-1], total - header)))
    yield Mistake("分片总长度没有加首部", gives(right, 0))
    chosen = right[focus - 1]
    flipped = 1 - chosen.more
    yield Mistake("MF 的含义弄反", {"mf": flipped, "length_mf": f"{chosen.data + header}, {flipped}"})
    yield Mistake("分片总长度取到 MTU", {"length": mtus[-1], "length_mf": f"{mtus[-1]}, {chosen.more}"})
    yield Mistake("片偏移以字节为单位", {"offset": chosen.offset * 8})
    yield Mistake("片偏移按总长度计算", {"offset": (focus - 1) * mtus[-1] // 8})
    yield Mistake("片偏移取成分片序号", {"offset": focus - 1})
    yield Mistake("用总长度除以 MTU", {"count": total // mtus[-1], "total_bytes": total})
    yield Mistake("多算一片", {"count": len(right) + 1, "total_bytes": total + len(right) * header})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Counts first, then a fragment's fields, then two links."""
    mtu = rng.choice([620, 700, 800, 1000, 1420, 1500])
    pieces = rng.randint(2, 3 + difficulty // 2)
    room = (mtu - 20) // 8 * 8
    total = 20 + room * (pieces - 1) + rng.randrange(8, room, 4)
    args: dict[str, object] = {"total": total, "mtus": [mtu]}
    stem = f"一个总长度为 {total} B 的 IP 数据报（首部长度为 20 B）要通过 MTU={mtu} B 的链路转发，每个分片尽可能大，"
    if difficulty == 1:
        return Draft(stem + "则分片数为（ ）。", args, "count")
    focus = rng.randint(2, pieces)
    args["focus"] = focus
    if difficulty < 4:
        ask, what = rng.choice([("offset", "片偏移字段"), ("length_mf", "总长度字段和 MF 标志位")])
        return Draft(f"{stem}则第 {focus} 个分片的{what}的值是（ ）。", args, ask)
    second = rng.choice([296, 576])
    stem = (
        f"一个总长度为 {total} B 的 IP 数据报（首部长度为 20 B）先后经过 MTU 为 {mtu} B 和 {second} B 的两段链路，"
        "分片时每个分片尽可能大，"
    )
    args["mtus"] = [mtu, second]
    if difficulty == 4:
        return Draft(stem + "则最后到达目的主机的分片数为（ ）。", args, "count")
    return Draft(f"{stem}则到达目的主机的第 {focus} 个分片的片偏移字段的值是（ ）。", args, "offset")
