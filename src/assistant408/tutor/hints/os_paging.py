"""How questions word the parameters and results of the smaller solvers on paging, TLBs and replacement."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, integer, num, pick
from assistant408.tutor.hints.os_memory import FRAMES, PAGE_SIZE
from assistant408.tutor.hints.os_memory import HINTS as MEMORY
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import markdown

__all__ = ["ASKS", "HINTS", "SIGNS"]

_EAT = MEMORY["os.effective_access_time"]
_COLUMNS = {
    "loaded": "装入|加载|调入|进入",
    "used": "访问时[间刻]|上次(?:访问|引用)|最近(?:访问|引用)|(?:访问|引用)时",
    "accessed": "访问位|引用位|使用位|^[RAu]$|^A位$|R位",
    "modified": "修改位|^[MD]$|M位|脏位",
}


def _pages(r: Reader) -> list[dict[str, Any]] | None:
    """The pages in memory and their bits: a table, lists after words, or ``页 6 为 (1,0)``."""
    table = markdown(r.text)
    if table:
        start, end, cells = table
        where = {
            k: i for k, p in _COLUMNS.items() for i, h in enumerate(cells[0]) if i and search(p, h.replace(" ", ""))
        }
        name = next((i for i, h in enumerate(cells[0]) if search("页(?!框|帧)|页面", h)), 0)
        if where and all(row[i].isdigit() for row in cells[1:] for i in where.values()):
            r.take(start, end)
            return [{"page": row[name], **{k: int(row[i]) for k, i in where.items()}} for row in cells[1:]]
    bits = r.list_after(["访问位|引用位|使用位"], 2, 24)
    if bits:
        changed = r.list_after(["修改位|脏位"], 2, 24)
        names = r.list_after(["页面?号?|存放|装有|驻留"], 2, 30)
        labels = [str(q.value) for q in names] if names else r.words_after(["页面?"], 2) or []
        if len(labels) == len(bits) and all(q.value in (0, 1) for q in bits):
            out: list[dict[str, Any]] = []
            for i, q in enumerate(bits):
                row = {"page": labels[i], "accessed": int(q.value)}
                if changed and len(changed) == len(bits):
                    row["modified"] = int(changed[i].value)
                out.append(row)
            return out
    pairs = list(finditer(r"(?:页\s?)?([A-Z]|\d{1,2})\s?(?:为|是|:)?\s?\(\s?([01])\s?,\s?([01])\s?\)", r.text))
    labels, groups = [m[1] for m in pairs], [(m[2], m[3]) for m in pairs]
    if len(pairs) < 2:
        run = search(r"(?:\(\s?[01]\s?,\s?[01]\s?\)\s?[、,;和]?\s?){2,}", r.text)
        names_of = search(r"([A-Z](?:\s?[、,]\s?[A-Z])+)", r.text)
        if not run or not names_of:
            return None
        groups = re.findall(r"\(\s?([01])\s?,\s?([01])\s?\)", run[0])
        labels = re.findall("[A-Z]", names_of[1])
        r.take(*run.span())
    for m in pairs:
        r.take(*m.span())
    if len(labels) != len(groups) or len(set(labels)) != len(labels):
        return None
    return [{"page": n, "accessed": int(a), "modified": int(b)} for n, (a, b) in zip(labels, groups, strict=True)]


def _pointer(r: Reader) -> str | None:
    m = search(r"指针[^。;]{0,10}?(?:指向|指在|位于|在)[^。;,]{0,6}?([A-Z]|\d+)(?![\d位])", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return m[1]


def _power(hint: Hint) -> Hint:
    """The exponent of a size that is a power of two."""

    def read(r: Reader) -> int | None:
        n = hint(r)
        return n.bit_length() - 1 if isinstance(n, int) and n > 0 and not n & (n - 1) else None

    return read


def _index_bits(r: Reader) -> list[int] | None:
    """``页目录号 10 位、页表索引 10 位``."""
    found = list(
        finditer(
            r"(?:页目录(?:号|索引|项)?|页表(?:索引|号)|外层页号|内层页号|[一二三]级(?:页表)?(?:索引|页号)?|页号)\s?"
            r"(?:\([^)\d]*\))?(?:占|为|有|的?位数为)?\s?\(?\s?(\d{1,2})\s?(?:位|bit)",
            r.text,
        )
    )
    if not found:
        if search(r"(?:页目录|页表)和?(?:页表)?均?(?:有|含)?\s?1024\s?项", r.text):
            return [10, 10]
        return None
    for m in found:
        r.take(*m.span(1))
    return [int(m[1]) for m in found] if len(found) > 1 else None


def _dims(which: int) -> Hint:
    def read(r: Reader) -> int | None:
        m = search(r"\[\s?(\d+)\s?\]\s?\[\s?(\d+)\s?\]|(?<!\d)(\d+)\s?[×xX*]\s?(\d+)(?=的?\s?[^\d\s])", r.text)
        if not m:
            return None
        r.take(*m.span())
        pair = [int(g) for g in m.groups() if g]
        return pair[which]

    return read


def _walk(r: Reader) -> str | None:
    """Whether the inner loop runs along a row: by the loops, or by the words."""
    used = search(r"\w\[\s?(\w)\s?\]\s?\[\s?(\w)\s?\]\s?(?:=|\+)", r.text)
    loops = re.findall(r"for\s?\(\s?(?:int )?(\w)\s?=", r.text)
    if used and len(loops) >= 2 and not used[1].isdigit():
        for m in finditer(r"for\s?\([^()]*\)", r.text):
            r.take(*m.span())
        return "row" if loops[0] == used[1] else "column"
    said = search(r"按(行|列)(?:优先)?(?:的?(?:次序|顺序))?(?:依次)?(?:访问|初始化|清零|赋值|处理|扫描)", r.text)
    return {"行": "row", "列": "column"}[said[1]] if said else None


def _words_or_bytes(*names: str) -> Hint:
    return first(
        num(*names, unit="bytes"),
        integer(rf"(?:{'|'.join(names)})[^,。;\d]{{0,6}}(\d+)\s?(?:个)?(?:字|整数|元素)(?!节)"),
    )


def _length(r: Reader) -> Any:
    for m in finditer(r"(\d+(?:\.\d+)?)\s?(KB|MB|B|字节)?(?=\s?的(?:进程|程序|作业|文件|存储请求))", r.text):
        if not r.is_used(*m.span()):
            return num("", before=["的(?:进程|程序|作业|文件)"], unit="free")(r)
    return num(
        "(?:进程|程序|作业|文件)(?:的)?(?:长度|大小|长|需要|占)?|长度|大小(?:为)?",
        before=["的(?:进程|程序|作业|文件)"],
        unit="free",
    )(r)


HINTS: dict[str, dict[str, Hint]] = {
    "os.eat_target": {
        "target": num(
            "(?:不(?:超过|大于|高于)|小于|低于|(?:以内|控制在)|达到|≤|<=|降(?:为|到))",
            "(?:有效|平均)(?:访问|存取|访存)?时间(?:为|是)",
            unit="free",
        ),
        "seek": pick({"hit_rate": "命中率[^。]{0,10}(?:至少|最低|应|不低于|为|是|$)", "fault_rate": "缺页(?:中断)?率"}),
        **{k: _EAT[k] for k in ("fault_service", "tlb_time", "memory_time", "levels")},
    },
    "os.replacement_state": {
        "pages": _pages,
        "pointer": _pointer,
        "policy": pick(
            {
                "ENHANCED_CLOCK": "改进(?:型)?的?\\s?(?:CLOCK|时钟)|增强.{0,4}时钟",
                "CLOCK": "(?<!改进型)(?<!改进型 )(?<!改进)CLOCK|(?<!改进型)时钟|二次机会",
                "NRU": "NRU|最近未用|未使用过算法",
                "FIFO": "FIFO|先进先出",
                "LRU": "LRU|最近最[久少]|最久未",
            }
        ),
    },
    "os.array_page_faults": {
        "rows": _dims(0),
        "columns": _dims(1),
        "element": first(
            num("int(?:型)?|每?个?(?:整数|元素|数组元素|变量)", unit="bytes"),
            const(1, "(?:每个|一个)?(?:整数|元素)[^,。;]{0,4}(?:占|存)?一个?(?:存储)?字(?!节)|每个字"),
            const(4, "(?<![A-Za-z])int(?![A-Za-z])"),
        ),
        "page": _words_or_bytes("页面?(?:的)?(?:大小|长度)?(?:为)?|每页(?:大小|存放|可?放)?|一页"),
        "frames": first(FRAMES, const(1, "(?:一|1) ?个?(?:页框|物理块|页帧)")),
        "stored": pick(
            {"column": "按列(?:优先)?(?:存|方式存)|列优先(?:存)?", "row": "按行(?:优先)?(?:存|方式存)|行优先"}
        ),
        "access": _walk,
        "policy": pick({"FIFO": "FIFO|先进先出", "LRU": "LRU|最近最"}),
    },
    "os.page_fragment": {
        "page": num(
            "簇[^,。;\\d]{0,14}大小(?:分别)?(?:为|是)",
            "(?:页面?|块|簇|盘块|页框)(?:的)?(?:大小|长度)",
            before=["的(?:页|块)"],
            unit="free",
        ),
        "length": _length,
    },
    "os.page_walk": {
        "index_bits": _index_bits,
        "offset_bits": first(
            integer(r"(?:页内(?:偏移|地址|位移)(?:量|地址)?)\s?(?:\([^)\d]*\))?(?:占|为|有)?\s?\(?\s?(\d{1,2})\s?位"),
            _power(PAGE_SIZE),
        ),
        "entry_bytes": num("(?:页表|页目录)项(?:的)?(?:大小|长度|占用?|长)?|每(?:个)?(?:页表)?项|表项", unit="bytes"),
        "base": num(
            "(?:页目录|页表)(?:的)?(?:起始|始|首|基)?(?:物理|内存)?(?:地址|址)|PDBR|页表基址(?:寄存器)?(?:的内容)?|CR3"
        ),
        "address": num("(?:逻辑|虚拟?|线性)(?:地)?址", "地址"),
        "frame": first(integer(r"页框号(?:为|是)?\s?([0-9A-F]+H|0x[0-9A-Fa-f]+)"), num("(?:页框|页帧|物理块)号")),
    },
    "os.address_width": {
        "pages": integer(
            r"(\d+)\s?(?:个)?页(?=的|[,。]?每页|[,。]?页(?:面)?大小|、)",
            r"(?:逻辑|虚拟)[^,。;\d]{0,10}(\d+)\s?(?:个)?页",
        ),
        "page_bytes": first(PAGE_SIZE, num("每页|页(?:面)?大小", unit="bytes")),
        "frames": integer(r"(\d+)\s?(?:个)?(?:页框|物理块|页帧|内存块|主存块|块(?!号|大小))"),
        "address_bits": integer(
            r"(?:逻辑)?地址(?:的)?(?:总?长度?|位数|共|空间)?(?:为|是|有)?\s?(\d+)\s?位",
            r"(\d+)\s?位(?:的)?(?:逻辑|虚拟)?地址",
        ),
        "segment_bits": integer(
            r"段号(?:字段)?(?:占|为|有|用|的位数为)?\s?(\d+)\s?位", r"(?:高)?(\d+)\s?位(?:为|是|表示)?段号"
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.eat_target": {"rate": "命中率|缺页(?:中断)?率"},
    "os.replacement_state": {
        "victim": "(?:置换|淘汰|换出|替换)(?:的|哪)?|哪(?:一)?页",
        "pointer": "指针(?:将)?(?:指向|位于)",
    },
    "os.array_page_faults": {
        "faults": "缺页(?:中断)?(?:的)?(?:次数|几次|多少)|缺页",
        "pages": "占(?:用)?(?:几|多少)页",
    },
    "os.page_fragment": {
        "fragment": "(?:内部|页内)?碎片|浪费",
        "allocated": "分配(?:给[^,。]{0,8})?的?(?:磁盘|存储|内存)?空间(?:的)?大小|占用?(?:的)?(?:磁盘|外存|存储)?空间",
        "pages": "(?:几|多少)(?:个)?(?:页|块)|页数",
    },
    "os.page_walk": {
        "entry_hex": "(?:页目录|页表)项[^,。]{0,8}地址",
        "top_index": "(?:页目录号|外层页号)(?:\\([^)]*\\))?(?:是|为)\\s?(?:\\(|$|。)",
        "indexes_hex": "页目录号(?:、|和|与|及|以及)\\s?(?:页表)?(?:索引|页号)(?!\\s?\\(?\\d)",
        "indexes": "页目录号(?:、|和|与|及|以及)\\s?(?:页表)?(?:索引|页号)(?!\\s?\\(?\\d)",
        "physical_hex": "物理地址",
        "page": "(?:虚|逻辑)?页号(?:是|为|$|\\()",
        "offset": "页内(?:偏移|地址)量?(?:是|为)\\s?(?:\\(|$|。)",
    },
    "os.address_width": {
        "logical_bits": "逻辑地址(?:的)?|虚拟地址(?:的)?",
        "physical_bits": "物理地址(?:的)?",
        "segment_bytes": "最大(?:的)?段长|段(?:的)?最大(?:长度|长)|每段[^,。]{0,6}最大",
        "segments": "最多(?:有|可)?[^,。]{0,6}(?:个)?段",
    },
}
SIGNS: dict[str, str] = {
    "os.eat_target": "(?:有效|平均)(?:访问|存取|访存)时间[^。]{0,8}(?:不超过|不大于|小于|低于|不高于|达到|控制)[^。]{0,60}(?:命中率|缺页(?:中断)?率)",
    "os.replacement_state": "(?:访问位|引用位|使用位|访问时[间刻]|装入时[间刻])[^?]{0,200}(?:置换|淘汰|换出)|(?:置换|淘汰)[^?]{0,100}(?:访问位|访问时刻)",
    "os.array_page_faults": r"(?:数组|\]\s?\[)[^?]{0,240}缺页|缺页[^?]{0,160}数组",
    "os.page_fragment": "(?:页内|内部)碎片|簇[^?]{0,60}文件[^?]{0,40}(?:分配|占用?)[^。]{0,10}空间",
    "os.address_width": "(?:逻辑|虚拟|物理)地址[^。]{0,20}(?:位数|有效位|多少位|几位)|最大(?:的)?段长|段的最大长度",
    "os.page_walk": "(?:页目录号|页目录项|页表项的?(?:物理|内存)?地址|页表索引|外层页号)|页表(?:起始|始|首)?(?:地)?址[^。]{0,60}(?:虚拟|逻辑)地址",
}
