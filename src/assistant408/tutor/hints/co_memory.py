"""How questions about the memory hierarchy word the parameters and results of their solvers."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant408.tutor.extract import Assumed, Hint, Reader, first, flag, integer, num, pick, seq
from assistant408.tutor.hints.co_shared import CLOCK, HEX, N
from assistant408.tutor.quantity import plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_MODULES = first(integer(rf"{N}\s?(?:个)?(?:存储)?(?:体|模块)"), num("模块数|m"))


def _modules(r: Reader) -> int | None:
    n = _MODULES(Reader(r.text))
    return int(n) if n else None


def _fitting_bus(r: Reader) -> Assumed | None:
    """Without a bus cycle: one that the modules keep just busy, for conflicts and for the greatest bandwidth."""
    n = _modules(r)
    if not n or not search("冲突|带宽", r.text):
        return None
    cycle = num("存[取储]周期|(?:存取|访问)时间|每个?(?:模块|体)的?(?:存取)?周期", unit="ns")(Reader(r.text))
    return Assumed(plain_number(Fraction(str(cycle)) / n) if cycle else 1)


def _chip(which: int) -> Hint:
    """``2K×4 位``: the smaller is the chip, the larger the memory."""
    pattern = re.compile(r"(\d+)\s?([KMG]?)\s?[×xX*]\s?(\d+)\s?(?:位|bit|b)?(?![\d.×])")

    def read(r: Reader) -> str | None:
        found = [m for m in pattern.finditer(r.text) if m[2] or int(m[1]) >= 64]
        scale = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
        sizes = [(int(m[1]) * scale[m[2]] * int(m[3]), m) for m in found]
        if which == 1 and (
            m := search(
                r"(?:容量为?|构成|组成|扩展成|(?:主|内)?存储?空间)[^,。;\d]{0,10}?(\d+)\s?([KMG])B(?!\s?[×x])", r.text
            )
        ):
            r.take(*m.span(1))
            return f"{m[1]}{m[2]}×8位"
        area = search(rf"(?:从|地址)\s?({HEX})\s?(?:到|至|~|-)\s?({HEX})", r.text)
        if which == 1 and area and found:
            r.take(*area.span())
            low, high = (int(quantities(area[i])[0].value) for i in (1, 2))
            return f"{high - low + 1}×{8 if '字节编址' in r.text else found[0][3]}位" if high > low else None
        if not sizes or (which == 1 and len(sizes) < 2):
            return None
        _, m = (min if which == 0 else max)(sizes, key=lambda s: s[0])
        r.take(*m.span())
        return f"{m[1]}{m[2]}×{m[3]}位"

    return read


HINTS: dict[str, dict[str, Hint]] = {
    "co.dram_chip": {"chip": _chip(0), "multiplexed": flag("复用|分时", "不(?:采用|用|使用)?[^,。]{0,4}复用|SRAM")},
    "co.dram_refresh": {
        "rows": num(
            "(?:存储)?(?:矩阵|阵列|单元)(?:有|为)?|行数", before=["行", "[×x]\\s?\\d+(?:的)?(?:矩阵|阵列|存储)"]
        ),
        "period_ms": num("刷新周期|刷新(?:一遍|间隔)?", unit="ms", before=["内(?:刷新|必须)"]),
        "cycle_us": num("(?:存取|读写|读/写|存储)周期", unit="us"),
        "mode": pick({"集中刷新": "集中", "分散刷新": "分散", "异步刷新": "异步"}),
    },
    "co.interleaved_memory": {
        "addresses": seq("地址(?:序列)?|依次访问", longest=5, least=4),
        "cycle_ns": first(
            num("存[取储]周期|(?:存取|访问)时间|每个?(?:模块|体)的?(?:存取)?周期|\\bT(?=\\s?=)", unit="ns"),
            lambda r: Assumed(n) if (n := _modules(r)) and search("冲突", r.text) else None,
        ),
        "bus_ns": first(
            num("总线(?:传送|传输)?周期|传送周期|[τr](?=\\s?=)", unit="ns"),
            _fitting_bus,
        ),
        "word_bits": num("(?:存储)?字长|每(?:个)?(?:字|模块)|数据(?:总线)?(?:宽度)?", unit="bits"),
        "words": num("(?:连续)?(?:读出?|读取|取出?|访问)(?:了)?", before=["个?字(?!长|节)"]),
        "modules": first(integer(rf"{N}\s?(?:个)?(?:存储)?(?:体|模块)"), num("模块数|m")),
    },
    "co.memory_expansion": {
        "memory": _chip(1),
        "chip": _chip(0),
        "asked_address": integer(rf"地址(?:为|是|=|:)?\s?({HEX})"),
        "start_address": integer(rf"(?:首地址|起始地址|从)(?:为|是|=|:)?\s?({HEX})\s?(?:开始|起|,)?"),
        "address_bits": num("地址线", before=["(?:根|条)?地址线"]),
    },
    "co.memory_stall": {
        "base_cpi": num("(?:理想|基本|基准|全部命中时?)?(?:的)?\\s?CPI(?:\\([^)]*\\))?"),
        "accesses_per_instruction": num(
            "(?:每条指令)?(?:平均)?访存(?:次数)?|每条指令(?:平均)?(?:访存)?", before=["次访存"]
        ),
        "miss_rate": first(
            num("(?:缺失|未命中|失效|不命中)率", unit="share"),
            lambda r: (
                None if (v := num("命中率", unit="share")(r)) is None else plain_number(1 - quantities(str(v))[0].value)
            ),
        ),
        "penalty_cycles": num(
            "(?:缺失|失效|未命中)(?:损失|代价|开销|惩罚)|每次(?:缺失|失效)[^\\d,。]{0,8}", before=["个?(?:时钟)?周期"]
        ),
        "clock_mhz": CLOCK,
        "instructions": num("执行(?:了)?|共(?:执行|有)?", before=["条指令"]),
        "block_bytes": num("块(?:的)?大小|主存块", unit="bytes"),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.dram_chip": {
        "total_pins": "总(?:和|数)|之和|地址(?:线|引脚)?[和与、](?:数据)?",
        "address_pins": "地址(?:线|引脚)",
        "data_pins": "数据(?:线|引脚)",
    },
    "co.dram_refresh": {
        "dead_rate": "死(?:时间|区)率",
        "dead_time_us": "死(?:时间|区)",
        "interval_us": "间隔|周期是|隔多",
        "refreshes": "(?:几|多少)次|次数",
    },
    "co.interleaved_memory": {
        "max_bps": "最大(?:的)?带宽|带宽最大",
        "interleaved_bps": "带宽",
        "speedup": "加速比|倍",
        "conflicts": "冲突",
        "pairs": "冲突",
        "sequential_ns": "顺序(?:方式|存储器)?[^,。]{0,20}时间",
        "interleaved_ns": "时间",
        "min_modules": "模块(?:数)?(?:至少|应)",
    },
    "co.memory_expansion": {
        "asked_lowest": "最小地址|最低地址",
        "asked_highest": "最大地址|最高地址",
        "chips": "(?:几|多少)(?:片|块|个)|片数|芯片(?:数|总数|的?数量)",
        "ranges": "地址范围",
        "on_chip_bits": "片内地址",
        "select_bits": "片选",
    },
    "co.memory_stall": {"time_s": "(?:执行|运行)?时间", "memory_bytes_per_s": "带宽", "slowdown": "倍", "cpi": "CPI"},
}
SIGNS: dict[str, str] = {
    "co.dram_chip": "DRAM[^。]{0,40}(?:引脚|地址线|复用)",
    "co.dram_refresh": "刷新(?:周期|方式|信号|间隔)|(?:集中|分散|异步)(?:式)?刷新|死(?:时间|区)",
    "co.interleaved_memory": "交叉(?:编址|存储|方式|编码)|多体|多模块",
    "co.memory_expansion": "芯片[^。]{0,40}(?:组成|构成|扩展|片)|存储器扩展|片选",
    "co.memory_stall": "CPI[^。]{0,120}缺失|缺失[^。]{0,60}CPI",
}
