"""How questions about floating-point numbers, check codes and the layout of data word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, integer, num, pick, text
from assistant408.tutor.hints.co_shared import HEX, OPERATION, REAL, squeezed
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import literal

__all__ = ["ASKS", "HINTS", "SIGNS"]

BITS = r"[01](?:[01 ]{2,}[01])"


def _members(r: Reader) -> list[dict[str, Any]] | None:
    rows = []
    body = search(r"struct\s?\w*\s?\{([^}]*)\}", r.text)
    if not body:
        return None
    for m in finditer(
        r"(unsigned |signed )?(char|short|int|long long|long|float|double)\s?(?:int)?\s+([^;]+);", body[1]
    ):
        for name in re.split(r"\s?,\s?", m[3]):
            n = re.match(r"(\**)\s?(\w+)\s?(?:\[(\d+)\])?", name.strip())
            if n:
                kind = "pointer" if n[1] else m[2].replace(" ", "")
                rows.append({"name": n[2], "type": kind, **({"count": int(n[3])} if n[3] else {})})
    r.take(*body.span())
    return rows or None


def _listed_bytes(r: Reader) -> int | None:
    """The word that listed bytes make up, lowest address first: ``4 个字节为 12H、34H、F6H、FFH``."""
    m = search(
        r"(?:字节|内容|单元)[^。;\dA-F]{0,12}((?:[0-9A-F]{2}H?\s?[、,]\s?|[0-9A-F]{2}\s){1,7}[0-9A-F]{2}H?)(?![0-9A-FH])",
        r.text,
    )
    if not m or not search("构成|组成|读出", r.text):
        return None
    r.take(*m.span(1))
    cells = [int(b, 16) for b in re.findall(r"[0-9A-F]{2}", m[1])]
    if search("小端|little", r.text, re.IGNORECASE):
        cells.reverse()
    return int.from_bytes(bytes(cells), "big")


def _c_types(r: Reader) -> str | None:
    types = r"(?:unsigned\s+)?(?:char|short|int|long long|long|float|double)|unsigned"
    arrow = search(rf"((?:{types})(?:\s?(?:->|→)\s?(?:{types}))+)", r.text)
    if arrow:
        return re.sub(r"\s?->\s?", " → ", arrow[1])
    chain = [re.sub(r"^unsigned$", "unsigned int", m[1]) for m in finditer(rf"\b({types})\s+\w+\s?=", r.text)]
    cast = search(rf"=\s?\(\s?({types})\s?\)", r.text)
    if len(chain) < 2:
        return None
    if cast and chain[-1] != cast[1] and len(chain) == 2:
        chain.insert(1, cast[1])
    return " → ".join(chain)


def _c_value(r: Reader) -> str | None:
    for pattern in (rf"(?<![=!<>])=\s?({HEX}|{REAL})\s?[;,。)]", rf"(?:值为|初值为?|为)\s?({HEX}|{REAL})"):
        m = search(pattern, r.text)
        if m:
            r.take(*m.span(1))
            return f"{m[1][2:].upper()}H" if m[1].lower().startswith("0x") else m[1]
    return None


def _without_sign(*patterns: str) -> Hint:
    """A width in the first group, less the sign bits in the second (``5 位(含 1 位阶符)``)."""

    def read(r: Reader) -> int | None:
        for pattern in patterns:
            m = search(pattern, r.text)
            if m:
                for i in range(1, 3 if m[2] else 2):
                    r.take(*m.span(i))
                return int(m[1]) - int(m[2] or 0)
        return None

    return read


def _float_operand(which: int) -> Hint:
    names = ("xXaA", "yYbB")[which]
    n = rf"(?:{HEX}|2\s?\^\s?\(?[+-]?\d+\)?\s?[×*]\s?\(?[+-]?\d+(?:\.\d+)?(?:/\d+)?\)?|[+-]?\d+(?:\.\d+)?(?:\s?[×*]\s?2\s?\^\s?\(?[+-]?\d+\)?)?)"

    def read(r: Reader) -> str | None:
        m = search(rf"(?:\[)?[{names}]\]?\s?(?:=|为|是)\s?({n})", r.text)
        if not m:
            both = search(
                rf"(?:分别(?:为|是)|将|计算|求|为|是|机器数[=:]?)\s?({n})\s?(?:和|与|、|,|\+|加|减)\s?({n})", r.text
            )
            if not both:
                return None
            r.take(*both.span(which + 1))
            return both[which + 1].replace(" ", "")
        r.take(*m.span(1))
        return m[1].replace(" ", "")

    return read


HINTS: dict[str, dict[str, Hint]] = {
    "co.byte_order": {
        "asked_address": first(
            integer(
                rf"地址\s?({HEX}|\d+)\s?(?:的|中|处|单元)?(?:中|单元|存放|内容|的)",
                rf"({HEX}|\d+)\s?(?:号)?单元",
                rf"({HEX})\s?(?:号)?(?:单元|中|处)(?:的)?(?:字节|内容|存)",
            )
        ),
        "address": num("(?:起始|首)地址|起址|存放在(?:地址)?|从(?:地址)?|地址"),
        "value": first(
            _listed_bytes,
            integer(
                rf"(?:值|真值|机器数|数据|变量\s?\w?|十六进制数)(?:为|是|=)?\s?([-+]?\d+(?![\dA-F]*H)|{HEX})",
                rf"=\s?([-+]?\d+(?![\dA-F]*H)|{HEX})",
                rf"({HEX})",
            ),
        ),
        "width_bytes": first(
            integer(r"(\d)\s?(?:个)?字节(?:的)?(?:数|整)", r"占\s?(\d)\s?个?字节"),
            const(2, "short"),
            const(8, "double|long long"),
            const(4, r"\bint\b|float|32 ?位"),
            const(2, "16 ?位"),
        ),
        "order": pick({"小端": "小端|little", "大端": "大端|big"}),
    },
    "co.c_conversion": {"types": _c_types, "value": _c_value},
    "co.crc": {
        "generator": text(
            r"((?:x\s?\^?\s?\d*\s?\+\s?)+1|(?:x\s?\^?\s?\d*\s?\+\s?)+x(?!\w))",
            r"(?:生成多项式|除数|G\(x\)|多项式)[^。;\d]{0,12}?([01]{3,})",
            case=False,
        ),
        "bits": literal(BITS, "信息位?|数据|信息码|报文|收到(?:的)?(?:码字|帧|数据|信息)?|接收"),
        "mode": pick({"检错": "收到|接收|是否(?:出错|有错|正确)|检验", "编码": "编码|发送|求"}),
    },
    "co.float_add": {
        "x": _float_operand(0),
        "y": _float_operand(1),
        "op": OPERATION,
        "exponent_bits": _without_sign(
            r"阶码\s?(?:数值)?(?:部分)?(?:为|占|用|取)?\s?(\d+)\s?位(?:\s?\((?:其中)?[^()\d]*(\d)\s?位[^()]*\))?",
            r"位数分别为\s?(\d+)\s?位和\s?\d+\s?位(?:\s?\([^()\d]*(\d)\s?位[^()]*\))?",
        ),
        "fraction_bits": _without_sign(
            r"尾数\s?(?:数值)?(?:部分)?(?:为|占|用|取)?\s?(\d+)\s?位(?:\s?\((?:其中)?[^()\d]*(\d)\s?位[^()]*\))?",
            r"位数分别为\s?\d+\s?位和\s?(\d+)\s?位(?:\s?\([^()\d]*(\d)\s?位[^()]*\))?",
        ),
        "rounding": pick({"截断": "截断|截尾", "恒置1": "恒置 ?1|末位恒置", "0舍1入": "0 ?舍 ?1 ?入"}),
        "guard_bits": integer(r"(\d)\s?位附加位", r"附加位\s?(\d)\s?位"),
    },
    "co.float_range": {
        "style": pick(
            {
                "IEEE 754": "IEEE\\s?-?754",
                "尾数补码": "尾数[^。;]{0,20}(?:用|采用|为|以)?补码",
                "尾数原码": "尾数[^。;]{0,20}原码",
            },
            take=True,
        ),
        "exponent_bits": first(
            integer(r"阶码\s?(?:\([^)]*\))?(?:为|占|用|取)?\s?(\d+)\s?位"),
            const(11, "双精度|double"),
            const(8, "单精度|float"),
        ),
        "fraction_bits": first(
            integer(r"尾数\s?(?:\([^)]*\))?\s?(?:数值)?(?:部分)?(?:为|占|用|取)?\s?(\d+)\s?位"),
            const(52, "双精度|double"),
            const(23, "单精度|float"),
        ),
    },
    "co.hamming_code": {
        "bits": literal(BITS, "信息位?|数据位?|收到(?:的)?(?:海明码|码字|数据)?|接收"),
        "mode": first(const("检错", "收到|接收|出错|哪一位"), pick({"编码": "编码|校验位|求"})),
        "parity": pick({"奇校验": "奇校验", "偶校验": "偶校验"}),
        "first": pick(
            {
                "左边": "第 ?1 ?位(?:在)?(?:最)?左|H1H2|从左(?:到|至|往)右|从第 ?1 ?位到第",
                "右边": "第 ?1 ?位(?:在)?(?:最)?右",
            }
        ),
    },
    "co.ieee754": {
        "code": squeezed(rf"({HEX})", r"(?<!\d)([01]{16,64})(?!\d)", r"\b((?=[0-9A-F]*[A-F])[0-9A-F]{8})\b"),
        "value": lambda r: (
            None
            if search(rf"{HEX}|[01]{{16}}|第一个不能|连续(?:的)?(?:正)?整数", r.text)
            else text(
                rf"(?<!IEEE )(?<!IEEE-)(?<!IEEE)(?<![\w.])({REAL}(?:\s?[×*]\s?2\s?\^\s?\(?-?\d+\)?)?)(?![\w.%]|\s?位|\s?精度)"
            )(r)
        ),
        "format": pick({"双精度": "双精度|double|64 ?位", "半精度": "半精度", "单精度": "单精度|float|32 ?位"}),
    },
    "co.ieee754_add": {
        "x": _float_operand(0),
        "y": _float_operand(1),
        "op": OPERATION,
        "format": pick({"双精度": "双精度|double", "半精度": "半精度", "单精度": "单精度|float"}),
    },
    "co.struct_alignment": {
        "members": _members,
        "address": num("(?:首|起始)地址"),
        "count": integer(r"\}\s?\w+\s?\[(\d+)\]", r"struct\s?\w+\s+\w+\s?\[(\d+)\]"),
        "word_bits": lambda r: 64 if search(r"64 ?位", r.text) else 32 if search(r"32 ?位", r.text) else None,
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.byte_order": {
        "true_value": "@(?:构成|组成|读出)[^。]{0,40}(?:真值|十进制)",
        "machine_code": "@(?:构成|组成|读出)[^。]{0,40}(?:值|机器数|十六进制)",
        "asked_byte": "内容|字节是|单元[^。,]{0,16}中存放|中存放的是",
        "lsb_address": "(?:最低有效字节|LSB|最低位字节)[^,。]{0,6}地址",
        "msb_address": "(?:最高有效字节|MSB)[^,。]{0,6}地址",
    },
    "co.c_conversion": {"code": "机器数|十六进制", "value": "值"},
    "co.crc": {
        "has_error": "是否(?:出|有|正确)|有(?:没有|无)错|出错",
        "code": "码字|CRC 码|发送的|实际",
        "check_bits": "校验(?:位|码)|冗余码|余数",
    },
    "co.float_add": {
        "overflow": "溢出情况",
        "value": "真值|十进制",
        "shift": "对阶[^,。]{0,12}(?:移|位)",
        "double": "结果",
        "single": "结果",
        "result": "结果",
    },
    "co.float_range": {
        "first_inexact": "@第一个不能|不能(?:被)?精确表示的(?:最小)?(?:的)?(?:正)?整数",
        "max_positive": "最大(?:的)?(?:正|数)|范围",
        "min_positive": "最小(?:的)?(?:规格化)?正",
        "min_negative": "最小(?:的)?负|绝对值最大的负|范围",
        "max_negative": "最大(?:的)?(?:规格化)?负",
    },
    "co.hamming_code": {
        "error_position": "(?:哪(?:一)?位|出错(?:的)?(?:位|位置))",
        "check_count": "(?:几|多少)(?:位|个)?校验位|校验位(?:的)?(?:位数|个数)|校验位数",
        "data": "(?:发送|原|信息)的?(?:数据|信息)|数据位?(?:[D_\\d]*)(?:是|为)\\(",
        "corrected": "纠正|正确的",
        "code": "海明码(?:是|为|$)|编码",
    },
    "co.ieee754": {
        "value": "真值|十进制|(?:值|数)(?:是|为|等于)|相等",
        "code": "机器数|十六进制|表示为|格式表示|存储|内容",
        "kind": "类别|什么数",
        "biased_exponent": "阶码",
    },
    "co.ieee754_add": {"code": "机器数|十六进制", "value": "真值|结果|值", "shift": "右移", "overflow": "溢出"},
    "co.struct_alignment": {
        "total": "@数组[^,。;]{0,12}(?:占|字节|大小)",
        "size": "sizeof|长度|大小|(?:多少|几)(?:个)?字节|占(?:用)?",
        "offsets": "偏移",
        "padding": "填充",
        "addresses": "地址",
    },
}
SIGNS: dict[str, str] = {
    "co.byte_order": "大端|小端",
    "co.c_conversion": "(?:short|int|unsigned|char|float|double)\\s+\\w+\\s?=[^。]{0,80}=|强制(?:类型)?转换|类型转换",
    "co.crc": "CRC|循环冗余|生成多项式",
    "co.float_add": "阶码[^。]{0,120}(?:对阶|[xX]\\s?[-+]\\s?[yY]|浮点加)|浮点(?:数)?(?:加|减)",
    "co.float_range": "第一个不能精确|(?:浮点|阶码|单精度|双精度|IEEE)[^。]{0,80}(?:最大(?:的)?(?:正|规格化|负)|最小(?:的)?(?:正|规格化|负)|表示范围|能表示)",
    "co.hamming_code": "[海汉]明(?:校验)?码",
    "co.ieee754": "^(?!.*(?:\\b[yYbB]\\s?(?:=|为)|(?:short|int|char|unsigned)\\s+\\w+\\s?=|相加|相减|之和))(?s:.*)(?:IEEE\\s?-?754|(?:单|双)精度|float)",
    "co.ieee754_add": "(?:IEEE|float|单精度)[^。]{0,120}(?:之和|之差|求和|\\by\\s?=)|(?:IEEE|float|单精度)[^。]{0,120}(?:[xXaAfF]\\d?\\s?[-+]\\s?[yYbBfF]|相加|相减|加法)",
    "co.struct_alignment": "struct[^。]{0,200}|边界对齐",
}
