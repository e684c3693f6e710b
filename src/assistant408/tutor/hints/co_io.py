"""How questions about buses, disks and input-output word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, assume, const, first, integer, num, pick, seq, text
from assistant408.tutor.hints.co_shared import CLOCK, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _order(*patterns: str) -> Hint:
    """Names in an order of priority: ``L0→L1→L2`` or ``1>2>3``."""

    def read(r: Reader) -> list[str] | None:
        for pattern in patterns:
            m = search(
                rf"(?:{pattern})[^。;A-Z\d]{{0,24}}?((?:[A-Z]?\d|[A-D])\s?(?P<sep>->|→|>|、|,)\s?(?:[A-Z]?\d|[A-D])(?:\s?(?P=sep)\s?(?:[A-Z]?\d|[A-D]))*)",
                r.text,
            )
            if m:
                r.take(*m.span(1))
                return re.findall(r"[A-Z]?\d|[A-D]", m[1])
        return None

    return read


def _columns(r: Reader) -> list[str] | None:
    m = search(r"屏蔽字[^。;]{0,14}?((?:M\d){2,})", r.text)
    return [f"L{d}" for d in re.findall(r"M(\d)", m[1])] if m else None


def _all_instructions(r: Reader) -> int | None:
    """``服务程序含 18 条指令,其他开销相当于 2 条指令``: both."""
    found = list(finditer(r"(\d+)\s?条指令", r.text))
    if len(found) < 2 or not search(r"开销|另外|加上|相当于", r.text):
        return None
    for m in found:
        r.take(*m.span(1))
    return sum(int(m[1]) for m in found)


def _operations(r: Reader) -> Any:
    """Operations a second from their distance in time (``每隔 2 ms``, ``每 500 ns 发出一次中断请求``)."""
    m = search(r"每(?:隔)?\s?(\d+(?:\.\d+)?\s?(?:ns|us|ms|s))(?=[^,。;]{0,16}(?:中断|查询|请求))", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return plain_number(1 / quantities(m[1])[0].base)


_BURST = num(
    "(?:传送|传输|读|存储|一次|共)(?:一个|一次)?(?:出|取)?(?:数据)?",
    before=["(?:的)?(?:主存块|数据块|的数据)"],
    unit="bits",
)


def _burst(r: Reader) -> Any:
    """What one transaction carries; only where a transaction or its time is asked about."""
    return _BURST(r) if search(r"事务|突发|猝发|主存块|数据块|时间|多少个?(?:时钟|总线)?周期", r.text) else None


def _parallel_bytes(r: Reader) -> int | None:
    n = integer(rf"(?:并行|同时)?传[送输]\s?{N}\s?个?(?:字节|B)(?:的)?(?:数据|信息)?(?=,|。|;)")(r)
    return (
        None
        if n is None or search(r"(?:数据)?(?:线|总线)(?:的)?(?:宽度|位宽|条数|根数)|根数据线", r.text)
        else 8 * int(n)
    )


def _cycles_a_transfer(r: Reader) -> str | None:
    """``一个总线周期等于两个时钟周期``, ``一次传送需 4 个时钟周期``."""
    n = integer(
        rf"(?:总线|传[送输])周期(?:等于|为|占(?:用)?|包含|由|是|需(?:要)?)\s?{N}\s?个(?:总线)?时钟周期",
        rf"(?:一次|每次|一个)[^,。\d]{{0,6}}传[送输][^,。\d]{{0,4}}(?:需要?|占用?|用)\s?{N}\s?个(?:时钟|总线)周期",
    )(r)
    return f"1/{n}" if n else None


HINTS: dict[str, dict[str, Hint]] = {
    "co.bus_bandwidth": {
        "data_bits": _burst,
        "channels": first(
            integer(rf"{N}\s?通道", rf"{N}\s?个(?:存储器)?通道"),
            const(2, "全双工|双向同时|(?:同时|可以?)(?:接收|发送)和(?:发送|接收)"),
        ),
        "width_bits": first(
            integer(r"(\d+)\s?位(?:有效)?数据\s?\+"),
            _parallel_bytes,
            num(
                "位宽",
                "(?:数据|总)?(?:线|总线|通道)(?:的)?(?:宽度|位宽|宽)(?:为)?|宽度|数据线(?:有|为)?",
                before=["位(?:的)?(?:总线|宽|数据线)", "根数据线", "条数据线"],
                unit="bits",
            ),
        ),
        "clock_mhz": num("(?:时钟|工作|总线)(?:的)?(?:频率)?|频率", unit="mhz"),
        "transfers_per_cycle": first(
            const(
                2,
                "(?:上升|前)沿[^。]{0,8}(?:下降|后)沿|一个(?:时钟|总线)?周期(?:内)?(?:可以?)?传[送输递]\\s?(?:两|2|二)\\s?次|每个?(?:时钟|总线)?周期(?:内)?传[送输递]\\s?(?:两|2|二)\\s?次",
            ),
            _cycles_a_transfer,
            const("1/2", "(?:两|2|二)个(?:时钟|总线)?(?:时钟)?周期(?:才)?(?:传[送输]|完成|可)(?:一|1)?次?"),
            const(4, "每个?(?:时钟|总线)?周期(?:内)?传[送输](?:4|四)次"),
        ),
        "wait_cycles": integer(
            rf"(?:等待|准备)[^,。;\d]{{0,10}}?{N}\s?个(?:时钟)?(?:周期)?", rf"{N}\s?个(?:时钟)?周期的?(?:等待|准备)"
        ),
    },
    "co.disk_time": {
        "rpm": first(
            num("转速|旋转速度", before=["转"], unit="rpm"),
            integer(r"(\d+)\s?(?:rpm|RPM|r/min|转/分|转每分)"),
            assume(7200, "容量"),
        ),
        "seek_ms": num("(?:平均)?(?:寻道|寻找|定位)(?:时间)?", unit="ms"),
        "sectors_per_track": num(
            "每(?:条|个)?(?:磁)?道(?:上)?(?:平均)?(?:有|含|的|记录|划分(?:为|成)|分(?:为|成))?(?:扇区数?)?",
            before=["个?扇区/道"],
        ),
        "sector_bytes": num(
            "(?:每个?)?扇区(?:的)?(?:大小|容量|长度|记录|存储)?(?:为|有)?", before=["的?扇区"], unit="bytes"
        ),
        "sectors": num("连续的?", before=["个?连续的?扇区"]),
        "controller_ms": num("控制器(?:的)?(?:延迟|时延|开销)", unit="ms"),
        "surfaces": first(
            lambda r: (
                2 * n
                if search("两面|双面|上下", r.text) and (n := integer(rf"{N}\s?(?:个|片)?(?:盘片|磁盘片|盘)")(r))
                else None
            ),
            num("记录面|盘面|磁头", before=["个?(?:记录面|盘面|磁头|面)"]),
        ),
        "cylinders": num("柱面|每(?:个)?(?:盘|记录)?面(?:上)?(?:有)?", before=["个?(?:柱面|条?磁道(?=,))"]),
        "rate_mb_per_s": num("(?:数据)?传输(?:速)?率", unit="mb_per_s"),
    },
    "co.display_memory": {
        "width": integer(r"(\d{3,5})\s?[×xX*]\s?\d{3,5}"),
        "height": integer(r"\d{3,5}\s?[×xX*]\s?(\d{3,5})"),
        "color_bits": first(
            num("(?:颜色|色彩)?(?:深度|位数)|每(?:个)?像素", before=["位(?:色|真彩|颜色|彩色)?"], unit="bits"),
            lambda r: (
                None if (n := integer(r"(\d+)\s?(?:级灰度|级?种?颜色|色)")(r)) is None else max(1, (n - 1).bit_length())
            ),
        ),
        "frame_hz": num("帧频|刷新(?:频)?率|刷新频率", unit="hz"),
        "refresh_share": num(
            "带宽的|占(?:用)?(?:显存)?(?:总)?带宽(?:的)?",
            before=["(?:的)?(?:带宽)?用(?:于|来)(?:屏幕)?刷新"],
            unit="share",
        ),
    },
    "co.interrupt_priority": {
        "handling": _order("处理(?:的)?(?:优先(?:级|次序|权|顺序)?|次序|顺序)"),
        "response": _order("响应(?:的)?(?:优先(?:级|次序|权|顺序)?|次序|顺序)|硬件排队"),
        "columns": _columns,
        "asked": text(
            r"((?:L|IR)\d|(?<=中断源)\s?\d(?=\s?的)|(?<![A-Za-z])[A-D](?=\s?的))\s?(?:级)?(?:的)?(?:中断)?(?:服务|处理)?(?:程序)?(?:中)?[^,。]{0,6}屏蔽字",
            r"(L\d)\s?的",
        ),
    },
    "co.io_overhead": {
        "method": pick({"DMA": "DMA", "中断": "中断", "程序查询": "查询"}),
        "clock_mhz": CLOCK,
        "operations_per_s": first(
            integer(r"每秒[^,。;\d]{0,12}?(?:查询|处理|中断|访问)[^,。;\d]{0,6}(\d+)\s?次"), _operations
        ),
        "rate_kb_per_s": num("(?:数据)?(?:传输|传送)(?:速)?率|数据率|速[率度]", unit="kb_per_s"),
        "cycles": integer(
            r"(\d+)\s?个?(?:CPU)?(?:时钟)?周期", r"(?:时钟)?周期(?:个)?数(?:至少|至多|约)*(?:为|是)?\s?(\d+)"
        ),
        "unit_bytes": num(
            "(?:每[次批]|一次|数据块|块|以)(?:DMA|中断|查询)?(?:可|能)?(?:传[送输]?)?(?:的)?(?:数据)?(?:大小|长度|单位)?|数据缓冲(?:寄存)?器|块大小|单位",
            unit="bytes",
            before=["为(?:一个)?(?:传送|传输)?单位"],
        ),
        "instructions": first(_all_instructions, num("(?:执行|包含|有|相当于)", before=["条指令"])),
        "cpi": num("CPI|每条指令(?:的)?(?:平均)?"),
    },
    "co.raid": {
        "level": pick({f"RAID{n}": rf"RAID\s?-?\s?{n}(?!\d)" for n in (10, 0, 1, 3, 4, 5, 6)}),
        "disks": integer(r"(\d+)\s?(?:块|个|台)(?:容量|磁盘|硬盘|盘|\d)?", rf"{N}\s?块"),
        "disk_gb": num(
            "(?:单盘|每块?(?:磁盘|盘)?|容量)(?:的)?(?:容量)?(?:均|各)?", before=["的?(?:磁盘|硬盘|盘)"], unit="gb"
        ),
        "blocks": seq("(?:数据块|块|条带)[^。;\\d]{0,12}", least=2),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.bus_bandwidth": {
        "transaction_ns": "(?:所?需|至少|一次)[^,。]{0,14}时间|(?:读|写|传送?)[^,。]{0,16}需要\\(",
        "effective_mb_per_s": "实际",
        "bandwidth_mb_per_s": "带宽|(?:最大)?(?:数据)?传输率",
        "transaction_cycles": "(?:几|多少)个(?:时钟|总线)?周期",
    },
    "co.disk_time": {
        "rate_bytes_per_s": "传输率|传输速率",
        "access_ms": "存取时间|(?:读|写|存取|访问)[^,。]{0,24}时间|多久|多长时间",
        "rotation_ms": "旋转(?:延迟|等待)",
        "capacity_bytes": "(?:磁盘|总)?容量",
        "transfer_ms": "传输时间",
    },
    "co.display_memory": {"bandwidth_mbps": "带宽", "capacity_bytes": "容量|(?:多少|多大)(?:的)?(?:显存|VRAM|字节)"},
    "co.interrupt_priority": {
        "masks": "@各[^,。]{0,8}屏蔽字|屏蔽字分别",
        "asked_mask": "屏蔽字",
        "finish_order": "(?:处理)?完成",
        "response_order": "响应次序",
    },
    "co.io_overhead": {"share": "百分比|比例|占", "interval_us": "间隔|每隔"},
    "co.raid": {
        "parity": "校验块|校验",
        "usable_gb": "可用(?:的)?容量|实际容量|有效容量|容量",
        "utilization": "利用率",
        "tolerance": "(?:允许|容忍|坏)",
        "small_write_accesses": "小写|访盘|写一个",
    },
}
SIGNS: dict[str, str] = {
    "co.bus_bandwidth": "总线[^。]{0,80}(?:带宽|传输率|总线事务|突发)",
    "co.disk_time": "磁盘[^。]{0,100}(?:传输率|容量|存取时间|旋转)|转速",
    "co.display_memory": "分辨率|显存|VRAM|帧频",
    "co.interrupt_priority": "屏蔽字",
    "co.io_overhead": "(?:中断|DMA|查询)(?s:.){0,160}CPU[^。]{0,20}占比|(?:中断|DMA|查询)[^。]{0,160}(?:占(?:整个)?\\s?CPU|CPU ?时间的?(?:百分|比例|\\())",
    "co.raid": "RAID",
}
