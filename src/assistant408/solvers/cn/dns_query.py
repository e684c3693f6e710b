"""DNS queries (域名解析): messages and time of recursive and iterative queries."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import equals, joined, tidy

__all__ = ["solve"]

Mode = Literal["ITERATIVE", "RECURSIVE"]


@solver(
    "cn.dns_query",
    title="DNS 递归与迭代查询",
    summary="给出要解析的域名、查询方式（递归或迭代）、缓存情况和 RTT，求本地域名服务器发出查询的最少和最多次数、依次查询的域名服务器、"
    "报文数和解析时间。",
    syllabus=("cn.app.dns-query", "cn.app.dns-record"),
    keywords=(
        *("DNS", "域名解析", "递归查询", "迭代查询", "本地域名服务器", "根域名服务器", "顶级域名服务器"),
        *("权限域名服务器", "查询次数", "最少", "最多", "高速缓存", "主机访问"),
    ),
    answers={
        "max_queries": Out("本地域名服务器最多发出的查询次数", "次"),
        "min_queries": Out("本地域名服务器最少发出的查询次数", "次"),
        "queries": Out("当前缓存下本地域名服务器发出的查询次数", "次"),
        "servers": Out("依次查询的域名服务器"),
        "messages": Out("查询与响应报文总数", "个"),
        "time_ms": Out("解析时间", "ms"),
    },
    examples=(
        {"domain": "www.abc.xyz.com", "mode": "ITERATIVE"},
        {"domain": "www.abc.com", "mode": "ITERATIVE", "server_rtt": "10ms", "local_rtt": "0ms", "known": "com"},
    ),
)
def solve(
    domain: Annotated[str, Param("域名", "要解析的主机名，如 www.abc.xyz.com", min_len=1, max_len=253)],
    mode: Annotated[Mode, Param("查询方式", "本地域名服务器对外的查询：ITERATIVE 迭代，RECURSIVE 递归")] = "ITERATIVE",
    known: Annotated[
        str,
        Param("已缓存的域", "本地域名服务器已知其域名服务器地址的最长的域，如 com；都没有填 .；已缓存结果填整个域名"),
    ] = ".",
    authority: Annotated[
        str | None, Param("权限域名服务器所管的域", "不填则每一级域各有一个域名服务器；如 xyz.com 表示由它直接给出结果")
    ] = None,
    local_rtt: Annotated[str, Param("主机到本地域名服务器的 RTT", "忽略时填 0ms")] = "0ms",
    server_rtt: Annotated[str, Param("本地域名服务器到各服务器的 RTT", "忽略时填 0ms")] = "0ms",
) -> Solution:
    """Count the queries that resolve a name (域名解析).

    Args:
        domain: the host name.
        mode: how the local server asks: iteratively, or recursively through the root.
        known: the longest domain whose server the local one knows; ``.`` for none but the root, the whole name if
            the answer itself is cached.
        authority: the zone whose server gives the address; by default the name without its first label.
        local_rtt, server_rtt: round-trip times, of the host to the local server and between servers.

    Returns:
        `max_queries` and `min_queries` sent by the local server for an empty cache and a cached answer; for the
        present cache `queries`, `servers` asked in order, `messages` (queries and answers, the host's included) and
        `time_ms`.

    Raises:
        InputError: a name that is none, or a `known` or `authority` that the name doesn't end with.

    Examples:
        >>> answer = solve("www.abc.xyz.com").answer
        >>> answer["min_queries"], answer["max_queries"]
        (0, 4)
        >>> solve("www.abc.xyz.com", "RECURSIVE").answer["max_queries"]  # the root does the rest
        1
        >>> solve("www.abc.com", known="www.abc.com").answer["messages"]  # only the host's own query
        2

    Conventions:
        Every domain from the top down to `authority` has its own server. The host asks the local server
        recursively; the local server knows the root. All servers are one `server_rtt` apart.

    Source:
        谢希仁《计算机网络》第8版 §6.1.3; RFC 1034 §5.3; 408 真题 2016-40, 2020-40.
    """
    name, zones = _zones(domain, authority)
    asked = _asked(name, zones, known)
    recursive = mode == "RECURSIVE"
    near, far = q.time_s(local_rtt, "RTT"), q.time_s(server_rtt, "RTT")
    sent = min(1, len(asked)) if recursive else len(asked)
    most = 1 if recursive else len(zones)
    chain = "→".join(_server(z) for z in zones)
    who = "只向根域名服务器发出 1 次，其余由各级服务器逐级代查" if recursive else f"依次向{chain}各发出 1 次"
    bounds = Step(
        f"缓存中已有结果时查询 0 次；什么都没有缓存时，本地域名服务器{who}，最多 {most} 次。",
        credit="求最少和最多的查询次数",
        gives={"max_queries": most, "min_queries": 0},
    )
    total = (near + len(asked) * far) * 1000
    servers = [_server(z) for z in asked]
    took = f"；时间 $={_ms(near)}+{len(asked)}\\times{_ms(far)}{equals(total)}$ ms" if near or far else ""
    how = "递归地经过" if recursive else "依次查询"
    now = Step(
        f"{'缓存中已有结果，不必对外查询' if not asked else f'本次{how}：{joined(servers)}'}；本地域名服务器发出 {sent} 次查询，"
        f"连同主机的查询，查询与响应报文共 {2 * (len(asked) + 1)} 个{took}。",
        _timeline(servers, recursive),
        credit="写出查询过程与时间",
        gives={
            "queries": sent,
            "servers": servers,
            "messages": 2 * (len(asked) + 1),
            "time_ms": tidy(total),
        },
    )
    return Solution([bounds, now], ["主机向本地域名服务器递归查询", "本地域名服务器知道根域名服务器的地址"])


def _ms(seconds: Fraction) -> str:
    return str(tidy(seconds * 1000))


def _labels(text: str) -> list[str]:
    return [] if text.strip() in (".", "") else text.strip().rstrip(".").lower().split(".")


def _zones(domain: str, authority: str | None) -> tuple[str, list[str]]:
    """The name, and the zones whose servers are asked with an empty cache, from the root down."""
    labels = _labels(domain)
    if not labels or any(not re.fullmatch(r"[a-z0-9_一-鿿-]{1,63}", x) for x in labels):
        raise InputError(f"域名 {domain!r} 不合要求：应由点分隔的标号组成，如 www.abc.com。")
    name = ".".join(labels)
    last = ".".join(labels[1:]) if authority is None else ".".join(_labels(authority))
    if last and name != last and not name.endswith("." + last):
        raise InputError(f"权限域名服务器所管的域 {authority!r} 不是 {name} 的上级域，请改正。")
    depth = len(_labels(last))
    return name, [".", *(".".join(labels[-n:]) for n in range(1, depth + 1))]


def _asked(name: str, zones: Sequence[str], known: str) -> list[str]:
    """The zones whose servers are asked with the present cache."""
    have = ".".join(_labels(known)) or "."
    if have == name:
        return []
    if have not in zones:
        raise InputError(f"已缓存的域 {known!r} 不在 {name} 的解析路径上，应为 {joined(zones)} 之一，或整个域名。")
    return list(zones[zones.index(have) :])


def _server(zone: str) -> str:
    return "根域名服务器" if zone == "." else f"{zone} 域名服务器"


def _timeline(servers: Sequence[str], recursive: bool) -> Timeline:
    parties = ["主机", "本地域名服务器", *servers]
    if recursive:
        hops = list(pairwise(parties))
        down = [Message(a, b, i, i + 1, "递归查询") for i, (a, b) in enumerate(hops)]
        n = len(hops)
        up = [Message(b, a, n + i, n + i + 1, "结果") for i, (a, b) in enumerate(reversed(hops))]
        return Timeline(parties, [*down, *up], caption="递归查询：逐级代查，结果逐级返回")
    messages = [Message("主机", "本地域名服务器", 0, 1, "查询")]
    for i, server in enumerate(servers):
        answer = "结果" if i + 1 == len(servers) else f"下一步查 {servers[i + 1]}"
        messages.append(Message("本地域名服务器", server, 2 * i + 1, 2 * i + 2, "迭代查询"))
        messages.append(Message(server, "本地域名服务器", 2 * i + 2, 2 * i + 3, answer))
    end = 2 * len(servers) + 1
    return Timeline(parties, [*messages, Message("本地域名服务器", "主机", end, end + 1, "结果")], caption="迭代查询")


def mistakes(
    domain: str, mode: Mode, known: str, authority: str | None, local_rtt: str, server_rtt: str
) -> Iterator[Mistake]:
    """Misconceptions: the root forgotten, the host counted as a zone, recursive for iterative."""
    name, zones = _zones(domain, authority)
    asked = _asked(name, zones, known)
    near, far = q.time_s(local_rtt), q.time_s(server_rtt)

    def time(hops: int, local: int = 1) -> int | Fraction:
        return tidy((local * near + hops * far) * 1000)

    n = len(zones)
    other = n if mode == "RECURSIVE" else 1
    yield Mistake("递归与迭代弄反", {"max_queries": other, "queries": len(asked) if mode == "RECURSIVE" else 1})
    yield Mistake("漏了根域名服务器", {"max_queries": n - 1, "time_ms": time(max(0, len(asked) - 1))})
    yield Mistake("把主机名也当成一级域名服务器", {"max_queries": n + 1, "time_ms": time(len(asked) + 1)})
    yield Mistake(
        "把主机向本地域名服务器的查询也计入", {"max_queries": n + 1, "min_queries": 1, "queries": len(asked) + 1}
    )
    yield Mistake("以为至少要查询根域名服务器", {"min_queries": 1})
    yield Mistake("至少查询权限域名服务器和根", {"min_queries": 2})
    yield Mistake("查询数与响应数合计", {"max_queries": 2 * n, "queries": 2 * len(asked)})
    yield Mistake("只数了查询报文", {"messages": len(asked) + 1})
    yield Mistake("没有计入主机的查询", {"messages": 2 * len(asked)})
    yield Mistake("没有利用缓存", {"messages": 2 * (n + 1), "time_ms": time(n), "queries": n})
    yield Mistake("没有计入主机到本地域名服务器的时间", {"time_ms": time(len(asked), 0)})
    yield Mistake("时间按单程计算", {"time_ms": tidy((near + len(asked) * far) * 500)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Least and most queries, then times with part of the path cached."""
    labels = [
        "www",
        *rng.sample(["abc", "xyz", "news", "lib", "cs"], 1 + difficulty // 2),
        rng.choice(["com", "edu", "net"]),
    ]
    domain = ".".join(labels)
    mode: Mode = "RECURSIVE" if difficulty == 2 else "ITERATIVE"
    args: dict[str, object] = {"domain": domain, "mode": mode}
    if difficulty < 4:
        word = "迭代" if mode == "ITERATIVE" else "递归"
        stem = (
            f"假设所有域名服务器均采用{word}查询方式进行域名解析，且各级域均有自己的域名服务器。当主机访问域名为 {domain} 的网站时，"
            "本地域名服务器在完成该域名解析的过程中，可能发出 DNS 查询的最多次数是（ ）。"
        )
        return Draft(stem, args, "max_queries")
    rtt = rng.choice([5, 10, 20, 30])
    args |= {"server_rtt": f"{rtt}ms", "local_rtt": "1ms"}
    cached = ""
    if difficulty == 5:
        args["known"] = ".".join(labels[-rng.randint(1, 2) :])
        cached = f"本地域名服务器已缓存 {args['known']} 域的域名服务器地址，"
    else:
        cached = "本地域名服务器没有任何缓存，"
    stem = (
        f"主机通过本地域名服务器解析域名 {domain}，本地域名服务器采用迭代查询，各级域均有自己的域名服务器。{cached}主机到本地域名服务器的 RTT "
        f"为 1 ms，本地域名服务器到其他各域名服务器的 RTT 均为 {rtt} ms，则域名解析需要的时间（单位 ms）是（ ）。"
    )
    return Draft(stem, args, "time_ms")
