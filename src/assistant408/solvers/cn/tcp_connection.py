"""TCP connection (TCP 连接管理): segments, numbers and states from the handshake to the close."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Message, Solution, Step, Table, Timeline, Value
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import equals, tidy

__all__ = ["solve"]

Side = Literal["client", "server"]
MODULUS = 2**32
OTHER: dict[Side, Side] = {"client": "server", "server": "client"}
NAMES: dict[Side, str] = {"client": "客户", "server": "服务器"}


@dataclass(frozen=True)
class _Segment:
    """A segment with its flags and numbers, and the state of the sender after it and of the receiver."""

    sender: Side
    flags: str
    seq: int
    ack: int | None
    data: int
    sender_state: str
    receiver_state: str

    def __str__(self) -> str:
        ack = "" if self.ack is None else f", ack={self.ack}"
        data = f", 数据 {self.data} B" if self.data else ""
        return f"{self.flags} seq={self.seq}{ack}{data}"


@solver(
    "cn.tcp_connection",
    title="TCP 连接的建立与释放",
    summary="给出 TCP 客户和服务器的初始序号、各自发送的数据字节数和谁先关闭连接，求三次握手、数据传送、四次挥手各报文段的"
    "标志、seq、ack 和双方状态，以及双方进入 CLOSED 的最短时间。",
    syllabus=("cn.transport.connect", "cn.transport.close", "cn.transport.seq-ack", "cn.transport.states"),
    keywords=(
        *("TCP", "三次握手", "四次挥手", "SYN", "ACK", "FIN", "seq", "ack", "序号", "确认号", "初始序号"),
        *("TIME_WAIT", "CLOSE_WAIT", "FIN_WAIT", "2MSL", "MSL", "连接建立", "连接释放", "CLOSED"),
    ),
    answers={
        "syn_ack": Out("第二次握手的 seq 与 ack"),
        "third_ack": Out("第三次握手的 seq 与 ack"),
        "client_first_byte": Out("客户第一个数据字节的序号"),
        "server_first_byte": Out("服务器第一个数据字节的序号"),
        "client_data_ack": Out("服务器收完客户数据后的确认号"),
        "server_data_ack": Out("客户收完服务器数据后的确认号"),
        "fin": Out("首个 FIN 段的 seq 与 ack"),
        "fin_ack": Out("对首个 FIN 的确认号"),
        "last_fin": Out("另一方 FIN 段的 seq 与 ack"),
        "last_ack": Out("最后一个 ACK 段的 seq 与 ack"),
        "segments": Out("依次交换的报文段"),
        "states": Out("双方依次经历的状态"),
        "active_close_ms": Out("先关闭方进入 CLOSED 的最短时间", "ms"),
        "passive_close_ms": Out("后关闭方进入 CLOSED 的最短时间", "ms"),
    },
    examples=(
        {"client_isn": 100, "server_isn": 300, "client_data": 50, "server_data": 200},
        {"client_isn": 11220, "server_isn": 86300, "rtt": "50ms", "msl": "800ms"},
    ),
)
def solve(
    client_isn: Annotated[int, Param("客户的初始序号", "SYN 段的 seq", min=0, max=MODULUS - 1)] = 0,
    server_isn: Annotated[int, Param("服务器的初始序号", "SYN+ACK 段的 seq", min=0, max=MODULUS - 1)] = 0,
    client_data: Annotated[int, Param("客户发送的数据", "连接期间共发送的字节数", min=0, max=MODULUS - 1)] = 0,
    server_data: Annotated[int, Param("服务器发送的数据", "连接期间共发送的字节数", min=0, max=MODULUS - 1)] = 0,
    closer: Annotated[Side, Param("先关闭的一方", "client 客户，server 服务器")] = "client",
    rtt: Annotated[str | None, Param("往返时间 RTT", "求关闭时间时填，" + q.TIME_HELP)] = None,
    msl: Annotated[str | None, Param("最长报文段寿命 MSL", "求关闭时间时填，" + q.TIME_HELP)] = None,
) -> Solution:
    """Follow a TCP connection from its handshake to its close (TCP 连接管理).

    Args:
        client_isn, server_isn: initial sequence numbers.
        client_data, server_data: bytes that each side sends in all.
        closer: who sends the first FIN.
        rtt, msl: to tell the times of closing.

    Returns:
        ``seq, ack`` pairs as text (`syn_ack`, `third_ack`, `fin`, `last_fin`, `last_ack`), single numbers
        (`client_first_byte`, `client_data_ack`, …, `fin_ack`), `segments`, `states` by side; with `rtt` and `msl`
        the least times from the first FIN to CLOSED.

    Raises:
        InputError: only one of `rtt` and `msl` is given.

    Examples:
        >>> solve(11220, 11221).answer["syn_ack"]
        '11221, 11221'
        >>> solve(2**32 - 1, 0).answer["client_first_byte"]  # numbers wrap around
        0
        >>> solve(100, 300, client_data=50).answer["fin"]
        '151, 301'
        >>> solve(rtt="50ms", msl="800ms").answer["active_close_ms"]
        1650

    Conventions:
        SYN and FIN take one number each, a bare ACK none. The third handshake carries no data; all data is sent and
        acknowledged before the close. The passive side sends its FIN at once after its ACK: at least 1 RTT + 2 MSL
        and 1.5 RTT.

    Source:
        RFC 9293 §3.5, §3.6; 谢希仁《计算机网络》第8版 §5.9; 408 真题 2011-39, 2022.
    """
    if (rtt is None) != (msl is None):
        raise InputError(f"RTT {rtt!r} 与 MSL {msl!r} 应一起给出，请补上另一个。")
    hands, data, close = _exchange(client_isn, server_isn, client_data, server_data, closer)
    x, y = client_isn, server_isn
    first: dict[str, Value] = {
        "syn_ack": _pair(hands[1]),
        "third_ack": _pair(hands[2]),
        "client_first_byte": _mod(x + 1),
        "server_first_byte": _mod(y + 1),
    }
    steps = [
        _phase("三次握手", hands, "SYN 占一个序号，ack 是期望收到的下一个序号", first),
        _data_step(data, x, y, client_data, server_data),
        _phase("四次挥手", close, "FIN 占一个序号，即使不带数据", _close_gives(close)),
        _overview([*hands, *data, *close]),
    ]
    if rtt is not None and msl is not None:
        steps.append(_times(q.time_s(rtt, "RTT"), q.time_s(msl, "MSL"), closer))
    return Solution(steps, ["第三次握手不带数据", "数据全部确认后才关闭连接", "序号以 2^32 为模"])


def _mod(number: int) -> int:
    return number % MODULUS


def _pair(segment: _Segment) -> str:
    return f"{segment.seq}, {segment.ack}"


def _exchange(
    x: int, y: int, client_data: int, server_data: int, closer: Side
) -> tuple[list[_Segment], list[_Segment], list[_Segment]]:
    """The segments of the handshake, of the data and of the close."""
    hands = [
        _Segment("client", "SYN=1", x, None, 0, "SYN_SENT", "SYN_RCVD"),
        _Segment("server", "SYN=1 ACK=1", y, _mod(x + 1), 0, "SYN_RCVD", "ESTABLISHED"),
        _Segment("client", "ACK=1", _mod(x + 1), _mod(y + 1), 0, "ESTABLISHED", "ESTABLISHED"),
    ]
    up, down = _mod(x + 1 + client_data), _mod(y + 1 + server_data)
    now = "ESTABLISHED"
    data = []
    if client_data:
        data.append(_Segment("client", "ACK=1", _mod(x + 1), _mod(y + 1), client_data, now, now))
        data.append(_Segment("server", "ACK=1", _mod(y + 1), up, 0, now, now))
    if server_data:
        data.append(_Segment("server", "ACK=1", _mod(y + 1), up, server_data, now, now))
        data.append(_Segment("client", "ACK=1", up, down, 0, now, now))
    u, v = (up, down) if closer == "client" else (down, up)
    other = OTHER[closer]
    close = [
        _Segment(closer, "FIN=1 ACK=1", u, v, 0, "FIN_WAIT_1", "CLOSE_WAIT"),
        _Segment(other, "ACK=1", v, _mod(u + 1), 0, "CLOSE_WAIT", "FIN_WAIT_2"),
        _Segment(other, "FIN=1 ACK=1", v, _mod(u + 1), 0, "LAST_ACK", "TIME_WAIT"),
        _Segment(closer, "ACK=1", _mod(u + 1), _mod(v + 1), 0, "TIME_WAIT", "CLOSED"),
    ]
    return hands, data, close


def _phase(name: str, segments: Sequence[_Segment], rule: str, gives: dict[str, Value]) -> Step:
    lines = "；".join(
        f"{NAMES[s.sender]}→{NAMES[OTHER[s.sender]]} {s}（{NAMES[s.sender]} {s.sender_state}）" for s in segments
    )
    return Step(f"{name}：{lines}。{rule}。", _timeline(segments), credit=f"写出{name}的 seq 和 ack", gives=gives)


def _timeline(segments: Sequence[_Segment]) -> Timeline:
    messages = [
        Message(NAMES[s.sender], NAMES[OTHER[s.sender]], Fraction(i), Fraction(i + 1), str(s))
        for i, s in enumerate(segments)
    ]
    return Timeline(["客户", "服务器"], messages)


def _data_step(data: Sequence[_Segment], x: int, y: int, client_data: int, server_data: int) -> Step:
    if not data:
        why = f"没有数据：双方下一个要发的序号是 {_mod(x + 1)} 和 {_mod(y + 1)}。"
    else:
        why = (
            f"客户的数据字节从 {_mod(x + 1)} 编号，共 {client_data} B，服务器最后确认 {_mod(x + 1 + client_data)}；"
            f"服务器的数据字节从 {_mod(y + 1)} 编号，共 {server_data} B，客户最后确认 {_mod(y + 1 + server_data)}。"
        )
    return Step(
        why,
        _timeline(data) if data else None,
        credit="由字节数求序号与确认号",
        gives={"client_data_ack": _mod(x + 1 + client_data), "server_data_ack": _mod(y + 1 + server_data)},
    )


def _close_gives(close: Sequence[_Segment]) -> dict[str, Value]:
    return {
        "fin": _pair(close[0]),
        "fin_ack": close[1].ack,
        "last_fin": _pair(close[2]),
        "last_ack": _pair(close[3]),
    }


def _overview(segments: Sequence[_Segment]) -> Step:
    states: dict[Side, list[str]] = {"client": ["CLOSED"], "server": ["LISTEN"]}
    rows: list[list[Cell]] = []
    for s in segments:
        for side, state in ((s.sender, s.sender_state), (OTHER[s.sender], s.receiver_state)):
            if states[side][-1] != state:
                states[side].append(state)
        rows.append([NAMES[s.sender], s.flags, s.seq, s.ack, s.data, states["client"][-1], states["server"][-1]])
    for path in states.values():
        if path[-1] == "TIME_WAIT":
            path.append("CLOSED")
    return Step(
        "先关闭的一方发出最后的 ACK 后处于 TIME_WAIT，等待 2MSL 才进入 CLOSED。",
        Table(["发送方", "标志", "seq", "ack", "数据", "客户状态", "服务器状态"], rows),
        credit="写出双方的状态",
        gives={
            "segments": [f"{NAMES[s.sender]} {s}" for s in segments],
            "states": {"客户": states["client"], "服务器": states["server"]},
        },
    )


def _times(rtt: Fraction, msl: Fraction, closer: Side) -> Step:
    active, passive = (rtt + 2 * msl) * 1000, rtt * 1500
    return Step(
        f"从首个 FIN 发出算起：{NAMES[closer]}经 1 个 RTT 收到对方的 FIN，再等 2MSL，"
        f"$RTT+2MSL{equals(active)}$ ms；{NAMES[OTHER[closer]]}收到最后的 ACK 即关闭，$1.5RTT{equals(passive)}$ ms。",
        credit="求关闭的最短时间",
        gives={"active_close_ms": tidy(active), "passive_close_ms": tidy(passive)},
    )


def mistakes(
    client_isn: int,
    server_isn: int,
    client_data: int,
    server_data: int,
    closer: Side,
    rtt: str | None,
    msl: str | None,
) -> Iterator[Mistake]:
    """Misconceptions: SYN or FIN without a number, seq for ack, the two sides' numbers exchanged."""
    x, y = client_isn, server_isn
    up, down = _mod(x + 1 + client_data), _mod(y + 1 + server_data)
    u, v = (up, down) if closer == "client" else (down, up)
    yield Mistake(
        "以为 SYN 不占序号",
        {
            **{"syn_ack": f"{y}, {x}", "third_ack": f"{x}, {y}", "client_first_byte": x, "server_first_byte": y},
            **{"client_data_ack": _mod(up - 1), "server_data_ack": _mod(down - 1)},
            "fin": f"{_mod(u - 1)}, {_mod(v - 1)}",
        },
    )
    yield Mistake("以为 FIN 不占序号", {"fin_ack": u, "last_fin": f"{v}, {u}", "last_ack": f"{u}, {v}"})
    yield Mistake(
        "seq 与 ack 弄反",
        {
            **{"syn_ack": f"{_mod(x + 1)}, {y}", "third_ack": f"{_mod(y + 1)}, {_mod(x + 1)}"},
            **{"fin": f"{v}, {u}", "last_fin": f"{_mod(u + 1)}, {v}", "last_ack": f"{_mod(v + 1)}, {_mod(u + 1)}"},
        },
    )
    yield Mistake(
        "服务器沿用了客户的序号", {"syn_ack": f"{_mod(x + 1)}, {_mod(x + 1)}", "server_first_byte": _mod(x + 1)}
    )
    yield Mistake(
        "ack 确认的是自己的序号", {"syn_ack": f"{y}, {_mod(y + 1)}", "third_ack": f"{_mod(x + 1)}, {_mod(x + 1)}"}
    )
    yield Mistake("第三次握手的 seq 没有加 1", {"third_ack": f"{x}, {_mod(y + 1)}"})
    yield Mistake("以为第三次握手的 ACK 占序号", {"client_first_byte": _mod(x + 2), "client_data_ack": _mod(up + 1)})
    yield Mistake("确认号是最后一个字节的序号", {"client_data_ack": _mod(up - 1), "server_data_ack": _mod(down - 1)})
    yield Mistake("确认号就是数据的字节数", {"client_data_ack": client_data, "server_data_ack": server_data})
    yield Mistake(
        "ACK 也占一个序号", {"last_ack": f"{_mod(u + 2)}, {_mod(v + 1)}", "last_fin": f"{_mod(v + 1)}, {_mod(u + 1)}"}
    )
    yield Mistake("没有计入发送的数据", {"fin": f"{_mod(x + 1)}, {_mod(y + 1)}", "fin_ack": _mod(x + 2)})
    yield Mistake("对 FIN 的确认多加了 1", {"fin_ack": _mod(u + 2)})
    if rtt is not None and msl is not None:
        r, m = q.time_s(rtt) * 1000, q.time_s(msl) * 1000
        yield Mistake("漏了 2MSL 的等待", {"active_close_ms": tidy(r), "passive_close_ms": tidy(r)})
        yield Mistake("只等了 1 个 MSL", {"active_close_ms": tidy(r + m), "passive_close_ms": tidy(r + m)})
        yield Mistake("双方都要等 2MSL", {"passive_close_ms": tidy(r * 3 / 2 + 2 * m)})
        yield Mistake("多算了半个 RTT", {"active_close_ms": tidy(r * 3 / 2 + 2 * m), "passive_close_ms": tidy(2 * r)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Handshake numbers, then data, the close and its times."""
    x, y = rng.randint(100, 20000), rng.randint(100, 20000)
    args: dict[str, object] = {"client_isn": x, "server_isn": y}
    if difficulty == 1:
        stem = (
            f"主机甲与主机乙新建一个 TCP 连接，甲发送（SYN=1，seq={x}）的段，乙选择的初始序号为 {y}。若乙接受该连接，"
            "则乙向甲发送的 TCP 段中 seq 和 ack 的值分别是（ ）。"
        )
        return Draft(stem, args, "syn_ack")
    sent, got = rng.randint(1, 20) * 100, rng.randint(1, 20) * 100
    args |= {"client_data": sent, "server_data": got}
    said = f"主机甲主动与主机乙建立 TCP 连接，甲、乙的初始序号分别是 {x} 和 {y}，第三次握手不带数据。"
    if difficulty == 2:
        stem = f"{said}连接建立后甲向乙发送了 {sent} B 数据，乙全部正确收到，则乙返回的确认号是（ ）。"
        return Draft(stem, args, "client_data_ack")
    if difficulty < 5:
        ask, what = rng.choice(
            [
                ("fin", "甲发出的 FIN 段的 seq 和 ack 的值分别"),
                ("last_fin", "乙发出的 FIN 段的 seq 和 ack 的值分别"),
                ("last_ack", "甲发出的最后一个 ACK 段的 seq 和 ack 的值分别"),
            ]
        )
        stem = f"{said}此后甲向乙共发送 {sent} B 数据，乙向甲共发送 {got} B 数据，双方都正确收到并确认，然后甲先请求释放连接，则{what}是（ ）。"
        return Draft(stem, args, ask)
    rtt, msl = rng.choice([20, 50, 100, 200]), rng.choice([500, 800, 1000])
    ask, who = rng.choice([("active_close_ms", "C"), ("passive_close_ms", "S")])
    stem = (
        f"假设客户 C 和服务器 S 已建立一个 TCP 连接，通信往返时间 RTT={rtt} ms，最长报文段寿命 MSL={msl} ms，"
        f"数据传输结束后，C 主动请求断开连接。若从 C 主动向 S 发出 FIN 段时刻算起，则 {who} 进入 CLOSED 状态所需的时间"
        "至少是（单位 ms）（ ）。"
    )
    return Draft(stem, {"rtt": f"{rtt}ms", "msl": f"{msl}ms"}, ask)
