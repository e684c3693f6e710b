"""How questions about speed, instruction formats, memory sizes and small codes word the parameters of their solvers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, integer, num, pick, raw, text
from assistant408.tutor.hints.co_shared import HEX, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _frame(word: str) -> Hint:
    return integer(rf"{N}\s?(?:个|位)?(?:为)?{word}", rf"{word}(?:为|占|有)?\s?{N}\s?位")


def _stop(r: Reader) -> Any:
    m = search(r"(\d(?:\.5)?)\s?(?:个|位)?(?:为)?停止位|停止位(?:为|占|有)?\s?(\d(?:\.5)?)\s?位", r.text)
    if not m:
        return None
    r.take(*m.span(1 if m[1] else 2))
    return plain_number(Fraction(m[1] or m[2]))


def _register_fields(r: Reader) -> int | None:
    """Fields that name a register: one for a direct operand, one for a base or an index that may be any register."""
    direct = len(list(finditer(r"寄存器(?:直接|间接)?寻址", r.text))) or (
        1 if search("寄存器[-—]存储器|源(?:操作数)?(?:和|、)目的操作数均", r.text) else 0
    )
    based = bool(
        search(
            r"(?:基址|变址)寄存器可(?:以)?(?:使)?用任[一意]|(?:基址|变址)[^。]{0,20}任[一意]?(?:个)?通用寄存器|通用寄存器[^。]{0,10}(?:都|均)?可(?:以)?(?:作|用作|当)(?:为)?(?:基址|变址)",
            r.text,
        )
    )
    n = direct + based
    return n if n else None


_OPERATIONS = integer(
    rf"{N}\s?(?:种|条)(?:不同)?(?:的)?(?:操作|指令)(?!字|长)",
    rf"(?:操作码|指令系统|共)(?:共?有|能?(?:完成|表示))?\s?{N}\s?(?:种|条)",
)


def _range_end(r: Reader) -> int | None:
    m = search(rf"(?:从|地址(?:范围)?(?:为|是)?|空间)\s?({HEX})\s?(?:到|至|~|-|—)\s?({HEX})", r.text)
    if not m:
        return None
    r.take(*m.span())
    return int(quantities(m[2])[0].value)


def _range_start(r: Reader) -> int | None:
    m = search(rf"(?:从|地址(?:范围)?(?:为|是)?|空间)\s?({HEX})\s?(?:到|至|~|-|—)\s?{HEX}", r.text) or search(
        rf"(?:首地址|起始地址|地址)?(?:为|是|从)\s?({HEX})(?:\s?(?:开始|起))?", r.text
    )
    if not m:
        return None
    r.take(*m.span(1))
    return int(quantities(m[1])[0].value)


def _unit_width(r: Reader) -> int | None:
    if search("按字节编址|字节编址|以字节为单位编址", r.text):
        return 8
    if search("按字编址|按字寻址", r.text):
        n = integer(r"(?:存储)?字长(?:为|是)?\s?(\d+)\s?位", r"(\d+)\s?位(?:的)?字长")(r)
        return None if n is None else int(n)
    return None


def _chip(word: str) -> Hint:
    size = r"(\d+)\s?([KM])\s?[×xX*]\s?(\d+)\s?(?:位|bit|b)?"

    def read(r: Reader) -> str | None:
        m = search(
            rf"{size}(?:的)?\s?{word}\s?(?:存储)?芯片|{word}\s?(?:存储)?芯片(?:的)?(?:规格|容量)?(?:为|是)?\s?{size}",
            r.text,
        )
        if not m:
            return None
        r.take(*m.span())
        a, b, c = (g for g in m.groups() if g)
        return f"{a}{b}×{c}位"

    return read


def _rom_area(r: Reader) -> str | None:
    """The size of a ROM region that is given by its addresses, in bytes."""
    m = search(rf"({HEX})\s?(?:到|至|~|-)\s?({HEX})\s?(?:为|是)\s?(?:只读存储区|ROM)", r.text)
    if not m:
        return None
    r.take(*m.span())
    low, high = (int(quantities(m[i])[0].value) for i in (1, 2))
    return f"{high - low + 1}B" if high > low else None


HINTS: dict[str, dict[str, Hint]] = {
    "co.instruction_fields": {
        "instruction_bits": first(
            num(
                "指令(?:字)?(?:和存储字)?(?:字?长)?(?:均|都|固定)?(?:为|占)?",
                before=["位(?:的)?(?:定长)?(?:的)?指令(?:字)?(?:格式)?"],
                unit="bits",
            ),
        ),
        "opcode_bits": num(
            "操作码(?:字段)?(?:\\([^)]*\\))?(?:和寻址方式)?(?:为|占|有|OP)?", before=["位(?:的)?操作码"], unit="bits"
        ),
        "mode_bits": num(
            "寻址(?:特征|方式)(?:位|字段|码)?(?:为|占|有)?(?!\\d\\s?种)",
            before=["位(?:的)?寻址(?:特征|方式)"],
            unit="bits",
        ),
        "modes": integer(rf"{N}\s?种寻址方式", rf"寻址方式(?:共?有)?\s?{N}\s?种"),
        "registers": integer(rf"{N}\s?个(?:\d+\s?位)?(?:的)?通用寄存器", rf"通用寄存器(?:共?有)?\s?{N}\s?个"),
        "register_fields": _register_fields,
        "operations": _OPERATIONS,
    },
    "co.async_serial": {
        "start_bits": _frame("起始位"),
        "data_bits": _frame("(?:有效)?数据位|信息位"),
        "parity_bits": _frame("(?:奇偶|奇|偶)?校验位"),
        "stop_bits": _stop,
        "characters_per_s": num("每秒(?:传[送输])?(?:的)?", before=["个字符(?:/s|每秒|/秒)?"]),
        "baud": num("波特率(?:为|是)?"),
    },
    "co.parity_code": {
        "bits": text(r"(?<![\d.])([01](?:[01 ]{4,}[01]))B?(?![\d.])"),
        "parity": pick({"奇校验": "奇校验", "偶校验": "偶校验"}),
        "place": pick({"最低位": "(?:最低|末)位|最后|右边", "最高位": "最高位|最前|左边"}),
    },
    "co.address_space": {
        "last_address": first(_range_end, integer(rf"(?:末地址|最高地址|最大地址)(?:为|是)?\s?({HEX})")),
        "first_address": _range_start,
        "unit_bits": _unit_width,
        "word_bits": integer(r"(?:存储|机器)?字长(?:为|是)?\s?(\d+)\s?位", r"MDR(?:为|是|有)?\s?(\d+)\s?位"),
        "capacity": first(
            raw(
                "size",
                "(?:主存|存储|内存)?(?:储器)?地址空间(?:的)?(?:大小)?",
                "(?:主存|内存)(?:储器)?(?:的)?(?:空间|容量|大小)",
                "(?:存储)?容量",
            ),
        ),
    },
    "co.rom_ram": {
        "rom": first(
            _rom_area,
            text(r"ROM\s?(?:区)?(?:的)?(?:容量)?(?:为|占|是)?\s?(\d+\s?[KM]B)"),
            text(r"(\d+\s?[KM]B)(?:的|为)?\s?ROM\s?区?"),
        ),
        "memory": text(
            r"(?:主存|存储器|内存)(?:的)?(?:总)?(?:地址空间|空间|容量)?(?:大小)?(?:为|是|共)?\s?(\d+\s?[KMG]B)"
        ),
        "rom_chip": _chip("ROM"),
        "ram_chip": _chip("(?:S|D)?RAM"),
    },
    "co.tlb_fields": {
        "virtual_bits": num(
            "(?:虚拟|逻辑|虚)地址(?:空间)?(?:的)?(?:长度|位数)?", before=["位(?:的)?(?:虚拟|逻辑|虚)地址"], unit="bits"
        ),
        "physical_bits": num(
            "(?:物理|主存|实)地址(?:的)?(?:长度|位数)?", before=["位(?:的)?(?:物理|主存)地址"], unit="bits"
        ),
        "page_size": raw("size", "页(?:面)?(?:的)?(?:大小|长度)?"),
        "entries": integer(
            rf"(?:TLB|快表)[^。;\d]{{0,14}}?{N}\s?(?:个|项|条)?(?:页)?(?:表)?(?:项|表项)",
            rf"共(?:有)?\s?{N}\s?(?:个|项|条)(?:页)?(?:表)?项?",
            rf"{N}\s?个(?:页)?表项",
        ),
        "ways": first(const(0, "全相联"), const(1, "直接映射"), integer(rf"{N}\s?路")),
    },
    "co.hamming_length": {
        "data_bits": integer(
            r"(\d+)\s?位(?:的)?(?:二进制)?(?:有效)?(?:信息|数据)",
            r"(?:信息|数据)位?(?:为|有|共|的位数为|长度为)\s?(\d+)\s?位",
            r"(?:信息|数据)位(?:数)?(?:n|k)?\s?[=为]\s?(\d+)",
        ),
    },
    "co.control_store": {
        "word_bits": num("(?:微指令)?(?:字长|长度)(?:为)?", before=["位(?:的)?微指令"], unit="bits"),
        "next_address_bits": num(
            "(?:后继|下|下一|次)(?:条)?(?:微)?地址(?:字段)?(?:为|占|有)?",
            before=["位(?:的)?(?:后继|下)(?:微)?地址"],
            unit="bits",
        ),
        "condition_bits": num(
            "(?:判断|判别|判定)?测试(?:条件)?(?:字段)?(?:为|占|有)?|(?:外部|判断)条件(?:字段)?(?:为|占|有)?",
            unit="bits",
        ),
    },
    "co.bcd": {
        "number": text(r"十进制(?:数)?\s?\(?(\d+(?:\.\d+)?)", r"(?<![\w.])(\d+(?:\.\d+)?)\)?(?:10)?(?:的|用|表示)"),
        "kind": pick({"余3码": "余 ?[3三] ?码", "2421码": "2421", "8421码": "8421|BCD"}),
    },
    "co.normalized_mantissa": {
        "number": text(r"(?<![\d.])([01]\.[01]{2,})(?![\d.])"),
        "code": pick({"原码": "原码", "补码": "补码"}),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.instruction_fields": {
        "signed_range": "(?:偏移|位移)量[^,。]{0,8}(?:取值)?范围",
        "reach": "寻址(?:空间|范围|能力)[^,。]{0,8}(?:大小|单元|个|字)",
        "unsigned_range": "(?:寻址)?范围",
        "rest_bits": "(?:地址码|偏移量|位移量|立即数|地址字段)[^,。]{0,8}(?:位|长)",
        "opcode_bits": "操作码[^,。]{0,8}(?:位|长)",
        "max_operations": "最多[^,。]{0,10}(?:条|种)",
    },
    "co.async_serial": {
        "baud": "波特率",
        "useful_bps": "(?:有效)?(?:数据)?传输率|比特率",
        "characters_per_s": "字符",
        "efficiency": "效率",
    },
    "co.parity_code": {"hex_code": "十六进制", "check_bit": "校验位(?:是|为|应|$)", "code": "编码|校验码"},
    "co.address_space": {
        "last_address": "末地址|最后(?:一个)?(?:单元)?(?:的)?地址|最(?:高|大)地址",
        "address_bits": "MAR|地址(?:寄存器|总线|线)|(?:多少|几)(?:位|根)地址",
        "data_bits": "MDR|数据寄存器",
        "capacity_bytes": "容量|(?:多少|几)(?:K|M)?B",
        "units": "(?:存储)?单元",
    },
    "co.rom_ram": {
        "rom_chips": "ROM\\s?芯片(?:的)?数|需要[^。]{0,12}ROM",
        "ram_chips": "该芯片(?:的)?数|RAM\\s?芯片(?:的)?数|(?<!D)(?<!S)RAM(?=芯片)",
        "total_chips": "共需",
    },
    "co.tlb_fields": {
        "tlb_tag_bits": "(?:TLB|快表)[^。]{0,14}标记|标记(?:字段)?[^,。]{0,6}位",
        "tlb_index_bits": "(?:TLB|快表)[^。]{0,14}(?:组号|组索引|索引)",
        "frame_bits": "(?:页框|物理页|实页)号?",
        "page_bits": "虚?页号",
        "offset_bits": "页内",
    },
    "co.hamming_length": {
        "check_bits_sec_ded": "@检(?:测)?(?:出|错)?(?:两|2|二)(?:位|个)|纠一检二",
        "total_bits": "总(?:长|位)|码长|码字",
        "check_bits": "校验位",
    },
    "co.control_store": {"capacity": "容量", "control_bits": "操作控制", "words": "单元"},
    "co.bcd": {"code": "."},
    "co.normalized_mantissa": {"mantissa": "规格化后|结果", "normalized": "规格化"},
}
SIGNS: dict[str, str] = {
    "co.instruction_fields": "指令[^。]{0,160}(?:偏移量|地址码|位移量|寻址)[^。]{0,60}(?:范围|位)",
    "co.async_serial": "起始位[^。]{0,60}停止位|停止位[^。]{0,60}起始位",
    "co.parity_code": "[奇偶]校验[^。]{0,60}(?:编码|校验位|校验码)|[01]{6,}[^。]{0,40}[奇偶]校验",
    "co.address_space": "末地址|MAR|MDR|地址寄存器|地址[^。]{0,10}到[^。]{0,12}(?:容量|多少)",
    "co.rom_ram": "ROM(?s:.){0,120}RAM(?s:.){0,60}芯片",
    "co.tlb_fields": "(?:TLB|快表)[^。]{0,80}(?:位数|多少位|几位|标记)|页号[^。]{0,30}位",
    "co.hamming_length": "(?:海明|汉明)码[^。]{0,60}(?:位数|至少|总长|几位|多少位)|\\d+位[^。]{0,30}(?:海明|汉明)",
    "co.control_store": "(?:后继|下)(?:微)?地址(?:字段)?\\s?\\d+\\s?位|控制存储器[^。]{0,20}容量",
    "co.bcd": "8421|BCD|余\\s?[3三]\\s?码|2421",
    "co.normalized_mantissa": "尾数[^。]{0,40}规格化|规格化[^。]{0,40}尾数",
}
