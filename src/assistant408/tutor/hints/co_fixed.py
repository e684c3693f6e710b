"""How questions about expressions, ranges and bit patterns of fixed-point words give their data."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant408.tutor.extract import Hint, Reader, const, first, flag, integer, num, pick, seq, text
from assistant408.tutor.hints.co_cpu import HINTS as CPU
from assistant408.tutor.hints.co_shared import HEX, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_NAME = r"(?<![A-Za-z\d])[A-Za-z]\d?(?![A-Za-z\d])"
_CODE = r"(?:[01]\.[01]{2,15}|[01](?:[ .]?[01]){7,15}B?)(?![\d.])"
_WORD = rf"(?:{_CODE}|{HEX}|[+-]?\d+(?![\d.]|[A-F\d]*H))"
_GIVEN = rf"\[?({_NAME})\]?补?\s?(?:=|(?:的|中的)?(?:\d+\s?位)?(?:机器数|补码|值|真值|内容)(?:表示)?(?:为|是))\s?({_WORD})(?!\s?[-+×*/]\s?[A-Za-z(])"


def _variables(r: Reader) -> list[tuple[str, int]]:
    found = []
    pair = search(
        rf"({_NAME})\s?(?:、|和|与)\s?({_NAME})\s?的(?:机器数|补码|值|真值)分别(?:为|是)\s?({_WORD})\s?(?:、|和|与)\s?({_WORD})",
        r.text,
    )
    if pair and not search(r"[01] ?[01]{6}", pair[0]):
        r.take(*pair.span())
        return [(pair[i], int(quantities(pair[i + 2])[0].value)) for i in (1, 2)]
    for m in finditer(_GIVEN, r.text):
        binary = re.fullmatch(_CODE, m[2]) is not None
        word = re.sub("[ .B]", "", m[2]) if binary else m[2].replace(" ", "")
        found.append((m[1], int(word, 2) if binary else int(quantities(word)[0].value)))
        r.take(*m.span(2))
    return found


def _names(r: Reader) -> list[str] | None:
    return [n for n, _ in _variables(r)] or None


def _values(r: Reader) -> list[int] | None:
    return [v for _, v in _variables(r)] or None


def _expression(r: Reader) -> str | None:
    """``z=2×x+y/2``, or the one after the colon of a choice that was put into the stem (``…的是:x-y``)."""
    body = rf"(?:\d+\s?[×*]?\s?)?-?\(?-?(?:\d+\s?[×*]\s?)?{_NAME}(?:\s?[-+×*/]\s?\(?(?:{_NAME}|\d+)\)?)+"
    m = (
        search(rf":\s?({body}|-{_NAME})\s?。?$", r.text)
        or search(rf"{_NAME}\s?=\s?({body})", r.text)
        or search(rf"(?:计算|求|执行|表达式|则)\s?({body}|-{_NAME})(?=\s?(?:的|后|,|$))", r.text)
        or search(rf"\[\s?({body}|-{_NAME})\s?\]补", r.text)
        or search(rf"(?<![\w=])({body}|-{_NAME})\s?的(?:结果|值|补码|\d+\s?位)", r.text)
    )
    if not m:
        return None
    r.take(*m.span(1))
    return m[1].replace(" ", "")


def _length(r: Reader) -> int | None:
    codes = [m[2] for m in finditer(_GIVEN, r.text) if re.fullmatch(r"[01]\.[01]+", m[2])]
    if codes:
        return max(len(c) - 1 for c in codes)
    n = integer(
        r"(\d+)\s?位(?:的)?(?:定点|二进制)?(?:补码|寄存器|字长|机器|计算机|带符号|有符号|整数)",
        r"字长(?:为|是)?\s?(\d+)\s?位",
    )(r)
    return None if n is None else int(n)


def _counts(r: Reader) -> list[int] | None:
    found = CPU["co.opcode_expansion"]["counts"](r)
    if found:
        return list(found)
    pairs = [
        (2 - (m[2] or m[3]).startswith("单"), m)
        for m in finditer(rf"{N}\s?条(双|单)操作数指令|(双|单)操作数指令(?:共?有)?\s?{N}\s?条", r.text)
    ]
    for _, m in pairs:
        r.take(*m.span())
    rows = {k: int(quantities((m[1] or m[4]) + "条")[0].value) for k, m in pairs}
    return [rows[k] for k in sorted(rows, reverse=True)] or None


def _addresses(r: Reader) -> int | None:
    found = CPU["co.opcode_expansion"]["addresses"](r)
    if found:
        return int(found)
    return 2 if "双操作数" in r.text else 1 if "单操作数" in r.text else None


def _subscripts(r: Reader) -> list[int] | None:
    m = search(r"(?:访问|读取?|元素|存取)[^。;]{0,8}?[A-Za-z]\w*\s?\[(\d+)\]\s?(?:\[(\d+)\])?", r.text)
    if not m:
        return None
    r.take(*m.span())
    return [int(g) for g in m.groups() if g]


def _dims(r: Reader) -> list[int] | None:
    m = search(r"(?:int|short|char|float|double|数组)\s+[A-Za-z]\w*\s?\[(\d+)\]\s?(?:\[(\d+)\])?", r.text)
    if not m:
        return None
    r.take(*m.span())
    return [int(g) for g in m.groups() if g]


def _buffer(r: Reader) -> object:
    found = num("(?:数据)?缓冲(?:寄存)?器(?:的)?(?:长度|容量)?(?:为)?|每次(?:DMA|中断)?(?:传送|传输)?", unit="bytes")(r)
    return found if found is not None else num("传送|传输", unit="bytes")(r)


HINTS: dict[str, dict[str, Hint]] = {
    "co.hit_rate": {
        "hits": first(
            num(
                "Cache\\s?(?:完成)?(?:的)?(?:存取|命中)(?:的)?(?:次数)?|命中(?:Cache)?(?:的)?(?:次数)?(?:为)?",
                before=["次(?:访问)?(?:Cache)?命中"],
            )
        ),
        "misses": num(
            "(?:缺失|未命中|不命中|失效)(?:\\([^)]*\\))?(?:的)?(?:次数)?(?:为)?|主存(?:完成)?(?:的)?存取(?:的)?(?:次数)?(?:为)?",
            before=["次(?:缺失|未命中|不命中|失效)"],
        ),
        "accesses": num("(?:总共|共)?(?:访存|访问(?:存储器|主存)?)(?:总)?(?:次数)?(?:为)?", before=["次访存"]),
    },
    "co.pc_width": {
        "memory": text(
            r"(?:主存|内存|地址)(?:储器)?(?:的)?(?:地址)?(?:空间|容量)?(?:大小)?(?:为|是)?\s?(\d+\s?[KMGT]B)"
        ),
        "instruction_bits": num(
            "指令(?:字)?(?:长|字长|定长)(?:度)?(?:为)?", before=["位(?:的)?(?:字长|定长)?(?:的)?指令"], unit="bits"
        ),
        "aligned": flag("对齐", "不(?:要求)?对齐"),
    },
    "co.array_index": {
        "base": integer(rf"(?:首地址|起始地址|基地址|形式地址)[^,。;\dA-F]{{0,16}}?({HEX}|\d+)"),
        "element_bytes": first(
            integer(
                r"(?:int|float|元素|每个元素|short|double|char)\s?(?:型)?(?:数据)?(?:均|各)?[占为]\s?(\d)\s?个?(?:字节|B)"
            ),
            const(4, r"\b(?:int|float)\b"),
            const(8, r"\bdouble\b"),
            const(2, r"\bshort\b"),
            const(1, r"\bchar\b"),
        ),
        "index": _subscripts,
        "dims": _dims,
    },
    "co.transfer_limit": {
        "unit_bytes": _buffer,
        "time_ns": num(
            "(?:存取|存储|访问)周期(?:为)?|(?:中断)?(?:响应和)?(?:处理|服务)(?:程序)?(?:共)?(?:需要?|时间|耗时|的时间)",
            unit="ns",
        ),
        "rate_bytes": first(
            lambda r: (
                None
                if (v := num("(?:数据)?(?:传输|传送)?(?:速)?率", unit="mb_per_s")(r)) is None
                else plain_number(Fraction(str(v)) * 10**6)
            )
        ),
    },
    "co.fixed_expression": {"names": _names, "values": _values, "expression": _expression, "bits": _length},
    "co.bit_pattern": {
        "ones": integer(rf"{N}\s?个\s?[\"“'‘]?1"),
        "zeros": integer(rf"{N}\s?个\s?[\"“'‘]?0"),
        "code": pick({"无符号": "无符号", "补码": "补码", "原码": "原码", "反码": "反码"}),
    },
    "co.instruction_length": {
        "addresses": _addresses,
        "counts": first(_counts, seq("条数")),
        "address_bits": num(
            "(?:每个)?地址(?:码)?(?:字段)?(?:长度)?(?:为|占|均为)?", before=["位(?:的)?地址"], unit="bits"
        ),
    },
    "co.integer_range": {
        "bits": integer(r"(\d+)\s?位", r"字长(?:为|是)?\s?(\d+)\s?位"),
        "code": pick(
            {"无符号": "无符号", "补码": "补码|(?<!无)(?:有|带)符号", "原码": "原码", "反码": "反码", "移码": "移码"}
        ),
        "point": pick({"小数": "小数", "整数": "整数"}),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.hit_rate": {"miss_rate": "(?:缺失|失效|未命中)率", "hit_rate": "命中率"},
    "co.pc_width": {"pc_bits": "PC|程序计数器", "ir_bits": "IR|指令寄存器"},
    "co.array_index": {"offset_code": "变址寄存器", "effective_address": "有效地址|地址(?:是|为)"},
    "co.transfer_limit": {"max_rate": "最高|最大", "share": "比例|百分比|占"},
    "co.fixed_expression": {
        "outcome": "结果",
        "overflow": "@溢出的|是否(?:会)?溢出|溢出情况",
        "code": "机器数|内容|十六进制",
        "binary": "机器数|内容|补码",
        "value": "真值|值",
    },
    "co.bit_pattern": {"smallest": "最小", "largest": "最大"},
    "co.instruction_length": {
        "byte_bits": "@字节编址(?s:.)*字长[^。]{0,6}至少",
        "bits": "字长",
        "opcode_bits": "操作码",
    },
    "co.integer_range": {
        "smallest": "最小|绝对值最大的负",
        "largest": "最大(?:的)?(?:正)?(?:整|小)?数",
        "range": "范围",
        "count": "(?:多少|几)个",
    },
}
SIGNS: dict[str, str] = {
    "co.hit_rate": "(?:次|次数)[^。]{0,60}命中率",
    "co.pc_width": "(?:PC|程序计数器)[^。]{0,20}(?:IR|指令寄存器)[^。]{0,10}位",
    "co.array_index": "(?:变址|数组)[^。]{0,80}(?:变址寄存器|首地址)(?s:.)*\\[\\d+\\]",
    "co.transfer_limit": "(?:不丢失|周期挪用|缓冲寄存器)(?s:.)*(?:数据率|传输率)(?s:.)*(?:最高|最大|比例)",
    "co.fixed_expression": f"(?:{_GIVEN})(?s:.)*(?:溢出|[-xyR]\\d?\\s?[-×+]\\s?[xyR]|-[xy]|[a-zA-Z]\\s?=\\s?\\d?[×*]?[a-zA-Z]\\s?[-+/])",
    "co.bit_pattern": "\\d\\s?个[^,。]{0,3}1[^,。]{0,4}(?:和|、|与)\\s?\\d\\s?个[^,。]{0,3}0",
    "co.instruction_length": "字长(?:度)?(?:为|最短|应该?是?|固定)?[^。]{0,4}(?:至少|最短)|(?:指令)[^。]{0,80}条[^。]{0,60}字长[^。]{0,4}至少",
    "co.integer_range": "\\d+\\s?位[^,。;]{0,24}(?:范围|最[大小](?:的)?(?:正|负|整|数))",
}
