"""How questions about integers, machine codes and fixed-point arithmetic word the parameters and results of their solvers."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, integer, num, pick
from assistant408.tutor.hints.co_shared import HEX, OPERATION, REAL, N, squeezed
from assistant408.tutor.quantity import plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

WIDTH = num(
    "字长|寄存器(?:长度)?|长度",
    before=[
        "位(?:的)?(?:补码|原码|反码|移码|寄存器|字长|机|整数|有符号|无符号|带符号|二进制|机器数|定点|加法器|计算机|整型)",
        "位",
    ],
    unit="bits",
)


POINT = pick({"小数": "定点小数|纯小数|0\\.\\d", "整数": "整数"})


def _number(*patterns: str) -> Hint:
    """A real number (``-13``, ``-7/16``) in the first group; ``0.1011`` in a question of machine codes is binary."""

    def read(r: Reader) -> Any:
        for pattern in patterns:
            m = search(pattern, r.text)
            if m and (found := quantities(m[1])):
                r.take(*m.span(1))
                if _in_binary(r.text):
                    whole, _, digits = m[1].replace("+", "").partition(".")
                    value = Fraction(int(digits, 2), 1 << len(digits)) if digits else Fraction(whole)
                    return plain_number(-value if whole.startswith("-") else value)
                return plain_number(found[0].value)
        return None

    return read


def _in_binary(text: str) -> bool:
    """Whether the pure fractions of the text are written in binary."""
    fractions = re.findall(r"(?<![\d.])0\.(\d+)", text)
    return bool(fractions) and all(len(f) >= 3 and set(f) <= {"0", "1"} for f in fractions)


def _width(r: Reader) -> Any:
    """The word length as stated, or as the binary fractions show it."""
    stated = WIDTH(r)
    if stated is None and _in_binary(r.text):
        return 1 + max(len(f) for f in re.findall(r"(?<![\d.])0\.(\d+)", r.text))
    return stated


SIGNED = rf"({HEX}|{REAL})"


OPERAND_X = _number(
    rf"(?:\[)?\b(?:x|X|A|a)\s?(?:=|为|是)\s?{SIGNED}",
    rf"被[乘除]数(?:为|是|=)?\s?{SIGNED}",
    rf"R1[^\d。]{{0,24}}?{SIGNED}",
    rf"(?:分别为|计算|求|将|用)\s?{SIGNED}\s?(?:和|与|、|,|[+\-×*÷/])",
    rf"(?<![\w.])\(?{SIGNED}\)?\s?[×÷*/]\s?\(?[+-]?\d",
)


OPERAND_Y = _number(
    rf"\b(?:y|Y|B|b)\s?(?:=|为|是)\s?{SIGNED}",
    rf"(?<!被)[乘除]数(?:为|是|=)?\s?{SIGNED}",
    rf"R2[^\d。]{{0,20}}?{SIGNED}",
    rf"(?:分别为|计算|求|将|用|内容为)\s?(?:{HEX}|{REAL})\s?(?:和|与|、|,|[+\-×*÷/])\s?{SIGNED}",
    rf"(?<![\w.])\(?(?:{REAL})\)?\s?[×÷*/]\s?\(?{SIGNED}",
)

HINTS: dict[str, dict[str, Hint]] = {
    "co.base_conversion": {
        "source": first(
            const(2, r"(?:将|把)?\s?二进制(?:数|小数|整数)?\s?[01.]+|\(?[01.]{3,}\)?2 ?(?:转|化|变|换)|[01]B"),
            const(8, r"八进制(?:数|小数|整数)?\s?[0-7.]+"),
            const(16, r"十六进制(?:数|小数|整数)?\s?\(?[0-9A-F.]+|[0-9A-F]H"),
            const(10, r"(?<!二)(?<!八)十进制(?:数|小数|整数)?\s?\(?[-\d.]+"),
        ),
        "target": pick(
            {
                2: "(?:转换?|化|变|换|表示)(?:算)?(?:为|成|到)?(?:对应的|等值的|等价的)?\\s?(?:二进制|2 ?进制)|的二进制",
                8: "(?:转换?|化|变|换|表示)(?:算)?(?:为|成|到)?(?:对应的|等值的)?\\s?(?:八进制|8 ?进制)|的八进制",
                16: "(?:转换?|化|变|换|表示)(?:算)?(?:为|成|到)?(?:对应的|等值的)?\\s?(?:十六进制|16 ?进制)|的十六进制",
                10: "(?:转换?|化|变|换|表示)(?:算)?(?:为|成|到)?(?:对应的|等值的)?\\s?(?:(?<!二)(?<!八)十进制|10 ?进制)|的十进制|真值",
            }
        ),
        "number": squeezed(
            r"进制(?:的)?(?:数|小数|整数)?\s?\(?(-?[0-9A-F]+(?:\.[0-9A-F]+)?)\)?(?![0-9A-F])",
            r"(?<![\w.])(-?[0-9A-F]*\d[0-9A-F]*(?:\.[0-9A-F]+)?)(?:H|B|\))?",
        ),
    },
    "co.booth": {"x": OPERAND_X, "y": OPERAND_Y, "bits": _width, "point": POINT},
    "co.division": {
        "x": OPERAND_X,
        "y": OPERAND_Y,
        "bits": _width,
        "point": POINT,
        "method": pick({"恢复余数法": "(?<!不)恢复余数", "加减交替法": "加减交替|不恢复余数"}),
    },
    "co.fixed_add": {
        "op": OPERATION,
        "x": first(
            integer(
                rf"(?:内容|值)?分?别?(?:为|是|=|:)?\s?({HEX}|[-+]?\d+)\s?(?:和|与|、|,)\s?(?:{HEX}|[-+]?\d+)",
                rf"\bx\s?(?:=|为|是)\s?({HEX}|[-+]?\d+(?![\dA-Fx]*H))",
                rf"R1[^\d。;]{{0,20}}?({HEX}|-?\d+)",
                rf"(?:分别为|计算)\s?({HEX}|[-+]?\d+)",
                rf"A\s?=\s?({HEX}|[-+]?\d+)",
                rf"({HEX}|[-+]?\d+)\s?[+\-]\s?\(?(?:{HEX}|[-+]?\d+)",
            )
        ),
        "y": first(
            integer(
                rf"(?:内容|值)?分?别?(?:为|是|=|:)?\s?(?:{HEX}|[-+]?\d+)\s?(?:和|与|、|,)\s?({HEX}|[-+]?\d+)",
                rf"\by\s?(?:=|为|是)\s?({HEX}|[-+]?\d+(?![\dA-Fx]*H))",
                rf"R2[^\d。;]{{0,20}}?({HEX}|-?\d+)",
                rf"(?:分别为|计算|内容为)\s?(?:{HEX}|[-+]?\d+)\s?(?:和|与|、|,)\s?({HEX}|[-+]?\d+)",
                rf"B\s?=\s?({HEX}|[-+]?\d+)",
                rf"(?:{HEX}|[-+]?\d+)\s?[+\-]\s?\(?({HEX}|[-+]?\d+)",
            )
        ),
        "bits": WIDTH,
    },
    "co.machine_code": {
        "kind": first(
            pick(
                {
                    "原码": r"(?:其|的|\])?原码(?:表示)?(?:为|是|=)\s?`?[\dA-F]|\]原\s?=|(?:它|其|若)(?:是|为|用|按)?原码",
                    "反码": r"反码(?:表示)?(?:为|是|=)\s?`?[\dA-F]|\]反\s?=|(?:它|其|若)(?:是|为|用|按)?反码",
                    "补码": r"补码(?:表示)?(?:为|是|=)?\s?`?[\dA-F]|\]补\s?=|(?:它|其|若)(?:是|为|用|按)?补码",
                    "移码": r"移码(?:\([^)]*\))?表示的(?:机器)?数|移码(?:表示)?(?:为|是|=)\s?`?[\dA-F]|\]移\s?=|(?:它|其|若)(?:是|为|用|按)?移码",
                }
            ),
            pick({"真值": "真值(?:为|是|=)|[xX]\\s?=|十进制"}),
        ),
        "given": squeezed(
            r"(?:机器数|表示的数)(?:为|是|=)?\s?([01][01 ]{3,}[01])B?",
            rf"码(?:表示)?(?:为|是|=)?\s?({HEX}|[01](?:\.[01]+|[01 ]{{3,}}))",
            rf"(?:[xX](?![A-Fa-f\d])|真值|\]\w?|数|整数|小数)\s?(?:=|为|是)?\s?`?({HEX}|{REAL}(?!x))",
            rf"(?<![\w.])({HEX}|-\d+(?:\.\d+)?|\d+\.\d+)",
        ),
        "bits": WIDTH,
        "point": POINT,
    },
    "co.shift": {
        "kind": pick(
            {
                "带进位循环左移": "带进位(?:的)?循环左移",
                "带进位循环右移": "带进位(?:的)?循环右移",
                "循环左移": "循环左移|不带进位循环左移",
                "循环右移": "循环右移",
                "算术左移": "算术左移",
                "算术右移": "算术右移",
                "逻辑左移": "逻辑左移",
                "逻辑右移": "逻辑右移",
            }
        ),
        "count": integer(rf"移(?:动)?\s?{N}\s?(?:位|次)"),
        "code": squeezed(rf"({HEX})", r"(?<![\w.])([01][01 ]{2,}[01])B", r"(?<![\w.])([01][01 ]{2,}[01])(?![\w.])"),
        "representation": pick({"补码": "补码", "原码": "原码", "反码": "反码"}),
        "carry_in": integer(r"(?:CF|进位(?:标志)?C?)\s?(?:=|为)\s?([01])"),
        "bits": WIDTH,
    },
    "co.sign_magnitude_multiply": {"x": OPERAND_X, "y": OPERAND_Y, "bits": _width, "point": POINT},
}
ASKS: dict[str, dict[str, str]] = {
    "co.base_conversion": {"value": "."},
    "co.booth": {
        "additions": "(?:几|多少)次[^,。]{0,2}加|加减(?:法)?(?:运算)?(?:的)?(?:几次|次数)?",
        "product_code": "补码",
        "overflow": "溢出",
        "product": "真值|结果|乘积",
    },
    "co.division": {
        "quotient_code": "商的原码|原码",
        "remainder": "余数",
        "restores": "恢复余数(?:的)?次",
        "quotient": "商",
    },
    "co.fixed_add": {
        "flags": "各标志|标志位(?!OF)",
        "of": "溢出|OF",
        "cf": "CF|进位标志|借位",
        "zf": "ZF",
        "sf": "SF",
        "signed_value": "真值|带符号",
        "result": "结果|内容|机器数",
    },
    "co.machine_code": {
        "twos_complement": "补码(?:表示)?(?:是|为|各|、|和|,|$|多少)|\\]补",
        "value": "真值|十进制",
        "sign_magnitude": "原码(?:表示)?(?:是|为|各|、|和|,|$)|\\]原",
        "ones_complement": "反码(?:表示)?(?:是|为|各|、|和|,|$)",
        "excess": "移码(?:表示)?(?:是|为|各|$)",
        "twos_range": "范围",
    },
    "co.shift": {"result": "结果|内容|变为|为|是", "overflow": "溢出"},
    "co.sign_magnitude_multiply": {
        "product_code": "原码",
        "additions": "加法?(?:的)?(?:次数|几次|多少次)|加(?:了)?(?:几|多少)次",
        "product": "真值|乘积|结果",
    },
}
SIGNS: dict[str, str] = {
    "co.base_conversion": "(?:二|八|十|十六)进制[^。]{0,30}(?:转换|化|换|变|表示)[^。]{0,10}进制|进制转换",
    "co.booth": "Booth|布斯|补码一位乘",
    "co.division": "加减交替|恢复余数|原码(?:一位)?除",
    "co.fixed_add": "\\]补[^。]{0,30}(?:相加|相减)|(?:OF|SF|ZF|CF)|(?:补码|字长)[^。]{0,60}[xXR]1?\\s?[-+]\\s?[yYR]2?|溢出",
    "co.machine_code": "(?:原码|反码|补码|移码|真值|机器数)",
    "co.shift": "(?:算术|逻辑|循环)[左右]?移",
    "co.sign_magnitude_multiply": "原码(?:一位)?乘|原码[^。]{0,30}(?:相乘|乘积|乘法)",
}
