"""How questions about medium access, sliding windows and switches word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, assume, first, flag, integer, lone, num, pick, raw, some
from assistant408.tutor.hints.cn_shared import DELAY, DISTANCE, RATE, RTT, SPEED, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search
from assistant408.tutor.rows import records

__all__ = ["ASKS", "HINTS", "SIGNS"]

FRAME = raw(
    "size",
    "(?:数据)?帧(?:的)?长度?(?:的)?(?:范围|取值)(?:为|是)?",
    "(?:数据)?(?:帧|分组)(?:的)?(?:长度?|大小)?(?:固定)?(?:均)?",
    before=["的?(?:数据)?(?:帧|分组)"],
)


PROTOCOL = pick(
    {
        "GBN": "GBN|后退\\s?N|回退\\s?N|连续ARQ|Go-?[Bb]ack|滑动窗口(?!(?s:.)*(?:选择重传|SR|停止|停等|接收窗口))",
        "SR": "\\bSR\\b|选择重传|选择性?重传|接收窗口(?:的)?(?:大小|尺寸)?(?:的)?最大",
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
                rf"((?:\d+(?!\d)(?:\s?号)?(?:帧)?\s?(?:(?:[、,]|和|及)\s?)?){{1,40}})(?:号|#)?(?:数据)?(?:帧)?(?:{pattern})",
                r.text,
            )
            if m and not r.is_used(*m.span(1)):
                r.take(*m.span(1))
                return [int(x) for x in re.findall(r"\d+", m[1])]
        return None

    return read


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


def _each_hub(r: Reader) -> str | None:
    """``两台集线器,每台引入 0.5 us``: all of them together."""
    m = search(
        r"(\d+|[一两二三四五])\s?(?:台|个)\s?(?:集线器|Hub|中继器|转发器)[^。]{0,16}?每(?:台|个)[^,。;\d]{0,18}?(\d+(?:\.\d+)?)\s?([um]s)",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span())
    return f"{plain_number(quantities(m[1] + '个')[0].value * quantities(m[2])[0].value)}{m[3]}"


def _slot(r: Reader) -> str | None:
    """512 bit times at the rate stated."""
    rate = lone("rate")(r)
    if rate is None:
        return None
    return f"{plain_number(512 * 10**6 / quantities(rate)[0].base)}us"


_LIMITS = "接收窗口|发送窗口(?:的)?(?:最大|大小|尺寸|至多|最多)|最大(?:的)?发送窗口"  # they hang on the numbering alone
_SENDING = "发送(?:一个?|每个?|1个)(?:数据)?帧(?:的时间)?(?:需要?|为|用)?"
_GREATEST = "接收窗口|窗口(?:的)?(?:最大|至多|最多)|最大(?:的)?发送窗口"


def _least_frame(r: Reader) -> str | None:
    """Frames of ``128~512 字节``: the shortest take the most numbers."""
    m = search(
        r"帧(?:的)?长度?(?:的)?(?:范围|取值)(?:为|是)?\s?(\d+)\s?(?:B|字节)?(?:~|-|到|至)\s?\d+\s?(字节|B|bit|b)",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span())
    return f"{m[1]}{m[2]}"


def _frame_by_time(r: Reader) -> str | None:
    """``发送一帧需要 2 ms``: at 1 Mb/s it has 2000 bits; only the ratio to the delay counts."""
    if RATE(Reader(r.text)):
        return None
    time = raw("time", _SENDING, "(?:数据)?帧的发送(?:时延|时间)(?:均)?")(r)
    return f"{plain_number(quantities(time)[0].base * 10**6)}bit" if time else None


def _known(r: Reader) -> list[dict[str, Any]] | None:
    """What the switch has learnt before, if the table isn't said to be empty."""
    if search("(?:转发)?表[^。]{0,8}空|刚(?:启动|加电)", r.text):
        return None
    rows: list[dict[str, Any]] | None = records("name", {"port": ("端口", "")})(r)
    return rows


_TARGET = num("(?:信道|线路|链路)?利用率(?:至少|要|不?低?于|达到|不小于)*", before=["以上"], unit="share")

HINTS: dict[str, dict[str, Hint]] = {
    "cn.arq_resend": {
        "protocol": PROTOCOL,
        "first": _span(1),
        "last": _span(2),
        "timed_out": _numbers_before("(?:依次)?(?:的)?(?:计时器)?超时"),
        "acks": first(
            _numbers_before("的?(?:累积)?确认", "(?:帧)?(?:的)?ACK"), some("确认(?:帧)?(?:号)?(?:为|是)?|ACK")
        ),
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
                rf"第\s?{N}\s?次(?:连续)?(?:发生|遇到|检测到|遭遇)?(?:冲突|碰撞)",
                rf"{N}\s?次(?:连续)?(?:的)?(?:发生|遇到)?(?:冲突|碰撞)",
                rf"(?:冲突|碰撞)(?:了)?\s?{N}\s?次",
            )
        ),
        "slot": first(raw("time", "争用期|时隙|冲突窗口|2τ"), _slot),
    },
    "cn.csma_cd": {
        "extra": first(_each_hub, raw("time", "(?:Hub|集线器|中继器)[^,。;\\d]{0,16}?(?:延[时迟]|时延|引入)")),
        "frame": raw("size", "帧的最[小短]长度", "(?:最短|最小)(?:数据)?(?:帧)(?:长度?|长为?)?|帧长"),
        "delay": DELAY,
        "distance": DISTANCE,
        "speed": SPEED,
        "rate": RATE,
    },
    "cn.sliding_window": {
        "target": lambda r: None if search("100%", r.text) else _TARGET(r),
        "protocol": PROTOCOL,
        "bits": first(
            integer(
                rf"{N}\s?(?:个)?(?:比特|位|bit)(?:来)?(?:对)?(?:帧|分组)?(?:进行)?(?:编号|的?序号|编码|表示)",
                rf"(?:序号|编号)(?:字段)?(?:用|为|采用|占|有|长度?为?)?\s?{N}\s?(?:比特|位|bit)",
            ),
            assume(1, "(?:序号|窗口)[^,。;\\d]{0,10}(?:至少|最少|最小|应)"),
        ),
        "ack": raw("size", "确认(?:帧|分组)?(?:的)?(?:长度?|大小)?"),
        "frame": first(_least_frame, FRAME, _frame_by_time, assume("1000B", _GREATEST)),
        "rtt": RTT,
        "delay": first(DELAY, lambda r: None if RTT(Reader(r.text)) else assume("1ms", _GREATEST)(r)),
        "window": num("(?:发送)?窗口(?:的)?(?:大小|尺寸|长度)?"),
        "piggyback": flag("捎带|(?:与|和)数据帧(?:的)?(?:长度|大小)?(?:相同|一样|等长)|等长"),
        "rate": first(
            RATE,
            raw("rate", "以|信道|链路", before=["的?(?:信道|链路|速率)"]),
            assume("1Mb/s", f"{_LIMITS}|{_SENDING}"),
        ),
    },
    "cn.switch_learning": {"hosts": _ports, "frames": _frames, "table": _known},
}
ASKS: dict[str, dict[str, str]] = {
    "cn.arq_resend": {
        "resent": "哪(?:些|几)帧|(?:重传|重发)(?:的)?帧(?:是|为)",
        "count": "(?:帧)?数|几帧|多少(?:个)?帧",
    },
    "cn.arq_timeline": {"finish": "时刻|时间", "retransmitted": "重传(?:了)?哪", "transmissions": "(?:共|总)"},
    "cn.binary_backoff": {
        "max_slots": "随机数[^,。]{0,6}最大|r的?最大|最大的?r",
        "max_wait_us": "最[长多](?:的)?(?:退避|等待)?(?:时间)?|最大(?:的)?退避",
        "mean_wait_us": "平均",
        "collide_again": "再次冲突",
        "probability": "概率",
        "choices": "(?:几|多少)(?:种|个)",
    },
    "cn.csma_cd": {
        "detect_earliest_us": "最短(?:需|要|经过)",
        "detect_latest_us": "最长(?:需|要|经过)",
        "max_distance_m": "(?:最[远大](?:的)?)?距离(?:最远|最大|至多|不能超过|是|为\\()|最远|最大[^,。帧]{0,3}(?:距离|长度)",
        "min_frame_bits": "(?:最短|最小)(?:数据)?帧(?:长)?|帧长",
        "contention_us": "争用期",
    },
    "cn.sliding_window": {
        "min_frame_bits": "帧长(?:至少|最短|最小|应)|(?:最短|最小)帧",
        "seq_bits": "序号[^,。;\\d]{0,8}(?:至少|最少|位数|比特)|(?:比特|位)数|(?:几|多少)(?:个)?(?:比特|位)|至少(?:为|需)[^,。]{0,4}(?:比特|位)",
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
}
SIGNS: dict[str, str] = {
    "cn.arq_resend": "(?:需要?)?重(?:发|传)的帧|重(?:发|传)(?:的)?(?:哪|几|多少)",
    "cn.arq_timeline": "(?:丢失|丢了)[^。]{0,80}(?:共|总)[^。]{0,8}(?:发送|帧)",
    "cn.binary_backoff": "退避",
    "cn.csma_cd": "CSMA/?CD",
    "cn.sliding_window": "(?:停等|停止-?等待|GBN|后退\\s?N|选择重传|滑动窗口|SR协议|连续ARQ)[^。]{0,160}(?:利用率|窗口|比特|速率)",
    "cn.switch_learning": "交换机[^。]{0,80}(?:端口|转发表)|自学习",
}
