"""Internet checksum (因特网检验和): one's complement sums of IP, UDP and TCP."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table

__all__ = ["solve"]

Width = Literal["8", "16"]


@solver(
    "cn.internet_checksum",
    title="因特网检验和",
    summary="给出若干 16 位（或 8 位）字，用反码求和计算 IP 首部、UDP、TCP 的检验和；或对含检验和的数据做检验，判断有无差错。",
    syllabus=("cn.transport.checksum", "cn.network.ip-header", "cn.transport.udp"),
    keywords=("检验和", "校验和", "反码求和", "反码算术", "首部检验和", "UDP检验和", "伪首部", "checksum", "回卷"),
    answers={
        "checksum": Out("检验和"),
        "sum": Out("反码求和的结果"),
        "carries": Out("回卷的进位次数", "次"),
        "valid": Out("检验是否通过"),
    },
    examples=(
        {"data": "4500 0073 0000 4000 4011 0000 C0A8 0001 C0A8 00C7"},
        {"data": "0001 F203 F4F5 F6F7 220D", "verify": True},
    ),
)
def solve(
    data: Annotated[str, Param("各字", "十六进制，如 4500 0073；计算时检验和字段填 0；奇数字节末尾补 0", max_len=8000)],
    width: Annotated[Width, Param("字长", "16 位，或课堂例子用的 8 位")] = "16",
    verify: Annotated[bool, Param("检验", "数据中已含检验和、判断有无差错时为真")] = False,
) -> Solution:
    """Compute or verify an Internet checksum (因特网检验和).

    Args:
        data: bytes in hexadecimal, spaces free; in binary if every group has `width` digits 0 and 1.
        width: bits of a word.
        verify: whether the checksum is among the words.

    Returns:
        `checksum` (complement of the sum, in hexadecimal), `sum`, `carries` that were wrapped around; `valid` when
        verifying: whether the sum is all ones.

    Raises:
        InputError: characters that are no digits, or nothing at all.

    Examples:
        >>> solve("0001 F203 F4F5 F6F7").answer["checksum"]
        '220D'
        >>> solve("FFFF").answer["checksum"]
        '0000'
        >>> solve("01").answer["sum"]  # an odd byte is padded with zeros behind
        '0100'
        >>> solve("FFFF 0001").answer["carries"]
        1

    Conventions:
        A UDP checksum that comes out as 0 is sent as FFFF; the raw value is given here.

    Source:
        RFC 1071; RFC 768; 谢希仁《计算机网络》第8版 §4.2.4, §5.2.2.
    """
    bits = int(width)
    words = _words(data, bits)
    total, carries, partial = _add(words, bits)
    top = (1 << bits) - 1
    digits = bits // 4
    rows: list[list[Cell]] = [
        [_hexa(w, digits), format(w, f"0{bits}b"), _hexa(s, digits)] for w, s in zip(words, partial, strict=True)
    ]
    steps = [
        Step(
            f"把数据分成 {len(words)} 个 {bits} 位字，做反码求和：最高位的进位加到最低位（回卷 {carries} 次），"
            f"和为 {_hexa(total, digits)}H。",
            Table(["字", "二进制", "累加和"], rows, [(len(rows) - 1, 2)]),
            credit="反码求和",
            gives={"sum": _hexa(total, digits), "carries": carries},
        )
    ]
    checksum = _hexa(total ^ top, digits)
    if verify:
        valid = total == top
        end = "为全 1，检验通过" if valid else "不为全 1，有差错"
        steps.append(
            Step(
                f"和 {_hexa(total, digits)}H {end}。",
                credit="判断有无差错",
                gives={"checksum": checksum, "valid": valid},
            )
        )
    else:
        steps.append(Step(f"和按位取反，检验和为 {checksum}H。", credit="取反得检验和", gives={"checksum": checksum}))
    return Solution(steps, ["进位回卷（反码加法）", "奇数个字节时末尾补 0"])


def _hexa(value: int, digits: int) -> str:
    return f"{value:0{digits}X}"


def _words(data: str, bits: int) -> list[int]:
    groups = [g for g in re.split(r"[\s,，、]+", data.strip()) if g]
    groups = [re.sub(r"^0[xX]|[hH]$", "", g) for g in groups]
    if groups and all(re.fullmatch(rf"[01]{{{bits}}}", g) for g in groups):
        return [int(g, 2) for g in groups]
    text = "".join(groups)
    if not re.fullmatch(r"[0-9a-fA-F]+", text):
        raise InputError(f"数据 {data[:60]!r} 不合要求：应为十六进制数，如 4500 0073。")
    if len(text) % 2:
        raise InputError(f"数据 {data[:60]!r} 共 {len(text)} 个十六进制数字，应为偶数个（每字节两个），请补 0。")
    size = bits // 4
    text += "0" * (-len(text) % size)
    return [int(text[i : i + size], 16) for i in range(0, len(text), size)]


def _add(words: Sequence[int], bits: int) -> tuple[int, int, list[int]]:
    """The one's complement sum, how many carries were wrapped around, and the sum after every word."""
    total = carries = 0
    partial = []
    for word in words:
        total += word
        if total >> bits:
            total = (total & ((1 << bits) - 1)) + 1
            carries += 1
        partial.append(total)
    return total, carries, partial


def mistakes(data: str, width: Width, verify: bool) -> Iterator[Mistake]:
    """Misconceptions: carries dropped, no complement, two's complement, exclusive or."""
    bits = int(width)
    words = _words(data, bits)
    total, carries, _ = _add(words, bits)
    top, digits = (1 << bits) - 1, bits // 4
    plain = sum(words) & top
    yield Mistake("没有取反", {"checksum": _hexa(total, digits)})
    yield Mistake("丢掉了进位，没有回卷", {"checksum": _hexa(plain ^ top, digits), "sum": _hexa(plain, digits)})
    yield Mistake("丢掉了进位又没有取反", {"checksum": _hexa(plain, digits)})
    yield Mistake("取了补码", {"checksum": _hexa(-total & top, digits)})
    mixed = 0
    for word in words:
        mixed ^= word
    yield Mistake("把求和做成异或", {"checksum": _hexa(mixed ^ top, digits), "sum": _hexa(mixed, digits)})
    yield Mistake("进位多回卷了一次", {"sum": _hexa((total + 1) & top, digits), "carries": carries + 1})
    yield Mistake("求成了检验和", {"sum": _hexa(total ^ top, digits)})
    yield Mistake("没有进位", {"carries": 0})
    if verify:
        yield Mistake("以为和为 0 才通过", {"valid": total == 0})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Three words at first, more later."""
    width: Width = "8" if difficulty == 1 else "16"
    bits = int(width)
    count = 3 if difficulty < 3 else difficulty + 1
    words = [rng.randrange(1 << (bits - 1), 1 << bits), *(rng.randrange(1 << bits) for _ in range(count - 1))]
    if width == "8":
        shown = " ".join(format(w, "08b") for w in words)
        what = "3 个 8 位字"
    else:
        shown = " ".join(_hexa(w, 4) for w in words)
        what = f"{count} 个 16 位字（十六进制）"
    stem = f"用因特网检验和（反码求和，进位回卷）的方法，对 {what} {shown} 计算，得到的检验和（十六进制）是（ ）。"
    return Draft(stem, {"data": shown, "width": width}, "checksum")
