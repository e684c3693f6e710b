"""Fields of an IPv4, TCP or UDP header written in hexadecimal (由十六进制首部求各字段)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.cn._ip import dotted

__all__ = ["solve"]

CARRIED = {1: "ICMP", 2: "IGMP", 6: "TCP", 17: "UDP", 41: "IPv6", 89: "OSPF"}
FLAGS = ("URG", "ACK", "PSH", "RST", "SYN", "FIN")
LEAST = {"IP": 20, "TCP": 20, "UDP": 8}


@solver(
    "cn.header_fields",
    title="由十六进制首部求各字段",
    summary="给出 IP、TCP 或 UDP 首部的十六进制内容，求其中的字段：地址、端口、总长度、数据长度、TTL、协议、标志、序号、确认号、窗口等。",
    syllabus=("cn.network.ip-header", "cn.transport.tcp-header", "cn.transport.udp"),
    keywords=(
        "十六进制",
        "首部的内容",
        "IP 首部",
        "TCP 首部",
        "UDP 首部",
        "用户数据报",
        "前 20 字节",
        "源端口",
        "目的端口",
        "源 IP 地址",
    ),
    answers={
        "header_bytes": Out("首部长度", "B"),
        "source_ip": Out("源 IP 地址"),
        "destination_ip": Out("目的 IP 地址"),
        "source_port": Out("源端口"),
        "destination_port": Out("目的端口"),
        "data_bytes": Out("数据部分长度", "B"),
        "total_bytes": Out("总长度", "B"),
        "ttl": Out("生存时间 TTL"),
        "protocol_name": Out("上层协议"),
        "identification": Out("标识"),
        "offset": Out("片偏移", "8 B"),
        "mf": Out("MF"),
        "df": Out("DF"),
        "seq": Out("序号"),
        "ack": Out("确认号"),
        "window": Out("窗口", "B"),
        "flags": Out("置 1 的标志位"),
        "direction": Out("发送方"),
    },
    examples=(
        {"data": "45 00 00 54 1C 46 40 00 3F 06 9A 2B C0 A8 01 64 0A 00 05 09"},
        {"data": "06 32 00 45 00 1C E2 17", "protocol": "UDP"},
    ),
)
def solve(
    data: Annotated[str, Param("十六进制内容", "从首部的第一个字节起", min_len=8, max_len=4000)],
    protocol: Annotated[Literal["IP", "TCP", "UDP"], Param("协议", "IP、TCP 或 UDP 首部")] = "IP",
) -> Solution:
    """Cut a header into its fields (首部各字段).

    Args:
        data: hexadecimal digits from the first byte of the header on; blanks don't matter.
        protocol: whose header it is.

    Returns:
        the fields of that header; lengths in bytes, ports and numbers in decimal; `direction`, who sends, of UDP and TCP by
        the well-known port.

    Raises:
        InputError: not hexadecimal, too short for the header, or no IPv4.

    Examples:
        >>> a = solve("45 00 00 54 1C 46 40 00 3F 06 9A 2B C0 A8 01 64 0A 00 05 09").answer
        >>> a["source_ip"], a["data_bytes"], a["ttl"], a["protocol_name"]
        ('192.168.1.100', 64, 63, 'TCP')
        >>> a = solve("06 32 00 45 00 1C E2 17", "UDP").answer
        >>> a["source_port"], a["destination_port"], a["data_bytes"], a["direction"]
        (1586, 69, 20, '客户')

    Source:
        RFC 791 §3.1, RFC 768, RFC 9293 §3.1.
    """
    digits = re.sub(r"[\s,，]", "", data)
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", digits):
        raise InputError(f"十六进制内容 {data[:40]!r} 看不懂：应为偶数个十六进制数字，请改正。")
    octets = bytes.fromhex(digits)
    if len(octets) < LEAST[protocol]:
        raise InputError(f"内容只有 {len(octets)} B，{protocol} 首部至少有 {LEAST[protocol]} B，请补全。")
    if protocol == "IP" and octets[0] >> 4 != 4:
        raise InputError(f"第一个字节 {octets[0]:02X} 的高 4 位是版本号，应为 4，请检查内容。")
    rows = {"IP": _ip, "TCP": _tcp, "UDP": _udp}[protocol](octets)
    table = Table(["字段", "十六进制", "值"], [[label, code, str(value)] for label, code, _, value in rows])
    gives: dict[str, Value] = {name: value for _, _, name, value in rows if name}
    return Solution([Step(f"按 {protocol} 首部的格式切分各字段。", table, credit="对照首部格式读出字段", gives=gives)])


Row = tuple[str, str, str, Value]


def _number(octets: bytes, start: int, stop: int) -> tuple[str, int]:
    cut = octets[start:stop]
    return cut.hex(" ").upper(), int.from_bytes(cut, "big")


def _ip(octets: bytes) -> list[Row]:
    header = (octets[0] & 15) * 4
    total_code, total = _number(octets, 2, 4)
    id_code, identification = _number(octets, 4, 6)
    cut_code, cut = _number(octets, 6, 8)
    code = octets[9]
    source_code, source = _number(octets, 12, 16)
    goal_code, goal = _number(octets, 16, 20)
    return [
        ("首部长度", f"{octets[0]:02X}", "header_bytes", header),
        ("总长度", total_code, "total_bytes", total),
        ("数据部分长度 = 总长度 − 首部长度", "", "data_bytes", total - header),
        ("标识", id_code, "identification", identification),
        ("DF", cut_code, "df", cut >> 14 & 1),
        ("MF", cut_code, "mf", cut >> 13 & 1),
        ("片偏移", cut_code, "offset", cut & 0x1FFF),
        ("TTL", f"{octets[8]:02X}", "ttl", octets[8]),
        ("协议", f"{code:02X}", "protocol_name", CARRIED.get(code, str(code))),
        ("源 IP 地址", source_code, "source_ip", dotted(source)),
        ("目的 IP 地址", goal_code, "destination_ip", dotted(goal)),
    ]


def _ports(octets: bytes) -> list[Row]:
    (source_code, source), (goal_code, goal) = _number(octets, 0, 2), _number(octets, 2, 4)
    rows: list[Row] = [
        ("源端口", source_code, "source_port", source),
        ("目的端口", goal_code, "destination_port", goal),
    ]
    if (source < 1024) != (goal < 1024):
        rows.append(("熟知端口在服务器一方", "", "direction", "客户" if goal < 1024 else "服务器"))
    return rows


def _udp(octets: bytes) -> list[Row]:
    code, total = _number(octets, 4, 6)
    return [
        *_ports(octets),
        ("总长度", code, "total_bytes", total),
        ("首部长度固定", "", "header_bytes", 8),
        ("数据部分长度 = 总长度 − 8", "", "data_bytes", total - 8),
    ]


def _tcp(octets: bytes) -> list[Row]:
    (seq_code, seq), (ack_code, ack) = _number(octets, 4, 8), _number(octets, 8, 12)
    window_code, window = _number(octets, 14, 16)
    on = [name for i, name in enumerate(FLAGS) if octets[13] >> (5 - i) & 1]
    return [
        *_ports(octets),
        ("序号", seq_code, "seq", seq),
        ("确认号", ack_code, "ack", ack),
        ("首部长度", f"{octets[12]:02X}", "header_bytes", (octets[12] >> 4) * 4),
        ("标志位", f"{octets[13]:02X}", "flags", "、".join(on) or "无"),
        ("窗口", window_code, "window", window),
    ]


def mistakes(data: str, protocol: str) -> Iterator[Mistake]:
    """Misconceptions: the header not taken away, a header of another length."""
    octets = bytes.fromhex(re.sub(r"[\s,，]", "", data))
    start = {"IP": 2, "UDP": 4}.get(protocol, 2)
    total = int.from_bytes(octets[start : start + 2], "big")
    yield Mistake("没有减去首部", {"data_bytes": total})
    yield Mistake(
        "首部按 UDP 的 8 B 减" if protocol == "IP" else "首部按 20 B 减",
        {"data_bytes": total - (8 if protocol == "IP" else 20)},
    )
    yield Mistake("减了两个首部", {"data_bytes": total - (40 if protocol == "IP" else 16)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """An IP or a UDP header."""
    if difficulty < 3:
        total = rng.randint(40, 1200)
        data = f"{rng.randint(1025, 65000):04X}0035{total:04X}{rng.randrange(65536):04X}"
        text = " ".join(data[i : i + 2] for i in range(0, 16, 2))
        return Draft(
            f"UDP 首部的十六进制为 {text}，则数据部分的长度是（ ）。", {"data": text, "protocol": "UDP"}, "data_bytes"
        )
    total = rng.randint(60, 1500)
    data = f"4500{total:04X}{rng.randrange(65536):04X}4000{rng.randint(30, 128):02X}06{rng.randrange(65536):04X}C0A80164{rng.randrange(2**32):08X}"
    text = " ".join(data[i : i + 2] for i in range(0, 40, 2))
    return Draft(f"IP 首部的十六进制为 {text}，则数据部分的长度是（ ）。", {"data": text}, "data_bytes")
