"""How questions about memory management word the parameters and results of their solvers."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assistant408.tutor.extract import (
    Assumed,
    Free,
    Hint,
    Reader,
    as_size,
    assume,
    const,
    first,
    flag,
    integer,
    num,
    pick,
    seq,
)
from assistant408.tutor.hints.os_shared import N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search
from assistant408.tutor.rows import steps

__all__ = ["ASKS", "HINTS", "SIGNS"]

_LISTED = seq("(?:访问|引用|页面|走向|页号)(?:序列|串|走向|次序|顺序|页面)*|序列|走向|访问", longest=5, least=4)


def REFS(r: Reader) -> list[int] | None:
    """The pages in their order, and the one that is to be accessed next (``要访问的下一页的页号为 7``)."""
    pages: list[int] | None = _LISTED(r)
    after = search(
        r"下一(?:个)?(?:要访问的)?页(?:面)?(?:的页?号)?(?:为|是)\s?(\d+)|(?:再|若要|接着)访问(?:页|页面|第)?\s?(\d+)\s?号?页?",
        r.text,
    )
    if pages and after:
        r.take(*after.span())
        return [*pages, int(after[1] or after[2])]
    return pages


FRAMES = num(
    "驻留页数|页框数?|页帧数?|物理块数?|内存块数?|主存块|物理页数?|页架|frames?",
    before=["个?(?:空闲|可用|内存|物理|主存|存储)?(?:页框|页帧|物理块|内存块|主存块|物理页|页架|帧|块)(?!号)"],
)

PAGE_POLICY = pick(
    {
        "ENHANCED_CLOCK": "改进(?:型)?的?\\s?(?:CLOCK|时钟)|增强.{0,4}时钟",
        "CLOCK": "(?<!改进型)(?<!改进型 )(?<!改进)CLOCK|时钟|二次机会|NRU|最近未用",
        "OPT": "OPT|最佳(?:页面)?置换|最优(?:页面)?置换|理想",
        "FIFO": "FIFO|先进先出",
        "LRU": "LRU|最近最[久少]|最久未",
    }
)

PAGE_SIZE = num(
    "(?:页面?|块|页框|帧|页面?的)(?:大小|长度)|页长|每页(?:大小)?|页面为", before=["(?:的)?页面"], unit="bytes"
)

ADDRESS = num("(?:逻辑|虚拟?|线性|有效)地址|访问(?:地址)?|地址")


def _holes(r: Reader) -> list[dict[str, Any]] | None:
    """Free partitions: by start and size, or one whole space."""
    rows = []
    for m in finditer(
        r"(?:起址|起始地址|始址|基址)(?:为|是|:)?\s?(\d+)\s?([KM]?B?),?、?\s?(?:大小|长度|容量)(?:为|是|:)?\s?(\d+)\s?([KM]?B?)",
        r.text,
    ):
        r.take(*m.span())
        rows.append({"start": _free(m[1] + m[2]), "size": _free(m[3] + m[4])})
    if rows:
        return rows
    told = list(
        finditer(r"\(\s?(?:起始?址|始址)\s?(\d+\s?[KM]?B?)\s?,\s?(?:大小|长度?)\s?(\d+\s?[KM]?B?)\s?\)", r.text)
    )
    if told:
        for m in told:
            r.take(*m.span())
        return [{"start": _free(m[1]), "size": _free(m[2])} for m in told]
    pairs = search(
        r"[(（]?(?:起始?址|始址)\s?,\s?(?:大小|长度)[)）]?[^(]{0,6}((?:\(\s?\d+\s?[KM]?B?\s?,\s?\d+\s?[KM]?B?\s?\)[、,;]?\s?)+)",
        r.text,
    )
    if pairs:
        r.take(*pairs.span(1))
        for a, b in re.findall(r"\(\s?(\d+\s?[KM]?B?)\s?,\s?(\d+\s?[KM]?B?)\s?\)", pairs[1]):
            start = 0 if a == "0" else _free(a)
            rows.append({"start": start, "size": _free(b)})
        return rows
    whole = search(
        r"(?:初始|空闲|内存|用户|可用|主存|总)[^,。;]{0,14}?(?:空间|区|大小|容量|分区|内存)?[^,。;\d]{0,6}?(\d+)\s?([KMG]i?B?|字节|B)",
        r.text,
    )
    listed = r.list_after([r"空闲(?:分?区|块)[^。;,]{0,18}(?:为|是|有|:)"], 2, 2)
    if (
        whole
        and not listed
        and not search(r"空闲(?:分?区|块)[^。]{0,16}(?:依次|分别)(?:为|是|有)?[^。]{0,6}\d", r.text)
    ):
        r.take(*whole.span(1))
        size = _free(whole[1] + whole[2])
        system = search(
            r"(\d+)\s?([KMG]i?B?)[^,。;\d]{0,10}(?:存放|用于|分给|留给|被)?(?:存放)?操作系统(?:占用|使用)?", r.text
        )
        if (
            system
            and isinstance(size, Free)
            and size.quantity.unit == as_size(quantities(system[1] + system[2])[0]).unit
        ):
            r.take(*system.span())  # at the high end, or of no account for sizes
            return [{"start": 0, "size": Free(replace(size.quantity, value=size.quantity.value - int(system[1])))}]
        return [{"start": 0, "size": size}]
    sizes = listed or r.list_after([r"空闲(?:分?区|块)"], 2, 30)
    if sizes:
        last = next((q for q in reversed(sizes) if q.kind), None)
        out, at = [], 0
        for q in sizes:  # places unknown: apart, in order
            size = q if q.kind or last is None else (quantities(f"{q.value} {last.unit}") or [q])[0]
            out.append({"start": at, "size": Free(size) if size.kind == "size" else plain_number(size.value)})
            at += int(q.value) * 2
        return out
    return None


def _free(word: str) -> Any:
    found = quantities(word)
    if not found:  # a number too long to be one
        return None
    q = as_size(found[0])
    return Free(q) if q.kind == "size" else plain_number(q.value)


def _page_table(r: Reader) -> list[int] | None:
    """Frames of pages 0, 1, …: ``0→20、1→27``, or a list after a word, or ``第 0、1、2 页装入 5、10、8``."""
    pairs = [
        (int(a), int(b), s)
        for s, (a, b) in ((m.span(), m.groups()) for m in finditer(r"(?<![\d-])(\d+)\s?(?:->|→)\s?(\d+)", r.text))
    ]
    if len(pairs) >= 2 and len(pairs) <= 64:
        out = [-1] * (max(p for p, _, _ in pairs) + 1)
        for page, frame, span in pairs:
            out[page] = frame
            r.take(*span)
        return out if len(out) <= 200 else None
    lists = [
        r.list_after([w], 2, 30)
        for w in (r"(?:第|页号?|页面)\s?(?=0)", r"(?:页框|物理块|主存块|内存块|块|帧|物理页|装入|存放在|对应)[号中]?")
    ]
    pages, frames = lists
    if pages and frames and len(pages) == len(frames):
        out = [-1] * (int(max(q.value for q in pages)) + 1)
        for p, f in zip(pages, frames, strict=True):
            out[int(p.value)] = int(f.value)
        return out
    return [int(q.value) for q in frames or pages or []] or None


def _bits_by_pages(r: Reader) -> int | None:
    """``逻辑地址空间大小为 2^16 页``: the bits of page number and offset."""
    pages = search(r"空间[^,。;\d]{0,8}2\s?\^\s?(\d+)\s?(?:个)?页(?!表|大)", r.text)
    page = num("页(?:面)?(?:的)?(?:大小|长度|为)|每页", unit="bytes")(Reader(r.text))
    space = search(r"(?:虚拟|逻辑|地址)空间(?:的)?(?:大小|容量)?(?:为|是)?\s?(\d+)\s?([GMT])B", r.text)
    if space and not pages:
        r.take(*space.span())
        return (int(space[1]) - 1).bit_length() + {"M": 20, "G": 30, "T": 40}[space[2]]
    if not pages or not isinstance(page, int):
        return None
    r.take(*pages.span())
    return int(pages[1]) + (page - 1).bit_length()


def _page_by_bits(r: Reader) -> int | None:
    """``页内偏移占 13 位``."""
    bits: int | None = integer(r"页内(?:偏移|地址|位移)(?:量|地址)?(?:占|为|有)?\s?(\d{1,2})\s?位")(r)
    return None if bits is None else 1 << bits


def _single(r: Reader) -> list[dict[str, Any]] | None:
    """The only request of a question on where it is put."""
    size = num("(?:申请|请求|分配|需要|要求|装入)(?:一?个)?(?:大小为)?", unit="free", fresh=False)(r)
    return [{"name": "A", "size": size}] if isinstance(size, Free) else None


def _one_request(r: Reader) -> list[dict[str, Any]] | None:
    """A single request to the buddy system, of which the waste is asked for."""
    if not search("碎片|浪费", r.text):
        return None
    size = num(
        "(?:分配|申请|请求)(?:大小为)?",
        before=["的(?:存储|内存|空间)?(?:请求|申请|块|空间)"],
        unit="free",
        fresh=False,
    )(r)
    return [{"name": "A", "size": size}] if size is not None else None


def _room(r: Reader) -> Assumed | None:
    """A memory that is large enough for the single request."""
    q = next((as_size(q) for q in r.numbers if not q.chinese), None)
    if q is None or not search("碎片|浪费", r.text):
        return None
    room = replace(q, value=Fraction(1 << (int(q.value) - 1).bit_length()))
    return Assumed(Free(room) if room.kind == "size" else int(room.value))


HINTS: dict[str, dict[str, Hint]] = {
    "os.belady": {
        "refs": REFS,
        "min_frames": integer(
            rf"(?:由|从|分别(?:为|是|取)?)?\s?{N}\s?(?:个(?:页框|物理块|页帧|内存块)?)?\s?(?:增加到|增至|变为|和|增加|到|与|、)\s?\d",
            rf"(?:分别为|分别取|由|从)\s?{N}",
        ),
        "max_frames": integer(rf"(?:增加到|增至|变为|变成)\s?{N}", rf"(?:和|到|与|、)\s?{N}\s?(?:个|时|,|块|$)"),
        "policy": PAGE_POLICY,
    },
    "os.buddy": {
        "min_block": num("最小(?:块|分配单位)(?:大小)?", unit="free"),
        "events": first(steps("申请|请求|分配|需要|要求", "释放|回收|归还"), _one_request),
        "total": first(num("内存(?:空间)?|大小|主存|空间|管理", before=["的?(?:内存|空间|主存)"], unit="free"), _room),
    },
    "os.buddy_address": {
        "address": num("(?:起始|首)地址|起址|始址", "地址", unit="free"),
        "size": num("大小|长度|块长", before=["的(?:空闲)?块"], unit="free"),
    },
    "os.dynamic_partition": {
        "events": first(steps("申请|请求|分配|需要|要求|装入", "释放|回收|归还|撤离"), _single),
        "holes": _holes,
        "policy": pick(
            {
                "NF": "邻近|循环首次|下次适应|Next|NF",
                "BF": "最佳|最优|Best|BF",
                "WF": "最坏|最差|Worst|WF",
                "FF": "首次|最先|First|FF",
            }
        ),
        "nf_start": pick({"remainder": "剩余(?:的)?部分(?:继续|开始)"}),
    },
    "os.effective_access_time": {
        "fault_rate": num("缺页(?:中断)?(?:率|概率)", unit="share"),
        "hit_rate": num("命中(?:率|概率)|hit", before=["的[^,。;\\d]{0,12}(?:命中|可以?在(?:快表|TLB))"], unit="share"),
        "fault_service": num(
            "(?:处理|服务)(?:一次)?缺页(?:中断)?(?:的)?(?:平均)?(?:时间)?|缺页(?:中断)?(?:的)?(?:平均)?(?:处理|服务|调页)?(?:的)?时间|缺页中断处理|缺页时[^,。;\\d]{0,10}时间|缺页(?:中断)?(?:的)?(?:处理|服务)",
            unit="free",
        ),
        "tlb_time": num(
            "(?:快表|TLB|联想寄存器|联想存储器|相联存储器)(?:的)?(?:查询|访问|查找|检索|存取)?(?:一次)?(?:的)?(?:时间)?|(?:查询?|访问|检索)(?:一次)?(?:快表|TLB|联想)",
            unit="free",
        ),
        "memory_time": num(
            "(?:访问|存取)(?:一次)?(?:主存|内存)(?:一次)?(?:的)?(?:时间)?|(?:主存|内存)(?:的)?(?:访问|存取|读写)?(?:一次)?(?:的)?(?:时间|周期)?|访存(?:一次)?(?:时间|耗时)?|访问一次",
            unit="free",
        ),
        "levels": first(integer(rf"{N}\s?级(?:分页|页表)"), const(1, "单级|一级")),
        "parallel": flag("同时(?:开始)?(?:查|访问|检索)|并行"),
        "fault_base": pick({"tlb_miss": "未命中[^。]{0,10}(?:的)?(?:访问)?中[^。]{0,6}缺页"}),
        "after_fault": pick({"included": "(?:处理)?时间(?:已)?(?:包括|包含|含)[^。]{0,14}", "restart": "重新"}),
    },
    "os.multilevel_page_table": {
        "entry_size": first(
            num("页表项(?:的)?(?:大小|长度|占用?|长)?|每(?:个)?页表项|表项", unit="bytes"),
            assume(
                4,
                "(?:最多|共|几|多少)[^。表]{0,14}个?页面?(?:数)?(?:\\(|。|$|,)|(?:最多|共)[^。表]{0,10}\\(\\s?\\)\\s?个?页",
            ),
        ),
        "page_size": first(
            num("页(?:面)?(?:的)?(?:大小|长度|为)|每页", before=["的?页(?!表|号|框|内)"], unit="bytes"), _page_by_bits
        ),
        "address_bits": first(
            _bits_by_pages,
            integer(r"2\s?\^\s?(\d+)\s?(?:B|字节)?(?:的)?(?:虚拟|逻辑|地址)", r"空间[^,。\d]{0,8}2\s?\^\s?(\d+)"),
            num(
                "(?:虚拟|逻辑|线性|虚)?地址(?:空间)?(?:的)?(?:长度|位数|长)?",
                before=["位(?:的)?(?:虚拟|逻辑|线性|虚)?(?:地址|机|计算机|系统|按字节)"],
                unit="bits",
            ),
        ),
        "used_pages": num("(?:使用|占用?|共有?|用了)", before=["(?:个)?页(?!表|框|大|面大)"]),
    },
    "os.page_replacement": {
        "writes": seq("(?:修改|写)(?:访问|操作)?(?:的)?(?:序号|次序)", least=1),
        "frames": FRAMES,
        "refs": REFS,
        "policy": PAGE_POLICY,
    },
    "os.paging": {
        "page_size": PAGE_SIZE,
        "address": ADDRESS,
        "frames": _page_table,
    },
    "os.working_set": {
        "window": num("窗口(?:大小|尺寸|长度)?|Δ|Delta", before=["次访问"]),
        "time": integer(r"第\s?(\d+)\s?次(?:访问)?", r"第\s?(\d+)\s?个页面?", r"(?:t|时刻)\s?(?:=|为)?\s?(\d+)"),
        "refs": REFS,
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.belady": {
        "anomaly": "是否[^。]{0,12}(?:异常|Belady|反而)|(?:会不会|有没有)[^。]{0,12}(?:异常|Belady)|Belady",
        "extra_faults": "增加(?:了)?\\s?\\(|增加量|增加(?:了)?(?:几|多少)次|多(?:了)?(?:几|多少)次",
        "faults": "缺页(?:次数|几次)",
    },
    "os.buddy": {
        "largest_free": "最大(?:的)?空闲",
        "internal_fragmentation": "内(?:部)?(?:碎|零)(?:片|头)",
        "free_count": "(?:几|多少)个空闲|空闲块(?:的)?(?:个数|数)",
        "addresses": "地址",
    },
    "os.buddy_address": {
        "merged_size": "合并[^,。]{0,6}大小",
        "merged": "合并",
        "buddy_hex": "十六进制",
        "buddy": "伙伴",
    },
    "os.dynamic_partition": {
        "largest_hole": "最大(?:的)?(?:空闲|的?分区|空间)",
        "cut_from": "原来?(?:的)?(?:大小|长度)|(?:大小|容量)为多少的|(?:哪|多大)(?:个|的)?(?:一个)?空闲(?:分?区|块)",
        "hole_count": "(?:几|多少)个(?:空闲|分区)|空闲分?区(?:的)?(?:个数|数)",
        "addresses": "(?:起始)?地址",
    },
    "os.effective_access_time": {"eat": "有效|平均(?:存取|访问|访存)|EAT"},
    "os.multilevel_page_table": {
        "levels": "级数|(?:几|多少)级",
        "single_level_pages": "(?:单级|一级|页表)[^。]{0,16}(?:占用?|需)[^,。]{0,8}(?:几|多少)(?:个)?(?:连续)?(?:的)?(?:页框|页面|物理页|页)",
        "single_level_bytes": "(?:单级|一级|整个|页表)(?:页表)?[^,。级项逻]{0,8}(?:大小|空间|占|字节|容量)",
        "entries_per_page": "(?:每页|一页|一个页面)[^,。]{0,10}(?:页表项|个)",
        "top_entries": "(?:页目录)(?:表)?[^,。]{0,8}表项的?个?数|(?:顶级|页目录|一级)[^,。]{0,8}(?:项|表项)",
        "table_pages": "@使用[^。]{0,24}页[^。]{0,10}页表[^。]{0,16}占用?\\(|页表[^,。]{0,6}(?:几|多少)(?:个)?页",
        "pages": "(?:几|多少)(?:个)?页|页数",
    },
    "os.page_replacement": {
        "fault_rate": "缺页(?:中断)?率",
        "faults": "缺页(?:中断)?(?:的)?(?:总)?(?:次数|几次|多少次|次|中断|数)|(?:几|多少)次缺页|缺页",
        "write_backs": "写回",
        "replacements": "置换(?:的)?(?:次数|几次|多少次)",
        "last_victim": "@(?:下一(?:个)?(?:要访问的)?页|再访问|若要访问|接着访问)[^。]{0,40}(?:淘汰|置换|换出)",
        "victims": "(?:淘汰|换出|置换)(?:的)?(?:页|顺序|哪|次序)",
        "final": "最后(?:在)?(?:内存|页框)",
    },
    "os.paging": {
        "physical_hex": "十六进制",
        "physical_address": "物理地址",
        "page": "页号(?:是|为|$)",
        "offset": "页内(?:偏移|地址)",
    },
    "os.working_set": {
        "sizes": "各时刻",
        "max_size": "最大",
        "average_size": "平均",
        "size": "大小|(?:几|多少)(?:个)?页",
        "faults": "缺页",
        "working_set": "工作集(?!(?:的)?(?:大小|尺寸|页数|包含))",
    },
}
SIGNS: dict[str, str] = {
    "os.belady": "[Bb]elady|(?:页框|物理块)[^。]{0,10}(?:增加到|增至|变为|变成)|增加(?:了)?(?:几|多少)次",
    "os.buddy": "伙伴系统[^。]{0,80}(?:申请|释放|请求)|伙伴[^。]{0,30}申请",
    "os.buddy_address": "伙伴(?:块)?(?:的)?(?:起始)?地址|互为伙伴|(?:它|其)的伙伴",
    "os.dynamic_partition": "(?:首次|最佳|最坏|邻近|最先|循环首次)适应|(?:[Ff]irst|[Bb]est|[Ww]orst|[Nn]ext)[- ]?[Ff]it",
    "os.effective_access_time": "页表[^。]{0,60}(?:访问内存|访存|内存)[^。]{0,60}(?:存取|访问|取得)[^。]{0,12}数据[^。]{0,8}(?:共?需|时间)|(?:快表|TLB|联想)[^。]{0,60}(?:命中率)|有效(?:存取|访问|访存)时间|缺页率[^。]{0,60}时间|EAT",
    "os.multilevel_page_table": "页表项[^。]{0,60}(?:级|页表)|多级页表|(?:几|多少)级页表",
    "os.page_replacement": "缺页|页面置换|(?:LRU|FIFO|OPT|CLOCK)[^。]{0,20}(?:页框|物理块|页)|访问(?:页面)?序列|页面走向|淘汰",
    "os.paging": "(?:逻辑地址|虚拟地址)[^。]{0,60}物理地址|页表[^。]{0,60}物理地址",
    "os.working_set": "工作集",
}
