"""How questions about routing word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, text
from assistant408.tutor.hints.cn_shared import CIDR, IP, NODE
from assistant408.tutor.quantity import compiled, finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


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
        r"[(<]?\s?([NM]\w?\d|[Nn]et\d|网络?\s?\d)\s?[,:]\s?(\d+)\s?[,:]\s?(R\d|[A-Z]|直连|直接交付|-)\s?[)>]?", r.text
    ):
        r.take(*m.span())
        rows.append(
            {"network": m[1], "distance": int(m[2]), "next_hop": m[3] if m[3] not in ("-", "直接交付") else "直连"}
        )
    return rows or None


def _rip_prose(r: Reader) -> list[dict[str, Any]]:
    """``到网络 N3 的距离为 5、下一跳为 C``."""
    rows = []
    for m in finditer(
        r"到(?:网络)?\s?([NM]\w?\d|[Nn]et\d|N)\s?的距离(?:为|是)\s?(\d+)[、,]?(?:且)?下一跳(?:为|是)(?:路由器)?\s?(R\d|[A-Z])",
        r.text,
    ):
        r.take(*m.span())
        rows.append({"network": m[1], "distance": int(m[2]), "next_hop": m[3]})
    return rows


def _rip_told(r: Reader) -> list[dict[str, Any]]:
    """``其中到 N 的距离为 16``."""
    rows = []
    for m in finditer(r"到(?:网络)?\s?([NM]\w?\d|[Nn]et\d|N)\s?的距离(?:为|是)\s?(\d+)", r.text):
        if not r.is_used(*m.span()):
            r.take(*m.span())
            rows.append({"network": m[1], "distance": int(m[2])})
    return rows


def _rip_vector(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(r"[(<]?\s?([NM]\w?\d|[Nn]et\d)\s?[,:]\s?(\d+)\s?(?:[)>]|(?=[;。、]|$))", r.text):
        if not r.is_used(*m.span(2)):
            r.take(*m.span())
            rows.append({"network": m[1], "distance": int(m[2])})
    return rows or None


def _by_table(r: Reader) -> list[dict[str, str]] | None:
    """Lines of a table: the network, and its interface or next hop, whichever is asked for."""
    lines = [
        (m.start(), [c.strip() for c in m[0].strip().strip("|").split("|")])
        for m in finditer(r"^\|[^\n]+$", r.text, re.M)
    ]
    head = next((cells for _, cells in lines if any("网络" in c or "前缀" in c or "目的" in c for c in cells)), None)
    if head is None:
        return None
    asked = "接口" if search(r"接口(?:是|为|\()|转发[^。]{0,16}接口", r.text) else "下一跳"
    column = next((i for word in (asked, "下一跳", "接口") for i, c in enumerate(head) if word in c), None)
    mask = next((i for i, c in enumerate(head) if "掩码" in c), None)
    rows = []
    for start, cells in lines:
        m = re.match(rf"{IP}(?:\s?/\s?\d+)?", cells[0])
        default = cells[0].startswith("默认")
        if column is None or len(cells) != len(head) or not (m or default):
            continue
        network = m[0].replace(" ", "") if m else "0.0.0.0/0"
        if "/" not in network and mask is not None:
            octets = re.findall(r"\d+", cells[mask])
            network += f"/{sum(bin(int(x)).count('1') for x in octets)}"
        if "/" not in network:
            return None
        r.take(start, start + sum(len(c) + 1 for c in cells))
        rows.append({"network": network, "next_hop": cells[column]})
    return rows if len(rows) >= 2 else None


def _routes(r: Reader) -> list[dict[str, str]] | None:
    if found := _by_table(r):
        return found
    rows = []
    regex = compiled(
        rf"({CIDR}|默认(?:路由)?|0\.0\.0\.0|{IP}\s?,?\s?(?:掩码)?\s?255(?:\.\d+){{3}})[,、:\s(]*(?:的)?(?:对应)?(?:->|→|下一跳|转发到|转发|接口|经|为|是|:)*\s?(?:为|是|=|:)?\s?((?:R|E|S|F|m|接口\s?)\d\w*|[A-E](?![A-Za-z])|{IP}(?![./\d]))"
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


HINTS: dict[str, dict[str, Hint]] = {
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
        "router": text(
            rf"(?:路由器|结点|节点)\s?({NODE})\s?(?:刚|收|测|的|到|采用|使用|运行|与)",
            rf"({NODE})\s?(?:测得|刚收到|收到)",
        ),
        "focus": text(
            rf"则?\s?{NODE}\s?到\s?(?:结点|路由器)?\s?({NODE})\s?(?:的)?(?:最短|最小|距离|下一跳|时延|费用|代价|延迟)"
        ),
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
    "cn.rip_update": {
        "table": lambda r: _rip_table(r) or _rip_prose(r) or None,
        "vector": lambda r: _rip_vector(r) or _rip_told(r) or None,
        "neighbour": text(
            r"(?:相邻(?:的)?路由器|邻居(?:路由器)?)\s?(R\d|[A-Z])\s?(?:发来|的|发送)",
            r"收到\s?(R\d|[A-Z])\s?(?:发来|发送|的)",
            r"路由器\s?(R\d|[A-Z])\s?(?:发来|发送)",
            r"来自\s?(R\d|[A-Z])",
        ),
        "focus": text(r"到\s?(?:网络\s?)?([NM]\w?\d|Net\d)\s?的"),
    },
    "cn.route_lookup": {"routes": _routes, "destinations": _destinations},
}
ASKS: dict[str, dict[str, str]] = {
    "cn.distance_vector": {
        "distances": "@到(?:各|其余|其他|所有)",
        "next_hop": "下一跳",
        "distance": "距离|时延|延迟|费用|代价",
    },
    "cn.link_state": {
        "next_hops": "转发表|各[^,。]{0,6}下一跳",
        "next_hop": "下一跳",
        "path": "最短路径(?:是|为)",
        "distance": "距离|费用",
        "distances": "到各",
    },
    "cn.rip_update": {"route": "距离(?:和|与|、)下一跳", "distance": "距离|跳数", "table": "路由表|更新后"},
    "cn.route_lookup": {"matched": "匹配(?:的)?(?:最长)?(?:前缀|表项)", "next_hop": "下一跳|接口|转发"},
}
SIGNS: dict[str, str] = {
    "cn.distance_vector": "距离[向矢]量[^。]{0,160}(?:链路费用|时延|测得)",
    "cn.link_state": "OSPF|链路状态|链路(?:的)?代价|(?:链路|路由器)[^。]{0,200}。?[^。]{0,60}下一跳",
    "cn.rip_update": "RIP",
    "cn.route_lookup": "(?:路由表|转发表)[^。]{0,200}(?:目的地址|下一跳|转发)|最长前缀",
}
