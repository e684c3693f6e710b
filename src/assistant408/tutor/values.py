"""A solver's value in words, and whether a stated value (a choice, a student's answer) is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from assistant408.core.registry import Out
from assistant408.core.trace import Value
from assistant408.tutor.quantity import Quantity, convert, prepare, quantities

__all__ = ["decimal", "same", "say"]

_UNITS = {
    "ns": "ns",
    "us": "us",
    "μs": "us",
    "ms": "ms",
    "s": "s",
    "B": "bytes",
    "字节": "bytes",
    "bit": "bits",
    "位": "bits",
    "b": "bits",
    "b/s": "bps",
    "bps": "bps",
    "Mb/s": "mbps",
    "MB/s": "mb_per_s",
    "B/s": "byteps",
    "GB": "gb",
    "KB": "kb",
    "MB": "mb",
    "m": "m",
    "km": "km",
}
_YES = re.compile(r"^(?:是|能|可以|可能|对|正确|安全|会|有|√|真|是的|满足|通过)")
_NO = re.compile(r"^(?:不|否|没|无|非|错|×|假)")


def decimal(value: Fraction) -> str:
    """A fraction as a decimal of up to six digits, marked as rounded if it is.

    Examples:
        >>> decimal(Fraction(5, 2)), decimal(Fraction(25, 7)), decimal(Fraction(1, 3))
        ('2.5', '25/7≈3.571', '1/3≈0.3333')
    """
    if value.denominator == 1:
        return str(value.numerator)
    short = f"{float(value):.6g}"
    if "e" not in short and Fraction(short) == value:
        return short
    near = f"{float(value):.4g}"
    if value.denominator <= 400 and abs(value) < 10_000:
        return f"{value.numerator}/{value.denominator}≈{near}"
    return f"约 {near}" if "e" in near else f"约 {float(value):.6g}"


def say(value: Value, out: Out, unit: str = "") -> str:
    """A value with its unit, for a sentence.

    Args:
        unit: the unit of results that have none of their own.

    Examples:
        >>> say(Fraction(3, 4), Out("缺页率")), say(6, Out("缺页次数", "次")), say([3, 1], Out("次序")), say(True, Out("是否安全"))
        ('75%', '6 次', '3, 1', '是')
        >>> say(Fraction(7, 2), Out("平均周转时间"), "ms")
        '3.5 ms'
    """
    unit = out.unit or (unit if re.search(r"时[间刻延]|碎片|大小|总和|容量|地址", out.label) else "")
    unit = "" if unit.startswith("与") else unit
    tail = f" {unit}" if unit else ""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, Fraction)):
        share = "率" in out.label or "比例" in out.label or "概率" in out.label
        if isinstance(value, Fraction) and share and not out.unit and 0 < value < 1:
            return f"{decimal(value * 100)}%" if (value * 10_000).denominator == 1 else f"{float(value * 100):.4g}%"
        return decimal(Fraction(value)) + tail
    if isinstance(value, Mapping):
        return "；".join(f"{k}：{say(v, Out('', out.unit), unit)}" for k, v in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(v, (list, tuple)) for v in value):
            return "；".join(f"({say(v, Out(''))})" if isinstance(v, (list, tuple)) else say(v, Out("")) for v in value)
        return ", ".join(say(v, Out("")) for v in value) + (tail if value else "无")
    return f"{value}{tail if re.search(r'[0-9]$', str(value)) else ''}"


def same(stated: str, value: Value, out: Out, unit: str = "", rough: bool = False) -> bool:
    """Whether what somebody wrote is the value.

    Args:
        unit: the unit of results that have none of their own.
        rough: a relative difference of 1% is let pass (约).

    Examples:
        >>> same("7 次", 7, Out("缺页次数", "次")), same("75%", Fraction(3, 4), Out("缺页率")), same("0.5 μs", 500, Out("时间", "ns"))
        (True, True, True)
        >>> same("P1、P3、P2", ["P1", "P3", "P2"], Out("次序")), same("不会", True, Out("是否死锁"))
        (True, False)
    """
    text = prepare(stated).strip(" .。;,")
    if isinstance(value, bool):
        return bool(_YES.match(text)) if value else bool(_NO.match(text))
    if isinstance(value, (int, Fraction)):
        return any(_near(x, Fraction(value), rough) for x in _readings(text, out, unit))
    if isinstance(value, str):
        if _squeeze(text) == _squeeze(value):
            return True
        a, b = _hex(text), _hex(value)
        return a is not None and a == b
    if isinstance(value, Mapping):
        return _squeeze(text) == _squeeze("".join(f"{k}{v}" for k, v in value.items()))
    if isinstance(value, Sequence):
        wanted = _squeeze("".join(str(_flat(v)) for v in value))
        return bool(wanted) and _squeeze(text) == wanted
    return False


def _readings(text: str, out: Out, unit: str) -> list[Fraction]:
    """What a stated number may mean in the result's unit."""
    text = re.sub(r"^(?:约为?|大约|≈)", "", text)
    found: list[Quantity] = quantities(text) or quantities(text + "个")
    if len(found) != 1:
        return []
    q = found[0]
    target = _UNITS.get(out.unit or unit, "")
    values = [q.value]
    if q.kind == "percent":
        values.append(q.value * 100)
    elif target == "mbps" and q.kind == "rate":
        values = [q.base / 10**6]
    elif target == "byteps" and q.kind == "rate":
        values = [q.base / 8]
    elif target and q.kind:
        values = [convert(q, target)]
        if q.kind == "size" and target == "bytes":
            values.append(q.base / 8)
    elif q.kind in ("size", "count") and not target:
        values.append(q.base / 8 if q.kind == "size" else q.base)
    if q.code and not q.kind:
        values.append(q.value)
    return values


def _near(a: Fraction, b: Fraction, rough: bool) -> bool:
    if a == b:
        return True
    digits = Fraction(1, 100) if rough else Fraction(1, 2000)
    exact = b.denominator == 1 or (b * 1000).denominator == 1
    if exact and not rough:
        return False
    return b != 0 and abs(a - b) <= abs(b) * digits


def _squeeze(text: str) -> str:
    """Only what carries meaning: no blanks, commas, arrows, brackets, units at the end."""
    return re.sub(r"[\s,、;()\[\]{}<>→\-—:：，；（）|＜＞]", "", text).casefold().replace("->", "")


def _flat(value: Value) -> str:
    if isinstance(value, (list, tuple)):
        return "".join(_flat(v) for v in value)
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(value.numerator)
    return str(value)


def _hex(text: str) -> int | None:
    m = re.fullmatch(r"(?:0x)?([0-9a-f]+)h?", text.strip().casefold().replace(" ", ""))
    marked = m is not None and (text.strip()[-1:] in "Hh" or text.strip()[:2].casefold() == "0x")
    return int(m[1], 16) if m is not None and marked else None
