"""How questions about the transport and the application layer word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, assume, first, integer, num, pick, raw, some, text
from assistant408.tutor.hints.cn_shared import RATE, RTT, N
from assistant408.tutor.quantity import finditer, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _losses(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    for m in finditer(
        rf"第?\s?{N}\s?(?:个)?(?:轮|RTT|个传输轮次|次传输)[^,。;]{{0,16}}?(超时|(?:3|三)\s?个(?:重复|冗余)(?:的)?(?:确认|ACK))",
        r.text,
    ):
        r.take(*m.span(1))
        rows.append({"round": int(quantities(m[1] + "个")[0].value), "kind": "timeout" if m[2] == "超时" else "dup3"})
    if not rows and (first_loss := _at_once(r)):
        rows.append({"round": 1, "kind": "timeout" if first_loss[1] == "超时" else "dup3"})
    return rows or None


def _at_once(r: Reader) -> re.Match[str] | None:
    """``拥塞窗口为 16 KB 时发生超时``: the story begins with the loss, in the first round."""
    return search(
        r"(?:拥塞窗口|cwnd)[^,。;]{0,20}时,?[^,。;]{0,6}(超时|(?:3|三)\s?个(?:重复|冗余)(?:的)?(?:确认|ACK))", r.text
    )


def _restart(r: Reader) -> int | None:
    """The window, in MSS, that a timeout reset, where the question is how long it takes to grow from there."""
    if not (m := _at_once(r)) or m[1] != "超时" or not search(r"重置|此后|重新|再次|恢复", r.text):
        return None
    if not search(r"(?:增长|增大|达|恢复)到[^。]{0,24}(?:RTT|时间)", r.text):
        return None
    found: int | None = _segments("(?:拥塞窗口|cwnd)(?:的值)?\\s?(?:为|是|达到|=)")(Reader(r.text))
    return found


def _rounds(r: Reader) -> int | None:
    """Rounds gone by: ``经过 4 个 RTT``, one more after a loss at once; before ``第 15 轮的 cwnd`` 14 have gone by."""
    passed: int | None = integer(
        rf"(?:经过|过)(?:了)?\s?{N}\s?个\s?(?:RTT|传输轮次|往返)",
        rf"(?:此后|接下来|随后|之后|后续)(?:的)?\s?{N}\s?个\s?(?:RTT|往返)",
        rf"(?<!第){N}\s?(?:轮|个RTT)后",
    )(r)
    if passed is not None:
        return passed + (_at_once(r) is not None)
    for m in finditer(
        rf"第\s?{N}\s?(?:个)?(?:轮|RTT|次传输|传输轮次)(?![^,。;]{{0,16}}(?:超时|重复|冗余))[^,。;]{{0,8}}(?:cwnd|拥塞窗口|发送窗口|窗口|是|为|[(?])",
        r.text,
    ):
        k = int(quantities(m[1] + "个")[0].value)
        if k > 1:
            r.take(*m.span(1))
            return k - 1
    return (
        1
        if _at_once(r)
        and not _restart(r)
        and search(r"(?:新的|此时|之后|变为|将|则)[^。]{0,16}(?:门限|ssthresh|阈值|拥塞窗口|cwnd)", r.text)
        else None
    )


def _both_rtts(r: Reader) -> str | None:
    """``主机到本地域名服务器、本地域名服务器到其他域名服务器的 RTT 均为 10 ms``: the same for both."""
    m = search(r"主机(?:[A-Z甲])?到本地域名服务器(?:、|和|以及)[^。\d]{0,36}均为\s?(\d+(?:\.\d+)?)\s?(ms|s)", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return f"{m[1]}{m[2]}"


def _page(r: Reader) -> None:
    """The page itself, ``1 个 HTML 文件``, is read but counts for nothing."""
    for m in finditer(r"(\d)\s?个(?:基本)?(?:的)?\s?HTML", r.text):
        r.take(*m.span(1))


def _segments(*patterns: str) -> Hint:
    """A window in MSS: ``8``, ``16MSS``, or ``32KB`` with the MSS stated."""

    def read(r: Reader) -> int | None:
        mss = search(
            r"MSS\s?(?:=|为|是|:)?\s?(\d+(?:\.\d+)?\s?(?:KB|B|字节|K))|(?:最大段|最大报文段|报文段|段)(?:长度?|大小|长)?(?:\(MSS\))?(?:为|是|=|:)?\s?(\d+\s?(?:KB|B|字节))|(\d+\s?KB)的?(?:最大)?(?:报文)?段(?:长|大小)?",
            r.text,
        )
        for pattern in patterns:
            m = search(rf"(?:{pattern})[^,。;\d]{{0,14}}?(\d+(?:\.\d+)?)\s?(KB|B|字节|K)?(?!\s?个?RTT)", r.text)
            if not m or r.is_used(*m.span(1)):
                continue
            value = quantities(m[1] + (m[2] or ""))[0]
            if m[2] and mss:
                unit = quantities(next(g for g in mss.groups() if g))[0]
                size = value.base / unit.base
            else:
                size = value.value
            if size.denominator != 1:
                continue
            r.take(*m.span())
            if mss:
                r.take(*mss.span())
            return int(size)
        return None

    return read


HINTS: dict[str, dict[str, Hint]] = {
    "cn.congestion_window": {
        "losses": lambda r: None if _restart(r) else _losses(r),
        "ssthresh": first(
            lambda r: (n := _restart(r)) and n // 2,
            _segments("ssthresh(?:初?始?值)?|(?:慢开始|慢启动)?(?:门限|阈值)(?:的)?(?:初始?值)?|初始阈值"),
        ),
        "initial_cwnd": first(
            lambda r: 1 if _restart(r) else None,
            _segments(
                "(?:拥塞窗口|cwnd)(?:的值)?\\s?(?:为|是|达到|=)(?=[^,。;]{0,12}(?:时)?,?[^,。]{0,4}(?:超时|收到))",
                "(?:初始|起始)(?:的)?(?:拥塞窗口|cwnd)",
                "cwnd\\s?(?:的)?初(?:始)?值",
                "发生超时时[^,。]{0,8}$",
            ),
        ),
        "rwnd": _segments("接收窗口|rwnd|通告的?(?:接收)?窗口"),
        "buffer": _segments("(?:分配|接收)[^,。;\\d]{0,10}?(?=\\d+\\s?KB(?:的)?(?:接收)?缓存)|接收缓存(?:为|大小)?"),
        "rounds": _rounds,
        "target": _segments("(?:达到|增长到|增大到|到达)"),
        "algorithm": pick({"TAHOE": "Tahoe|tahoe", "RENO": "Reno|快恢复"}),
        "rtt_ms": num("RTT|往返时[延间]", unit="ms"),
    },
    "cn.dns_query": {
        "domain": text(r"((?:[a-z0-9-]+\.){2,}[a-z]{2,})"),
        "mode": pick({"RECURSIVE": "递归", "ITERATIVE": "迭代"}, last=True),
        "local_rtt": first(_both_rtts, raw("time", "(?:主机|客户)(?:机)?(?:到|与)本地域名服务器[^,。;\\d]{0,10}")),
        "server_rtt": first(
            _both_rtts,
            raw("time", "(?:本地域名服务器)?(?:到|与)(?:其他)?各(?:级)?(?:域名)?服务器[^,。;\\d]{0,10}", "RTT"),
        ),
        "authority": text(
            r"([a-z0-9-]+(?:\.[a-z]+)+)\s?(?:域)?的?权限域名服务器",
            r"根(?:、[a-z.]+)*、([a-z0-9-]+(?:\.[a-z]+)+)\s?(?:\)|各|这)",
        ),
        "known": text(r"缓存[^。]{0,20}?(?<![\w.])(com|cn|edu|org|net|[a-z]+\.(?:com|cn|edu))(?![\w.])"),
    },
    "cn.http_time": {
        "parallel": integer(
            rf"(?:同时)?(?:打开|建立|并行|最多)\s?{N}\s?(?:个|条)\s?(?:并行)?(?:的)?TCP", rf"{N}\s?(?:个|条)并行"
        ),
        "objects": first(
            _page,
            integer(rf"{N}\s?(?:个|张|幅)(?!\s?HTML)[^,。;\d]{{0,10}}?(?:图片|图像|对象|图形|JPEG|GIF|图)"),
            num(
                "(?:引用|包含|内嵌|嵌入|含有?|有)(?:了)?",
                before=["(?:个|张|幅)[^,。;]{0,16}?(?:图片|图像|对象|图形|文件|JPEG|GIF|图)"],
            ),
        ),
        "rtt": RTT,
        "mode": pick(
            {
                "NON_PERSISTENT": "非(?:持续|持久)|HTTP/1\\.0|并行",
                "PIPELINED": "(?<!非)流水线(?:方式)?(?:的)?(?:持续|持久)?|(?:持续|持久)(?:连接)?(?:的)?[(,]?(?<!非)流水线",
                "PERSISTENT": "(?<!非)(?:持续|持久)|HTTP/1\\.1|非流水线?",
            }
        ),
        "object_time": raw("time", "(?:每(?:个|张))[^,。;\\d]{0,10}(?:发送|传输)(?:时[延间])"),
        "page_time": raw("time", "(?:网页|HTML|页面)[^,。;\\d]{0,8}(?:发送|传输)(?:时[延间])"),
        "dns_time": raw("time", "(?:域名解析|DNS)[^,。;\\d]{0,10}"),
    },
    "cn.p2p_distribution": {
        "size": raw("size", "(?:文件|大小|长度?)(?:为|是|大小|长)?(?:为)?", before=["的?文件"]),
        "server_up": raw("rate", "服务器(?:的)?(?:上传|上行)?(?:速率|带宽)?"),
        "peers": num("共|有", before=["(?:个|台)(?:对等方|主机|用户|客户|结点|peer)"]),
        "down": raw("rate", "(?:下载|下行)(?:速率|带宽)?(?:均|都)?"),
        "up": raw("rate", "(?:上传|上行)(?:速率|带宽)?(?:均|都)?"),
    },
    "cn.rto": {
        "initial_srtt": num(
            "(?:当前|已有|原来|旧)?(?:的)?(?:加权平均往返时间)?(?:RTT[Ss]|SRTT|EstimatedRTT|平均往返时间)(?:的)?(?:估计值|值)?",
            unit="ms",
        ),
        "initial_deviation": num("RTT[Dd]|RTTVAR|DevRTT|偏差", unit="ms"),
        "alpha": num("α|alpha|a(?==)"),
        "beta": num("β|beta"),
        "samples": some(
            "(?:RTT)?样本(?:依次|值)?(?:为|是)?|测得(?:的)?(?:新的?)?(?:RTT|往返时间)?(?:样本)?(?:依次|分别)?(?:为|是)?|RTT(?:依次|分别)?(?:为|是)",
            gap=12,
            unit="ms",
        ),
    },
    "cn.tcp_connection": {
        "client_isn": first(
            integer(
                r"初始序列?号(?:分别)?(?:为|是|=|:)?\s?(\d+)\s?(?:和|、|,|与)\s?\d",
                r"(?:甲|客户|A)[^,。;\d乙服B]{0,14}?(?:初始)?(?:序号|seq)(?:为|是|=)?\s?(\d+)",
                r"SYN[^,。;\d]{0,10}?seq\s?=\s?(\d+)",
                r"(?<!乙的)(?<!服务器的)初始序列?号(?:分别)?(?:为|是|=|:)?\s?(\d+)",
            )
        ),
        "server_isn": integer(
            r"初始序列?号(?:分别)?(?:为|是)\s?\d+\s?(?:和|、|,|与)\s?(\d+)",
            r"(?:乙|服务器|B)[^,。;\d甲客]{0,14}?(?:初始)?(?:序号|seq)(?:为|是|=)?\s?(\d+)",
        ),
        "client_data": integer(
            r"(?:甲|客户|A)[^,。;\d]{0,10}?(?:发送|传送|传)(?:了)?\s?(\d+)\s?(?:B|字节|个字节)",
            r"第三次握手[^,。;\d]{0,10}携带\s?(\d+)\s?(?:B|字节)",
        ),
        "server_data": integer(r"(?:乙|服务器|B)[^,。;\d]{0,10}?发送(?:了)?\s?(\d+)\s?(?:B|字节|个字节)"),
        "closer": pick(
            {
                "server": "(?:服务器|乙)(?:首先|先|主动)[^,。]{0,6}(?:释放|关闭|断开|请求)|先由?(?:服务器|乙)",
                "client": "(?:客户|甲)(?:首先|先|主动)[^,。]{0,6}(?:释放|关闭|断开|请求)",
            }
        ),
        "rtt": RTT,
        "msl": raw("time", "MSL|最长报文段寿命"),
    },
    "cn.tcp_throughput": {
        "rtt": first(RTT, raw("time", "往返")),
        "rate": first(RATE, raw("rate", "带宽|链路|速率")),
        "lifetime": raw("time", "(?:最大)?(?:生存时间|寿命|MSL)"),
        "window": first(
            raw("size", "(?:发送|拥塞|接收)?窗口(?:的)?(?:大小|尺寸|最大)?(?:为)?", before=["的?(?:发送|接收)?窗口"]),
            integer(r"窗口[^,。;\d]{0,6}(\d{4,})"),
            assume("64KB", "窗口[^,。]{0,8}(?:至少|应|需)|回绕|绕回|时延带宽积"),
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "cn.congestion_window": {
        "time_to_target_ms": "(?:多长|多少|所需|需要?的?|最短)[^,。]{0,4}时间",
        "ssthresh": "(?:ssthresh|门限|阈值)(?:的?值)?(?:是|为|变|和|与|、|\\()",
        "send_window": "发送窗口",
        "cwnd": "拥塞窗口|cwnd",
        "rounds_to_target": "(?:再次|重新|恢复)?增长到[^。]{0,12}(?:所?需|时间)|(?:几|多少)个RTT|RTT的?(?:个)?数",
    },
    "cn.dns_query": {
        "max_queries": "最多",
        "min_queries": "最少|至少",
        "time_ms": "时间",
        "queries": "(?:几|多少)次|查询(?:请求)?(?:的)?(?:次数|数)",
    },
    "cn.http_time": {
        "rtts": "(?:几|多少|\\(\\s?\\)\\s?)个\\s?RTT|RTT的?(?:个)?数",
        "connections": "(?:几|多少)(?:个|条)?TCP|连接(?:数|个数)",
        "time_ms": "时间|需要",
    },
    "cn.p2p_distribution": {"cs_s": "C/S|客户[-—/]?服务器|客户(?:机)?/", "p2p_s": "P2P|对等"},
    "cn.rto": {
        "rto_ms": "RTO|超时重传时间|超时(?:时)?间",
        "deviation_ms": "RTT[Dd]|偏差",
        "srtt_ms": "RTT[Ss]|SRTT|加权平均|平均往返|估计",
    },
    "cn.tcp_connection": {
        "active_close_ms": "@(?:(客户|服务器|甲|乙)(?:机|方)?[^,。]{0,12}?(?:首先|先|主动)(?s:.*)\\1|^(?!(?s:.*)(?:首先|先|主动))(?s:.*)(?:甲|客户))[^,。]{0,14}CLOSED",
        "passive_close_ms": "(?:甲|乙|客户|服务器)[^,。]{0,14}CLOSED",
        "last_ack": "最后(?:一个)?(?:的)?(?:ACK|确认)",
        "last_fin": "@(?:(?:甲|客户)[^,。]{0,2}(?:先|主动|首先)(?s:.*)(?:乙|服务器)|(?:乙|服务器)[^,。]{0,2}(?:先|主动|首先)(?s:.*)(?:甲|客户))[^,。]{0,10}FIN[^,。]{0,4}的",
        "fin": "FIN",
        "syn_ack": "第二次握手|SYN\\+?ACK|(?:服务器|乙)[^,。]{0,10}(?:返回|应答|回复|发送的)",
        "client_first_byte": "@SYN\\s?\\+\\s?ACK(?:报文)?段的\\s?(?:ack|确认(?:序列?)?号)",
        "server_first_byte": "@第三次握手(?:的)?(?:TCP)?(?:报文)?段?的?确认(?:序列?)?号",
        "third_ack": "第三次握手(?![^,。]{0,6}(?:携|不带|带))|第三个",
        "client_data_ack": "确认(?:序)?号",
    },
    "cn.tcp_throughput": {
        "bandwidth_delay_bytes": "窗口[^,。]{0,10}(?:至少|应|需)|时延带宽积",
        "utilization": "利用率",
        "wrap_s": "回绕|绕回",
        "throughput_bps": "吞吐|(?:数据)?传输速率|速率",
    },
}
SIGNS: dict[str, str] = {
    "cn.congestion_window": "^(?!(?s:.)*(?:(?:发送|传送|传输|传|收|接收)完|收到全部|全部数据|最后一个?段的确认))(?s:.)*(?:拥塞窗口|cwnd|慢(?:开始|启动)|ssthresh|拥塞控制)",
    "cn.dns_query": "域名|DNS",
    "cn.http_time": "HTTP[^。]{0,120}(?:RTT|连接|图)|网页[^。]{0,80}(?:图|对象)[^。]{0,60}RTT",
    "cn.p2p_distribution": "P2P|对等方|分发",
    "cn.rto": "RTO|RTTS|RTTs|SRTT|往返时间(?:样本|的估计)|超时重传时间",
    "cn.tcp_connection": "(?:三次握手|四次挥手|初始序列?号|SYN|FIN|TIME_WAIT|释放连接)",
    "cn.tcp_throughput": "TCP[^。]{0,60}(?:吞吐|窗口)[^。]{0,60}(?:RTT|往返)|序号(?:回绕|绕回)",
}
