"""File distribution (文件分发时间): client-server against peer-to-peer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, rate_text, ratio, tidy, time_text

__all__ = ["solve"]


@dataclass(frozen=True)
class _Swarm:
    """A file of `bits`, a server and `count` peers, in b/s; `down` is the least download rate, if there is a limit."""

    bits: Fraction
    server: Fraction
    count: int
    down: Fraction | None
    up: Fraction

    @property
    def slowest(self) -> Fraction:
        """Time of the slowest download."""
        return Fraction(0) if self.down is None else self.bits / self.down

    @property
    def client_server(self) -> Fraction:
        return max(self.count * self.bits / self.server, self.slowest)

    @property
    def together(self) -> Fraction:
        """Everybody's upload rates, the server's included."""
        return self.server + self.up

    @property
    def peer_to_peer(self) -> Fraction:
        return max(self.bits / self.server, self.slowest, self.count * self.bits / self.together)


@solver(
    "cn.p2p_distribution",
    title="C/S 与 P2P 的文件分发时间",
    summary="给出文件大小、服务器上传速率、主机（对等方）个数及其上传、下载速率，求客户/服务器方式和 P2P 方式分发文件的最短时间。",
    syllabus=("cn.app.p2p-time", "cn.app.p2p", "cn.app.cs"),
    keywords=("P2P", "对等", "文件分发", "分发时间", "客户服务器", "C/S", "上传速率", "下载速率", "最短时间"),
    answers={
        "p2p_s": Out("P2P 方式的最短分发时间", "s"),
        "cs_s": Out("C/S 方式的最短分发时间", "s"),
        "p2p_bottleneck": Out("P2P 方式的瓶颈"),
        "cs_bottleneck": Out("C/S 方式的瓶颈"),
        "speedup": Out("C/S 时间与 P2P 时间之比"),
    },
    examples=(
        {"size": "15Gb", "server_up": "30Mb/s", "peers": 10, "down": "2Mb/s", "up": "300kb/s"},
        {"size": "1Gb", "server_up": "10Mb/s", "downs": ["5Mb/s", "2Mb/s"], "ups": ["1Mb/s", "3Mb/s"]},
    ),
)
def solve(
    size: Annotated[str, Param("文件大小", q.SIZE_HELP)],
    server_up: Annotated[str, Param("服务器上传速率", q.RATE_HELP)],
    peers: Annotated[int, Param("对等方个数", "下载文件的主机数；各主机速率相同时填", min=1, max=10**6)] = 1,
    down: Annotated[str | None, Param("每个对等方的下载速率", "各主机相同时填；下载不受限时不填，如 2Mb/s")] = None,
    up: Annotated[str, Param("每个对等方的上传速率", "各主机相同时填，如 300kb/s")] = "0b/s",
    downs: Annotated[list[str], Param("各对等方的下载速率", "各主机不同时逐个写", max_len=100)] = [],  # noqa: B006
    ups: Annotated[list[str], Param("各对等方的上传速率", "与下载速率一一对应", max_len=100)] = [],  # noqa: B006
) -> Solution:
    """Least time to distribute a file to all (文件分发时间).

    Args:
        size: size of the file.
        server_up: upload rate of the server.
        peers, down, up: equal peers: how many, and their rates; no limit on downloads if `down` is left out.
        downs, ups: rates of peers one by one; they replace the three.

    Returns:
        `p2p_s`, `cs_s`; `p2p_bottleneck` and `cs_bottleneck` in words; `speedup` = C/S time over P2P time.

    Raises:
        InputError: lists of different lengths, or rates that can't be read.

    Examples:
        >>> solve("15Gb", "30Mb/s", 10, "2Mb/s", "300kb/s").answer["cs_s"]
        7500
        >>> solve("15Gb", "30Mb/s", 100, "2Mb/s", "300kb/s").answer["p2p_s"]
        25000
        >>> answer = solve("1Mb", "1Mb/s").answer
        >>> answer["cs_s"] == answer["p2p_s"]  # a single peer
        True

    Conventions:
        Fluid bounds: max(NF/u_s, F/d_min) and max(F/u_s, F/d_min, NF/(u_s + Σu_i)). Gb = 10^9 bit.

    Source:
        Kurose and Ross, Computer Networking, §2.5 (P2P file distribution); 谢希仁《计算机网络》第8版 §6.9.
    """
    swarm = _parse(size, server_up, peers, down, up, downs, ups)
    n, f = swarm.count, swarm.bits
    cs = [(n * f / swarm.server, "服务器上传"), (swarm.slowest, "最慢的对等方下载")]
    p2p = [
        (f / swarm.server, "服务器上传"),
        (swarm.slowest, "最慢的对等方下载"),
        (n * f / swarm.together, "全体上传能力"),
    ]
    slow = f"，$F/d_{{min}}={ratio(f, swarm.down)}{equals(swarm.slowest)}$ s" if swarm.down else ""
    first = Step(
        f"C/S：服务器要上传 N 份，$NF/u_s={n}\\times{ratio(f, swarm.server)}{equals(cs[0][0])}$ s{slow}；取较大者 "
        f"${equals(swarm.client_server).lstrip('=')}$ s。",
        credit="C/S 方式的分发时间",
        gives={"cs_s": tidy(swarm.client_server), "cs_bottleneck": max(cs, key=lambda x: x[0])[1]},
    )
    second = Step(
        f"P2P：服务器至少上传一份，$F/u_s{equals(p2p[0][0])}$ s{slow}；全体上传速率 {rate_text(swarm.together)}，要传 N 份，"
        f"$NF/(u_s+\\sum u_i)={n}\\times{ratio(f, swarm.together)}{equals(p2p[2][0])}$ s；取最大者 "
        f"${equals(swarm.peer_to_peer).lstrip('=')}$ s。",
        _plot(swarm),
        credit="P2P 方式的分发时间",
        gives={"p2p_s": tidy(swarm.peer_to_peer), "p2p_bottleneck": max(p2p, key=lambda x: x[0])[1]},
    )
    times = swarm.client_server / swarm.peer_to_peer
    third = Step(
        f"C/S 需 {time_text(swarm.client_server)}，P2P 需 {time_text(swarm.peer_to_peer)}，前者是后者的 {decimal(times)} 倍。",
        gives={"speedup": tidy(times)},
    )
    return Solution([first, second, third], ["数据可以任意细分，各方持续以最大速率传送"])


def _parse(
    size: str, server_up: str, peers: int, down: str | None, up: str, downs: list[str], ups: list[str]
) -> _Swarm:
    bits, server = q.size_bits(size, "文件大小", positive=True), q.rate_bps(server_up, "服务器上传速率")
    if downs or ups:
        if len(downs) != len(ups):
            raise InputError(f"下载速率有 {len(downs)!r} 个，上传速率有 {len(ups)} 个，应一一对应，请补全。")
        total = sum((q.rate_bps(r, "上传速率", positive=False) for r in ups), Fraction(0))
        return _Swarm(bits, server, len(downs), min(q.rate_bps(r, "下载速率") for r in downs), total)
    least = None if down is None else q.rate_bps(down, "下载速率")
    return _Swarm(bits, server, peers, least, peers * q.rate_bps(up, "上传速率", positive=False))


def _plot(swarm: _Swarm) -> Plot:
    """Both times for 1 to `count` peers that are like the average one."""
    numbers = sorted({max(1, swarm.count * k // 12) for k in range(13)})
    sizes = [replace(swarm, count=n, up=swarm.up * n / swarm.count) for n in numbers]
    return Plot(
        [
            Series("C/S", [(w.count, tidy(w.client_server)) for w in sizes]),
            Series("P2P", [(w.count, tidy(w.peer_to_peer)) for w in sizes]),
        ],
        x="对等方个数 N",
        y="最短分发时间（s）",
        caption="C/S 时间随 N 线性增长，P2P 时间趋于饱和",
    )


def mistakes(
    size: str, server_up: str, peers: int, down: str | None, up: str, downs: list[str], ups: list[str]
) -> Iterator[Mistake]:
    """Misconceptions: one copy for all, a term forgotten, the server or the peers left out."""
    w = _parse(size, server_up, peers, down, up, downs, ups)
    n, f = w.count, w.bits
    yield Mistake("只算了一份文件的上传时间", {"cs_s": tidy(f / w.server), "p2p_s": tidy(f / w.server)})
    yield Mistake("只算了最慢的下载时间", {"cs_s": tidy(w.slowest), "p2p_s": tidy(w.slowest)})
    yield Mistake(
        "把两个时间相加", {"cs_s": tidy(n * f / w.server + w.slowest), "p2p_s": tidy(w.peer_to_peer + w.slowest)}
    )
    yield Mistake("按 C/S 方式计算", {"p2p_s": tidy(w.client_server)})
    yield Mistake("按 P2P 方式计算", {"cs_s": tidy(w.peer_to_peer)})
    yield Mistake("没有乘以对等方个数", {"p2p_s": tidy(f / w.together)})
    if w.up:
        yield Mistake("漏了服务器的上传速率", {"p2p_s": tidy(n * f / w.up)})
        yield Mistake("只加了一个对等方的上传速率", {"p2p_s": tidy(n * f / (w.server + w.up / n))})
    for factor, why in ((8, "把位当成字节"), (Fraction(1, 8), "没有由字节换算成位")):
        yield Mistake(why, {"cs_s": tidy(w.client_server * factor), "p2p_s": tidy(w.peer_to_peer * factor)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """C/S first, then P2P with more peers."""
    gb, server = rng.choice([5, 10, 15, 20]), rng.choice([20, 30, 40, 50])
    n = rng.choice([10, 20, 50, 100]) * (1 if difficulty < 4 else 2)
    down, up = rng.choice([1, 2, 4]), rng.choice([200, 300, 500, 800])
    args = {
        **{"size": f"{gb}Gb", "server_up": f"{server}Mb/s", "peers": n},
        **{"down": f"{down}Mb/s", "up": f"{up}kb/s"},
    }
    stem = (
        f"要把一个大小为 {gb} Gb 的文件从服务器分发给 {n} 个对等方，服务器的上传速率为 {server} Mb/s，每个对等方的下载速率为 "
        f"{down} Mb/s、上传速率为 {up} kb/s（k=$10^3$，M=$10^6$，G=$10^9$）。"
    )
    if difficulty == 1 or (difficulty == 3 and rng.random() < 0.5):
        return Draft(stem + "若采用客户/服务器方式，则最短分发时间（单位 s）为（ ）。", args, "cs_s")
    return Draft(stem + "若采用 P2P 方式，则最短分发时间（单位 s）为（ ）。", args, "p2p_s")
