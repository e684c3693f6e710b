"""How questions about the physical and the link layer word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, assume, first, flag, integer, num, pick, raw, seq, some, text
from assistant408.tutor.hints.cn_shared import RATE, RTT, N
from assistant408.tutor.quantity import finditer, quantities, search
from assistant408.tutor.rows import literal

__all__ = ["ASKS", "HINTS", "SIGNS"]

FRAME = raw("size", "(?:数据)?(?:帧|分组)(?:的)?(?:长度?|大小)?(?:固定)?(?:均)?", before=["的?(?:数据)?(?:帧|分组)"])

DELAY = raw(
    "time",
    "(?:单向|端到端)?(?:的)?(?:单向)?传播(?:时延|时间|延[迟时])",
    "单程(?:传播)?(?:时延|延迟)?",
    "单向(?:时延|延迟)",
)

DISTANCE = raw(
    "length",
    "(?:距离|长度?|相距|链路长|电缆长|线路长)(?:为|是)?",
    before=["(?:长)?的?(?:链路|电缆|光纤|双绞线|信道|网段)"],
)

SPEED = raw("speed", "传播(?:速[度率])", "速[度率]", before=["的?(?:传播)?速"])

PROTOCOL = pick(
    {
        "GBN": "GBN|后退\\s?N|回退\\s?N|连续ARQ|Go-?[Bb]ack",
        "SR": "\\bSR\\b|选择重传|选择性?重传",
        "SW": "停止?[-—]?等待?|停等|stop",
    }
)


def _span(which: int) -> Hint:
    """Frames ``0~7`` or ``0 到 7``: the first or the last."""

    def read(r: Reader) -> int | None:
        m = search(r"(?:编号|序号)?(?:为|从)?\s?(\d+)\s?(?:~|-|到|至)\s?(\d+)\s?(?:号)?(?:的)?\s?(?:数据)?帧?", r.text)
        if not m:
            return None
        r.take(*m.span(which))
        return int(m[which])

    return read


def _numbers_before(*patterns: str) -> Hint:
    """``2、3 号帧的确认``: the numbers in front of a word."""

    def read(r: Reader) -> list[int] | None:
        for pattern in patterns:
            m = search(
                rf"((?:\d+(?:\s?号)?(?:帧)?\s?(?:[、,]|和|及)?\s?)+)(?:号|#)?(?:数据)?(?:帧)?(?:{pattern})", r.text
            )
            if m and not r.is_used(*m.span(1)):
                r.take(*m.span(1))
                return [int(x) for x in re.findall(r"\d+", m[1])]
        return None

    return read


def _stations(r: Reader) -> list[dict[str, str]] | None:
    names = re.search(r"((?:[A-D][、,和 ]{1,2})+[A-D])", r.text)
    chips = list(finditer(r"\(\s?([-+]?1(?:\s?,\s?[-+]?1)+)\s?\)", r.text))
    plain = list(
        finditer(
            r"(?<![A-Za-z])([A-D])\s?(?:站)?(?:的)?(?:码片(?:序列)?)?(?:为|是|:|=)\s?\(?([-+]?1(?:\s?,?\s?[-+]1|\s?,\s?1)+)",
            r.text,
        )
    )
    found: list[tuple[str, str]] = [(m[1], m[2]) for m in plain]
    spans = [m.span() for m in plain]
    if len(found) < 2 and names and len(chips) >= 2:
        letters = re.findall("[A-D]", names[1])
        found = list(zip(letters, [m[1] for m in chips], strict=False))
        spans = [m.span() for m in chips[: len(letters)]]
    if len(found) < 1:
        return None
    for span in spans:
        r.take(*span)
    bits = {
        m[1]: m[2] for m in finditer(r"([A-D])\s?(?:站)?发送(?:的)?(?:比特|数据)?(?:为|是)?\s?([01]+)(?![,\d])", r.text)
    }
    return [
        {
            "name": n,
            "chips": "".join("-" if c.startswith("-") else "+" for c in re.findall(r"[-+]?1", v)),
            "bits": bits.get(n, ""),
        }
        for n, v in found
    ]


def _ports(r: Reader) -> list[dict[str, Any]] | None:
    rows: dict[str, int] = {}
    for m in finditer(
        r"(?<![A-Za-z])(?:主机\s?)?([A-H]\d?)\s?(?:连?接?(?:在|到|于|着)?|位于|在)(?:交换机)?(?:的)?(?:端口|接口)\s?(\d)",
        r.text,
    ):
        r.take(*m.span())
        rows.setdefault(m[1], int(m[2]))
    if len(rows) < 2:
        several = search(
            r"((?:[A-H][、,和 ]{1,2})+[A-H])\s?(?:分别|依次)?(?:连?接)(?:在|到)?(?:交换机)?(?:的)?(?:端口)\s?(\d(?:\s?[、,~和]\s?\d)+)",
            r.text,
        )
        if several:
            r.take(*several.span())
            digits = [int(x) for x in re.findall(r"\d", several[2])]
            letters = re.findall("[A-H]", several[1])
            if "~" in several[2]:
                digits = list(range(digits[0], digits[-1] + 1))
            rows = dict(zip(letters, digits, strict=False))
    for m in finditer(
        r"端口\s?((?:\d[、,和]\s?)+\d)\s?(?:分别|依次)(?:连?接)(?:主机)?\s?((?:[A-H][、,和]\s?)+[A-H])", r.text
    ):
        r.take(*m.span())
        rows |= dict(zip(re.findall("[A-H]", m[2]), map(int, re.findall(r"\d", m[1])), strict=False))
    return [{"name": k, "port": v} for k, v in rows.items()] or None


def _frames(r: Reader) -> list[dict[str, str]] | None:
    rows = []
    for m in finditer(r"(?<![A-Za-z])([A-H])\s?(?:->|→|向|给)\s?([A-H])(?![A-Za-z])", r.text):
        r.take(*m.span())
        rows.append({"source": m[1], "destination": m[2]})
    return rows or None


def _levels(r: Reader) -> int | None:
    """States of a symbol: levels, or phases times amplitudes, or QAM-16."""
    m = search(
        rf"{N}\s?(?:种|个)?(?:不同)?(?:的)?相位[^。]{{0,16}}?(?:每个?相位)?[^。\d]{{0,8}}{N}\s?(?:种|个)(?:不同)?(?:的)?(?:振幅|幅度)",
        r.text,
    )
    if m:
        r.take(*m.span())
        a, b = (int(quantities(x + "个")[0].value) for x in (m[1], m[2]))
        return a * b
    found: int | None = integer(
        rf"{N}\s?(?:个|种)?(?:不同)?(?:的)?(?:离散)?(?:电平|状态|相位|码元状态|信号状态|幅度)",
        r"QAM-?(\d+)|(\d+)-?QAM",
        rf"{N}\s?(?:相|进制)(?:调制|调相|码元)?",
        r"(?:状态数|电平数|V)(?:为|=)\s?(\d+)",
    )(r)
    return found


def _links_count(r: Reader) -> int | None:
    n = integer(rf"{N}\s?(?:段|条)(?:相同的)?链路", rf"链路(?:段数)?(?:为|共)?\s?{N}\s?段", rf"{N}\s?跳")(r)
    if n is not None:
        return int(n)
    hops = integer(
        rf"(?:经过?|通过|途经)\s?{N}\s?(?:个|台)[^,。;]{{0,20}}?(?:路由器|交换机|结点|节点|中间)",
        rf"{N}\s?(?:个|台)(?:路由器|交换机|中间结点|分组交换)",
    )(r)
    return None if hops is None else int(hops) + 1


def _stuffing(r: Reader) -> str | None:
    if search(r"7E|7D|字节填充|PPP[^。]{0,20}字节|ESC|转义", r.text) and not search(
        r"[01]{7,}[^。]{0,30}零比特|零比特[^。]{0,60}[01]{7,}", r.text
    ):
        found = list(finditer(r"((?:[0-9A-F]{2}[\s,]){2,}[0-9A-F]{2})(?![0-9A-F])", r.text))
        if found:
            r.take(*found[-1].span(1))
            return found[-1][1].replace(",", " ")
    bits: str | None = literal(
        "[01]{6,}", "(?:传送|发送|数据|比特)(?:的)?(?:比特)?(?:串|流)?(?:数据)?(?:为|是)?", "收到"
    )(r)
    return bits


def _codewords(r: Reader) -> list[str] | None:
    out = []
    for m in finditer(r"(?<![01])[01]{3,64}(?![01])", r.text):
        if "收到" in r.text[max(0, m.start() - 10) : m.start()]:
            continue
        r.take(*m.span())
        out.append(m[0])
    return out if len(out) >= 2 else None


HINTS: dict[str, dict[str, Hint]] = {
    "cn.arq_resend": {
        "protocol": PROTOCOL,
        "first": _span(1),
        "last": _span(2),
        "timed_out": _numbers_before("(?:依次)?(?:的)?(?:计时器)?超时"),
        "acks": first(_numbers_before("的?确认", "(?:帧)?(?:的)?ACK"), some("确认(?:帧)?(?:号)?(?:为|是)?|ACK")),
    },
    "cn.arq_timeline": {
        "protocol": PROTOCOL,
        "frames": first(
            lambda r: (
                None if (m := search(r"(?:编号|序号)(?:为|从)?0(?:~|-|到|至)(\d+)", r.text)) is None else int(m[1]) + 1
            ),
            num("共(?:发送)?|发送", before=["个(?:数据)?帧"]),
        ),
        "window": num("(?:发送)?窗口(?:大小|尺寸)?"),
        "frame_time": num("(?:一|每)个?帧的?(?:发送|传输)(?:时间|时延)?"),
        "delay": num("(?:单向)?传播(?:时延|延迟|时间)"),
        "timeout": num("超时(?:时间|计时器)?(?:设置|设定)?", "经过", before=["个?单位时间(?:未|没)"]),
        "lost_acks": _numbers_before("帧?的?(?:第一个|首个)?(?:确认|ACK)(?:帧)?[^,。;]{0,6}(?:丢|出错)"),
        "lost": _numbers_before(
            "(?:第一次(?:发送|传[送输])时?|首次发送|在?传输(?:过程)?中|途中)?(?:时)?(?:丢失|丢了|出错)"
        ),
    },
    "cn.binary_backoff": {
        "collisions": first(
            integer(
                rf"第\s?{N}\s?次(?:连续)?(?:发生)?(?:冲突|碰撞)",
                rf"{N}\s?次(?:连续)?(?:的)?(?:冲突|碰撞)",
                rf"(?:冲突|碰撞)(?:了)?\s?{N}\s?次",
            )
        ),
        "slot": raw("time", "争用期|时隙|冲突窗口|2τ"),
    },
    "cn.encapsulation": {
        "data_bytes": num(
            "(?:应用(?:层)?)?数据(?:块)?(?:长度?|有)?",
            before=["的?(?:应用(?:层)?)?(?:的)?数据"],
            unit="bytes",
        ),
        "transport": pick({"UDP": "UDP", "TCP": "TCP"}),
        "mtu": num("MTU", unit="bytes"),
        "preamble": flag("(?<!不)计(?:入)?前导码|包括前导码", "不计前导码"),
    },
    "cn.bit_stuffing": {
        "method": pick(
            {
                "PPP_BYTE": "PPP[^。]{0,20}(?:异步|字节)|7D5E|7D 5E|字节填充",
                "ESC": "转义字符|字符填充|ESC",
                "BIT": "零比特|比特填充|HDLC|01111110",
            }
        ),
        "remove": flag("(?:收到|接收)[^。]{0,40}(?:原|还原|去)"),
        "data": lambda r: _stuffing(r),
    },
    "cn.cdma": {
        "stations": _stations,
        "received": seq("(?:收到|接收)[^。;\\d]{0,16}|序列是|信号", least=4, gap=20),
        "station": text(r"(?:收到|求|则)\s?([A-D])\s?(?:站)?发送", r"([A-D])\s?(?:站)?(?:发送的|发的)(?:数据|比特)"),
    },
    "cn.channel_capacity": {
        "efficiency": num("(?:约为|达到|为)?理论[^,。]{0,8}(?:的)?", before=["的?(?:理论|极限|最大)"], unit="share"),
        "bandwidth": raw("freq", "(?:频率)?(?:带宽|频带)", before=["的?(?:信道|带宽|电话)"]),
        "levels": _levels,
        "snr_db": num("信噪比|S/N", before=["的?信噪比"], unit="db"),
        "snr": integer(r"(?:S/N|信噪(?:功率)?比)\s?(?:=|为|是)\s?(\d+)(?!\s?d|\d|\.)"),
        "rate": raw("rate", "(?:数据)?(?:传输|传送|发送)?(?:速率|数据率|传输率)(?:要?达到)?|达到"),
        "find": first(
            pick(
                {
                    "baud": "(?:波特率|码元(?:传输)?速率)(?:是|为|多少|至少|\\()",
                    "bandwidth": "带宽(?:至少|应|为多少|是多少|是\\(|需)|(?:所需|需要)的?(?:最小)?带宽",
                    "levels": "(?:多少|几)(?:种|个)(?:不同)?的?(?:电平|状态|信号|相位)|(?:状态数|电平数)(?:至少|是|为)|至少[^,。]{0,8}(?:多少|几)(?:种|个)",
                    "snr": "信噪比(?:至少|应|为多少|是多少|是\\(|需)",
                }
            ),
        ),
    },
    "cn.csma_cd": {
        "frame": raw("size", "(?:最短|最小)(?:数据)?(?:帧)(?:长度?|长为?)?|帧长"),
        "delay": DELAY,
        "distance": DISTANCE,
        "speed": SPEED,
        "rate": RATE,
        "extra": raw("time", "(?:Hub|集线器|中继器)[^,。;\\d]{0,16}?(?:延[时迟]|时延|引入)"),
    },
    "cn.delay": {
        "distance": DISTANCE,
        "speed": SPEED,
        "rate": RATE,
        "propagation": DELAY,
        "processing": raw("time", "处理(?:时延|延迟|时间)"),
        "queuing": raw("time", "排队(?:时延|延迟|时间)"),
        "utilization": num("利用率", unit="share"),
        "size": first(
            raw(
                "size",
                "(?:数据|分组|报文|帧|文件|数据块|包)(?:的)?(?:长度?|大小)?(?:共)?",
                "(?:长度?|大小)(?:为)?",
                "发送",
                before=["的?(?:数据|分组|报文|帧|文件|包)"],
            ),
            assume("1000B", "时延带宽积|比特(?:数|长度)|多少个?比特|链路上"),
        ),
    },
    "cn.hamming_distance": {
        "codewords": lambda r: _codewords(r),
        "received": literal("[01]{4,}", "收到(?:的)?(?:码字)?", longest=False),
        "detect": integer(rf"检(?:出|测)[^,。;\d]{{0,6}}?{N}\s?(?:位|个|比特)"),
        "correct": integer(rf"纠正?[^,。;\d]{{0,6}}?{N}\s?(?:位|个|比特)"),
    },
    "cn.line_code": {
        "code": pick(
            {
                "DIFF_MANCHESTER": "差分曼彻斯特",
                "MANCHESTER": "(?<!差分)曼彻斯特|10BASE-?T|10Base-?T",
                "NRZI": "NRZI|反向不归零|非归零反转",
                "NRZ": "\\bNRZ\\b|(?<!反向)不归零|非归零",
                "RZ": "\\bRZ\\b|(?<!不)(?<!非)归零",
            }
        ),
        "data": literal("[01]{4,}", "比特(?:串|流|序列)?|数据", "电平(?:序列)?"),
        "decode": flag("译码|解码|(?:收到|波形为|电平序列为)[^。]{0,60}(?:对应|表示|传送|求|则)[^。]{0,8}比特"),
        "initial": pick(
            {"low": "(?:起始|初始|发送前|之前)[^,。]{0,8}低", "high": "(?:起始|初始|发送前|之前)[^,。]{0,8}高"}
        ),
    },
    "cn.sliding_window": {
        "target": num("(?:信道|线路|链路)?利用率(?:至少|要|不?低?于|达到|不小于)*", before=["以上"], unit="share"),
        "protocol": PROTOCOL,
        "bits": first(
            integer(
                rf"{N}\s?(?:个)?(?:比特|位|bit)(?:来)?(?:对)?(?:帧|分组)?(?:进行)?(?:编号|的?序号|编码|表示)",
                rf"(?:序号|编号)(?:字段)?(?:用|为|采用|占|有|长度?为?)?\s?{N}\s?(?:比特|位|bit)",
            )
        ),
        "ack": raw("size", "确认(?:帧|分组)?(?:的)?(?:长度?|大小)?"),
        "frame": FRAME,
        "rtt": RTT,
        "delay": DELAY,
        "window": num("(?:发送)?窗口(?:的)?(?:大小|尺寸|长度)?"),
        "piggyback": flag("捎带|(?:与|和)数据帧(?:的)?(?:长度|大小)?(?:相同|一样|等长)|等长"),
        "rate": first(
            RATE,
            raw("rate", "以|信道|链路", before=["的?(?:信道|链路|速率)"]),
            assume("1Mb/s", "接收窗口|发送窗口(?:的)?(?:最大|大小|尺寸|至多|最多)|最大(?:的)?发送窗口"),
        ),
    },
    "cn.switch_learning": {"hosts": _ports, "frames": _frames},
    "cn.switching": {
        "header": raw("size", "(?:分组)?(?:首部|分组头|头部?|报头)(?:大小|长度?)?", before=["的?(?:分组)?(?:首部|头)"]),
        "packet": raw("size", "(?:分组|包)(?:的)?(?:大小|长度?|长)?", before=["的?分组(?!头|首)"]),
        "message": raw(
            "size",
            "(?:报文|文件|数据)(?:的)?(?:大小|长度?|长)?",
            "(?:发送|传送)(?:一个)?(?:大小为?)?",
            before=["的?(?:文件|报文|数据)"],
        ),
        "rate": first(RATE, raw("rate", "(?:速率|链路|带宽)")),
        "links": _links_count,
        "propagation": DELAY,
        "processing": raw("time", "处理(?:时延|延迟|时间)"),
        "setup": raw("time", "(?:电路|连接)(?:的)?建立(?:时间)?|建立(?:电路|连接)"),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "cn.encapsulation": {
        "efficiency": "效率|百分(?:比|之)",
        "padding_bytes": "填充",
        "frames": "(?:几|多少)个?[^,。]{0,5}帧",
        "frame_bytes": "帧长|帧的长度",
    },
    "cn.arq_resend": {
        "resent": "哪(?:些|几)帧|(?:重传|重发)(?:的)?帧(?:是|为)",
        "count": "(?:帧)?数|几帧|多少(?:个)?帧",
    },
    "cn.arq_timeline": {"finish": "时刻|时间", "retransmitted": "重传(?:了)?哪", "transmissions": "(?:共|总)"},
    "cn.binary_backoff": {
        "max_wait_us": "最长(?:的)?(?:退避|等待)?(?:时间)?|最大(?:的)?退避",
        "mean_wait_us": "平均",
        "collide_again": "再次冲突",
        "probability": "概率",
        "choices": "(?:几|多少)(?:种|个)",
    },
    "cn.bit_stuffing": {
        "original": "原(?:来的)?(?:始)?(?:数据|比特)|还原",
        "inserted": "插入(?:了)?(?:几|多少)|(?:几|多少)个0",
        "stuffed": "填充后|结果|实际(?:传送|发送)",
    },
    "cn.cdma": {"signal": "叠加", "decoded": "(?:收到|发送的?)(?:的)?(?:数据|比特)|数据(?:是|为)"},
    "cn.channel_capacity": {
        "bandwidth_hz": "带宽(?:至少|应|为多少|是多少|是\\()",
        "baud": "波特率|码元速率",
        "levels": "(?:状态数|电平数)|(?:多少|几)(?:种|个)",
        "snr_db": "信噪比(?:至少|应|为多少|是多少|是\\()",
        "max_rate_bps": "(?:速率|数据率|传输率)",
    },
    "cn.csma_cd": {
        "detect_earliest_us": "最短(?:需|要|经过)",
        "detect_latest_us": "最长(?:需|要|经过)",
        "max_distance_m": "(?:最[远大](?:的)?)?距离(?:最远|最大|至多|不能超过|是|为\\()|最远",
        "min_frame_bits": "(?:最短|最小)(?:数据)?帧(?:长)?|帧长",
        "contention_us": "争用期",
    },
    "cn.delay": {
        "bandwidth_delay_bits": "时延带宽积",
        "bits_on_link": "链路上[^。]{0,10}比特",
        "loaded_ms": "当前时延|实际时延",
        "transmission_ms": "(?:发送|传输)时延",
        "propagation_ms": "传播时延",
        "total_ms": "总时延|(?:总|共)?(?:需|所需)|时间",
    },
    "cn.hamming_distance": {
        "detects": "检(?:出|测|错)",
        "corrects": "纠",
        "nearest": "最近|译为|应是",
        "distance": "码距|海明距离|汉明距离|距离",
    },
    "cn.line_code": {"transitions": "跳变", "bits": "比特(?:串|流|序列)(?:是|为)", "levels": "电平|波形|编码"},
    "cn.sliding_window": {
        "min_frame_bits": "帧长(?:至少|最短|最小|应)|(?:最短|最小)帧",
        "seq_bits": "(?:比特|位)数|(?:几|多少)(?:个)?(?:比特|位)|至少(?:为|需)[^,。]{0,4}(?:比特|位)",
        "receive_window": "接收窗口",
        "max_window": "发送窗口(?:的)?(?:最大|至多|最多|不)|最大(?:的)?发送窗口|窗口(?:的)?(?:最大|尺寸的?最大)",
        "full_window": "发送窗口[^,。]{0,6}(?:至少|最小)",
        "max_rate_bps": "(?:数据)?(?:传输)?(?:速率|数据率)",
        "utilization": "利用率",
    },
    "cn.switch_learning": {
        "entries": "表项(?:的)?(?:数|个数)|(?:几|多少)(?:个|条)?(?:表)?项",
        "floods": "洪泛|广播",
        "out_ports": "(?:哪些|哪个)?端口",
        "table": "转发表",
    },
    "cn.switching": {
        "sent_bytes": "数据量|(?:多少|几)(?:个)?字节",
        "packets": "(?:几|多少)(?:个)?分组|分组(?:的)?个数",
        "circuit_ms": "电路交换(?!和|与|、)",
        "message_ms": "报文交换",
        "packet_ms": "分组交换|时间|需要",
    },
}
SIGNS: dict[str, str] = {
    "cn.encapsulation": "封装|填充[^。]{0,6}字节|(?:TCP|UDP)[^。]{0,30}以太网[^。]{0,60}效率|传输效率",
    "cn.arq_resend": "(?:需要?)?重(?:发|传)的帧|重(?:发|传)(?:的)?(?:哪|几|多少)",
    "cn.arq_timeline": "(?:丢失|丢了)[^。]{0,80}(?:共|总)[^。]{0,8}(?:发送|帧)",
    "cn.binary_backoff": "退避",
    "cn.bit_stuffing": "(?:零比特|比特|字节|字符)填充",
    "cn.cdma": "CDMA|码片|码分",
    "cn.channel_capacity": "奈(?:奎斯特|氏)|香农|信噪比|极限(?:数据)?(?:传输)?速?率|码元|QAM|无噪声",
    "cn.csma_cd": "CSMA/?CD",
    "cn.delay": "^(?!.*(?:后退|选择重传|停等|停止-?等待|滑动窗口|GBN|利用率|分组交换|存储转发|路由器))(?s:.*)(?:(?:发送|传播|总)时延|时延带宽积|链路上[^。]{0,8}比特)",
    "cn.hamming_distance": "码距|[海汉]明距离|码字[^。]{0,60}(?:检|纠)",
    "cn.line_code": "曼彻斯特|NRZ|不归零|非归零",
    "cn.sliding_window": "(?:停等|停止-?等待|GBN|后退\\s?N|选择重传|滑动窗口|SR协议|连续ARQ)[^。]{0,160}(?:利用率|窗口|比特|速率)",
    "cn.switch_learning": "交换机[^。]{0,80}(?:端口|转发表)|自学习",
    "cn.switching": "(?:路由器|交换机|结点)[^。]{0,60}(?:文件|报文)[^。]{0,80}分组|(?:分组|报文|电路)交换|存储转发",
}
