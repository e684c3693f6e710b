"""How questions about the memory hierarchy word the parameters and results of their solvers."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Hint, Reader, assume, const, first, flag, integer, num, pick, raw, seq
from assistant408.tutor.hints.co_shared import CLOCK, HEX, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

CACHE_SIZE = raw(
    "size",
    "Cache(?:的)?(?:数据区|数据)?(?:的)?(?:总)?(?:容量|大小)?(?:共)?",
    "(?:数据区|数据)?(?:容量|大小)",
    before=["的?\\s?(?:数据|指令|高速)?(?:Cache|缓存)"],
)

BLOCK = raw(
    "size",
    "(?:主存)?(?:Cache\\s?)?(?:数据)?(?:块|行|Cache ?行)(?:的)?(?:大小|长度?|长)?(?:均)?",
    "每(?:个)?(?:块|行)",
    before=["的?块", "/块"],
)

WAYS = first(
    const(1, "直接映射|直接映像|直接相联"),
    integer(rf"{N}\s?路", rf"每组\s?(?:有|含)?\s?{N}\s?(?:行|块)"),
    const(0, "全相联"),
)

POLICY = pick({"LRU": "LRU|最近最[少久]", "FIFO": "FIFO|先进先出"})


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
        if not sizes or (which == 1 and len(sizes) < 2):
            return None
        _, m = (min if which == 0 else max)(sizes, key=lambda s: s[0])
        r.take(*m.span())
        return f"{m[1]}{m[2]}×{m[3]}位"

    return read


def _array(which: int) -> Hint:
    """Rows and columns of an array that a loop walks over."""

    def read(r: Reader) -> int | None:
        m = search(r"\b[A-Za-z]\w*\s?\[(\d+)\]\s?(?:\[(\d+)\])?", r.text) or search(
            r"(\d+)\s?[×x]\s?(\d+)\s?(?:的)?(?:数组|矩阵|整型)", r.text
        )
        if not m:
            return None
        r.take(*m.span())
        if m[2] is None:
            return 1 if which == 0 else int(m[1])
        return int(m[1 + which])

    return read


def _walk_order(r: Reader) -> str | None:
    if search(r"按列(?:访问|优先访问|遍历|求和)|列优先访问", r.text) or search(r"\w\[j\]\s?\[i\]", r.text):
        return "按列访问"
    return "按行访问" if search(r"按行|\w\[i\]\s?\[j\]", r.text) else None


def _per_element(r: Reader) -> int | None:
    if search(r"(\w+)\s?(?:\[[^\]]*\]\s?){1,2}=\s?\1\s?\[|\]\s?(?:\+\+|\+=|\*=|-=)|读、?写?各一次|先读后写", r.text):
        return 2
    return None


def _pages(r: Reader) -> list[dict[str, int]] | None:
    """A page table written as ``38→18(有效位 1)``; the TLB has its own clause."""
    body = (
        re.sub(r"TLB[^。]{0,200}", lambda m: " " * len(m[0]), r.text[r.text.find("页表") :]) if "页表" in r.text else ""
    )
    rows = []
    for m in finditer(rf"({HEX}|\d+)\s?(?:->|→)\s?({HEX}|\d+)\s?(?:\(?\s?有效位\s?(?:为|=)?\s?([01])\)?)?", body):
        rows.append(
            {"page": int(quantities(m[1])[0].value), "frame": int(quantities(m[2])[0].value), "valid": int(m[3] or 1)}
        )
    if rows:
        start = r.text.find("页表")
        r.take(start, start + len(body))
    return rows or None


def _tlb(r: Reader) -> list[dict[str, int]] | None:
    m = search(r"(?:TLB|快表)([^。]*?(?:->|→)[^。]*)", r.text)
    if not m:
        return None
    rows = []
    for n in finditer(rf"({HEX}|\d+)\s?(?:->|→)\s?({HEX}|\d+)", m[1]):
        rows.append(
            {"set": 0, "tag": int(quantities(n[1])[0].value), "frame": int(quantities(n[2])[0].value), "valid": 1}
        )
    r.take(*m.span(1))
    return rows or None


def _bits_of(r: Reader) -> int | None:
    """The width of a hexadecimal virtual address, when it isn't said."""
    m = search(r"虚拟地址\s?(?:为|是|=|:)?\s?(?:0x)?([0-9A-F]+)H?", r.text)
    return max(16, 4 * len(m[1].lstrip("0") or "0")) if m else None


def _space_bits(r: Reader) -> int | None:
    """The number of address bits from the size of the main memory."""
    m = search(
        r"(?:主存(?:储器)?|内存)(?:地址)?(?:空间)?(?:的)?(?:容量|大小|空间)?(?:为|是|=|:)?\s?(\d+)\s?([KMG])B", r.text
    )
    if not m:
        return None
    r.take(*m.span(1))
    return (int(m[1]) * {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[m[2]] - 1).bit_length()


def _total_accesses(r: Reader) -> int | None:
    """Hits in Cache and accesses to main memory, when they are given apart."""
    m = search(
        r"Cache\s?(?:完成)?(?:的)?(?:存取|命中)(?:的次数)?(?:为|是|=|:)?\s?(\d+)\s?次?[^。]{0,12}主存(?:完成)?(?:的)?存取(?:的次数)?(?:为|是|=|:)?\s?(\d+)",
        r.text,
    )
    return int(m[1]) + int(m[2]) if m else None


HINTS: dict[str, dict[str, Hint]] = {
    "co.address_translation": {
        "virtual_address": num("虚拟?地址(?:为|是)?|逻辑地址"),
        "virtual_bits": first(
            num("虚拟?地址(?:空间)?(?:的)?(?:长度|位数)?", before=["位(?:的)?虚拟?地址"], unit="bits"),
            lambda r: _bits_of(r),
        ),
        "physical_bits": num(
            "(?:物理|主存|实)地址(?:的)?(?:长度|位数)?", before=["位(?:的)?(?:物理|主存)地址"], unit="bits"
        ),
        "page_size": raw("size", "页(?:面)?(?:的)?(?:大小|长度)?"),
        "tlb": _tlb,
        "pages": _pages,
        "block_size": raw("size", "(?:Cache\\s?)?(?:主存)?块(?:的)?(?:大小|长度)?"),
    },
    "co.cache_mapping": {
        "address_bits": first(
            num(
                "(?:主存|物理|存储器)?地址(?:的)?(?:长度|位数|线|总线)?(?:为|有|共)?",
                before=["位(?:的)?(?:主存|物理|存储)?地址", "位(?:的)?(?:计算机|机器|机|系统)"],
                unit="bits",
            ),
            lambda r: _space_bits(r),
            lambda r: 4 * len(m[1] or m[2]) if (m := search(r"\b0x([0-9A-F]+)|\b([0-9A-F]+)H\b", r.text)) else None,
        ),
        "block_size": BLOCK,
        "cache_size": CACHE_SIZE,
        "ways": WAYS,
        "write": pick({"写回": "写回|回写|脏位", "全写": "全写|写直达|直写|写通"}),
        "replacement_bits": first(integer(rf"(?:LRU|替换)[^,。;\d]{{0,10}}?{N}\s?位", rf"{N}\s?位(?:的)?(?:LRU|替换)")),
        "address": first(integer(rf"(?:主存|物理)?地址\s?(?:为|是|=|:)?\s?({HEX}|\d{{3,}})(?!\s?位)", rf"({HEX})")),
    },
    "co.cache_performance": {
        "hit_rate": first(
            num("命中(?:率|概率)", unit="share"),
            lambda r: (
                None
                if (v := num("(?:缺失|未命中|不命中|失效)率", unit="share")(r)) is None
                else plain_number(1 - quantities(str(v))[0].value)
            ),
        ),
        "cache_ns": num(
            "Cache(?:的)?(?:存取|访问|命中)?(?:一次)?(?:的)?(?:周期|时间)?|命中时间|(?:访问|存取)(?:一次)?\\s?Cache(?:的时间)?",
            unit="ns",
        ),
        "memory_ns": num(
            "(?:主存|内存)(?:储器)?(?:的)?(?:存取|访问)?(?:一次)?(?:的)?(?:周期|时间)?|(?:访问|存取)(?:一次)?(?:主存|内存)(?:的时间)?|缺失损失|缺失代价",
            unit="ns",
        ),
        "misses": num(
            "(?:缺失|未命中|不命中|失效)",
            "访问主存",
            "主存(?:完成)?(?:的)?(?:存取)?",
            before=["次(?:缺失|未命中|不命中|失效|未在)"],
        ),
        "accesses": first(
            num("(?:访存|访问(?:存储器)?|共(?:访问|访存)?)", before=["次"]), lambda r: _total_accesses(r)
        ),
        "access": pick(
            {
                "先Cache后主存": "先访问?\\s?Cache|缺失后再|不命中(?:时)?再|未命中(?:时)?(?:才|再)|再(?:去)?访问主存",
                "同时访问": "同时",
            }
        ),
    },
    "co.cache_program": {
        "rows": _array(0),
        "cols": _array(1),
        "block_size": BLOCK,
        "cache_size": first(CACHE_SIZE, assume("64KB", "块(?:的)?(?:大小|长)")),
        "element_bytes": first(
            integer(
                r"(?:每个?(?:数组)?元素|int\s?(?:型)?(?:数据)?|元素)(?:均|各)?占(?:用)?\s?(\d)\s?(?:个)?(?:字节|B)"
            ),
            const(8, r"\bdouble\b"),
            const(2, r"\bshort\b"),
            const(1, r"\bchar\b"),
            const(4, r"\bint\b|float"),
        ),
        "start_address": first(
            integer(rf"首地址(?:为|是|=|:)?\s?({HEX}|\d+)", rf"起始地址(?:为|是|=|:)?\s?({HEX}|\d+)")
        ),
        "order": _walk_order,
        "accesses_per_element": _per_element,
        "ways": WAYS,
        "policy": POLICY,
    },
    "co.cache_trace": {
        "lines": num(
            "(?:Cache\\s?)?(?:共|总共)?(?:有|由|含)?",
            before=["(?:个)?(?:Cache\\s?)?行", "个?(?:Cache\\s?)?块(?=(?:组成|构成|,|的\\s?Cache|。))"],
        ),
        "addresses": seq("(?:主存)?(?:块|地址)(?:号)?(?:序列|依次)?|序列|依次访问|访问", longest=4, least=4),
        "ways": WAYS,
        "policy": POLICY,
        "write_policy": pick({"全写+非写分配": "全写|写直达|非写分配", "写回+写分配": "写回|写分配"}),
        "block_bytes": first(num("(?:每)?块(?:的)?大小(?:为)?", unit="bytes"), const(1, "块号|主存块")),
    },
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
        "cycle_ns": num("存[取储]周期|(?:存取|访问)时间|每个?(?:模块|体)的?(?:存取)?周期|\\bT(?=\\s?=)", unit="ns"),
        "bus_ns": num("总线(?:传送|传输)?周期|传送周期|[τr](?=\\s?=)", unit="ns"),
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
        "base_cpi": num("(?:理想|基本|基准|全部命中时?)?(?:的)?\\s?CPI"),
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
    "co.address_translation": {
        "physical_address": "物理地址",
        "page_fault": "缺页",
        "tlb_hit": "TLB[^,。]{0,4}命中",
        "cache_hit": "Cache[^,。]{0,4}命中",
        "tlb_tag": "TLB[^,。]{0,6}标记",
        "frame": "页框号",
        "page": "虚?页号",
    },
    "co.cache_mapping": {
        "total_bits": "总(?:容量|位数)|(?:共|至少)需?[^,。]{0,6}位",
        "set_index": "(?:映射到|哪(?:一)?(?:个)?(?:组|行)|组号|行号)",
        "tag_bits": "(?:标记|Tag)(?:字段|位)?[^,。]{0,6}(?:位|几)|标记",
        "index_bits": "(?:组号|行号|组索引|Cache 行)[^,。]{0,6}位数?|索引(?:位|字段)",
        "offset_bits": "块内[^,。]{0,6}位",
        "lines": "(?:多少|几)(?:个)?行|行数",
        "sets": "(?:多少|几)(?:个)?组|组数",
    },
    "co.cache_performance": {
        "average_ns": "平均(?:访问|存取|访存)",
        "hit_rate": "命中率(?:是|为|$)",
        "efficiency": "效率",
        "speedup": "加速比|倍",
    },
    "co.cache_program": {
        "miss_rate": "缺失率",
        "hit_rate": "命中率",
        "misses": "缺失(?:次数|几次|多少次)",
        "asked_set": "(?:行|组)号",
    },
    "co.cache_trace": {
        "hit_rate": "命中率",
        "hits": "命中(?:的)?(?:次数|几次|多少次|次)|(?:几|多少)次命中",
        "misses": "缺失(?:的)?(?:次数|几次|多少次)",
        "replacements": "替换(?:次数|几次)",
        "memory_writes": "写主存",
    },
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
        "interleaved_bps": "带宽",
        "speedup": "加速比|倍",
        "conflicts": "冲突",
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
    "co.address_translation": "TLB[^。]{0,200}(?:物理地址|Cache)|虚拟地址[^。]{0,40}(?:物理地址|TLB)",
    "co.cache_mapping": "(?:映射|相联)[^。]{0,60}(?:标记|总容量|组号|行号|Tag|位)|标记(?:字段|位)",
    "co.cache_performance": "Cache[^。]{0,80}(?:平均访问时间|平均存取时间|命中率|效率)|平均(?:访问|存取)时间[^。]{0,20}Cache",
    "co.cache_program": "Cache[^。]{0,200}\\w\\[\\d+\\]|(?:for|数组)[^。]{0,160}命中率|数组[^。]{0,80}Cache",
    "co.cache_trace": "Cache[^。]{0,120}依次访问|访问(?:的)?(?:主存)?(?:块|地址)(?:号)?(?:序列|依次)",
    "co.dram_chip": "DRAM[^。]{0,40}(?:引脚|地址线|复用)",
    "co.dram_refresh": "刷新(?:周期|方式|信号|间隔)|(?:集中|分散|异步)(?:式)?刷新|死(?:时间|区)",
    "co.interleaved_memory": "交叉(?:编址|存储|方式|编码)|多体|多模块",
    "co.memory_expansion": "芯片[^。]{0,40}(?:组成|构成|扩展|片)|存储器扩展|片选",
    "co.memory_stall": "CPI[^。]{0,120}缺失|缺失[^。]{0,60}CPI",
}
