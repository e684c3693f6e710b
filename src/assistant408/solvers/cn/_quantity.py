"""Quantities with units (带单位的量), as exam questions write them: ``100Mb/s``, ``20ms``, ``1500B``.

Rates and frequencies use k = 10^3. Sizes in bytes use K = 2^10, M = 2^20; sizes in bits use k = 10^3. A bare
number is in the base unit: b/s, s, bit, m, m/s, Hz.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from assistant408.core.errors import InputError

__all__ = [
    "LENGTH_HELP",
    "RATE_HELP",
    "SIZE_HELP",
    "SPEED_HELP",
    "TIME_HELP",
    "frequency_hz",
    "length_m",
    "rate_bps",
    "size_bits",
    "speed_mps",
    "time_s",
]

RATE_HELP = "带单位，如 100Mb/s、4800b/s；k=10^3"
TIME_HELP = "带单位，如 20ms、51.2us、1s"
SIZE_HELP = "带单位，如 1500B、1KB、800bit；KB=1024B"
LENGTH_HELP = "带单位，如 2km、500m"
SPEED_HELP = "带单位，如 2×10^8m/s、200000km/s、200m/us"

Units = Mapping[str, Fraction]

_BITS = dict.fromkeys(("b", "bit", "bits", "比特", "位"), 1)
_BYTES = dict.fromkeys(("B", "Byte", "Bytes", "byte", "bytes", "字节"), 8)
_DECIMAL = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_BINARY = {"": 1, "k": 10**3, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}

TIMES: Units = {
    **{u: Fraction(1) for u in ("s", "秒")},
    **{u: Fraction(1, 10**3) for u in ("ms", "毫秒")},
    **{u: Fraction(1, 10**6) for u in ("us", "μs", "微秒")},
    "ns": Fraction(1, 10**9),
    **{u: Fraction(60) for u in ("min", "分", "分钟")},
    **{u: Fraction(3600) for u in ("h", "小时")},
}
LENGTHS: Units = {
    **{u: Fraction(1) for u in ("m", "米")},
    **{u: Fraction(1000) for u in ("km", "千米", "公里")},
    "cm": Fraction(1, 100),
}
RATES: Units = {
    p + u + per: Fraction(f * n)
    for p, f in _DECIMAL.items()
    for u, n in {**_BITS, **_BYTES}.items()
    for per in ("/s", "ps", "/秒")
}
SIZES: Units = {
    **{p + u: Fraction(f * n) for p, f in _DECIMAL.items() for u, n in _BITS.items()},
    **{p + u: Fraction(f * n) for p, f in _BINARY.items() for u, n in _BYTES.items()},
}
SPEEDS: Units = {f"{a}/{b}": m / s for a, m in LENGTHS.items() for b, s in TIMES.items()}
FREQUENCIES: Units = {p + u: Fraction(f) for p, f in _DECIMAL.items() for u in ("Hz", "hz", "赫兹", "赫")}

_PLAIN = r"\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?(?:/\d{1,30})?"
_QUANTITY = re.compile(rf"(?P<head>{_PLAIN})??(?:\*?10\^(?P<power>-?\d{{1,2}}))?(?P<unit>[^\d.*^].*)?")


def rate_bps(text: str, label: str = "数据率", positive: bool = True) -> Fraction:
    """Read a data rate in bits per second.

    Examples:
        >>> rate_bps("100 Mb/s") == rate_bps("1e8") == 10**8, rate_bps("1MB/s")
        (True, Fraction(8000000, 1))
    """
    return _read(text, RATES, label, "数据率，如 100Mb/s", positive)


def time_s(text: str, label: str = "时间", positive: bool = False) -> Fraction:
    """Read a time in seconds.

    Examples:
        >>> time_s("51.2μs"), time_s("2")
        (Fraction(4, 78125), Fraction(2, 1))
    """
    return _read(text, TIMES, label, "时间，如 20ms", positive)


def size_bits(text: str, label: str = "长度", positive: bool = False) -> Fraction:
    """Read a size in bits.

    Examples:
        >>> size_bits("1KB") == 8192, size_bits("800 bit"), size_bits("10^6B")
        (True, Fraction(800, 1), Fraction(8000000, 1))
    """
    return _read(text, SIZES, label, "数据长度，如 1500B、800bit", positive)


def length_m(text: str, label: str = "距离", positive: bool = False) -> Fraction:
    """Read a length in metres.

    Examples:
        >>> length_m("2.5km")
        Fraction(2500, 1)
    """
    return _read(text, LENGTHS, label, "距离，如 2km", positive)


def speed_mps(text: str, label: str = "传播速度") -> Fraction:
    """Read a speed in metres per second.

    Examples:
        >>> speed_mps("2×10^8 m/s") == speed_mps("200000km/s") == speed_mps("200 m/μs") == 2 * 10**8
        True
    """
    return _read(text, SPEEDS, label, "速度，如 2×10^8m/s", True)


def frequency_hz(text: str, label: str = "带宽") -> Fraction:
    """Read a frequency in hertz.

    Examples:
        >>> frequency_hz("8kHz")
        Fraction(8000, 1)
    """
    return _read(text, FREQUENCIES, label, "频率，如 8kHz", True)


def _read(text: str, units: Units, label: str, expected: str, positive: bool) -> Fraction:
    compact = re.sub(r"\s+", "", text).replace("µ", "μ").replace("×", "*").replace("x10", "*10")
    found = _QUANTITY.fullmatch(compact) if len(compact) <= 60 else None
    factor = units.get(found["unit"] or "") if found and found["unit"] else Fraction(1)
    if not found or factor is None or not (found["head"] or found["power"]):
        raise InputError(f"{label}的值 {text[:40]!r} 看不懂：应为带单位的{expected}。")
    value = _number(found["head"], found["power"], text, label) * factor
    if positive and value == 0:
        raise InputError(f"{label}的值 {text[:40]!r} 不合要求：应大于 0，请改正。")
    return value


def _number(head: str | None, exponent: str | None, text: str, label: str) -> Fraction:
    try:
        mantissa, _, below = (head or "1").partition("/")
        number = Fraction(mantissa) / Fraction(below or 1)
    except ZeroDivisionError:
        raise InputError(f"{label}的值 {text[:40]!r} 的分母为 0，请改正。") from None
    return number * Fraction(10) ** int(exponent or 0)
