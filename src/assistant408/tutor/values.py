"""A solver's value in words, and whether a stated value (a choice, a student's answer) is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from assistant408.core.registry import Out
from assistant408.core.trace import Value
from assistant408.tutor.arith import arithmetic
from assistant408.tutor.quantity import Quantity, convert, prepare, quantities
from assistant408.tutor.symbols import evaluate

__all__ = ["decimal", "readable", "same", "say"]

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
    "Hz": "hz",
}
_YES = re.compile(r"^(?:发生|产生|溢出|是|能|可以|可能|对|正确|安全|会|有|√|真|是的|满足|通过)")
_NO = re.compile(r"^(?:未|不|否|没|无|非|错|×|假)")
_NONE = re.compile(r"^(?:无|没有|不存在|不唤醒|∅|NULL$)")
_WAY = re.compile("增|减|提高|降低")
_OPERATOR = re.compile(r"^(?=.*[a-zA-Z])[a-zA-Z\d+\-*/()^% ]*[+\-*/%][a-zA-Z\d+\-*/()^% ]*$")
_KIND = {
    **dict.fromkeys(("ns", "us", "ms", "s"), "time"),
    **dict.fromkeys(("bytes", "bits", "kb", "mb", "gb"), "size"),
    **dict.fromkeys(("bps", "mbps", "mb_per_s", "byteps"), "rate"),
    **dict.fromkeys(("m", "km"), "length"),
    "hz": "freq",
}


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
    unit = _unit_of(out, unit)
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


def _unit_of(out: Out, unit: str) -> str:
    """The unit of a result: its own, or the one that the question's quantities share if it is such a quantity."""
    timed = re.search(r"时[间刻延]|碎片|大小|总和|容量|地址", out.label) and not re.search("比例|之比|率$", out.label)
    shared = unit if timed else ""
    return "" if out.unit.startswith("与") else out.unit or shared


def readable(stated: str, value: Value, out: Out, unit: str = "") -> bool:
    """Whether what somebody wrote can be such a value at all: a number, in a unit that measures the same thing.

    Examples:
        >>> readable("75%", 110, Out("总时间", "ms")), readable("6 层", 4, Out("高度", "层")), readable("6", [1, 2], Out("次序"))
        (False, True, False)
    """
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if "%" in stated and not 0 <= value <= 1:
            return False
        return bool(_readings(prepare(stated).strip(" .。;,"), out, unit))
    if isinstance(value, (list, tuple, Mapping)):
        return len(re.findall(r"[A-Za-z]\w*|\d+", stated)) > 1
    return not isinstance(value, str) or not re.fullmatch(r"[\d.]+\s?[\u4e00-\u9fff]?", stated.strip())


def same(stated: str, value: Value, out: Out, unit: str = "", rough: bool = False) -> bool:
    """Whether what somebody wrote is the value.

    Args:
        unit: the unit of results that have none of their own.
        rough: a relative difference of 1% is let pass (约), and rounding to the digits that are written.

    Examples:
        >>> same("7 次", 7, Out("缺页次数", "次")), same("75%", Fraction(3, 4), Out("缺页率")), same("0.5 μs", 500, Out("时间", "ns"))
        (True, True, True)
        >>> same("P1、P3、P2", ["P1", "P3", "P2"], Out("次序")), same("不会", True, Out("是否死锁"))
        (True, False)
        >>> same("$a_{4,10}$", [4, 10], Out("下标")), same("O(n log2 n)", "O(n log n)", Out("时间复杂度"))
        (True, True)
        >>> same("500 m", 500, Out("最短帧长", "bit")), same("267.5 Kbit", 273920, Out("总容量", "位"))
        (False, True)
    """
    text = prepare(stated).strip(" .。;,")
    if isinstance(value, bool):
        return bool(_YES.match(text)) if value else bool(_NO.match(text))
    if isinstance(value, (int, Fraction)):
        written = arithmetic(text)
        if written is not None and not _unit_of(out, unit):
            return written == value
        return any(_near(x, Fraction(value), rough, text) for x in _readings(text, out, unit))
    if value is None:
        return _NONE.match(text) is not None
    if isinstance(value, str):
        return _same_text(text, value)
    if isinstance(value, Mapping):
        if _squeeze(text) == _squeeze("".join(f"{k}{v}" for k, v in value.items())):
            return True
        return len(value) > 1 and same(text, list(value.values()), out, unit)
    if isinstance(value, Sequence):
        return _same_list(text, value) or (
            len(value) == 1 and isinstance(value[0], (int, Fraction)) and same(text, value[0], out, unit, rough)
        )
    return False


def _same_text(text: str, value: str) -> bool:
    edge = re.fullmatch(r"([A-Za-z]\d*|\d+)-([A-Za-z]\d*|\d+)", value)
    pair = re.fullmatch(r"[(<]?\s*(\w+)\s?[,-]\s?(\w+)\s*[)>]?(?:\s?\d+)?", text)
    if edge and pair and (text[:1] in "(<" or text[:1].isalpha()):  # an edge of an undirected graph
        return sorted(edge.groups()) == sorted(pair.groups())
    if "n" in value and re.fullmatch(r"[\dn+\-*/^() ·]+", value):  # a polynomial, however it is written
        sides = [(evaluate(text, {"n": k}), evaluate(value.replace("·", "*"), {"n": k})) for k in (7, 12)]
        if all(a is not None and b is not None for a, b in sides):
            return all(a == b for a, b in sides)
    if value.startswith("O("):
        return _order(text) == _order(value)
    if _OPERATOR.search(value):  # an expression: its signs count
        return _bare(text) == _bare(value)
    if _squeeze(text) == _squeeze(value):
        return True
    if _WAY.findall(value) and _WAY.findall(text) != _WAY.findall(value):  # 增加 80 m isn't 减少 80 m
        return False
    computed = arithmetic(value)
    if computed is not None and computed in (arithmetic(text), _plain(text)):
        return True
    if value and re.fullmatch(r"[01]{4,}", value) and re.fullmatch(r"[01 ]{4,}B?", text):
        return text.rstrip("B").replace(" ", "") == value
    a, b = _hex(text), _hex(value)
    if a is not None and re.fullmatch("[01]+B", value):
        return a == int(value[:-1], 2)
    bits = re.sub("[ B]", "", text)
    if b is not None and re.fullmatch(r"[01]{8,}", bits) and len(bits) == 4 * (len(value) - 1):
        return int(bits, 2) == b
    if a is not None and a == b:
        return True
    cells = [
        re.findall(r"(?<![\w.])-?\d+(?:\.\d+)*|[A-Za-z]\w*", re.sub(r"[\u4e00-\u9fff]", " ", x)) for x in (text, value)
    ]
    return len(cells[1]) > 1 and cells[0] == cells[1]


def _plain(text: str) -> Fraction | None:
    return Fraction(text) if re.fullmatch(r"-?\d{1,40}(?:\.\d+)?", text) else None


def _same_list(text: str, value: Sequence[Value]) -> bool:
    if not value:
        return _NONE.match(text) is not None
    if any(isinstance(v, (list, tuple)) for v in value) and re.search(r"[(\[{]", text):  # the grouping counts
        groups = [re.findall(r"[A-Za-z]\w*|-?\d+", g) for g in re.findall(r"[(\[{]([^()\[\]{}]*)[)\]}]", text)]
        return groups == [[str(x) for x in v] if isinstance(v, (list, tuple)) else [str(v)] for v in value]
    if all(isinstance(v, int) and not isinstance(v, bool) for v in value):  # the signs count
        cells = [re.sub(r"(?<!\d)0+(?=\d)", "", c) for c in re.findall(r"(?<![\w.])-?\d+|\d+", text)]
        if len(cells) > 1:
            return len(value) > 1 and cells == [str(v) for v in value]
    if all(isinstance(v, str) and len(v) == 1 for v in value) and any(not str(v).isalnum() for v in value):
        return _bare(text) == _bare("".join(map(str, value)))  # operators on a stack
    wanted = _squeeze("".join(_flat(v) for v in value))
    return bool(wanted) and _squeeze(text) == wanted


def _readings(text: str, out: Out, unit: str) -> list[Fraction]:
    """What a stated number may mean in the result's unit; none if it measures something else."""
    text = re.sub(r"^(?:约为?|大约|≈)|(?<=\d)\s?≈\s?[\d.]+", "", text)
    text = re.sub(r"(?<=\d)\s?K(?=位|bit|b(?![/p]))", "×2^10 ", text) if out.unit in ("位", "bit", "b") else text
    found: list[Quantity] = quantities(text) or quantities(text + "个")
    if len(found) == 2 and found[0].end <= found[1].start and (m := re.fullmatch(r"([\d.]+)×2\^(\d+) ?(\D*)", text)):
        return [Fraction(m[1]) * 2 ** int(m[2])]
    if m := re.fullmatch(r"(\d+) ?[×*] ?(\d+) ?[^\d]*", text):
        return [Fraction(int(m[1]) * int(m[2]))]
    if len(found) != 1:
        return []
    per = re.search(r"\d\s?(?:条|个|次)?(?:指令|任务|结果|运算)?\s?/\s?(ns|us|ms|s|秒)", text)
    if per and not found[0].kind:  # a rate of things
        scale = {"ns": 10**9, "us": 10**6, "ms": 10**3}.get(per[1], 1)
        return [found[0].value * scale] if out.unit in ("条/s", "次/s", "个/s") else []
    q = found[0]
    measure = _unit_of(out, unit)
    target = _UNITS.get(measure, "")
    values = [q.value]
    if q.kind == "percent":
        if measure:
            return []
        values.append(q.value * 100)
    elif target == "mbps" and q.kind == "rate":
        values = [q.base / 10**6]
    elif target == "byteps" and q.kind == "rate":
        values = [q.base / 8]
    elif target and q.kind in ("time", "size", "rate", "length", "freq", "db", "rpm"):
        if q.kind != _KIND.get(target):
            return []
        values = [convert(q, target)]
        if q.kind == "size" and target == "bytes":
            values.append(q.base / 8)
        if q.kind == "size" and target == "bits" and (power := {"K": 10, "M": 20, "G": 30}.get(q.unit[:1])):
            values.append(q.value * 2**power)  # a capacity
    elif q.kind == "count" and target in ("bits", "bytes"):
        values.append(q.base)
    elif q.kind in ("size", "count") and not target:
        values.append(q.base / 8 if q.kind == "size" else q.base)
    elif q.kind == "baud":
        values = [q.base] if measure in ("", "Baud") else []
    elif q.kind == "freq" and out.unit == "MHz":
        values = [q.base / 10**6]
    elif q.kind in ("db", "length", "rpm", "speed") or (measure and q.kind in ("time", "rate")):
        return []
    if q.code and not q.kind:
        values.append(q.value)
    return values


def _near(a: Fraction, b: Fraction, rough: bool, text: str) -> bool:
    if a == b:
        return True
    digits = Fraction(1, 100) if rough else Fraction(1, 2000)
    exact = b.denominator == 1 or (b * 1000).denominator == 1
    if exact and not rough:
        return False
    if b == 0:
        return False
    m = re.search(r"\d*\.(\d+)", text)
    if m and len(m[0].replace(".", "").lstrip("0")) >= 2 and a < 10**5 and "e" not in text:
        step = Fraction(1, 10 ** len(m[1])) * (Fraction(1, 100) if "%" in text and abs(b) <= 1 and abs(a) <= 1 else 1)
        if abs(a - b) * 2 <= step:
            return True
    return abs(a - b) <= abs(b) * digits


def _order(text: str) -> str:
    """An order of growth, spelt one way."""
    text = re.sub(r"[\s$·*×{}]|\\(?:left|right|cdot|mathrm)", "", text).replace("\\", "").casefold()
    text = re.sub(r"_2|_|(?<=log)2(?=n|\()", "", text).replace("lg", "log").replace("ln", "log")
    text = re.sub(r"sqrt\(n\)|sqrtn|√\(n\)|√n|n\^\(1/2\)|n\^1/2|n\^0\.5", "n^(1/2)", text)
    text = re.sub(r"log\(n\)", "logn", text)
    return re.sub(r"log\^2n|\(logn\)\^2", "(logn)^2", text)


def _squeeze(text: str) -> str:
    """Only what carries meaning: no blanks, commas, arrows, brackets, units at the end."""
    return re.sub(r"[\s,、;()\[\]{}<>→\-—:：，；（）|＜＞]", "", text).casefold().replace("->", "")


def _bare(text: str) -> str:
    """An expression without blanks and commas."""
    return re.sub(r"[\s,、]", "", text).casefold()


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
