"""Numbers as exam questions write them, with their units: ``4KB``, ``1A5CH``, ``10×10^8``, ``95%``, ``三个``.

Sizes in bytes and bare counts use K = 2^10; rates, frequencies and sizes in bits use k = 10^3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

__all__ = ["Quantity", "compiled", "convert", "finditer", "plain_number", "prepare", "prose", "quantities", "search"]

_HAN = r"[\u4e00-\u9fff]"
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LATEX = (
    (r"\\times|\\cdot", "×"),
    (r"\\bmod|\\mod|\\%", " mod "),
    (r"\\(?:le|leq)\b", "<="),
    (r"\\(?:text|mathrm|mathbf|rm)\s*\{([^{}]*)\}", r"\1"),
    (r"\^\{([^{}]*)\}", r"^\1"),
    (r"_\{([^{}]*)\}", r"\1"),
    (r"\\[,;:! ]|\\quad|~(?=[\d\\])", " "),
    (r"(?<!\$)\$(?!\$)|\$\$", ""),
)


def prepare(text: str) -> str:
    r"""One width, one kind of dash and power; LaTeX made plain; no blanks beside Chinese; case kept.

    Examples:
        >>> prepare("页面大小为 $2^{10}$ Ｂ，速率 2×10⁸ m/s")
        '页面大小为2^10 B,速率2×10^8 m/s'
    """
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: "^" + m[0].translate(_SUPER), text)
    if "$" in text or "\\" in text:
        for pattern, plain in _LATEX:
            text = re.sub(pattern, plain, text)
    text = re.sub(r"[①②③④⑤⑥⑦⑧⑨]", lambda m: f"({ord(m[0]) - ord('①') + 1})", text)
    text = unicodedata.normalize("NFKC", text).replace("节点", "结点")
    text = re.sub(r"[—–−－]", "-", text.replace("∶", ":").replace("～", "~").replace("＊", "*"))
    text = re.sub(r"[ \t\u3000\xa0]+", " ", text).replace("μ", "u").replace("µ", "u").strip()
    text = re.sub(r"(?<![\d,;] )(?<![\d.])(\d{1,3}) (\d{3}) (?=B\b|字节|bit)", r"\1\2 ", text)  # 50 000 B
    text = re.sub(
        r"(?<![\d,;] )(?<![\d.])(\d{1,3}(?: \d{3})?)((?: 000)+)(?! ?\d)", lambda m: m[0].replace(" ", ""), text
    )
    return re.sub(rf"(?<={_HAN}) (?=[!-~])|(?<=[!-~]) (?={_HAN})|(?<={_HAN}) (?={_HAN})", "", text)


def prose(text: str) -> str:
    r"""The sentences of a question without its fenced code and its tables.

    Examples:
        >>> prose("输出几次?\n```c\nfork();\n```")
        '输出几次?'
        >>> prose("表为\n|a|b|\n|1|2|\n则 x 是")
        '表为\n则 x 是'
    """
    plain = re.sub(r"\n?```.*?(?:```|$)", "", text, flags=re.DOTALL)
    plain = re.sub(r"(?:^|(?<=\n))[ \t]*\|.*\|[ \t]*(?:\n|$)", "", plain).strip()
    return plain or text


@lru_cache(maxsize=4096)
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern in which ``\\w \\b \\d`` know only ASCII, so that a word may stand right beside Chinese."""
    return re.compile(pattern, flags | re.ASCII)


def search(pattern: str, text: str, flags: int = 0) -> re.Match[str] | None:
    """`re.search` with `compiled`."""
    return compiled(pattern, flags).search(text)


def finditer(pattern: str, text: str, flags: int = 0) -> Iterator[re.Match[str]]:
    """`re.finditer` with `compiled`."""
    return compiled(pattern, flags).finditer(text)


# what a unit measures, and its factor to the base of that measure (s, bit, b/s, Hz, m, m/s)
_TIME = {"ps": -12, "ns": -9, "纳秒": -9, "us": -6, "微秒": -6, "ms": -3, "毫秒": -3, "s": 0, "秒": 0}
_LENGTH = {"m": 1, "米": 1, "km": 1000, "公里": 1000, "千米": 1000}
_PREFIX10 = {"": 0, "k": 3, "K": 3, "千": 3, "M": 6, "兆": 6, "m": 6, "G": 9, "g": 9, "吉": 9, "T": 12, "P": 15}
_PREFIX2 = {"": 0, "k": 10, "K": 10, "千": 10, "M": 20, "兆": 20, "m": 20, "G": 30, "g": 30, "吉": 30, "T": 40, "P": 50}
_UNIT = re.compile(
    r"(?P<rate>(?:[kKMmGgT]|千|兆|吉)?\s?(?:bps|(?:i?B|Byte|byte|bits?|b|比特|字节|位)\s?(?:/\s?(?:s|sec|秒)|每秒|ps)))"
    r"|(?P<baud>[kKMG]?(?:Baud|baud|波特))"
    r"|(?P<freq>(?:[kKMGT]|千|兆|吉)?\s?(?:Hz|HZ|hz|赫兹|赫))"
    r"|(?P<speed>(?:km|m|公里|千米|米)\s?/\s?(?:s|秒|us|ms))"
    r"|(?P<rpm>(?:r|转)\s?/\s?(?:min|分钟?|m)|rpm|RPM|转每分钟?|转)"
    r"|(?P<percent>%)|(?P<db>dB|db|DB|分贝)"
    r"|(?P<time>ps|ns|us|ms|min|s|纳秒|微秒|毫秒|秒钟?|分钟|小时)(?![A-Za-z])"
    r"|(?P<size>(?:[kKMGTP]|兆|千)?i?(?:B|Bytes?|bytes?|字节)|(?:[kKMGT]|兆|千)\s?(?:bits?|b|位|比特)|比特|bits?|位|b(?=[,。;、)\s\u4e00-\u9fff]|$))(?![A-Za-z])"
    r"|(?P<length>km|公里|千米|m|米)(?![A-Za-z])"
    r"|(?P<count>[KMG]|万|亿)(?![A-Za-z])",
    re.ASCII,
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_MEASURE = "个|条|级|段|位|次|块|页|道|路|阶|层|台|类|种|组|片|张|趟|叉|维|体|帧|字节|台|倍|步|轮|跳|盘|进程|等待"
_NUMBER = re.compile(
    r"(?P<bin>(?<![\w.])[01]{4}(?: ?[01]{4})+B(?![A-Za-z/]))"
    r"|(?P<hex>0[xX][0-9A-Fa-f]+|(?<![0-9A-Za-z.])[0-9A-F](?:[0-9A-F ]{0,17}[0-9A-F])?H(?![A-Za-z]))"
    r"|(?P<pow>(?<![\w.^])(?:\d+(?:\.\d+)?\s?[×*xX]\s?)?(?:10|2)\s?\^\s?-?\d+)"
    r"|(?P<frac>(?<![\w./])\d+/\d+(?![\w./]))"
    r"|(?P<sci>(?<![\w.])\d+(?:\.\d+)?[eE][+-]?\d+(?![\w.]))"
    r"|(?P<dec>(?<![A-Za-z_\d.^])[+-]?\d+(?:\.\d+)?)(?!\.\d)"
    rf"|(?P<cn>[零一二两三四五六七八九十百千]+)(?=\s?(?:{_MEASURE}))",
    re.ASCII,
)
_SKIP = re.compile(
    r"IEEE\s?-?754|RFC\s?\d+|HTTP/\d\.\d|802\.\d+|\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|(?:[0-9A-Fa-f]{2}[-:]){5}[0-9A-Fa-f]{2}"
)
_NOT_COUNT = re.compile(r"[一二两三四](?:个|种|次|级|位|些|层|类|块|段|页|条|组)")


@dataclass(frozen=True)
class Quantity:
    """A number of the text.

    Args:
        start, end: where it stands, unit included.
        value: in `unit`, a percent divided by 100.
        kind: ``time size rate baud freq length speed rpm percent db count`` or empty.
        scale: factor of `unit` to the base (s, bit, b/s, Hz, m, m/s).
        unit: as written, blanks taken out.
        raw: as written, unit included.
        chinese: written in Chinese numerals.
    """

    start: int
    end: int
    value: Fraction
    kind: str = ""
    scale: Fraction = Fraction(1)
    unit: str = ""
    raw: str = ""
    chinese: bool = False
    code: str = ""

    @property
    def base(self) -> Fraction:
        """The value in the base unit."""
        return self.value * self.scale


def quantities(text: str) -> list[Quantity]:
    """All numbers of prepared text, left to right.

    Examples:
        >>> [(str(q.value), q.unit, q.kind) for q in quantities("主频 1.2GHz,三个页框,块 4 KB,地址 1A5CH,命中率 95%")]
        [('6/5', 'GHz', 'freq'), ('3', '', ''), ('4', 'KB', 'size'), ('6748', '', ''), ('19/20', '%', 'percent')]
    """
    skipped = [m.span() for m in _SKIP.finditer(text)]
    out: list[Quantity] = []
    for m in _NUMBER.finditer(text):
        if any(a <= m.start() < b for a, b in skipped):
            continue
        value = _value(m, text)
        if value is None:
            continue
        start = m.start()
        chinese = m["cn"] is not None
        q = _with_unit(text, start, m.end(), value, chinese)
        code = m["hex"].replace(" ", "") if m["hex"] else m[0].strip() if m["dec"] else ""
        out.append(Quantity(start, q.end, q.value, q.kind, q.scale, q.unit, text[start : q.end], chinese, code))
    return out


def _value(m: re.Match[str], text: str) -> Fraction | None:
    if len(m[0]) > 120:  # no number of a question: it would only be slow
        return None
    if m["bin"]:
        return Fraction(int(m["bin"][:-1].replace(" ", ""), 2))
    if m["hex"]:
        digits = m["hex"].replace(" ", "")
        return Fraction(int(digits[2:] if digits[:2] in ("0x", "0X") else digits[:-1], 16))
    if m["pow"]:
        head, _, power = m["pow"].replace(" ", "").rpartition("^")
        factor, _, base = re.sub(r"[*xX]", "×", head).rpartition("×")
        if abs(int(power)) > 60:
            return None
        return Fraction(factor or 1) * Fraction(int(base)) ** int(power)
    if m["frac"]:
        top, bottom = m["frac"].split("/")
        return Fraction(int(top), int(bottom)) if int(bottom) else None
    if m["cn"]:
        n = _chinese(m["cn"])
        return None if n is None else Fraction(n)
    word = (m["sci"] or m["dec"]).strip()
    if word[0] in "+-":
        before = text[: m.start()].rstrip()[-1:]
        if before and before.isascii() and (before.isalnum() or before in ")]%"):  # a range or a difference
            word = word[1:]
    if m["sci"] and abs(int(re.split("[eE]", word)[1])) > 60:
        return None
    return Fraction(word) if len(word) < 60 else None


def _with_unit(text: str, start: int, end: int, value: Fraction, chinese: bool) -> Quantity:
    m = re.compile(r"\s?").match(text, end)
    at = m.end() if m else end
    u = _UNIT.match(text, at)
    if u is None or (chinese and u.lastgroup in ("length", "count", "percent")):
        return Quantity(start, end, value)
    kind, unit = u.lastgroup or "", u[0].replace(" ", "")
    if kind == "percent":
        return Quantity(start, u.end(), value / 100, "percent", Fraction(1), "%")
    return Quantity(start, u.end(), value, kind, _scale(kind, unit), unit)


def _scale(kind: str, unit: str) -> Fraction:
    """Factor of a unit to the base of its kind."""
    if kind == "time":
        known = {"min": Fraction(60), "分钟": Fraction(60), "小时": Fraction(3600), "秒钟": Fraction(1)}
        return known[unit] if unit in known else Fraction(10) ** _TIME[unit]
    if kind == "length":
        return Fraction(_LENGTH[unit])
    if kind == "speed":
        length, time = unit.split("/")
        return Fraction(_LENGTH[length]) / Fraction(10) ** _TIME[time]
    if kind == "count":
        return Fraction({"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "万": 10**4, "亿": 10**8}[unit])
    if kind not in ("size", "rate", "freq", "baud"):
        return Fraction(1)
    prefix = unit[0] if len(unit) > 1 and unit[0] in _PREFIX10 and not unit.startswith("ms") else ""
    rest = unit[len(prefix) :]
    in_bytes = kind != "baud" and rest.startswith(("B", "iB", "字节", "byte")) and not rest.startswith("bps")
    if kind == "size" and in_bytes:
        return Fraction(8 * (1 << _PREFIX2[prefix]))
    return Fraction(10) ** _PREFIX10[prefix] * (8 if in_bytes else 1)


def _chinese(text: str) -> int | None:
    """The value of a Chinese numeral below 10000.

    Examples:
        >>> _chinese("二十三"), _chinese("一百零五"), _chinese("两"), _chinese("一千")
        (23, 105, 2, 1000)
    """
    if all(c in _DIGITS for c in text):
        return _DIGITS[text] if len(text) == 1 else int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
    return total + digit


_TARGET = {
    "ns": ("time", Fraction(1, 10**9)),
    "us": ("time", Fraction(1, 10**6)),
    "ms": ("time", Fraction(1, 1000)),
    "s": ("time", Fraction(1)),
    "bytes": ("size", Fraction(8)),
    "bits": ("size", Fraction(1)),
    "kb": ("size", Fraction(8 << 10)),
    "mb": ("size", Fraction(8 << 20)),
    "gb": ("size", Fraction(8 << 30)),
    "mhz": ("freq", Fraction(10**6)),
    "hz": ("freq", Fraction(1)),
    "bps": ("rate", Fraction(1)),
    "kb_per_s": ("rate", Fraction(8 * 10**3)),
    "mb_per_s": ("rate", Fraction(8 * 10**6)),
    "m": ("length", Fraction(1)),
    "km": ("length", Fraction(1000)),
}


def convert(q: Quantity, unit: str) -> Fraction:
    """The value in `unit` (``ns us ms s bytes bits mhz hz bps kb_per_s mb_per_s gb m km``); a bare number as it is.

    Examples:
        >>> convert(quantities("1.2GHz")[0], "mhz"), convert(quantities("4KB")[0], "bytes"), convert(quantities("7")[0], "ms")
        (Fraction(1200, 1), Fraction(4096, 1), Fraction(7, 1))
    """
    if q.kind == "count":
        return q.base
    kind, factor = _TARGET.get(unit, ("", Fraction(1)))
    if q.kind == "size" and unit and kind == "" and q.unit in ("位", "bit", "b"):
        return q.value
    return q.base / factor if kind and q.kind == kind else q.value


def plain_number(value: Fraction) -> int | float | str:
    """JSON-ready and exact: an int, a short decimal, or ``"p/q"``.

    Examples:
        >>> plain_number(Fraction(4)), plain_number(Fraction(1, 4)), plain_number(Fraction(1, 3))
        (4, 0.25, '1/3')
    """
    if value.denominator == 1:
        return value.numerator
    short = float(value)
    return short if Fraction(str(short)) == value else str(value)
