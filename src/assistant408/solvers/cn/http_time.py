"""HTTP response time (HTTP 的 RTT 计算): non-persistent, persistent and pipelined connections."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, tidy, time_text

__all__ = ["solve"]

Mode = Literal["NON_PERSISTENT", "PERSISTENT", "PIPELINED"]
NAMES = {"NON_PERSISTENT": "非持续连接", "PERSISTENT": "持续连接（非流水线）", "PIPELINED": "持续连接（流水线）"}
DRAWN = 3  # requests that the timeline shows


@dataclass(frozen=True)
class _Visit:
    """A page with `objects` embedded ones, times in seconds."""

    mode: Mode
    objects: int
    rtt: Fraction
    parallel: int
    page: Fraction
    each: Fraction
    dns: Fraction

    @property
    def object_trips(self) -> int:
        """Round trips for the embedded objects."""
        if self.objects == 0:
            return 0
        if self.mode == "NON_PERSISTENT":
            return 2 * -(-self.objects // self.parallel)
        return self.objects if self.mode == "PERSISTENT" else 1

    @property
    def trips(self) -> int:
        return 2 + self.object_trips

    @property
    def connections(self) -> int:
        return 1 + self.objects if self.mode == "NON_PERSISTENT" else 1

    @property
    def sending(self) -> Fraction:
        """Time to send the page and the objects; parallel ones share the time of one."""
        rounds = -(-self.objects // self.parallel) if self.mode == "NON_PERSISTENT" else self.objects
        return self.page + rounds * self.each

    @property
    def total(self) -> Fraction:
        return self.dns + self.trips * self.rtt + self.sending


@solver(
    "cn.http_time",
    title="HTTP 请求网页的时间",
    summary="给出网页内嵌的对象（图片等）个数、RTT、各文件的发送时间和连接方式（非持续、并行、持续、流水线），求请求完整网页所需的 "
    "RTT 数、总时间和 TCP 连接数。",
    syllabus=("cn.app.http-rtt", "cn.app.web-process"),
    keywords=(
        *("HTTP", "RTT", "非持续连接", "非持久", "持续连接", "持久连接", "流水线", "并行连接", "网页", "图片"),
        *("内嵌对象", "浏览器", "HTTP/1.1", "HTTP/1.0", "超链接", "点击"),
    ),
    answers={
        "rtts": Out("所需的 RTT 数（不含域名解析）", "个"),
        "time_ms": Out("总时间", "ms"),
        "connections": Out("建立的 TCP 连接数", "个"),
    },
    examples=(
        {"objects": 8, "rtt": "10ms", "mode": "NON_PERSISTENT"},
        {"objects": 8, "rtt": "10ms", "mode": "NON_PERSISTENT", "parallel": 5},
        {"objects": 3, "rtt": "10ms", "mode": "PERSISTENT", "object_time": "2ms"},
    ),
)
def solve(
    objects: Annotated[int, Param("内嵌对象个数", "网页引用的图片等文件数，不含网页本身", min=0, max=1000)],
    rtt: Annotated[str, Param("往返时间 RTT", q.TIME_HELP)] = "1s",
    mode: Annotated[
        Mode, Param("连接方式", "NON_PERSISTENT 非持续，PERSISTENT 持续非流水线，PIPELINED 持续流水线")
    ] = "PERSISTENT",
    parallel: Annotated[int, Param("并行连接数", "非持续连接请求对象时同时打开的 TCP 连接数", min=1, max=100)] = 1,
    page_time: Annotated[str, Param("网页文件的发送时间", "忽略时填 0s")] = "0s",
    object_time: Annotated[str, Param("每个对象的发送时间", "忽略时填 0s")] = "0s",
    dns_time: Annotated[str, Param("域名解析时间", "已缓存或不计时填 0s")] = "0s",
) -> Solution:
    """Time to fetch a page with its objects over HTTP (HTTP 的 RTT 计算).

    Args:
        objects: embedded objects on the same server.
        rtt: round-trip time.
        mode: a connection for each object, one after another on one connection, or pipelined on it.
        parallel: connections at once for the objects of non-persistent HTTP.
        page_time, object_time: sending times of the page and of each object.
        dns_time: time to resolve the name.

    Returns:
        `rtts` without DNS, `time_ms` with everything, `connections`.

    Raises:
        InputError: a time that can't be read.

    Examples:
        >>> solve(8, mode="NON_PERSISTENT").answer["rtts"]
        18
        >>> solve(8, mode="PIPELINED").answer["rtts"]
        3
        >>> solve(0, "10ms").answer["time_ms"]  # only the page: TCP and HTTP
        20
        >>> solve(1, mode="PERSISTENT").answer["rtts"] == solve(1, mode="PIPELINED").answer["rtts"]
        True

    Conventions:
        A connection costs one RTT to open, a request with its answer one more. Requests come after the page is
        there. The third handshake carries the request. Closing and slow start are ignored.

    Source:
        谢希仁《计算机网络》第8版 §6.4.3; Kurose and Ross, Computer Networking, §2.2.2.
    """
    visit = _parse(objects, rtt, mode, parallel, page_time, object_time, dns_time)
    steps = [_page_step(visit)]
    if objects:
        steps.append(_objects_step(visit))
    total = visit.total * 1000
    extra = f"+{decimal(visit.sending * 1000)}" if visit.sending else ""
    before = f"{decimal(visit.dns * 1000)}+" if visit.dns else ""
    steps.append(
        Step(
            f"共 {visit.trips} 个 RTT，总时间 $={before}{visit.trips}\\times{decimal(visit.rtt * 1000)}{extra}"
            f"{equals(total)}$ ms，建立 {visit.connections} 个 TCP 连接。",
            _timeline(visit),
            credit="求 RTT 数与总时间",
            gives={"rtts": visit.trips, "time_ms": tidy(total), "connections": visit.connections},
        )
    )
    return Solution(
        steps, ["建立 TCP 连接 1 个 RTT，请求与响应 1 个 RTT", "收到网页后才请求其中的对象", "不计连接释放与慢开始"]
    )


def _parse(
    objects: int, rtt: str, mode: Mode, parallel: int, page_time: str, object_time: str, dns_time: str
) -> _Visit:
    times = (q.time_s(page_time, "网页文件的发送时间"), q.time_s(object_time, "对象的发送时间"))
    return _Visit(mode, objects, q.time_s(rtt, "往返时间"), parallel, *times, q.time_s(dns_time, "域名解析时间"))


def _page_step(visit: _Visit) -> Step:
    dns = f"先用 {time_text(visit.dns)} 解析域名；" if visit.dns else ""
    return Step(f"{dns}建立 TCP 连接 1 个 RTT，请求并收到网页 1 个 RTT，共 2 个 RTT。", credit="请求网页本身")


def _objects_step(visit: _Visit) -> Step:
    n = visit.objects
    if visit.mode == "NON_PERSISTENT":
        rounds = -(-n // visit.parallel)
        if visit.parallel == 1:
            how = f"每个对象都重新建立 TCP 连接，需 2 个 RTT，${n}\\times2={2 * n}$ 个 RTT"
        else:
            how = (
                f"同时打开 {visit.parallel} 个连接，分 $\\lceil {n}/{visit.parallel}\\rceil={rounds}$ 批，每批 2 个 RTT，"
                f"共 {2 * rounds} 个 RTT"
            )
    elif visit.mode == "PERSISTENT":
        how = f"沿用同一连接，逐个请求，每个对象 1 个 RTT，共 {n} 个 RTT"
    else:
        how = f"沿用同一连接，{n} 个对象的请求连续发出，共 1 个 RTT"
    return Step(f"{NAMES[visit.mode]}：{how}。", credit="请求内嵌的对象")


def _timeline(visit: _Visit) -> Timeline:
    """The handshake and the requests in units of RTT; of many objects the first few."""
    half = Fraction(1, 2)
    messages: list[Message] = []

    def trip(at: Fraction, go: str, back: str) -> None:
        messages.append(Message("浏览器", "服务器", at, at + half, go))
        messages.append(Message("服务器", "浏览器", at + half, at + 1, back))

    trip(Fraction(0), "SYN", "SYN+ACK")
    trip(Fraction(1), "请求网页", "网页")
    for i in range(min(visit.objects, DRAWN)):
        if visit.mode == "NON_PERSISTENT":
            at = Fraction(2 + 2 * (i // visit.parallel))
            trip(at, f"SYN（对象 {i + 1}）", "SYN+ACK")
            trip(at + 1, f"请求对象 {i + 1}", f"对象 {i + 1}")
        else:
            trip(Fraction(2 + (i if visit.mode == "PERSISTENT" else 0)), f"请求对象 {i + 1}", f"对象 {i + 1}")
    note = f"共 {visit.objects} 个对象，只画前 {DRAWN} 个" if visit.objects > DRAWN else "每个往返为 1 个 RTT"
    return Timeline(["浏览器", "服务器"], messages, unit="RTT", caption=note)


def mistakes(
    objects: int, rtt: str, mode: Mode, parallel: int, page_time: str, object_time: str, dns_time: str
) -> Iterator[Mistake]:
    """Misconceptions: the handshake forgotten, the page not counted, another kind of connection."""
    visit = _parse(objects, rtt, mode, parallel, page_time, object_time, dns_time)

    def gives(trips: int) -> dict[str, int | Fraction]:
        return {"rtts": trips, "time_ms": tidy((visit.total + (trips - visit.trips) * visit.rtt) * 1000)}

    yield Mistake("忘了建立 TCP 连接的 RTT", gives(visit.trips - 1))
    yield Mistake("忘了请求网页本身", gives(visit.object_trips))
    yield Mistake("三次握手按 2 个 RTT 计算", gives(visit.trips + 1))
    for other in ("NON_PERSISTENT", "PERSISTENT", "PIPELINED"):
        if other != mode:
            wrong = replace(visit, mode=other)
            yield Mistake(f"按{NAMES[other]}计算", gives(wrong.trips) | {"connections": wrong.connections})
    if parallel > 1:
        yield Mistake("没有考虑并行连接", gives(2 + 2 * objects))
        yield Mistake("以为所有对象可以一次并行请求", gives(4))
    yield Mistake("每个对象按 2 个 RTT 另加网页 1 个 RTT", gives(1 + 2 * objects))
    yield Mistake("只建立一个连接", {"connections": 1})
    yield Mistake("没有计入网页的连接", {"connections": objects})
    yield Mistake("建立的连接数取并行数", {"connections": parallel})
    yield Mistake("没有计入文件的发送时间", {"time_ms": tidy((visit.total - visit.sending) * 1000)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Serial fetches first, then persistent, parallel, with times and DNS."""
    n, rtt = rng.randint(3, 10), rng.choice([10, 20, 50, 100])
    mode: Mode = "NON_PERSISTENT" if difficulty in (1, 3) else rng.choice(["PERSISTENT", "PIPELINED"])
    args: dict[str, object] = {"objects": n, "rtt": f"{rtt}ms", "mode": mode}
    base = f"某网页文件引用了 {n} 个同一服务器上的图片文件，浏览器已知服务器的 IP 地址，忽略各文件的发送时间，"
    way = {"NON_PERSISTENT": "非持续连接", "PERSISTENT": "持续连接的非流水线方式", "PIPELINED": "持续连接的流水线方式"}[
        mode
    ]
    if difficulty < 3:
        stem = f"{base}采用 HTTP {way}，一次只打开一个 TCP 连接，则从请求到得到完整网页所需的 RTT 个数是（ ）。"
        return Draft(stem, args, "rtts")
    if difficulty == 3:
        parallel = rng.randint(2, 4)
        stem = f"{base}采用 HTTP 非持续连接，请求图片时可同时打开 {parallel} 个 TCP 连接，RTT={rtt} ms，则得到完整网页需要（单位 ms）（ ）。"
        return Draft(stem, {**args, "parallel": parallel}, "time_ms")
    each, dns = rng.choice([1, 2, 5]), rng.choice([10, 20, 30]) if difficulty == 5 else 0
    args |= {"object_time": f"{each}ms", "page_time": f"{each}ms", "dns_time": f"{dns}ms"}
    known = f"域名解析需 {dns} ms" if dns else "浏览器已知服务器的 IP 地址"
    stem = (
        f"某网页文件引用了 {n} 个同一服务器上的图片文件，{known}，RTT={rtt} ms，网页和每个图片的发送时间均为 {each} ms。"
        f"采用 HTTP {way}，则从点击链接到得到完整网页需要（单位 ms）（ ）。"
    )
    return Draft(stem, args, "time_ms")
