"""How questions about the network layer word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, flag, integer, num, pick, some, text
from assistant408.tutor.hints.cn_shared import N
from assistant408.tutor.quantity import compiled, finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

IP = r"\d{1,3}(?:\.\d{1,3}){3}"

CIDR = rf"{IP}\s?/\s?\d{{1,2}}"

MAC = r"[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){5}"

NODE = r"(?:R\d|[A-Z]\d?|H\d)"


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


def _vector_rows(r: Reader) -> list[list[int]] | None:
    rows = []
    for m in finditer(
        rf"(?:来自)?\s?{NODE}\s?(?:发来的?|的)?(?:距离)?(?:向量|矢量)?(?:为|是|:)?\s?\(\s?(\d+(?:\s?,\s?\d+)+)\s?\)",
        r.text,
    ):
        r.take(*m.span(1))
        rows.append([int(x) for x in re.findall(r"\d+", m[1])])
    return rows if len(rows) >= 2 else None


def _neighbours(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    together = search(
        rf"(?:到|邻居(?:为|是)?|相邻(?:的)?(?:路由器|结点|节点)?(?:为|是)?|与)\s?({NODE}(?:\s?[、,和]\s?{NODE})+)\s?(?:相邻)?,?(?:的)?(?:链路)?(?:费用|时延|代价|延迟|距离)?分别(?:为|是|=|:)?\s?(\d+(?:\s?[、,和]\s?\d+)+)",
        r.text,
    )
    if together:
        r.take(*together.span())
        names, costs = re.findall(NODE, together[1]), re.findall(r"\d+", together[2])
        return [{"name": n, "cost": int(c)} for n, c in zip(names, costs, strict=False)]
    for m in finditer(
        rf"到\s?(?:结点)?({NODE})\s?(?:的)?(?:链路)?(?:费用|时延|代价|延迟|距离)?(?:为|是|=|:)?\s?(\d+)", r.text
    ):
        rows.append({"name": m[1], "cost": int(m[2])})
        r.take(*m.span())
    return rows or None


def _links(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(
        rf"(?<![A-Za-z\d])({NODE})\s?(?:-{{1,2}}|与|和|到)\s?({NODE})\s?(?:之间)?(?:的)?(?:链路)?(?:费用|代价|度量|权)?(?:为|是|:|=|\()?\s?(\d+)",
        r.text,
    ):
        r.take(*m.span())
        rows.append({"a": m[1], "b": m[2], "cost": int(m[3])})
    return rows if len(rows) >= 2 else None


def _rip_table(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(
        r"[(<]?\s?([NM]\w?\d|Net\d|网络?\s?\d)\s?[,:]\s?(\d+)\s?[,:]\s?(R\d|[A-Z]|直连|直接交付|-)\s?[)>]?", r.text
    ):
        r.take(*m.span())
        rows.append(
            {"network": m[1], "distance": int(m[2]), "next_hop": m[3] if m[3] not in ("-", "直接交付") else "直连"}
        )
    return rows or None


def _rip_vector(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(r"[(<]?\s?([NM]\w?\d|Net\d)\s?[,:]\s?(\d+)\s?(?:[)>]|(?=[;。、]|$))", r.text):
        if not r.is_used(*m.span(2)):
            r.take(*m.span())
            rows.append({"network": m[1], "distance": int(m[2])})
    return rows or None


def _routes(r: Reader) -> list[dict[str, str]] | None:
    rows = []
    regex = compiled(
        rf"({CIDR}|默认(?:路由)?|0\.0\.0\.0|{IP}\s?,?\s?(?:掩码)?\s?255(?:\.\d+){{3}})[,、:\s]*(?:的)?(?:对应)?(?:->|→|下一跳|转发到|转发|接口|经|为|是|:)*\s?(?:为|是|=|:)?\s?((?:R|E|S|F|m|接口\s?)\d\w*|[A-E](?![A-Za-z])|{IP}(?![./\d]))"
    )
    for m in regex.finditer(r.text):
        r.take(*m.span())
        network = m[1].replace(" ", "")
        if network.startswith(("默认", "0.0.0.0")):
            network = "0.0.0.0/0"
        mask = search(rf"({IP}),?(?:掩码)?(255.*)", network)
        if mask:
            network = f"{mask[1]}/{sum(bin(int(x)).count('1') for x in mask[2].split('.'))}"
        rows.append({"network": network, "next_hop": m[2]})
    return rows if len(rows) >= 2 else None


def _destinations(r: Reader) -> list[str] | None:
    found = [
        m
        for m in finditer(rf"(?:目的(?:IP)?(?:地址)?|发往|到达|地址)(?:为|是|=|:)?\s?({IP})(?!\s?/)", r.text)
        if not r.is_used(*m.span(1))
    ]
    for m in found:
        r.take(*m.span(1))
    return [m[1] for m in found] or None


def _demands(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(
        r"((?:部门|子网|网络|LAN\s?)\s?[甲乙丙丁A-E\d]|[甲乙丙丁](?:部门?|子网)?|[A-E](?=\s?(?:需|有|要|:)))\s?(?:需要?|有|要|:|为|共有?|含)?\s?(\d+)\s?(?:台|个)?(?:主机|地址|接口|计算机|IP)?",
        r.text,
    ):
        r.take(*m.span())
        rows.append({"name": m[1].replace(" ", ""), "hosts": int(m[2])})
    if len(rows) < 2 and (items := r.list_after(["(?:分别|依次)?(?:需要?|有|含|容纳)(?:容纳)?", "主机数?"], 2, 16)):
        rows = [{"name": f"子网{i}", "hosts": int(q.value)} for i, q in enumerate(items, 1)]
    return rows if len(rows) >= 2 else None


def _by_hosts(r: Reader) -> str | None:
    """``需要 60 个地址的部门``: its name, which may be one that was given to it."""
    m = search(r"(?:需要?|有|含)\s?(\d+)\s?(?:个|台)[^,。;\d]{0,8}的(?:部门|子网|网络)", r.text)
    rows = m and _demands(Reader(r.text))
    return next((row["name"] for row in rows if row["hosts"] == int(m[1])), None) if m and rows else None


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


def _data_and_header(r: Reader) -> int | None:
    """``3980 B 数据加 20 B 首部``: the total length."""
    m = search(r"(\d+)\s?(?:B|字节)(?:的)?数据(?:部分)?[^,。\d]{0,4}(\d+)\s?(?:B|字节)(?:的)?首部", r.text)
    if not m:
        return None
    r.take(*m.span())
    return int(m[1]) + int(m[2])


HINTS: dict[str, dict[str, Hint]] = {
    "cn.arp_process": {
        "path": _interfaces,
        "link": integer(rf"第\s?{N}\s?段"),
        "ttl": integer(r"TTL\s?(?:为|=|初值为)\s?(\d+)"),
    },
    "cn.cidr_aggregation": {"blocks": lambda r: _ips(r, CIDR) or None},
    "cn.distance_vector": {
        "vectors": _vector_rows,
        "nodes": lambda r: (
            re.findall(NODE, m[1])
            if (
                m := search(
                    rf"(?:到|次序(?:为|是|:)?|顺序(?:为|是|:)?|按)\s?({NODE}(?:(?:\s?、\s?{NODE}){{2,}}|(?:\s?,\s?{NODE}){{2,}}))",
                    r.text,
                )
            )
            else None
        ),
        "neighbours": _neighbours,
        "router": text(rf"(?:路由器|结点|节点)\s?({NODE})\s?(?:刚|收|测|的|到)", rf"({NODE})\s?(?:测得|刚收到|收到)"),
        "focus": text(rf"则?\s?{NODE}\s?到\s?(?:结点)?\s?({NODE})\s?(?:的)?(?:最短|距离|下一跳)"),
    },
    "cn.internet_checksum": {
        "data": _hex_words,
        "width": pick({"8": "8位", "16": "16位"}),
        "verify": flag("(?:是否|有无|有没有)(?:出)?(?:差?错|正确)|检验(?:是否|通过)|收到"),
    },
    "cn.ip_fragmentation": {
        "header": num("首部(?:长度?|固定)?(?:为)?|首部", unit="bytes", before=["的?(?:IP)?首部"]),
        "mtus": some("MTU(?:分别|依次|均)?|最大传[送输]单元", unit="bytes", gap=10),
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
        ),
        "dont_fragment": flag("DF\\s?=\\s?1"),
    },
    "cn.link_state": {
        "links": _links,
        "source": text(
            rf"(?:路由器|结点)?\s?({NODE})\s?(?:到|的(?:路由表|转发表))",
            rf"以\s?({NODE})\s?为(?:源|根|起)",
            rf"(?:从|源点为)\s?({NODE})",
        ),
        "focus": text(
            rf"[,。]\s?到\s?({NODE})\s?的",
            rf"{NODE}\s?到\s?(?:路由器)?\s?({NODE})\s?(?:的)?(?:最短|距离|路径|下一跳|$|,)",
        ),
    },
    "cn.nat": {
        "public_ip": _text(rf"(?:公网|外网|全球|WAN|外部)[^。;\d]{{0,16}}?({IP})"),
        "table": _nat_table,
        "packets": _nat_packets,
    },
    "cn.rip_update": {
        "table": _rip_table,
        "vector": _rip_vector,
        "neighbour": text(
            r"(?:相邻(?:的)?路由器|邻居(?:路由器)?)\s?(R\d|[A-Z])\s?(?:发来|的|发送)",
            r"路由器\s?(R\d|[A-Z])\s?(?:发来|发送)",
            r"来自\s?(R\d|[A-Z])",
        ),
        "focus": text(r"到\s?(?:网络\s?)?([NM]\w?\d|Net\d)\s?的"),
    },
    "cn.route_lookup": {"routes": _routes, "destinations": _destinations},
    "cn.subnet": {
        "mask": _text(r"(?:掩码)[^。;\d]{0,10}?(255(?:\.\d+){3}|/\d+)"),
        "address": first(_text(rf"({CIDR})"), _text(rf"(?<![\d.])((?!255\.){IP})")),
        "subnets": integer(
            rf"(?:划分|分|等分)(?:成|为|出)?\s?{N}\s?个?[^,。;\d]{{0,6}}?子网",
            rf"{N}\s?个(?:大小相同|等长|规模相同|相等|相同大小)?的?子网",
        ),
        "hosts": integer(r"(?:每个子网)[^,。;\d]{0,12}?(\d+)\s?台?(?:主机)?", r"(?:容纳|至少有)\s?(\d+)\s?台"),
    },
    "cn.vlsm": {
        "block": _text(rf"({CIDR})"),
        "demands": _demands,
        "focus": first(
            _by_hosts,
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
    "cn.distance_vector": {"distances": "@到(?:各|其余|其他|所有)", "next_hop": "下一跳", "distance": "距离"},
    "cn.internet_checksum": {"valid": "是否|有无|有没有", "checksum": "检?校?验和"},
    "cn.ip_fragmentation": {
        "count": "(?:几|多少)(?:个|片)|分片数|片数",
        "offset": "片偏移",
        "length": "长度",
        "mf": "MF",
    },
    "cn.link_state": {
        "next_hops": "转发表|各[^,。]{0,6}下一跳",
        "next_hop": "下一跳",
        "path": "最短路径(?:是|为)",
        "distance": "距离|费用",
        "distances": "到各",
    },
    "cn.nat": {"last_packet": "源(?:IP)?(?:地址)?(?:和|与|、)目的", "source": "源", "destination": "目的"},
    "cn.rip_update": {"route": "距离(?:和|与|、)下一跳", "distance": "距离|跳数", "table": "路由表|更新后"},
    "cn.route_lookup": {"matched": "匹配(?:的)?(?:最长)?(?:前缀|表项)", "next_hop": "下一跳|接口|转发"},
    "cn.subnet": {
        "broadcast": "@广播(?:地址|分组)",
        "network": "(?:网络|子网)(?:地址|号)(?:是|为|和|与|、|及|$|\\(|[,?])|所在的?(?:子网|网络)",
        "subnet_mask": "(?:新|划分后)[^,。]{0,6}掩码|子网掩码(?:应|是|为)",
        "hosts_each": "每个子网[^,。]{0,14}(?:主机|地址|台)",
        "hosts": "(?:可用|可分配)[^,。]{0,8}(?:地址|主机)|(?:多少|几)台|主机数",
        "first_host": "(?:最小|第一个)(?:可用)?",
        "last_host": "(?:最大|最后一个)(?:的)?(?:可用|可分配)",
        "mask": "掩码",
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
    "cn.distance_vector": "距离[向矢]量[^。]{0,160}(?:链路费用|时延|测得)",
    "cn.internet_checksum": "[检校]验和|反码求和",
    "cn.ip_fragmentation": "分片|片偏移|MTU",
    "cn.link_state": "OSPF|链路状态|链路(?:的)?代价|(?:链路|路由器)[^。]{0,200}。?[^。]{0,60}下一跳",
    "cn.nat": "NAT|网络地址转换",
    "cn.rip_update": "RIP",
    "cn.route_lookup": "(?:路由表|转发表)[^。]{0,200}(?:目的地址|下一跳|转发)|最长前缀",
    "cn.subnet": "^(?!.*(?:聚合|超网|汇聚|汇总|变长|VLSM))(?s:.*)(?:子网(?:掩码|划分|地址)?|广播地址|网络地址)",
    "cn.vlsm": "(?:部门|子网|网络)[^。]{0,12}\\d+台[^。]{0,60}\\d+台|VLSM|变长子网",
}
