"""How questions about segments, and segments of pages, word the parameters and results of their solvers."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Hint, Reader, first, flag, integer, num
from assistant408.tutor.hints.os_memory import PAGE_SIZE
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import markdown

__all__ = ["ASKS", "HINTS", "SIGNS"]

_SEGMENT_COLUMNS = {"base": "基址|始址|起址|起始", "length": "段长|长度|界限"}


def _segments(r: Reader) -> list[dict[str, int]] | None:
    rows: dict[int, dict[str, int]] = {}
    for m in finditer(
        r"段(?:号)?\s?(\d)\s?[:,]?(?:的)?(?:段)?基址?(?:地址)?(?:为|是|=|:)?\s?(\d+)[、,;\s]*(?:段长|长度?|段长为)(?:为|是|=|:)?\s?(\d+)",
        r.text,
    ):
        r.take(*m.span())
        rows[int(m[1])] = {"base": int(m[2]), "length": int(m[3])}
    if len(rows) < 2:
        for m in finditer(
            r"段(?:号)?\s?(\d)\s?[:,]?(?:的)?(?:段)?长(?:度)?(?:为|是|=|:)?\s?(\d+)[、,;\s]*(?:段?基址|始址|起址|起始地址)(?:为|是|=|:)?\s?(\d+)",
            r.text,
        ):
            r.take(*m.span())
            rows[int(m[1])] = {"base": int(m[3]), "length": int(m[2])}
    if len(rows) >= 2:
        return [rows[i] for i in sorted(rows)]
    table = markdown(r.text)
    if table:
        heads = table[2][0]
        at = {k: next((i for i, h in enumerate(heads) if search(p, h)), -1) for k, p in _SEGMENT_COLUMNS.items()}
        if min(at["base"], at["length"]) >= 0 and all(
            c[i].isdigit() for c in table[2][1:] for i in at.values() if i >= 0
        ):
            r.take(table[0], table[1])
            return [{"base": int(c[at["base"]]), "length": int(c[at["length"]])} for c in table[2][1:]]
    both = search(r"基址\s?,\s?段长\)?[^(]{0,8}((?:\(\s?\d+\s?,\s?\d+\s?\)[、,;]?\s?){2,})", r.text)
    if both:
        r.take(*both.span(1))
        found = re.findall(r"\(\s?(\d+)\s?,\s?(\d+)\s?\)", both[1])
        return [{"base": int(b), "length": int(n)} for b, n in found]
    bases = r.list_after([r"基址|始址|起始地址"], 2, 16)
    lengths = r.list_after([r"段长|长度"], 2, 16)
    if bases and lengths and len(bases) == len(lengths):
        return [{"base": int(b.value), "length": int(n.value)} for b, n in zip(bases, lengths, strict=True)]
    return None


def _pair(which: int) -> Hint:
    """A logical address ``(2, 130)``."""

    def read(r: Reader) -> int | None:
        pairs = list(finditer(r"[(\[<]\s?(\d{1,2})\s?,\s?(\d+)\s?[)\]>]", r.text))
        near = [m for m in pairs if search(r"地址(?:为|是)?\s?$", r.text[: m.start()])]
        for m in near or pairs:
            r.take(*m.span())
            return int(m[1 + which])
        return None

    return read


def _cut_by_bits(which: int) -> Hint:
    """A whole logical address of which the fields are given in bits: ``高 4 位为段号``."""

    def read(r: Reader) -> int | None:
        total = search(
            r"(?:逻辑|虚拟)?地址(?:空间)?(?:共|长(?:度)?|为|有|的长度)*\s?(\d+)\s?位|(\d+)\s?位(?:的)?(?:逻辑|虚拟)?地址",
            r.text,
        )
        high = search(r"(?:高|前)\s?(\d+)\s?位[^,。;]{0,4}段号|段号(?:占|为|有|用)?\s?(?:高)?\s?(\d+)\s?位", r.text)
        low = search(
            r"段内(?:地址|偏移量?|位移)(?:占|为|有|用)?\s?(?:低)?\s?(\d+)\s?位|低\s?(\d+)\s?位[^,。;]{0,4}段内", r.text
        )
        bits = None
        if low:
            bits = int(low[1] or low[2])
        elif total and high:
            bits = int(total[1] or total[2]) - int(high[1] or high[2])
        address = num("(?:逻辑|虚拟?|线性|有效)地址", fresh=False)(r) if bits else None
        if bits is None or not isinstance(address, int):
            return None
        for m in (total, high, low):
            if m:
                r.take(*m.span())
        return address & ((1 << bits) - 1) if which else address >> bits

    return read


def _tables(r: Reader) -> list[list[int]] | None:
    rows: dict[int, list[int]] = {}
    for m in finditer(
        r"(?:段\s?(\d)|第?\s?(\d)\s?号?段)[^;。\d]{0,24}?(?:依次|分别)?(?:为|是|=|:)?\s?(\d+(?:\s?[,、]\s?\d+(?!\d|\s?号))*)",
        r.text,
    ):
        r.take(*m.span())
        rows[int(m[1] or m[2])] = [int(x) for x in re.findall(r"\d+", m[3])]
    return [rows[i] for i in sorted(rows)] if rows else None


HINTS: dict[str, dict[str, Hint]] = {
    "os.segment_paging": {
        "page_size": PAGE_SIZE,
        "page_bits": integer(r"(?:段内)?页号(?:占|为|有)?\s?(\d+)\s?位"),
        "tables": lambda r: _tables(r),
        "segment": first(_pair(0), integer(r"段号(?:为|是|=|:)?\s?(\d+)", r"第\s?(\d+)\s?段(?:的)?(?:段内|内)")),
        "offset": first(_pair(1), integer(r"段内(?:地址|偏移量?)(?:为|是|=|:)?\s?(\d+)")),
        "address": num("(?:逻辑|虚拟)地址"),
        "tlb_hit": flag("快表命中|TLB 命中"),
    },
    "os.segmentation": {
        "segments": _segments,
        "segment": first(
            _cut_by_bits(0), _pair(0), integer(r"段号(?:为|是|=|:)?\s?(\d+)(?!\s?位)", r"第\s?(\d+)\s?段")
        ),
        "offset": first(
            _cut_by_bits(1), _pair(1), integer(r"段内(?:地址|偏移量?|位移)(?:为|是|=|:)?\s?(\d+)(?!\s?位)")
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.segment_paging": {
        "memory_accesses": "(?:几|多少)次|次数|访存",
        "physical_hex": "十六进制",
        "physical_address": "物理地址",
    },
    "os.segmentation": {"physical_address": "物理地址|绝对地址|主存地址", "valid": "越界|非法|合法", "outcome": "结果"},
}
SIGNS: dict[str, str] = {
    "os.segment_paging": "段页式",
    "os.segmentation": "段表|(?:段基址|段长)",
}
