"""How questions about the network layer word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, assume, const, first, flag, integer, num, pick, some, text
from assistant408.tutor.hints.cn_shared import CIDR, IP, N
from assistant408.tutor.quantity import finditer, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


MAC = r"[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){5}"


def _ips(r: Reader, pattern: str) -> list[str]:
    out = []
    for m in finditer(pattern, r.text):
        r.take(*m.span())
        out.append(m[0].replace(" ", ""))
    return out


def _text(pattern: str, group: int = 1) -> Hint:
    """A group as text with blanks taken out."""

    def read(r: Reader) -> str | None:
        m = search(pattern, r.text)
        if not m or m[group] is None:
            return None
        r.take(*m.span(group))
        return m[group].replace(" ", "")

    return read


def _demands(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(
        r"((?:部门|子网|网络|LAN\s?)\s?[甲乙丙丁A-E\d]|[甲乙丙丁](?:部门?|子网)?|[A-E](?=\s?(?:需|有|要|:)))\s?(?:需要?|有|要|:|为|共有?|含)?\s?(\d+)\s?(?:台|个)?(?:主机|地址|接口|计算机|IP)?",
        r.text,
    ):
        r.take(*m.span())
        rows.append({"name": m[1].replace(" ", ""), "hosts": int(m[2])})
    if len(rows) < 2 and (
        items := r.list_after(["(?:分别|依次)?(?:需要?|有|含|容纳|分配)(?:容纳)?", "主机数?"], 2, 16)
    ):
        rows = [{"name": f"子网{i}", "hosts": int(q.value)} for i, q in enumerate(items, 1)]
    return rows if len(rows) >= 2 else None


def _by_hosts(r: Reader) -> str | None:
    """``需要 60 个地址的部门``: its name, which may be one that was given to it."""
    m = search(r"(?:需要?|有|含)\s?(\d+)\s?(?:个|台)[^,。;\d]{0,8}的(?:部门|子网|网络)", r.text)
    rows = m and _demands(Reader(r.text))
    return next((row["name"] for row in rows if row["hosts"] == int(m[1])), None) if m and rows else None


def _by_order(r: Reader) -> str | None:
    """``第三个用户``: the name that a list of demands gives it."""
    m = search(rf"第\s?{N}\s?(?:个|家|台)?(?:用户|单位|部门|子网|公司)", r.text)
    return f"子网{int(quantities(m[1] + '个')[0].value)}" if m else None


def _nat_table(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(
        rf"{IP}\s?:\s?(\d+)\s?(?:对应|<?->|→|映射到)\s?({IP})\s?:\s?(\d+)|(?:端口\s?)?(\d+)\s?(?:对应|<?->|→|映射到)\s?({IP})\s?:\s?(\d+)",
        r.text,
    ):
        r.take(*m.span())
        g = [x for x in m.groups() if x]
        rows.append({"public_port": int(g[0]), "private_ip": g[1], "private_port": int(g[2])})
    return rows or None


def _nat_packets(r: Reader) -> list[dict[str, Any]] | None:
    source = search(rf"源[^。;\d]{{0,16}}?({IP})\s?(?::|,?端口(?:号)?(?:为)?)\s?(\d+)", r.text)
    goal = search(rf"目的[^。;\d]{{0,16}}?({IP})\s?(?::|,?端口(?:号)?(?:为)?)\s?(\d+)", r.text)
    if not source or not goal:
        return None
    r.take(*source.span())
    r.take(*goal.span())
    return [
        {
            "source_ip": source[1],
            "source_port": int(source[2]),
            "destination_ip": goal[1],
            "destination_port": int(goal[2]),
        }
    ]


def _interfaces(r: Reader) -> list[dict[str, str]] | None:
    rows = []
    for m in finditer(
        rf"((?:主机\s?)?H\d|路由器\s?R?\d?|R\d|[甲乙])[^;。]{{0,20}}?IP(?:地址)?(?:为|是|:)?\s?({IP})[^;。]{{0,16}}?MAC(?:地址)?(?:为|是|:)?\s?({MAC})",
        r.text,
    ):
        r.take(*m.span())
        node = re.sub(r"^(?:主机|路由器)\s?(?=[HR])", "", m[1])
        rows.append({"node": node, "ip": m[2], "mac": m[3]})
    hosts = [row for row in rows if row["node"][0] in "H主甲乙"]
    if len(hosts) == 2 and rows[-1] not in hosts:  # told before the routers between them
        rows = [hosts[0], *(row for row in rows if row not in hosts), hosts[1]]
    return rows if len(rows) >= 2 else None


def _hex_words(r: Reader) -> str | None:
    m = search(r"((?:(?:0x)?[0-9A-F]{4}H?[\s,、和]{1,2}){1,}(?:0x)?[0-9A-F]{4}H?)(?![0-9A-F])", r.text) or search(
        r"((?:[01]{8}|[01]{16})(?:[\s,、和]{1,2}(?:[01]{8}|[01]{16}))+)|((?:[0-9A-F]{2}H?[\s,、]{1,2}){2,}[0-9A-F]{2})",
        r.text,
    )
    if not m:
        return None
    found = m[1] or m[2]
    r.take(*m.span())
    cells = re.findall(r"[0-9A-Fa-f]+", found.replace("0x", "").replace("H", ""))
    if all(set(c) <= {"0", "1"} and len(c) in (8, 16) for c in cells):
        cells = [f"{int(c, 2):0{len(c) // 4}X}" for c in cells]
    return " ".join(cells)


def _with_ordinals(hint: Hint) -> Hint:
    """``第 5 个子网``: which one is asked for has been read too."""

    def read(r: Reader) -> Any:
        value = hint(r)
        for m in finditer(r"第\s?(\d+)\s?个子网", r.text):
            r.take(*m.span(1))
        return value

    return read


def _mask(r: Reader) -> str | None:
    """The mask, unless the address has its prefix, so that the mask is the one that it is cut with."""
    mask: str | None = _text(r"(?:掩码)[^。;\d]{0,10}?(255(?:\.\d+){3}|/\d+)")(Reader(r.text))
    if mask is None or search(CIDR, r.text):
        return None
    r.take(*next(m.span() for m in finditer(re.escape(mask), r.text)))
    return mask


def _borrowed(r: Reader) -> int | None:
    """Subnets by the bits borrowed from the host part, or by the longer mask that a block is cut with."""
    m = search(r"借用?(?:了)?\s?(\d)\s?(?:位|个比特|bit)", r.text)
    if m:
        r.take(*m.span(1))
        return 1 << int(m[1])
    block, mask = search(rf"{IP}\s?/\s?(\d{{1,2}})", r.text), search(r"掩码[^。;\d]{0,10}?(255(?:\.\d+){3})", r.text)
    if not block or not mask:
        return None
    longer = sum(bin(int(x)).count("1") for x in mask[1].split(".")) - int(block[1])
    if longer <= 0:
        return None
    r.take(*mask.span(1))
    return 1 << longer


def _class_mask(r: Reader) -> str | None:
    """``B 类网络 130.25.0.0``: the mask of its class."""
    m = search(rf"([ABC])\s?类(?:的)?(?:网络|地址|IP地址)?[^。;\d]{{0,8}}{IP}(?!\s?/)", r.text)
    return {"A": "8", "B": "16", "C": "24"}[m[1]] if m else None


def _data_and_header(r: Reader) -> int | None:
    """``3980 B 数据加 20 B 首部``: the total length."""
    m = search(r"(\d+)\s?(?:B|字节)(?:的)?数据(?:部分)?[^,。\d]{0,4}(\d+)\s?(?:B|字节)(?:的)?首部", r.text)
    if m:
        r.take(*m.span())
        return int(m[1]) + int(m[2])
    data = num("数据(?:部分|字段|区)(?:的)?(?:长度?|为)*(?:为)?", unit="bytes", kind=int)(r)
    if data is None:
        return None
    header = search(r"首部(?:长度?)?(?:固定)?(?:为)?\s?(\d+)\s?(?:B|字节)|(\d+)\s?(?:B|字节)的?(?:固定)?首部", r.text)
    return int(data) + (int(header[1] or header[2]) if header else 20)


def _each_mtu(r: Reader) -> list[int] | None:
    """``先经过 MTU 为 1500 B 的网络,再经过 MTU 为 820 B 的网络``: one after the other."""
    found = list(finditer(r"(?:MTU|最大传[送输]单元)[^,。;\d]{0,10}?(\d+)\s?(?:B|字节)", r.text))
    if len(found) < 2:
        return None
    for m in found:
        r.take(*m.span(1))
    return [int(m[1]) for m in found]


def _last_piece(r: Reader) -> int | None:
    """``最后一个分片``: its number, by how many there are."""
    if not search(r"最后一?个?(?:的)?(?:数据报)?分?片", r.text):
        return None
    total, mtus, header = (HINTS["cn.ip_fragmentation"][k](Reader(r.text)) for k in ("total", "mtus", "header"))
    if total is None or not mtus or len(mtus) > 1:
        return None
    size = (int(mtus[0]) - int(header or 20)) // 8 * 8
    return -(-(int(total) - int(header or 20)) // size)


HINTS: dict[str, dict[str, Hint]] = {
    "cn.arp_process": {
        "path": _interfaces,
        "link": integer(rf"第\s?{N}\s?段"),
        "ttl": integer(r"TTL\s?(?:为|=|初值为)\s?(\d+)"),
    },
    "cn.cidr_aggregation": {"blocks": lambda r: _ips(r, CIDR) or None},
    "cn.internet_checksum": {
        "data": _hex_words,
        "width": pick({"8": "8位", "16": "16位"}, take=True),
        "verify": flag("(?:是否|有无|有没有)(?:出)?(?:差?错|正确)|检验(?:是否|通过)|收到"),
    },
    "cn.ip_fragmentation": {
        "header": num("首部(?:长度?|固定)?(?:为)?|首部", unit="bytes", before=["的?(?:IP)?首部"]),
        "mtus": first(_each_mtu, some("MTU(?:分别|依次|均)?|最大传[送输]单元", unit="bytes", gap=10)),
        "total": first(
            _data_and_header,
            num(
                "(?:总长度?|数据报(?:的)?(?:总)?(?:长度?)?|长度|长)(?:为)?",
                before=["的?(?:IP)?(?:数据报|分组)"],
                unit="bytes",
            ),
        ),
        "focus": first(
            integer(rf"第\s?{N}\s?(?:个|片)(?:分片|数据报片|片)?", rf"第\s?{N}\s?(?:个)?分?片"),
            const(2, "第二个?(?:分)?片"),
            _last_piece,
        ),
        "dont_fragment": flag("DF\\s?=\\s?1"),
    },
    "cn.nat": {
        "public_ip": _text(rf"(?:公网|外网|全球|WAN|外部)[^。;\d]{{0,16}}?({IP})"),
        "table": _nat_table,
        "packets": _nat_packets,
    },
    "cn.subnet": {
        "mask": first(_mask, _class_mask),
        "address": first(
            _text(rf"({CIDR})"),
            _text(rf"(?<![\d.])((?!255\.){IP})"),
            assume("10.0.0.0/8", "\\d\\s?台主机(?s:.)*掩码(?:是|为|\\()"),
            assume("192.168.1.0", "掩码(?s:.)*(?:主机数|台主机|多少台|可用地址数)"),
        ),
        "subnets": _with_ordinals(
            first(
                _borrowed,
                integer(
                    rf"(?:划分|分|等分)(?:成|为|出)?\s?{N}\s?个?[^,。;\d]{{0,6}}?子网",
                    rf"{N}\s?个(?:大小相同|等长|规模相同|相等|相同大小)?的?子网",
                ),
            )
        ),
        "hosts": integer(r"(?:每个子网)[^,。;\d]{0,12}?(\d+)\s?台?(?:主机)?", r"(?:容纳|至少有)\s?(\d+)\s?台"),
    },
    "cn.vlsm": {
        "block": _text(rf"({CIDR})"),
        "demands": _demands,
        "focus": first(
            _by_hosts,
            _by_order,
            text(
                r"[,。]\s?((?:部门|子网)?\s?[甲乙丙丁A-E])\s?(?:部门|子网)?的(?:网络|子网)?地址",
                r"(?:给|则|分配给)\s?((?:部门|子网|网络|LAN)?\s?[甲乙丙丁A-E\d]\d?)\s?(?:部门|子网)?(?:的)?(?:地址|网络|子网|掩码|是)",
            ),
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "cn.arp_process": {
        "mac_pair": "@目的MAC(?:地址)?(?:和|与|、)源|源MAC(?:地址)?(?:和|与|、)目的",
        "destination_mac": "目的MAC",
        "source_mac": "源MAC",
        "destination_ip": "目的IP",
        "source_ip": "源IP",
        "ttl": "TTL",
        "arp_requests": "ARP请求(?:的)?(?:次数|几|多少)",
    },
    "cn.cidr_aggregation": {
        "mask": "掩码",
        "extra_addresses": "多(?:出|余|覆盖|包含)",
        "exact": "不引入",
        "aggregate": "聚合",
    },
    "cn.internet_checksum": {"valid": "是否|有无|有没有", "checksum": "检?校?验和"},
    "cn.ip_fragmentation": {
        "count": "(?:几|多少)(?:个|片)|分片数|片数",
        "offset": "片偏移",
        "data_length": "数据(?:部分)?(?:的)?长度",
        "length": "长度",
        "mf": "MF",
    },
    "cn.nat": {"last_packet": "源(?:IP)?(?:地址)?(?:和|与|、)目的", "source": "源", "destination": "目的"},
    "cn.subnet": {
        "broadcast": "@广播(?:地址|分组)",
        "network": "(?:网络|子网)(?:地址|号)(?:是|为|和|与|、|及|$|\\(|[,?])|所在的?(?:子网|网络)",
        "subnet_mask": "(?:新|划分后)[^,。]{0,6}掩码|子网掩码(?:应|是|为|和|与|、)",
        "hosts_each": "每个子网[^,。]{0,14}(?:主机|地址|台)",
        "hosts": "(?:可用|可分配)[^,。]{0,8}(?:地址|主机)|(?:多少|几)台|主机数",
        "first_host": "(?:最小|第一个)(?:的)?(?:可用|可?以?分配|主机|地址)",
        "last_host": "(?:最大|最后一个)(?:的)?(?:可用|可?以?分配)",
        "mask": "掩码",
        "subnet_count": "子网(?:的)?(?:个)?数(?:目)?|(?:几|多少)个子网",
        "host_range": "@(?:主机|可用|可?分配)[^,。]{0,10}地址(?:的)?范围",
        "host_id": "主机号",
        "subnets": "各子网",
    },
    "cn.vlsm": {
        "subnet": "地址块|网络地址|子网地址",
        "leftover_size": "剩(?:余|下)[^,。]{0,8}(?:个|多少|数)",
        "leftover": "剩",
    },
}
SIGNS: dict[str, str] = {
    "cn.arp_process": "(?:源|目的)MAC[^。]{0,40}|ARP[^。]{0,40}MAC",
    "cn.cidr_aggregation": "聚合|超网|汇聚",
    "cn.internet_checksum": "[检校]验和|反码求和",
    "cn.ip_fragmentation": "分片|片偏移|MTU",
    "cn.nat": "NAT|网络地址转换",
    "cn.subnet": "^(?!.*(?:聚合|超网|汇聚|汇总|变长|VLSM|最[小大]的?子网|长度不等|大小不等))(?s:.*)(?:子网(?:掩码|划分|地址)?|广播地址|网络地址)",
    "cn.vlsm": "分别分配[^。]{0,20}\\d+个?(?:IP)?地址|(?:部门|子网|网络)[^。]{0,12}\\d+台[^。]{0,60}\\d+台|VLSM|变长子网",
}
