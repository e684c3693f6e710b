"""Switch learning (交换机自学习): the forwarding table and the ports that each frame leaves by."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["Frame", "Host", "solve"]

BROADCAST = "FF-FF-FF-FF-FF-FF"


@dataclass(frozen=True)
class Host:
    """A host and the port of the switch that leads to it."""

    name: Annotated[str, Param("主机（MAC 地址）", min_len=1, max_len=40)]
    port: Annotated[int, Param("端口", min=0, max=100)]


@dataclass(frozen=True)
class Frame:
    """A frame from one host to another."""

    source: Annotated[str, Param("源主机", min_len=1, max_len=40)]
    destination: Annotated[str, Param("目的主机", "广播写 FF-FF-FF-FF-FF-FF", min_len=1, max_len=40)]


@dataclass(frozen=True)
class _Handled:
    """What the switch did with a frame: how, to which ports, and what it learned."""

    frame: Frame
    entered: int
    how: str
    ports: list[int]
    learned: bool
    table: dict[str, int]


@solver(
    "cn.switch_learning",
    title="交换机的自学习与转发",
    summary="给出各主机所在的交换机端口、当前转发表和依次发送的帧，求每个帧从哪些端口转发（转发、广播洪泛或丢弃）和最后的转发表。",
    syllabus=("cn.link.switch",),
    keywords=("交换机", "网桥", "自学习", "转发表", "交换表", "MAC地址表", "转发端口", "洪泛", "广播", "过滤", "丢弃"),
    answers={
        "out_ports": Out("各帧的转发端口"),
        "table": Out("最后的转发表"),
        "floods": Out("洪泛的帧数", "帧"),
        "entries": Out("转发表的表项数", "项"),
        "actions": Out("各帧的处理"),
    },
    examples=(
        {
            "hosts": [
                {"name": "A", "port": 1},
                {"name": "B", "port": 2},
                {"name": "C", "port": 3},
                {"name": "D", "port": 1},
            ],
            "frames": [
                {"source": "A", "destination": "C"},
                {"source": "C", "destination": "A"},
                {"source": "D", "destination": "A"},
            ],
        },
    ),
)
def solve(
    hosts: Annotated[list[Host], Param("各主机的端口", "主机:端口，如 A:1, B:2", min_len=1, max_len=100)],
    frames: Annotated[list[Frame], Param("依次发送的帧", "源:目的，如 A:B, B:A", min_len=1, max_len=100)],
    table: Annotated[list[Host], Param("已有的转发表", "主机:端口；不填则转发表为空", max_len=100)] = [],  # noqa: B006
    ports: Annotated[list[int], Param("全部端口", "有空闲端口时填；不填取主机所在的端口", min=0, max_len=100)] = [],  # noqa: B006
) -> Solution:
    """Learn addresses and forward frames (交换机自学习).

    Args:
        hosts: every host with the port that leads to it; hosts of one port share a segment.
        frames: the frames in order; a destination that is no host, or the broadcast address, is flooded.
        table: entries at the start.
        ports: all ports of the switch; those of `hosts` if empty.

    Returns:
        `out_ports`: for each frame the ports it leaves by, in order, none if it is dropped; `table`; `floods`;
        `entries`; `actions` (转发, 洪泛 or 丢弃).

    Raises:
        InputError: a sender that is no host, a host named twice, or a host at a port that doesn't exist.

    Examples:
        >>> net = [Host("A", 1), Host("B", 2), Host("C", 3)]
        >>> solve(net, [Frame("A", "C"), Frame("C", "A")]).answer["out_ports"]
        [[2, 3], [1]]
        >>> solve([Host("A", 1), Host("B", 1)], [Frame("A", "B")], [Host("B", 1)]).answer["actions"]  # same segment
        ['丢弃']
        >>> solve(net, [Frame("A", "FF-FF-FF-FF-FF-FF")]).answer["floods"]
        1

    Conventions:
        The source is learned first, then the destination is looked up. Entries don't expire.

    Source:
        谢希仁《计算机网络》第8版 §3.4.2; 408 真题 2014-34.
    """
    places = _check(hosts, frames, ports)
    everywhere = sorted(set(ports) | set(places.values()))
    log = _run(places, frames, {h.name: h.port for h in table}, everywhere)
    steps = [_step(h) for h in log]
    last = log[-1].table
    floods = sum(h.how == "洪泛" for h in log)
    steps.append(
        Step(
            f"共洪泛 {floods} 帧，转发表最后有 {len(last)} 项。",
            Table(
                ["帧", "进入端口", "处理", "转发端口", "学到的表项"],
                [
                    [f"{h.frame.source}→{h.frame.destination}", h.entered, h.how, joined(h.ports), _learned(h)]
                    for h in log
                ],
            ),
            gives={
                "out_ports": [h.ports for h in log],
                "table": dict(last),
                "floods": floods,
                "entries": len(last),
                "actions": [h.how for h in log],
            },
        )
    )
    return Solution(steps, ["先登记源地址，再查目的地址", "表项不过期", *([] if table else ["转发表最初为空"])])


def _check(hosts: Sequence[Host], frames: Sequence[Frame], ports: Sequence[int]) -> dict[str, int]:
    places: dict[str, int] = {}
    for host in hosts:
        if host.name in places:
            raise InputError(f"主机 {host.name!r} 出现了两次，每台主机只接一个端口，请改正。")
        if ports and host.port not in ports:
            raise InputError(f"主机 {host.name} 的端口 {host.port!r} 不在全部端口 {joined(ports)} 之中，请改正。")
        places[host.name] = host.port
    for frame in frames:
        if frame.source not in places:
            raise InputError(f"源主机 {frame.source!r} 没有给出端口，应为 {joined(list(places))} 之一。")
    return places


def _run(
    places: Mapping[str, int],
    frames: Sequence[Frame],
    table: Mapping[str, int],
    everywhere: Sequence[int],
    learn: bool = True,
) -> list[_Handled]:
    known = dict(table)
    log = []
    for frame in frames:
        entered = places[frame.source]
        fresh = known.get(frame.source) != entered
        if learn:
            known[frame.source] = entered
        out = known.get(frame.destination)
        if out is None or frame.destination.upper() == BROADCAST:
            how, ports = "洪泛", [p for p in everywhere if p != entered]
        elif out == entered:
            how, ports = "丢弃", []
        else:
            how, ports = "转发", [out]
        log.append(_Handled(frame, entered, how, ports, fresh and learn, dict(known)))
    return log


def _learned(h: _Handled) -> str:
    return f"{h.frame.source}→{h.entered}" if h.learned else ""


def _step(h: _Handled) -> Step:
    source, destination = h.frame.source, h.frame.destination
    learn = f"登记 {source} 在端口 {h.entered}" if h.learned else f"{source} 已登记在端口 {h.entered}"
    if h.how == "洪泛":
        reason = "目的是广播地址" if destination.upper() == BROADCAST else f"表中没有 {destination}"
        action = f"{reason}，从其余端口 {joined(h.ports)} 洪泛"
    elif h.how == "丢弃":
        action = f"查得 {destination} 也在端口 {h.entered}，与进入端口相同，丢弃"
    else:
        action = f"查得 {destination} 在端口 {h.ports[0]}，从端口 {h.ports[0]} 转发"
    rows: list[list[Cell]] = [[name, port] for name, port in h.table.items()]
    place = list(h.table).index(source)
    return Step(
        f"帧 {source}→{destination} 从端口 {h.entered} 进入：{learn}；{action}。",
        Table(["MAC 地址", "端口"], rows, [(place, 0), (place, 1)] if h.learned else []),
        credit="登记源地址并查表转发",
    )


def mistakes(hosts: list[Host], frames: list[Frame], table: list[Host], ports: list[int]) -> Iterator[Mistake]:
    """Misconceptions: no learning, the destination learned, flooding back, never dropping."""
    places = {h.name: h.port for h in hosts}
    everywhere = sorted(set(ports) | set(places.values()))
    start = {h.name: h.port for h in table}
    right = _run(places, frames, start, everywhere)

    def gives(outs: list[list[int]], final: Mapping[str, int]) -> dict[str, list[list[int]] | dict[str, int] | int]:
        return {"out_ports": outs, "table": dict(final), "entries": len(final)}

    blind = _run(places, frames, start, everywhere, learn=False)
    yield Mistake(
        "没有学习源地址",
        {**gives([h.ports for h in blind], start), "floods": sum(h.how == "洪泛" for h in blind)},
    )
    known = dict(start)
    outs = []
    for f in frames:
        outs.append(
            [known[f.destination]] if f.destination in known else [p for p in everywhere if p != places[f.source]]
        )
        if f.destination in places:
            known[f.destination] = places[f.destination]
    yield Mistake("登记了目的地址而不是源地址", gives(outs, known))
    yield Mistake(
        "洪泛时也从进入的端口发出", {"out_ports": [everywhere if h.how == "洪泛" else h.ports for h in right]}
    )
    yield Mistake(
        "每一帧都从其余端口洪泛",
        {"out_ports": [[p for p in everywhere if p != h.entered] for h in right], "floods": len(right)},
    )
    direct = [[places[h.frame.destination]] if h.frame.destination in places else h.ports for h in right]
    yield Mistake("以为交换机一开始就知道各主机的端口", {"out_ports": direct, "floods": 0})
    drops = sum(h.how == "丢弃" for h in right)
    yield Mistake("同一端口内的帧也洪泛", {"floods": sum(h.how == "洪泛" for h in right) + drops})
    yield Mistake("只数了转发的帧", {"floods": sum(h.how == "转发" for h in right)})
    everyone = {**places}
    yield Mistake("所有主机都登记了", {"entries": len(everyone), "table": everyone})
    senders = [f.source for f in frames]
    yield Mistake("每发一帧就增加一项", {"entries": len(start) + len(senders)})
    yield Mistake("只登记了目的主机", {"entries": len({f.destination for f in frames})})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Two frames through three ports first; longer runs and shared segments later."""
    names = "ABCDE"[: 3 + difficulty // 2]
    hosts = [Host(n, i + 1 if i < 3 else rng.randint(1, 3)) for i, n in enumerate(names)]
    count = 2 if difficulty < 3 else difficulty + 1
    frames = [Frame(*rng.sample(names, 2))]
    frames.append(Frame(frames[0].destination, frames[0].source))
    while len(frames) < count:
        frames.append(Frame(*rng.sample(names, 2)))
    place = "、".join(f"{h.name} 接端口 {h.port}" for h in hosts)
    sent = "、".join(f"{f.source}→{f.destination}" for f in frames)
    stem = f"某交换机有 3 个端口，{place}，转发表最初为空。若依次发送帧 {sent}，"
    args = {"hosts": hosts, "frames": frames}
    if difficulty < 3:
        return Draft(stem + "则交换机对各帧的转发端口依次是（ ）。", args, "out_ports")
    ask, what = rng.choice([("floods", "交换机洪泛的帧数为"), ("entries", "最后转发表中的表项数为")])
    return Draft(f"{stem}则{what}（ ）。", args, ask)
