"""How questions about signals, codes, delays and switching word the parameters and results of their solvers."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Hint, Reader, assume, first, flag, integer, num, pick, raw, seq, text
from assistant408.tutor.hints.cn_shared import DELAY, DISTANCE, RATE, SPEED, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search
from assistant408.tutor.rows import literal

__all__ = ["ASKS", "HINTS", "SIGNS", "states"]


def _stations(r: Reader) -> list[dict[str, str]] | None:
    names = re.search(r"((?:[A-DS-Z][、,和 ]{1,2})+[A-DS-Z])", r.text)
    chips = list(finditer(r"\(\s?([-+]?1(?:\s?,\s?[-+]?1)+)\s?\)", r.text))
    plain = list(
        finditer(
            r"(?<![A-Za-z])([A-DS-Z])\s?(?:站)?(?:的)?(?:码片(?:序列)?)?(?:为|是|:|=)?\s?\(?([-+]?1(?:\s?,?\s?[-+]1|\s?,\s?1)+)",
            r.text,
        )
    )
    found: list[tuple[str, str]] = [(m[1], m[2]) for m in plain]
    spans = [m.span() for m in plain]
    if len(found) < 2 and names and len(chips) >= 2:
        letters = re.findall("[A-DS-Z]", names[1])
        found = list(zip(letters, [m[1] for m in chips], strict=False))
        spans = [m.span() for m in chips[: len(letters)]]
    if len(found) < 1:
        return None
    for span in spans:
        r.take(*span)
    bits = {
        m[1]: m[2]
        for m in finditer(
            r"([A-DS-Z])\s?(?:站)?(?:要|想)?发送(?:的)?(?:比特|数据)?(?:为|是|=|:)?\s?([01]+)(?!\d|,\s?[-+\d])", r.text
        )
    }
    return [
        {
            "name": n,
            "chips": "".join("-" if c.startswith("-") else "+" for c in re.findall(r"[-+]?1", v)),
            "bits": bits.get(n, ""),
        }
        for n, v in found
    ]


def states(r: Reader) -> int | None:
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
        rf"{N}\s?(?:个|种)?(?:不同)?(?:的)?(?:离散)?(?:电平|状态|相位|码元状态|信号状态|幅度|值|取值)",
        r"QAM-?(\d+)|(\d+)-?QAM",
        rf"{N}\s?(?:相|进制)(?:调制|调相|码元)?",
        r"(?:状态数|电平数|V)(?:为|=)\s?(\d+)",
    )(r)
    return found


def _halves(r: Reader) -> str | None:
    """``高低、低高、高低``: two levels a bit."""
    m = search(r"(?:[高低]{2}[、,\s]?){3,}[高低]{2}", r.text)
    if not m:
        return None
    r.take(*m.span())
    for x in finditer(r"(?:表示|代表)(?:比特|数据)?\s?([01])|(\d)\s?个(?:码元|比特|位)", r.text):
        r.take(*x.span())
    return "".join("1" if c == "高" else "0" for c in m[0] if c in "高低")


_TRANSPORT = pick({"UDP": "UDP", "TCP": "TCP"})


def _transport(r: Reader) -> str | None:
    """The protocol; the usual lengths of headers, if stated, are read with it."""
    for m in finditer(
        r"(?:TCP|IP)?首部(?:均|都|各)?(?:为|长)?\s?(20)\s?(?:B|字节)|UDP首部(?:为|长)?\s?(8)\s?(?:B|字节)|共\s?(18)\s?(?:B|字节)",
        r.text,
    ):
        r.take(*m.span())
    found: str | None = _TRANSPORT(r)
    return found


def _packets_times(r: Reader) -> str | None:
    """``连续发送 5 个长度为 1000 B 的分组``: all of them together."""
    m = search(
        rf"{N}\s?个(?:长度?(?:均|都)?为|大小(?:均|都)?为)?\s?(\d+)\s?(B|字节|b|bit|比特|KB|kb|Kb)(?:长)?的(?:数据)?(?:分组|包)",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span(1))
    return f"{int(quantities(m[1] + '个')[0].value) * int(m[2])}{m[3]}"


def _share(r: Reader) -> str | None:
    """``把一个 100 kb 的报文分成 10 个分组``."""
    m = search(
        rf"(\d+(?:\.\d+)?)\s?(KB|kb|Kb|MB|Mb|B|b|bit|字节)的?(?:报文|文件|数据)[^。]{{0,6}}?(?:等)?分(?:成|为)(?:等长的)?\s?{N}\s?个(?:等长的?)?(?:分组|包)",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span(3))
    whole = quantities(m[1] + m[2])[0].base
    return f"{plain_number(whole / quantities(m[3] + '个')[0].value)}bit"


def _by_distance(r: Reader) -> str | None:
    """The delay of a link by its length and the speed of the signal."""
    distance, speed = DISTANCE(r), SPEED(r)
    if not distance or not speed:
        return None
    return f"{plain_number(quantities(distance)[0].base / quantities(speed)[0].base * 10**6)}us"


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


def _received(r: Reader) -> list[int] | None:
    """Several bit times of a signal, each in brackets, one after the other."""
    m = search(
        r"(?:收到|接收)[^。;\d(]{0,24}((?:\([-+\d,\s]+\)[、,;\s]*){2,}|\([-+]?\d(?:[,\s]+[-+]?\d){3,}\))", r.text
    )
    if not m:
        return None
    r.take(*m.span(1))
    return [int(x) for x in re.findall(r"[-+]?\d+", m[1])]


HINTS: dict[str, dict[str, Hint]] = {
    "cn.encapsulation": {
        "data_bytes": num(
            "(?:应用(?:层)?)?数据(?:块)?(?:长度?|有)?",
            before=["的?(?:应用(?:层)?)?(?:的)?数据"],
            unit="bytes",
        ),
        "transport": _transport,
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
        "remove": flag("(?:收到|接收)[^。]{0,60}(?:原|还原|去|真正|删除)"),
        "data": lambda r: _stuffing(r),
    },
    "cn.cdma": {
        "stations": _stations,
        "received": first(_received, seq("(?:收到|接收)[^。;\\d]{0,16}|序列是|信号", least=4, gap=20)),
        "station": text(r"(?:收到|求|则)\s?([A-D])\s?(?:站)?发送", r"([A-D])\s?(?:站)?(?:发送的|发的)(?:数据|比特)"),
    },
    "cn.channel_capacity": {
        "efficiency": num("(?:约为|达到|为)?理论[^,。]{0,8}(?:的)?", before=["的?(?:理论|极限|最大)"], unit="share"),
        "bandwidth": raw("freq", "(?:频率)?(?:带宽|频带)", before=["的?(?:信道|带宽|电话)"]),
        "levels": states,
        "snr_db": num("信噪比|S/N", before=["的?信噪比"], unit="db"),
        "snr": integer(
            r"(?:S/N|信噪(?:功率)?比|(?:信号|噪声)(?:的)?(?:平均)?(?:功率)?之比|功率(?:之)?比)\s?(?:=|为|是)\s?(\d+)(?!\s?d|\d|\.)"
        ),
        "rate": raw("rate", "(?:数据)?(?:传输|传送|发送)?(?:速率|数据率|传输率)(?:要?达到)?|达到"),
        "find": first(
            pick(
                {
                    "baud": "(?:波特率|码元(?:传输)?速率)(?:是|为|多少|至少|\\()",
                    "bandwidth": "带宽(?:至少|应|为多少|是多少|是\\(|需)|(?:所需|需要)的?(?:最小)?带宽",
                    "levels": "(?:多少|几)(?:种|个)(?:不同)?的?(?:电平|状态|信号|相位)|(?:状态数|电平数)(?:至少|是|为)|至少[^,。]{0,8}(?:多少|几)(?:种|个)",
                    "snr": "信噪比(?:至少|应|约|为多少|是多少|[是为]\\(|需)",
                }
            ),
        ),
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
        "data": first(_halves, literal("[01]{4,}", "比特(?:串|流|序列)?|数据", "电平(?:序列)?")),
        "decode": flag(
            "(?:[高低]{2}[、,，\\s]?){4,}|译码|解码|(?:收到|波形为|电平序列为)[^。]{0,60}(?:对应|表示|传送|求|则)[^。]{0,8}比特"
        ),
        "manchester_one": pick(
            {
                "high_low": "前(?:半个?码元|半[位周期]*)?(?:为|是)?高(?:电平)?[、,]?后(?:半个?码元|半[位周期]*)?(?:为|是)?低(?:电平)?(?:表示|代表|为)[^0。]{0,6}1",
                "low_high": "前(?:半个?码元|半[位周期]*)?(?:为|是)?低(?:电平)?[、,]?后(?:半个?码元|半[位周期]*)?(?:为|是)?高(?:电平)?(?:表示|代表|为)[^0。]{0,6}1",
            }
        ),
        "initial": pick(
            {"low": "(?:起始|初始|发送前|之前)[^,。]{0,8}低", "high": "(?:起始|初始|发送前|之前)[^,。]{0,8}高"}
        ),
    },
    "cn.switching": {
        "header": raw("size", "(?:分组)?(?:首部|分组头|头部?|报头)(?:大小|长度?)?", before=["的?(?:分组)?(?:首部|头)"]),
        "packet": first(
            _share,
            raw("size", "(?:分组|包)(?:的)?(?:总)?(?:大小|长度?|长)?", before=["(?:长)?的?(?:数据)?分组(?!头|首)"]),
        ),
        "message": first(
            _packets_times,
            raw(
                "size",
                "(?:报文|文件|数据)(?:的)?(?:大小|长度?|长)?",
                "(?:发送|传送)(?:一个)?(?:大小为?)?",
                before=["的?(?:文件|报文|数据)"],
            ),
        ),
        "rate": first(RATE, raw("rate", "(?:速率|链路|带宽)")),
        "links": _links_count,
        "propagation": first(DELAY, _by_distance),
        "processing": raw("time", "处理(?:时延|延迟|时间)"),
        "setup": raw("time", "(?:电路|连接)(?:的)?建立(?:时间)?|建立(?:电路|连接)"),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "cn.encapsulation": {
        "efficiency": "效率|百分(?:比|之)",
        "padding_bytes": "填充",
        "frames": "(?:几|多少)个?[^,。]{0,5}帧",
        "frame_bytes": "帧(?:的)?(?:总)?长",
    },
    "cn.bit_stuffing": {
        "original": "删除(?:填充)?|真正的?数据|原(?:来的)?(?:始)?(?:数据|比特)|还原",
        "inserted": "插入(?:了)?(?:几|多少)|(?:几|多少)个0",
        "stuffed": "填充后|结果|实际(?:传送|发送)",
    },
    "cn.cdma": {"signal": "叠加", "decoded": "(?:收到|发送的?)(?:的)?(?:数据|比特)|数据(?:是|为)"},
    "cn.channel_capacity": {
        "bandwidth_hz": "带宽(?:至少|应|为多少|是多少|是\\()",
        "baud": "波特率|码元速率",
        "levels": "(?:状态数|电平数)|(?:多少|几)(?:种|个)",
        "snr_db": "信噪比(?:至少|应|约|为多少|是多少|[是为]\\()",
        "max_rate_bps": "(?:速率|数据率|传输率)",
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
    "cn.bit_stuffing": "(?:零比特|比特|字节|字符)填充",
    "cn.cdma": "CDMA|码片|码分",
    "cn.channel_capacity": "奈(?:奎斯特|氏)|香农|信噪比|极限(?:数据)?(?:传输)?速?率|码元|QAM|无噪声",
    "cn.delay": "^(?!.*(?:后退|选择重传|停等|停止-?等待|滑动窗口|GBN|利用率|分组交换|存储转发|路由器))(?s:.*)(?:(?:发送|传播|总)时延|时延带宽积|链路上[^。]{0,8}比特)",
    "cn.hamming_distance": "码距|[海汉]明距离|码字[^。]{0,60}(?:检|纠)",
    "cn.line_code": "曼彻斯特|NRZ|不归零|非归零",
    "cn.switching": "(?:路由器|交换机)(?s:.){0,160}\\d\\s?个(?:长|大小)?[^。]{0,12}分组|(?:路由器|交换机|结点)[^。]{0,60}(?:文件|报文)[^。]{0,80}分组|(?:分组|报文|电路)交换|存储转发",
}
