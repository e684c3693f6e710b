"""How questions about addresses, headers and TCP's numbers and windows word the parameters and results of their solvers."""

from __future__ import annotations

from itertools import pairwise

from assistant408.tutor.extract import Hint, Reader, const, first, integer, num, pick, raw, text
from assistant408.tutor.hints.cn_shared import CIDR, IP, RTT, N
from assistant408.tutor.quantity import Quantity, finditer, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_MSS = raw(
    "size", "MSS(?:\\([^)]*\\))?", "最大(?:报文)?段(?:长度?|大小)?(?:\\(?MSS\\)?)?", "每个?(?:报文)?段(?:长度?)?(?:均)?"
)
_CWND = raw("size", "(?:拥塞窗口|cwnd)(?:的)?(?:大小|值)?(?:\\(cwnd\\))?")
_RWND = raw(
    "size",
    "(?:接收窗口|rcvwnd|rwnd)(?:rcvwnd)?(?:的)?(?:大小|值)?(?:\\(rwnd\\))?",
    "通告(?:的)?(?:接收)?窗口(?:的)?(?:大小|值)?",
)
_BUFFER = raw("size", "接收缓存(?:区)?(?:共|总共|大小|容量|的大小)?", before=["的?接收缓存"])
_HELD = raw(
    "size",
    "(?:未被?(?:应用)?(?:进程|程序)?(?:读取|取走|读走))(?:的)?(?:数据|字节)?(?:数)?(?:为|有)?",
    before=["(?:的)?数据(?:尚|还)?未被?(?:应用|读|取)"],
)


def _unacked(r: Reader) -> str | None:
    """Bytes on their way: stated, or by ranges, or by segments of one MSS."""
    stated: str | None = raw(
        "size",
        "(?:已|已经)?发(?:送|出)(?:而|但)?(?:尚|还)?(?:未|没有?)(?:被|收到|得到)?(?:确认|应答)(?:的)?(?:数据|字节)?(?:量|数)?(?:为|有)?",
        "未(?:被)?确认的(?:数据|字节)(?:量|数)?(?:为|有)?",
        before=["(?:的)?数据(?:已发送)?(?:尚|还)?未(?:被|得到|收到)?(?:确认|应答)"],
    )(r)
    if stated:
        return stated
    ranges = search(
        r"已发送[^。\d]{0,14}(\d+)\s?(?:~|-|到|至)\s?(\d+)[^。]{0,16}?其中\s?(\d+)\s?(?:~|-|到|至)\s?(\d+)[^。]{0,8}确认",
        r.text,
    )
    if ranges:
        r.take(*ranges.span())
        return f"{int(ranges[2]) - int(ranges[4])}B"
    numbered = search(
        r"发送[^。]{0,14}?(?:序列?号)?\s?seq\s?=\s?(\d+)[^。\d]{0,8}?(\d+)\s?(?:B|字节)[^。]{0,8}的段", r.text
    )
    got = search(r"收到[^。]{0,50}?(?:ack(?:_seq)?\s?=|确认(?:序列?)?号(?:为|是)?)\s?(\d+)", r.text)
    if numbered and got:
        r.take(*numbered.span())
        for m in finditer(r"seq\s?=\s?\d+", r.text):
            r.take(*m.span())
        return f"{max(0, int(numbered[1]) + int(numbered[2]) - int(got[1]))}B"
    sent = search(rf"发送(?:了)?\s?{N}\s?个(?:最大)?(?:的)?(?:报文)?段", r.text)
    if not sent:
        return None
    acked = search(
        rf"(?:收到|得到)[^。;]{{0,12}}?(?:对)?第\s?{N}\s?个(?:报文)?段的(?:确认|应答)|(?:收到)[^。;]{{0,8}}?{N}\s?个(?:报文)?段的(?:确认|应答)",
        r.text,
    )
    each = _MSS(Reader(r.text))
    if not each:
        return None
    r.take(*sent.span(1))
    size = quantities(each)[0].base / 8
    done = int(quantities(next(g for g in acked.groups() if g) + "个")[0].value) if acked else 0
    count = int(quantities(sent[1] + "个")[0].value)
    _MSS(r)
    return f"{(count - done) * size}B"


def _bytes(q: Quantity) -> int:
    return int(q.base / 8) if q.kind == "size" else int(q.value)


def _lengths(r: Reader) -> list[int] | None:
    """Data in each of consecutive segments: stated in a list, or the difference of their numbers."""
    listed = search(
        r"(?:分别|依次)?(?:包?含|携带|的(?:数据|有效载荷)?长度(?:分别|依次)?(?:为|是)|长度(?:分别|依次)?(?:为|是)|数据(?:分别|依次)?为|载荷(?:分别|依次)?为)(?:有)?\s?"
        r"((?:\d+\s?(?:B|字节)?\s?(?:[、,和与]|以及)\s?)+\d+\s?(?:B|字节))",
        r.text,
    )
    alike = search(rf"{N}\s?个(?:TCP)?(?:报文)?段,?(?:每个?段|长度)?[^,。\d]{{0,8}}?(\d+)\s?(?:B|字节)", r.text)
    if alike and search("均|都|每|各", alike[0]):
        r.take(*alike.span())
        return [int(alike[2])] * _ordinal(alike[1])
    if listed:
        r.take(*listed.span(1))
        return [_bytes(q) for q in quantities(listed[1])]
    seqs = _seqs(r)
    if seqs and len(seqs) > 1:
        out = [b - a for a, b in pairwise(seqs)]
        if min(out) <= 0:
            return None
        ack = integer(r"(?:返回|发回|回送)?[^。;\d]{0,12}确认(?:序)?号(?:为|是|=)?\s?(\d+)")(r)
        if ack is not None and ack > seqs[-1]:
            return [*out, ack - seqs[-1]]
        tail: int | None = num(
            f"第{'一二三四五'[len(seqs) - 1]}个(?:报文)?段[^。;\\d]{{0,6}}(?:长|数据)(?:为)?",
            "数据(?:部分)?长(?:度)?(?:为)?",
            unit="bytes",
        )(r)
        return [*out, tail if tail is not None else 0]
    most = search(
        r"(?:传送|发送)\s?(\d+)\s?(?:B|字节)的?数据[^。]{0,24}?(?:最长|最大|最多|不超过)[^。\d]{0,6}(\d+)\s?(?:B|字节)",
        r.text,
    )
    cut = most or search(r"传送\s?(\d+)\s?(?:B|字节)的?数据,?[^。]{0,10}窗口[^。\d]{0,4}(\d+)\s?(?:B|字节)", r.text)
    if cut:
        r.take(*cut.span())
        whole, each = int(cut[1]), int(cut[2])
        for m in finditer(rf"{each}\s?(?:B|字节)", r.text):
            r.take(*m.span())
        return [each] * (whole // each) + ([whole % each] if whole % each else [])
    one: int | None = num(
        "(?:有效)?(?:载荷|数据)(?:部分)?(?:的)?(?:长度|大小)?(?:为|是)?",
        before=["的?(?:数据|有效载荷)"],
        unit="bytes",
        kind=int,
    )(r)
    return [one] if one is not None else None


def _seqs(r: Reader) -> list[int] | None:
    m = search(
        r"(?:序列?号|seq)(?:字段)?(?:分别|依次)?(?:为|是|=|:)?\s?(\d+)\s?(?:和|与|、|,)\s?(\d+)(?:\s?(?:和|与|、|,)\s?(\d+))?(?!\s?(?:B|字节))",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span())
    return [int(g) for g in m.groups() if g]


def _ordinal(word: str) -> int:
    return int(quantities(word + "个")[0].value)


def _received(r: Reader) -> list[int] | None:
    """Which segments came: those named, or all but those named."""
    n = len(_lengths(Reader(r.text)) or [])
    if n < 2:
        return None
    for m in finditer(rf"第\s?{N}\s?个?(?:(?:报文)?段)?", r.text):
        r.take(*m.span())
    lost = search(
        rf"(?:未|没有?)(?:能)?(?:正确)?收到第?\s?{N}\s?个?(?:报文)?段|第\s?{N}\s?个?(?:报文)?段(?:在(?:传输|途)中)?(?:丢失|出错|未(?:能)?(?:被)?(?:正确)?(?:收到|到达))",
        r.text,
    )
    if lost:
        gone = _ordinal(next(g for g in lost.groups() if g))
        return [i for i in range(1, n + 1) if i != gone]
    came = search(
        rf"(?:仅|只)(?:正确)?(?:地)?(?:接收|收)到(?:了)?第?\s?{N}\s?(?:个|段)?(?:(?:报文)?段)?(?:(?:和|与|、|,)第?\s?{N}\s?(?:个|段)?)?",
        r.text,
    )
    if came:
        return sorted(_ordinal(g) for g in came.groups() if g)
    return None


def _seq_of(r: Reader) -> int | None:
    m = search(rf"第\s?{N}\s?个?(?:报文)?段的(?:序列?号|seq)", r.text)
    return _ordinal(m[1]) if m else None


def _windows(name: str) -> Hint:
    """A window in segments, stated so or in the unit of the MSS."""

    def read(r: Reader) -> int | None:
        m = search(rf"(?:{name})[^,。;\d]{{0,8}}?(\d+)\s?(?:个\s?)?(MSS|报文段|段|KB|B)", r.text)
        if not m:
            return None
        if m[2] in ("KB", "B"):
            mss = _MSS(Reader(r.text))
            if not mss:
                return None
            size = quantities(m[1] + m[2])[0].base / quantities(mss)[0].base
            if size.denominator != 1:
                return None
            r.take(*m.span())
            return int(size)
        r.take(*m.span())
        return int(m[1])

    return read


def _file(r: Reader) -> str | None:
    """The data to send: in bytes, or in segments of the MSS (``31 个 MSS``)."""
    m = search(
        r"(\d+)\s?个\s?(?:MSS|最大报文段|报文段)(?:长度)?(?:的)?(?:文件|数据|对象)|(?:文件|数据|对象|网页)[^,。;\d]{0,12}?(\d+)\s?个?\s?MSS",
        r.text,
    )
    if m:
        r.take(*m.span())
        mss = _MSS(Reader(r.text)) or "1KB"
        return f"{int(m[1] or m[2]) * quantities(mss)[0].base / 8}B"
    found: str | None = raw(
        "size",
        "(?:文件|网页|对象|数据|大小|长度)(?:的)?(?:大小|长度?)?(?:恰好)?(?:恰?为|是)?",
        "(?:发送|传送|传输|请求|取|下载)(?:一个)?(?:大小为|长度?(?:恰好)?为)?",
        before=["的?(?:文件|网页|数据|对象|Web)"],
    )(r)
    return found


def _hex(r: Reader) -> str | None:
    m = search(r"((?:[0-9A-F]{2}\s?){8,}[0-9A-F]{0,2})(?![0-9A-Fa-f])", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return m[1].strip()


def _one_ip(r: Reader) -> str | None:
    found = [m for m in finditer(rf"(?<![\d.]){IP}(?![\d.])", r.text) if not m[0].startswith("255.")]
    if len(found) != 1:
        return None
    r.take(*found[0].span())
    return found[0][0]


def _v6(r: Reader) -> str | None:
    found = list(finditer(r"(?<![\w:])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{3,}(?![\w:])", r.text))
    if len(found) != 1:
        return None
    for q in r.numbers:
        if found[0].start() <= q.start < found[0].end():
            r.take(q.start, q.end)
    r.take(*found[0].span())
    return found[0][0]


def _network(r: Reader) -> str | None:
    m = search(rf"({CIDR})", r.text) or search(rf"(?<![\d.])((?!255\.){IP})", r.text)
    if not m:
        return None
    r.take(*m.span())
    return m[1].replace(" ", "")


HINTS: dict[str, dict[str, Hint]] = {
    "cn.send_quota": {
        "unacked": _unacked,
        "held": _HELD,
        "buffer": _BUFFER,
        "cwnd": _CWND,
        "rwnd": _RWND,
        "ack": integer(r"收到[^。]{0,40}?(?:确认(?:序列?)?号|ack(?:_seq)?)(?:字段)?(?:为|是|=|:)?\s?(\d+)"),
    },
    "cn.subnet_partition": {
        "known": text(rf"({CIDR})"),
        "parts": integer(rf"(?:划分|分割|分)(?:成|为)?\s?{N}\s?个"),
        "other": const(None, "$^"),
    },
    "cn.tcp_ack": {
        "lengths": _lengths,
        "seq": first(
            lambda r: (s := _seqs(r)) and s[0],
            integer(
                r"(?:首段|第\s?(?:\d|[一二三四五])\s?个?(?:报文)?段)的?(?:序列?号|seq)(?:为|是|=)?\s?(\d+)",
                r"(?:序列?号|seq)(?:字段)?(?:的值)?(?:为|是|=|:)?\s?(\d+)",
            ),
        ),
        "seq_of": _seq_of,
        "received": _received,
        "peer_ack": integer(r"收到[^。]{0,60}?(?:确认(?:序列?)?号|ack)(?:字段)?(?:为|是|=|:)?\s?(\d+)"),
    },
    "cn.address_member": {
        "mask": text(r"(255(?:\.\d+){3})"),
        "subnet": _network,
        "address": const(None, "$^"),
    },
    "cn.split_bounds": {
        "block": text(rf"({CIDR})"),
        "parts": integer(rf"(?:划分|分割|分)(?:成|为)?\s?{N}\s?个"),
    },
    "cn.slow_start_time": {
        "mss": first(_MSS, const("1KB", r"\d\s?个\s?MSS|cwnd从1个MSS")),
        "size": _file,
        "rtt": RTT,
        "initial": integer(
            rf"(?:cwnd|拥塞窗口)[^,。;\d]{{0,8}}(?:初始值?为|从|初值为)\s?{N}\s?(?:个)?(?:MSS|报文段)",
            rf"初始(?:的)?(?:cwnd|拥塞窗口)(?:的值)?(?:为|是|=)?\s?{N}\s?(?:个)?(?:MSS|报文段)",
        ),
        "ssthresh": _windows("门限|ssthresh|阈值"),
        "rwnd": _windows("接收窗口|rwnd"),
    },
    "cn.address_kind": {"address": _one_ip},
    "cn.multicast_mac": {"address": first(_one_ip, const("224.0.0.1", "映射[^。]{0,40}个数|多少个[^。]{0,12}组播"))},
    "cn.ipv6_address": {"text": _v6, "address": const(None, "$^")},
    "cn.header_fields": {
        "data": _hex,
        "protocol": pick(
            {"UDP": "UDP", "TCP": "TCP(?:首部|报文段|段)(?:的)?(?:首部)?", "IP": "IP(?:v4)?(?:分组|数据报|首部|数据包)"}
        ),
    },
    "cn.header_length": {
        "words": integer(
            r"(?:首部长度|数据偏移)(?:字段)?(?:的)?(?:最大)?(?:的)?(?:值|数值)?(?:为|是|=)\s?(\d{1,2})(?!\s?(?:B|字节|\d))"
        ),
        "total": num("总长度(?:字段)?(?:的)?(?:值|数值)?(?:为|是)?"),
        "protocol": pick({"TCP": "TCP|数据偏移", "IP": "IP"}),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "cn.send_quota": {
        "remaining_bytes": "(?:还|仍|继续|最多|能够?|可以?)[^,。]{0,14}发送|发送[^,。]{0,8}(?:最大|多少)",
        "range": "序号(?:的)?范围",
        "window_bytes": "发送窗口(?:为|是)",
    },
    "cn.tcp_ack": {
        "reply": "@(?:序列?号|seq)(?:字段)?(?:和|与|、)(?:确认(?:序列?)?号|ack)",
        "last_seq": "最后[^,。]{0,6}段的序列?号",
        "lengths": "长度",
        "ack": "确认(?:序列?)?号",
        "seqs": "各段的序列?号",
        "next_seq": "下一个?[^,。]{0,10}序列?号",
    },
    "cn.split_bounds": {"smallest_hosts": "最小(?:的)?子网", "largest_hosts": "最大(?:的)?子网"},
    "cn.slow_start_time": {
        "total_rtts": "@(?:建立(?:TCP)?连接|三次握手)[^。]{0,20}(?:几|多少|\\(\\s?\\))\\s?个?\\s?RTT",
        "total_ms": "@(?:发起|建立|请求建立)(?:TCP)?连接[^。]{0,60}(?:需要?|时间|为)[^。]{0,6}\\(\\s?\\)(?!\\s?个)",
        "rounds": "(?:几|多少)?个?\\s?RTT|传输轮次|轮",
        "transfer_ms": "时间|需要",
    },
    "cn.address_kind": {
        "class_mask": "类别?[^,。]{0,4}(?:和|与|、)[^,。]{0,4}掩码",
        "letter": "类",
        "mask": "掩码",
        "kind": "种类|什么地址",
        "network": "网络地址",
    },
    "cn.multicast_mac": {"sharing": "(?:个|数)(?:数)?(?:是|为|有)|多少个", "mac": "MAC|硬件(?:组播)?地址"},
    "cn.ipv6_address": {"full": "完整|还原|展开", "shortest": "压缩|简写|缩写"},
    "cn.header_fields": {
        "source_port": "源端口",
        "destination_port": "目的端口",
        "data_bytes": "数据(?:部分)?(?:的)?长度",
        "header_bytes": "首部(?:的)?长度",
        "total_bytes": "总长度",
        "source_ip": "源(?:IP)?地址",
        "destination_ip": "目的(?:IP)?地址",
        "ttl": "TTL|生存时间",
        "protocol_name": "协议",
        "seq": "序号",
        "ack": "确认号",
        "window": "窗口",
        "offset": "片偏移",
        "direction": "发送方|(?:由|是)(?:客户|服务器)",
    },
    "cn.header_length": {
        "data_bytes": "数据(?:部分)?(?:的)?长度",
        "option_bytes": "选项",
        "header_bytes": "首部(?:的)?(?:长度|最大)",
    },
}
SIGNS: dict[str, str] = {
    "cn.send_quota": "(?:还|仍|继续|最多|能够?)[^,。]{0,16}发送[^。]{0,16}(?:字节|数据|\\()|(?:已发送|发出)[^。]{0,10}未(?:被)?确认",
    "cn.tcp_ack": "(?:TCP|报文)?段[^。]{0,60}(?:序列?号|载荷|字节)[^。]{0,120}(?:确认(?:序列?)?号|数据长度|序号)",
    "cn.split_bounds": "最[小大](?:的)?子网",
    "cn.slow_start_time": "最后一个?段的确认|(?:传完|收到全部|收完|传送完|发送完|全部)(?:[^。]{0,40})(?:RTT|时间|需要)|(?:MSS|最大报文段)[^。]{0,120}(?:文件|网页)[^。]{0,60}RTT",
    "cn.address_kind": "(?:哪|几|[A-E])\\s?类(?:别|地址)?|默认(?:的)?子网掩码|分类编址|类别",
    "cn.multicast_mac": "(?:组播|多播)[^。]{0,30}(?:MAC|硬件|以太网)",
    "cn.ipv6_address": "IPv6[^。]{0,80}(?:压缩|简写|缩写|表示)",
    "cn.header_fields": "十六进制[^。]{0,80}(?:端口|地址|长度|TTL|协议|序号)|首部[^。]{0,20}(?:为|是)[^。]{0,8}(?:[0-9A-F]{2}\\s){4}",
    "cn.header_length": "(?:首部长度|数据偏移)字段",
}
