"""Inputs nobody meant: text, bytes and JSON bent away from what was right."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Sequence
from typing import Any

__all__ = ["HOSTILE", "bent", "bytes_of", "junk", "text_of"]

HOSTILE = (
    "", " ", "\x00", "\ud800", "\u202e死锁", "²", "٣", "１２", "𝟘", "½", "９" * 30, "9" * 5000, "1e400", "-1e-400", "nan", "inf", "-0",
    "1/0", "0x", "0b", "FFFFH", "1e", "%", "95%%", "null", "true", "[" * 3000, "{" * 200, "[[]]", '{"a":', ",,,,", "；；", "::::", "、",
    "(" * 300, "\\frac{1}{0}", "$$", "$" * 99, "|---|" * 50, "```", "<script>alert(1)</script>", "![x](http://[::1", "../../etc/passwd",
    "' OR 1=1--", "%s%n%x", "\r\n\r\n", "\u2028", "\ufeff", "A. " * 40, "A.B.C.D.", "👩‍👩‍👧‍👦" * 20, "死锁" * 3000, "a" * 20_000, "a!" * 5000, "0" * 401,
    "-" * 500, "1," * 2000, "1 " * 3000, "P1:0:5," * 300, "=" * 1000, "K" * 3, "10^10^10", "2^(2^64)", "1.1.1.1/33", "256.256.256.256",
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (
    0, 1, -1, 2, 3, 7, 8, 31, 32, 64, 255, 256, 1000, 65535, 65536, 2**31 - 1, 2**31, 2**63, -(2**63), 2**64, 10**18, 10**100, 10**400, 0.5,
    -0.5, 1e-9, 1e308, float("inf"), float("nan"), 0.1,
)  # fmt: skip


def junk(rng: random.Random) -> str:
    """A hostile string, or a few random characters of any plane."""
    if rng.random() < 0.7:
        return rng.choice(HOSTILE)
    planes = (string.printable, "死锁页框分页段表子网的是多少：，；（）", "αβΣ∞≤≥×÷⌈⌉²₂", "\x00\x1b\u200b\u202e\ufffe")
    return "".join(rng.choice(rng.choice(planes)) for _ in range(rng.randrange(30)))


def text_of(rng: random.Random, seeds: Sequence[str]) -> str:
    """One of `seeds` after one to six mutations; at times nothing but junk."""
    if rng.random() < 0.03:
        return junk(rng)
    text = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 6))):
        i, j = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        kind = rng.randrange(8)
        if kind == 0:
            text = text[:i] + text[j:]
        elif kind == 1:
            text = text[:j] + text[i:j] * rng.choice((1, 2, 20)) + text[j:]
        elif kind == 2:
            text = text[:i] + junk(rng) + text[i:]
        elif kind == 3:
            other = rng.choice(seeds)
            text = text[:i] + other[rng.randrange(len(other) + 1) :]
        elif kind == 4:
            text = re.sub(r"\d+", lambda m: m[0] if rng.random() < 0.6 else str(rng.choice(NUMBERS)), text)
        elif kind == 5:
            text = text[:i] + "".join(rng.sample(text[i:j], j - i)) + text[j:] if j - i < 2000 else text
        elif kind == 6:
            text = text.translate(str.maketrans(",:;()0123456789", "，：；（）０１２３４５６７８９"))
        else:
            text = rng.choice((text.upper(), text[::-1], text.replace("\n", " "), text.replace(" ", "\u3000")))
        text = text[:60_000]
    return text


def bytes_of(rng: random.Random, data: bytes, other: bytes = b"") -> bytes:
    """`data` with bits turned, pieces cut, doubled, overwritten, or joined to `other`."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        size = len(out)
        i = rng.randrange(size + 1)
        j = min(size, i + rng.choice((1, 2, 8, 100, 4000)))
        kind = rng.randrange(7)
        if kind == 0 and i < size:
            out[i] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del out[i:j]
        elif kind == 2:
            out[i:i] = out[i:j]
        elif kind == 3:
            out[i:j] = rng.randbytes(j - i)
        elif kind == 4:
            out[i:j] = rng.choice((b"\x00", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"9999999999"))
        elif kind == 5:
            del out[i:]
        elif other:
            out[i:j] = other[: rng.randrange(len(other) + 1)]
    return bytes(out)


def bent(rng: random.Random, value: Any, depth: int = 0) -> Any:
    """A JSON value near `value`, or far from it."""
    if rng.random() < (0.08 if depth else 0.03):
        return rng.choice((None, True, [], {}, [[[]]], junk(rng), rng.choice(NUMBERS), {"a": 1}, [value] * 3))
    if isinstance(value, bool) or value is None:
        return rng.choice((value, value, not value, None, junk(rng)))
    if isinstance(value, int | float):
        near = (value, value + 1, value - 1, -value, value * 2, 0)
        return rng.choice(near) if rng.random() < 0.7 else rng.choice((*NUMBERS, str(value), junk(rng)))
    if isinstance(value, str):
        return value if rng.random() < 0.4 else text_of(rng, [value or "x"])
    if isinstance(value, dict):
        out = {k: bent(rng, v, depth + 1) if rng.random() < 0.5 else v for k, v in value.items()}
        if out and rng.random() < 0.1:
            del out[rng.choice(sorted(out))]
        if rng.random() < 0.05:
            out[junk(rng)] = junk(rng)
        return out
    if not isinstance(value, list | tuple):  # a row of a solver: its text form is what a student writes
        return text_of(rng, [str(value)])
    items = [bent(rng, v, depth + 1) if rng.random() < 0.4 else v for v in value]
    if items and rng.random() < 0.4:
        kind = rng.randrange(5)
        if kind == 0:
            del items[rng.randrange(len(items))]
        elif kind == 1:
            items.append(rng.choice(items))
        elif kind == 2:
            items = items * rng.choice((2, 10, 60))
        elif kind == 3:
            rng.shuffle(items)
        else:
            items = items[: rng.randrange(len(items))]
    return items if rng.random() < 0.9 else ",".join(map(str, items))


def brief(value: object) -> str:
    """A value as a finding shows it: whole if it is short, by its ends if not."""
    try:
        shown = json.dumps(value, ensure_ascii=True, default=repr)
    except (ValueError, RecursionError):
        shown = ascii(value)
    return shown if len(shown) <= 600 else f"{shown[:400]}…{shown[-150:]}"
