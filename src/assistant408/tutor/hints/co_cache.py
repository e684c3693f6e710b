"""How questions about caches and virtual memory word the parameters and results of their solvers."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Hint, Reader, assume, const, first, integer, num, pick, raw, seq
from assistant408.tutor.hints.co_shared import HEX, N
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
        return _tlb_table(r)
    rows = []
    for n in finditer(rf"({HEX}|\d+)\s?(?:->|→)\s?({HEX}|\d+)", m[1]):
        rows.append(
            {"set": 0, "tag": int(quantities(n[1])[0].value), "frame": int(quantities(n[2])[0].value), "valid": 1}
        )
    r.take(*m.span(1))
    return rows or None


def _tlb_table(r: Reader) -> list[dict[str, int]] | None:
    """A fully associative TLB as a table of valid bit, tag and frame, in the order of its heading."""
    head = search(r"\|[^\n]*标记[^\n]*页框号[^\n]*\|", r.text)
    if not head or not search("全相联", r.text):
        return None
    names = [c.strip() for c in head[0].strip("| ").split("|")]
    rows = []
    for line in r.text[head.end() :].strip("\n").split("\n"):
        cells = [c.strip() for c in line.strip("| ").split("|")]
        if len(cells) != len(names) or not re.fullmatch(r"[\dA-FH\s]+", "".join(cells)):
            continue
        row = dict(zip(names, cells, strict=True))
        tag, frame = (next((v for k, v in row.items() if w in k), "") for w in ("标记", "页框号"))
        valid = next((v for k, v in row.items() if "有效" in k), "1")
        if tag and frame and valid in ("0", "1"):
            number = [int(x.rstrip("H").replace(" ", ""), 16) for x in (tag, frame)]
            rows.append({"set": 0, "tag": number[0], "frame": number[1], "valid": int(valid)})
    if rows:
        r.take(head.start(), len(r.text) if not search(r"\|\s*\n[^|]*\S", r.text[head.end() :]) else r.text.rfind("|"))
    return rows or None


def _blocks_bytes(r: Reader) -> str | None:
    """The size of a block counted in words: ``块大小为 4 个字,每字 32 位``."""
    m = search(rf"块(?:的)?(?:大小|长度?)?(?:为|有|含)?\s?{N}\s?个?字(?!节)", r.text)
    w = search(r"(?:每(?:个)?字|字长)(?:为|是)?\s?(\d+)\s?位", r.text)
    if not m or not w:
        return None
    r.take(*m.span(1))
    r.take(*w.span(1))
    return f"{int(quantities(m[1] + '个')[0].value) * int(w[1]) // 8}B"


def _cache_bytes(r: Reader) -> str | None:
    """The size of a cache given by its blocks (``共有 16 块``) or in words (``能存放 4K 字数据``)."""
    size = search(r"(?:块|行)(?:的)?(?:大小|长度?)?(?:为|是)?\s?(\d+)\s?(?:B|字节)", r.text)
    lines = search(
        rf"Cache[^。,]{{0,12}}?(?:共|有|含|由)[^,。\d]{{0,4}}{N}\s?(?:个)?(?:块|行)|共\s?{N}\s?(?:个)?(?:块|行)", r.text
    )
    if size and lines:
        r.take(*lines.span(1 if lines[1] else 2))
        return f"{int(quantities((lines[1] or lines[2]) + '个')[0].value) * int(size[1])}B"
    words = search(r"(\d+)\s?([KM])\s?字(?!节)", r.text)
    w = search(r"(?:每(?:个)?字|字长)(?:为|是)?\s?(\d+)\s?位", r.text)
    if words and w:
        r.take(*words.span(1))
        return f"{int(words[1]) * int(w[1]) // 8}{words[2]}B"
    return None


def _bits_of(r: Reader) -> int | None:
    """The width of a hexadecimal virtual address, when it isn't said."""
    m = search(r"虚拟地址\s?(?:为|是|=|:)?\s?(?:0x)?([0-9A-F]+)H?", r.text)
    return max(16, 4 * len(m[1].lstrip("0") or "0")) if m else None


def _space(words: str) -> Hint:
    """The width of an address from the size of its space: ``虚拟地址空间大小为 4GB``, by bytes."""

    def read(r: Reader) -> int | None:
        m = search(rf"(?:{words})(?:存)?地址空间(?:的)?(?:大小|容量)?(?:为|是)?\s?(\d+)\s?([KMG])B", r.text)
        if not m:
            return None
        r.take(*m.span(1))
        return (int(m[1]) * {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[m[2]] - 1).bit_length()

    return read


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
            _space("虚拟|逻辑|虚"),
            num("虚拟?地址(?:空间)?(?:的)?(?:长度|位数)?", before=["位(?:的)?虚拟?地址"], unit="bits"),
            lambda r: _bits_of(r),
        ),
        "physical_bits": first(
            _space("物理|主存|实"),
            num("(?:物理|主存|实)地址(?:的)?(?:长度|位数)?", before=["位(?:的)?(?:物理|主存)地址"], unit="bits"),
        ),
        "page_size": raw("size", "页(?:面)?(?:的)?(?:大小|长度)?"),
        "tlb": _tlb,
        "pages": first(_pages, assume([], "虚?页号|页内|TLB|快表")),
        "block_size": raw("size", "(?:Cache\\s?)?(?:主存)?块(?:的)?(?:大小|长度)?"),
    },
    "co.cache_mapping": {
        "address_bits": first(
            lambda r: (
                4 * (len(m[1]) - 1)
                if (m := search(r"地址(?:为|是)?\s?([0-9A-F]{4,}H)", r.text)) and not search(r"\d\s?位", r.text)
                else None
            ),
            num(
                "(?:主存|物理|存储器)?地址(?:的)?(?:长度|位数|线|总线)?(?:为|有|共)?",
                before=["位(?:的)?(?:主存|物理|存储)?地址", "位(?:的)?(?:计算机|机器|机|系统)"],
                unit="bits",
            ),
            lambda r: _space_bits(r),
            lambda r: 4 * len(m[1] or m[2]) if (m := search(r"\b0x([0-9A-F]+)|\b([0-9A-F]+)H\b", r.text)) else None,
            assume(32, "组号|行号|映射到|装入|哪(?:一)?(?:个)?(?:组|行)"),
        ),
        "block_size": first(_blocks_bytes, BLOCK),
        "cache_size": first(_cache_bytes, CACHE_SIZE),
        "ways": WAYS,
        "write": pick({"写回": "写回|回写|脏位", "全写": "全写|写直达|直写|写通"}),
        "replacement_bits": first(integer(rf"(?:LRU|替换)[^,。;\d]{{0,10}}?{N}\s?位", rf"{N}\s?位(?:的)?(?:LRU|替换)")),
        "address": first(
            integer(
                rf"(?:主存|物理)?地址\s?(?:为|是|=|:)?\s?({HEX}|\d{{3,}})(?!\s?位)",
                r"(\d+)\s?号?(?:主存)?单元",
                rf"({HEX})",
            )
        ),
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
            "(?:主存|内存)(?:储器)?(?:的)?(?:存取|访问)?(?:一次)?(?:的)?(?:周期|时间)?|(?:访问|存取)(?:一次)?(?:主存|内存)(?:的时间)?|缺失(?:损失|代价)(?:\\([^)]*\\))?",
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
                "先Cache后主存": "缺失损失|缺失代价|缺失开销|失效开销|先访问?\\s?Cache|缺失后再|不命中(?:时)?再|未命中(?:时)?(?:才|再)|再(?:去)?访问主存",
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
}
ASKS: dict[str, dict[str, str]] = {
    "co.address_translation": {
        "physical_address": "物理地址|主存地址(?:是|为|$)|虚-?实地址(?:变换|转换)",
        "page_fault": "缺页",
        "tlb_hit": "TLB[^,。]{0,4}命中",
        "cache_hit": "Cache[^,。]{0,4}命中",
        "tlb_tag": "TLB[^,。]{0,6}标记",
        "frame": "页框号",
        "page": "虚?页号",
    },
    "co.cache_mapping": {
        "control_bits": "除(?:了)?数据[^,。]{0,6}外|(?:标记(?:项|阵列)|控制)[^,。]{0,8}位",
        "total_bits": "总(?:容量|位数)|容量的位数|(?:共|至少)需?[^,。]{0,6}位",
        "set_index": "(?:映射到|哪(?:一)?(?:个)?(?:组|行)|组号|行号)",
        "tag_bits": "(?<=个数和)位数|(?:标记|Tag)(?:字段|位)?[^,。]{0,6}(?:位|几)|标记",
        "index_bits": "(?:组号|行号|组索引|Cache 行)[^,。]{0,6}位数?|索引(?:位|字段)",
        "offset_bits": "块内[^,。]{0,6}位",
        "tag": "(?:Tag|标记)\\s?(?:字段)?(?:的)?(?:内容)?应?(?:为|是)(?!\\s?(?:多少|几))",
        "line_bits": "(?:Cache\\s?)?(?:每(?:一)?)?行(?:的)?(?:总)?(?:位数|多少位|几位)",
        "comparators": "比较器",
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
}
SIGNS: dict[str, str] = {
    "co.address_translation": "TLB[^。]{0,200}(?:物理地址|Cache)|虚拟地址[^。]{0,40}(?:物理地址|TLB)",
    "co.cache_mapping": "(?:映射|相联)[^。]{0,60}(?:标记|总容量|组号|行号|Tag|位)|标记(?:字段|位)",
    "co.cache_performance": "Cache[^。]{0,80}(?:平均访问时间|平均存取时间|命中率|效率)|平均(?:访问|存取)时间[^。]{0,20}Cache",
    "co.cache_program": "Cache[^。]{0,200}\\w\\[\\d+\\]|(?:for|数组)[^。]{0,160}命中率|数组[^。]{0,80}Cache",
    "co.cache_trace": "Cache[^。]{0,120}依次访问|访问(?:的)?(?:主存)?(?:块|地址)(?:号)?(?:序列|依次)",
}
