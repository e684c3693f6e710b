"""How questions about line codes, sampling, multiplexing, LAN devices and encodings word parameters and results."""

from __future__ import annotations

from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, flag, integer, num, pick, raw, text
from assistant408.tutor.hints.cn_physical import states
from assistant408.tutor.hints.cn_shared import RATE, SPEED, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_OSI = {"物理层": 1, "数据链路层": 2, "网络层": 3, "传输层": 4, "会话层": 5, "表示层": 6, "应用层": 7}


def _layers(r: Reader) -> int | None:
    """``除物理层和应用层外,其他各层``: what is left of seven layers or five."""
    m = search(r"除\s?([^。,;]*?层)(?:以|之)?外,?[^,。]{0,4}(?:其他|其余|其它)?各层", r.text)
    whole = 7 if search("OSI|七层", r.text) else 5 if search("TCP/IP|五层", r.text) else None
    if m and whole:
        return whole - sum(name in m[1] for name in _OSI)
    found: int | None = integer(rf"{N}\s?层(?:协议)?(?:都|均|各)")(r)
    return found


def _rates(r: Reader) -> list[str] | None:
    rates = [q for q in r.numbers if q.kind == "rate"]
    if len(rates) < 2 or not search(r"吞吐量|瓶颈", r.text):
        return None
    for q in rates:
        r.take(q.start, q.end)
    return [q.raw.replace(" ", "") for q in rates]


def _change(kind: str, words: str) -> Hint:
    """A quantity by which something grows or shrinks."""

    def read(r: Reader) -> str | None:
        m = search(
            rf"(?:{words})[^,。;\d]{{0,6}}?(?:减少|增加|增大|减小|缩短|延长|缩小|扩大|加长)(?:了)?\s?(?=\d)", r.text
        )
        q = m and next((q for q in r.numbers if q.start == m.end() and q.kind == kind), None)
        if not q:
            return None
        r.take(q.start, q.end)
        return q.raw.replace(" ", "")

    return read


def _switches(r: Reader) -> list[int] | None:
    """Ports in use: hosts of each switch, and the link to the router."""
    routed = search("路由器", r.text) is not None
    m = search(
        rf"{N}\s?(?:个|台)?(?:接口|端口)?(?:各|都|分别)(?:连接?|接)(?:了|有|着)?(?:一|1)(?:台|个)[^,。;]{{0,6}}交换机",
        r.text,
    )
    each = search(
        rf"(?:每(?:台|个)交换机|各)(?:上)?(?:再)?(?:各)?(?:都)?(?:连接?|接)(?:了|有|着)?\s?{N}\s?(?:台|个)(?:主机|计算机|PC|用户)",
        r.text,
    )
    if m and each:
        r.take(*m.span(1))
        r.take(*each.span(1))
        n, hosts = (int(quantities(x[1] + "个")[0].value) for x in (m, each))
        return [hosts + routed] * n
    one = search(rf"{N}\s?(?:口|端口)(?:的)?(?:以太网)?(?:二层)?交换机", r.text)
    if one and not search("只|仅|其中|分别接|集线器", r.text):
        r.take(*one.span(1))
        return [int(quantities(one[1] + "个")[0].value)]
    return None


def _hubs(r: Reader) -> int | None:
    """One hub on an interface; its hosts, the interfaces and the ports of a VLAN are read, but count for nothing."""
    for m in finditer(
        rf"集线器上?[^,。;\d]{{0,6}}{N}\s?(?:台|个)|{N}\s?(?:个|台)(?:接口)(?!各|都|分别)|每个\s?VLAN\s?[^,。\d]{{0,6}}{N}",
        r.text,
    ):
        r.take(*m.span())
    each = search(
        rf"{N}\s?个接口[^。]{{0,12}}(?:各|都|分别|每个接口)[^。]{{0,4}}连(?:接)?(?:了|有|着)?(?:一|1)(?:台|个)集线器",
        r.text,
    )
    if each:
        r.take(*each.span(1))
        return int(quantities(each[1] + "个")[0].value)
    return 1 if search(r"接口连(?:接)?(?:了|有|着)?(?:一|1)?(?:台|个)?集线器|(?:一|1)(?:台|个)集线器", r.text) else None


def _overhead(r: Reader) -> Any:
    """A share of the line that is lost; said once more (``占线路总速率的 4%``) it is the same."""
    found = num("(?:开销|控制)[^,。;\\d(]{0,10}", before=["的?(?:额外)?(?:开销|控制)"], unit="share")(r)
    for q in r.numbers:
        if q.kind == "percent" and found is not None and plain_number(q.value) == found:
            r.take(q.start, q.end)
    return found


_HIGHEST = raw(
    "freq",
    "最高(?:的)?频率(?:分量)?",
    "(?:信号|话音|语音|模拟信号)?(?:的)?(?:带宽|频率)",
    before=["的?(?:模拟信号|话音|语音)"],
)
_EXPECTED = integer(
    rf"期(?:待|望)(?:接收|收到)?(?:的)?(?:帧)?(?:是|为|序号为?)?\s?{N}\s?号?",
    rf"接收窗口(?:内)?(?:的)?(?:序号|帧)?(?:为|是)\s?{N}",
)

HINTS: dict[str, dict[str, Hint]] = {
    "cn.modulation": {
        "baud": text(r"(\d+(?:\.\d+)?\s?[kMG]?(?:Baud|波特))"),
        "symbol": raw("time", "每(?:隔)?", before=["发送一个码元"]),
        "levels": first(
            states,
            const(4, "QPSK"),
            const(2, "BPSK|2PSK"),
        ),
        "rate": RATE,
    },
    "cn.lan_bandwidth": {
        "device": pick({"HUB": "集线器|Hub|HUB", "SWITCH": "交换机"}, last=True),
        "full_duplex": flag("全双工"),
        "ports": integer(
            rf"{N}\s?个\s?\d+\s?[MG]b(?:/s|ps)的?端口",
            rf"{N}\s?(?:口|个端口)",
            rf"{N}\s?(?:台|个)(?:主机|站|用户|计算机|PC)",
        ),
        "rate": first(raw("rate", "端口", before=["的?(?:端口|以太网|集线器|交换机|全双工|半双工)"]), RATE),
    },
    "cn.transport_efficiency": {
        "data": num(
            "(?:应用层)?数据(?:长度?)?(?:为)?", "大小(?:为)?", before=["的?(?:应用层)?数据"], unit="bytes", kind=int
        ),
    },
    "cn.noise_levels": {"snr_db": num("信噪比", before=["的?(?:信噪比|条件)"], unit="db", kind=int)},
    "cn.symbol_rate": {
        "code": pick(
            {
                "DIFF_MANCHESTER": "差分曼彻斯特",
                "MANCHESTER": "(?<!差分)曼彻斯特",
                "4B5B": "4B\\s?/?\\s?5B",
                "8B10B": "8B\\s?/?\\s?10B",
                "64B66B": "64B\\s?/?\\s?66B",
                "NRZ": "(?<!反向)不归零|NRZ\\b",
            },
            take=True,
        ),
        "baud": text(r"(\d+(?:\.\d+)?\s?[kMG]?(?:Baud|波特))"),
        "rate": first(
            RATE, raw("rate", "(?:以太网|局域网|网络|链路|速率)", before=["的?(?:以太网|局域网|快速|千兆|数据)"])
        ),
    },
    "cn.pcm": {
        "levels": integer(
            rf"(?:量化(?:级数|级|等级)(?:数)?|级数)(?:分)?(?:为|是|有|成)?\s?{N}",
            rf"{N}\s?(?:个|级)(?:不同的?)?(?:量化|等级|电平)",
            rf"量化(?:为|成)\s?{N}\s?(?:级|个)",
        ),
        "bits": integer(
            rf"(?:每(?:个|次)?(?:样本|样值|采样|抽样)?)[^,。;\d]{{0,8}}{N}\s?(?:bit|位|比特)",
            rf"{N}\s?(?:bit|位|比特)(?:的)?(?:量化|编码|二进制)",
        ),
        "sampling": raw("freq", "(?:采样|抽样|取样)(?:频率|速率|率)"),
        "highest": _HIGHEST,
        "channels": first(integer(rf"{N}\s?(?:路|个?声道)"), const(2, "双声道|立体声|左右声道")),
    },
    "cn.multiplexing": {
        "channels": integer(rf"{N}\s?(?:路|个(?:用户|信道|信号源|站点?)|条(?:支路|信道))"),
        "overhead": _overhead,
        "busy": num("(?:平均)?(?:只有|有数据|活动|发送数据)[^,。;\\d]{0,10}", before=["的时间"], unit="share"),
        "guard": raw("freq", "(?:保护|隔离)(?:频带|带|间隔)[^,。;\\d]{0,6}", before=["的?(?:保护|隔离)"]),
        "rate": first(RATE, raw("rate", "(?:每路|各路)[^,。;\\d]{0,10}")),
        "bandwidth": raw("freq", "(?:带宽|每路|占用?)[^,。;\\d]{0,6}", before=["的?(?:话音|信号|带宽)"]),
    },
    "cn.aloha": {
        "protocol": pick({"SLOTTED": "时隙|分槽|分段", "PURE": "纯"}),
        "best": num("利用率[^,。;\\d]{0,8}", "吞吐(?:量|率)[^,。;\\d]{0,8}"),
        "rate": first(RATE, raw("rate", "共享[^,。;\\d]{0,6}", before=["的?(?:纯|时隙|信道|ALOHA)"])),
        "frame": raw("size", "(?:帧|分组)?长(?:度)?(?:为)?", before=["的?(?:帧|分组)"]),
        "interval": raw("time", "每(?:隔)?", "间隔"),
    },
    "cn.layer_overhead": {
        "data": num("(?:应用层)?数据(?:长度?)?(?:为)?", before=["的?(?:应用层)?数据"], unit="bytes"),
        "overhead": num("(?:附加|加上?|增加|引入)(?:了)?", before=["的?(?:额外)?(?:开销|首部)"], unit="bytes"),
        "layers": _layers,
    },
    "cn.bottleneck": {"rates": _rates, "size": raw("size", "(?:传送|文件|发送)[^,。;\\d]{0,6}", before=["的?文件"])},
    "cn.csma_change": {
        "rate": RATE,
        "speed": SPEED,
        "frame": _change("size", "(?:最[小短])?帧(?:长)?(?:度)?"),
        "distance": _change("length", "距离|网络跨距|电缆(?:长度)?"),
        "grows": flag(
            "(?:帧长?|距离|长度)[^,。;\\d]{0,6}(?:增加|增大|延长|扩大|加长)(?:了)?\\s?\\d",
            "(?:帧长?|距离|长度)[^,。;\\d]{0,6}(?:减少|减小|缩短|缩小)(?:了)?\\s?\\d",
        ),
    },
    "cn.switch_latency": {
        "mode": pick(
            {"FRAGMENT_FREE": "无碎片|碎片隔离", "CUT_THROUGH": "直通|目的(?:MAC)?地址", "STORE": "存储[-—]?转发"}
        ),
        "preamble": flag(
            "(?<!不)(?<!不包)(?:包?含|计入?|包括)[^,。]{0,4}前导码", "不(?:包?含|计|考虑|包括)[^,。]{0,4}前导码"
        ),
        "rate": first(RATE, raw("rate", "(?:对|在)(?:于)?", before=["的?(?:以太网|端口|交换机)"])),
        "frame": raw("size", "帧(?:长|的长度)(?:度)?(?:为)?", before=["的?(?:以太网)?帧"]),
    },
    "cn.lan_domains": {
        "switches": _switches,
        "hubs": _hubs,
        "vlans": integer(rf"{N}\s?个\s?(?:VLAN|虚拟局域网)"),
    },
    "cn.arq_window_state": {
        "protocol": pick({"GBN": "GBN|后退\\s?N|回退\\s?N", "SR": "\\bSR\\b|选择重传"}),
        "bits": integer(
            rf"{N}\s?(?:个)?(?:比特|位|bit)(?:来)?(?:对)?(?:帧|分组)?(?:进行)?(?:编号|的?序号|编码)",
            rf"(?:序号|编号)(?:字段)?(?:用|为|采用|占|有|长度?为?)?\s?{N}\s?(?:比特|位|bit)",
        ),
        "window": num("发送窗口(?:的)?(?:大小|尺寸|长度)?"),
        "expected": _EXPECTED,
        "shown": const(None, "$^"),
    },
    "cn.token_bucket": {
        "capacity": raw("size", "(?:桶)?(?:的)?容量", before=["的令牌桶"]),
        "token_rate": raw(
            "rate",
            "令牌(?:的)?(?:产生|到达|生成|填充|注入)?(?:的)?(?:速率|速度)?(?:为)?",
            "以",
            before=["的速率(?:产生|填充|注入|放入)"],
        ),
        "peak": raw(
            "rate",
            "(?:最大|峰值|全速)(?:的)?(?:发送|输出|传输)?(?:的)?(?:速率|速度)",
            "(?:主机|计算机|网络)[^,。;\\d]{0,12}",
        ),
    },
    "cn.mail_encoding": {
        "method": pick({"QP": "quoted-?\\s?printable|QP编码|可打印", "BASE64": "Base-?64"}, take=True),
        "size": lambda r: _encoded(r),
        "plain": integer(rf"{N}\s?(?:个|B|字节)(?:的)?(?:ASCII|英文)(?!码?字符\))"),
    },
}


def _encoded(r: Reader) -> int | None:
    """Bytes; Chinese characters by the bytes that each takes."""
    m = search(rf"{N}\s?个汉字[^。]{{0,12}}?{N}\s?(?:B|字节|个字节)", r.text)
    if m:
        r.take(*m.span())
        a, b = (int(quantities(x + "个")[0].value) for x in m.groups())
        return a * b
    found: int | None = num(
        "(?:长度?|大小)(?:为)?",
        "(?:一个|将|对)",
        before=["的?(?:二进制|数据|文件|非|图片|图像|附件)"],
        unit="bytes",
        kind=int,
    )(r)
    return found


ASKS: dict[str, dict[str, str]] = {
    "cn.modulation": {
        "symbol_bits": "每个?码元[^,。]{0,10}(?:比特|信息量|位)",
        "levels": "状态数|(?:几|多少)(?:种|个)[^,。]{0,4}(?:状态|电平|相位)",
        "baud": "波特率|码元(?:传输)?速率",
        "rate_bps": "数据(?:传输)?(?:速)?率|比特率|传输率",
    },
    "cn.lan_bandwidth": {"host_bps": "每(?:台|个)[^,。]{0,16}带宽", "total_bps": "总(?:的)?(?:容量|带宽|吞吐)"},
    "cn.transport_efficiency": {
        "efficiencies": "@UDP[^。]{0,20}(?:和|与|、)[^。]{0,8}TCP[^。]{0,60}分别",
        "udp_efficiency": "UDP[^,。]{0,20}效率",
        "tcp_efficiency": "TCP[^,。]{0,20}效率",
    },
    "cn.noise_levels": {"levels": "状态数|电平数|至少"},
    "cn.symbol_rate": {
        "efficiency": "编码效率",
        "baud": "码元(?:的)?(?:传输)?(?:速率|速度)|波特率|信号(?:传输)?速率|(?:是|为)[^,。]{0,6}(?:Baud|波特)",
        "rate_bps": "数据(?:传输)?(?:速)?率|比特率",
    },
    "cn.pcm": {
        "sampling_hz": "(?:采样|抽样|取样)(?:频率|速率)(?:至少|应|是|为)",
        "sample_bits": "每个?样本[^,。]{0,6}(?:位|比特)",
        "rate_bps": "(?:数据)?(?:传输)?(?:速率|数据率|传输率)",
    },
    "cn.multiplexing": {"bandwidth_hz": "带宽", "rate_bps": "速率|数据率|传输率|容量"},
    "cn.aloha": {"stations": "最大值|(?:几|多少)个?站|站(?:点)?数", "usable_bps": "可用"},
    "cn.layer_overhead": {"share": "比例|百分比", "efficiency": "效率"},
    "cn.bottleneck": {"throughput_bps": "吞吐量", "time_s": "时间"},
    "cn.csma_change": {"distance_change": "距离(?:至少|最多|应|需|可)", "frame_change": "帧长?(?:至少|最多|应|需|可)"},
    "cn.switch_latency": {"latency_us": "延迟|时延|时间"},
    "cn.lan_domains": {
        "both": "@冲突域(?:数)?(?:和|与|、)广播域",
        "collision": "冲突域",
        "broadcast": "广播域",
    },
    "cn.arq_window_state": {"count": "(?:几|多少)种", "windows": "发送窗口"},
    "cn.token_bucket": {"burst_s": "时间|多久|多长", "burst_bits": "数据量|(?:多少)(?:比特|数据)"},
    "cn.mail_encoding": {"encoded_bytes": "长度|字节数|大小|(?:多少|几)个?(?:字节|字符)", "padding": "等号|填充"},
}
SIGNS: dict[str, str] = {
    "cn.modulation": "^(?!(?s:.)*(?:带宽|Hz|曼彻斯特|信噪比))(?s:.)*(?:码元|波特|Baud)",
    "cn.lan_bandwidth": "(?:集线器|交换机)[^。]{0,120}(?:平均|每台|每个)[^。]{0,16}带宽|交换机[^。]{0,60}总容量",
    "cn.transport_efficiency": "UDP[^。]{0,40}TCP[^。]{0,60}效率",
    "cn.noise_levels": "无噪声[^。]{0,40}不(?:小|低)于[^。]{0,20}信噪比",
    "cn.symbol_rate": "(?:曼彻斯特|\\dB\\s?/\\s?\\d+B|NRZ)[^。]{0,60}(?:码元[^。]{0,6}速率|波特率|Baud|信号速率)|(?:波特率|Baud)[^。]{0,40}曼彻斯特",
    "cn.pcm": "PCM|脉冲编码|量化[^。]{0,30}(?:采样|抽样)|(?:采样|抽样)[^。]{0,40}量化",
    "cn.multiplexing": "[时频]分(?:多路)?复用|TDM|FDM",
    "cn.aloha": "ALOHA",
    "cn.layer_overhead": "各层[^。]{0,20}(?:附加|加上|额外|开销)|除[^。]{0,12}层(?:以|之)?外",
    "cn.bottleneck": "瓶颈|吞吐量",
    "cn.csma_change": "帧长?(?:度)?(?:减少|增加)[^。]{0,60}距离|距离(?:减少|增加|缩短)[^。]{0,60}帧",
    "cn.switch_latency": "直通(?:交换)?(?:方式)?[^。]{0,100}(?:延迟|时延)|存储[-—]?转发[^。]{0,12}交换[^。]{0,40}(?:延迟|时延)",
    "cn.lan_domains": "冲突域[^。]{0,20}广播域|(?:冲突域|广播域)[^。]{0,6}(?:个数|数|多少|几)",
    "cn.arq_window_state": "(?:期待|期望)[^。]{0,80}(?:发送)?窗口[^。]{0,12}(?:可能|序号)",
    "cn.token_bucket": "令牌桶",
    "cn.mail_encoding": "Base-?64|quoted-?\\s?printable",
}
