"""Line coding (数字编码): NRZ, RZ, NRZI, Manchester and differential Manchester."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, get_args

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step, Value

__all__ = ["solve"]

Code = Literal["NRZ", "RZ", "NRZI", "MANCHESTER", "DIFF_MANCHESTER"]
Level = Literal["high", "low"]
One = Literal["high_low", "low_high"]

NAMES = {
    "NRZ": "不归零编码",
    "RZ": "归零编码",
    "NRZI": "反向不归零编码",
    "MANCHESTER": "曼彻斯特编码",
    "DIFF_MANCHESTER": "差分曼彻斯特编码",
}
FLIP = {"0": "1", "1": "0"}


@solver(
    "cn.line_code",
    title="数字信号编码",
    summary="给出比特串和编码方式（NRZ、RZ、NRZI、曼彻斯特、差分曼彻斯特），画出波形、求每半个比特的电平和跳变次数；"
    "或由波形电平译出比特串。",
    syllabus=("cn.physical.line-coding",),
    keywords=(
        *("曼彻斯特编码", "差分曼彻斯特编码", "不归零", "归零", "反向不归零", "NRZ", "NRZI", "RZ"),
        *("波形", "跳变", "码元", "电平", "数字编码", "10BaseT"),
    ),
    answers={
        "levels": Out("每半个比特的电平"),
        "bits": Out("比特串"),
        "transitions": Out("电平跳变次数", "次"),
        "half_bits": Out("波形的半比特数"),
    },
    examples=(
        {"data": "01100111", "code": "MANCHESTER"},
        {"data": "1011", "code": "DIFF_MANCHESTER", "initial": "low"},
    ),
)
def solve(
    data: Annotated[
        str, Param("比特串或电平串", "编码时写比特串；译码时每比特写前后两个半比特的电平，1 高 0 低", max_len=400)
    ],
    code: Annotated[Code, Param("编码方式", "DIFF_MANCHESTER 是差分曼彻斯特")] = "MANCHESTER",
    decode: Annotated[bool, Param("译码", "由波形电平求比特串时为真")] = False,
    initial: Annotated[Level, Param("起始电平", "第一个比特之前的电平，用于 NRZI 和差分曼彻斯特")] = "low",
    manchester_one: Annotated[
        One, Param("曼彻斯特的 1", "high_low 前高后低（408 通常），low_high 前低后高")
    ] = "high_low",
    nrzi_flip: Annotated[Literal["0", "1"], Param("NRZI 遇何翻转", "遇 0 翻转（USB、408 通常）或遇 1 翻转")] = "0",
) -> Solution:
    """Draw or read the waveform of a bit string (数字编码).

    Args:
        data: bits to encode; or, with `decode`, two levels for every bit, 1 for high.
        code: the line code.
        decode: read the levels back to bits.
        initial: level before the first bit.
        manchester_one: which half of a Manchester 1 is high.
        nrzi_flip: the bit at which NRZI changes its level.

    Returns:
        `levels` (two characters a bit, 1 for high, 0 for low), `bits`, `transitions` inside the waveform,
        `half_bits`.

    Raises:
        InputError: characters other than 0 and 1, an odd number of levels, or levels that the code never uses.

    Examples:
        >>> solve("0110").answer["levels"]
        '01101001'
        >>> solve("1", "NRZI").answer["levels"]  # no flip at 1
        '00'
        >>> solve("00", "DIFF_MANCHESTER").answer["levels"] == solve("00", manchester_one="low_high").answer["levels"]
        True
        >>> solve("10 01", "MANCHESTER", decode=True).answer["bits"]
        '10'

    Conventions:
        RZ returns to the low level (zero) in the second half. Differential Manchester flips at the start of
        a 0, not of a 1, and always in the middle.

    Source:
        谢希仁《计算机网络》第8版 §2.2.2; Tanenbaum, Computer Networks, 5e, §2.5.1.
    """
    text = "".join(data.split())
    if not text or set(text) - {"0", "1"}:
        raise InputError(f"数据 {data[:60]!r} 应为非空的 0、1 串，请改正。")
    if decode and len(text) % 2:
        raise InputError(f"电平串 {data[:60]!r} 有 {len(text)} 个半比特，应为偶数（每比特两个），请补全。")
    start = "1" if initial == "high" else "0"
    bits = _decode(text, code, start, manchester_one, nrzi_flip) if decode else text
    levels = _encode(bits, code, start, manchester_one, nrzi_flip)
    if decode and levels != text:
        raise InputError(f"电平串 {data[:60]!r} 不是{NAMES[code]}的波形，请检查电平或改选编码方式。")
    flips = sum(a != b for a, b in pairwise(levels))
    rule = Step(f"{NAMES[code]}：{_rule(code, manchester_one, nrzi_flip)}。", credit="写出编码规则")
    shown = " ".join(levels[i : i + 2] for i in range(0, len(levels), 2))
    result = (
        f"逐比特译码，得比特串 {bits}" if decode else f"逐比特编码，各比特前后两半的电平（1 高 0 低）依次为 {shown}"
    )
    gives: dict[str, Value] = {"levels": levels, "bits": bits, "transitions": flips, "half_bits": len(levels)}
    return Solution(
        [rule, Step(f"{result}，其间电平跳变 {flips} 次。", _plot(bits, levels), credit="画出波形", gives=gives)],
        _conventions(code, initial, manchester_one, nrzi_flip),
    )


def _rule(code: Code, one: One, flip: str) -> str:
    return {
        "NRZ": "1 为高电平，0 为低电平，比特中间不变",
        "RZ": "1 的前半为高电平，后半归零；0 始终为低电平",
        "NRZI": f"遇 {flip} 在比特开始处翻转，遇 {FLIP[flip]} 保持不变",
        "MANCHESTER": "比特中间必有跳变，1 "
        + ("前高后低，0 前低后高" if one == "high_low" else "前低后高，0 前高后低"),
        "DIFF_MANCHESTER": "比特中间必有跳变；比特开始处有跳变为 0，无跳变为 1",
    }[code]


def _encode(bits: str, code: Code, level: str, one: One, flip: str) -> str:
    """Two levels for every bit; `level` is the one before the first bit."""
    out = []
    for bit in bits:
        if code == "NRZ":
            halves = bit * 2
        elif code == "RZ":
            halves = bit + "0"
        elif code == "NRZI":
            halves = (FLIP[level] if bit == flip else level) * 2
        elif code == "MANCHESTER":
            first = bit if one == "high_low" else FLIP[bit]
            halves = first + FLIP[first]
        else:
            first = FLIP[level] if bit == "0" else level
            halves = first + FLIP[first]
        out.append(halves)
        level = halves[1]
    return "".join(out)


def _decode(levels: str, code: Code, level: str, one: One, flip: str) -> str:
    out = []
    for i in range(0, len(levels), 2):
        first = levels[i]
        if code in ("NRZ", "RZ"):
            bit = first
        elif code == "NRZI":
            bit = flip if first != level else FLIP[flip]
        elif code == "MANCHESTER":
            bit = first if one == "high_low" else FLIP[first]
        else:
            bit = "0" if first != level else "1"
        out.append(bit)
        level = levels[i + 1]
    return "".join(out)


def _plot(bits: str, levels: str) -> Plot:
    points = []
    for i, level in enumerate(levels):
        points += [(i, int(level)), (i + 1, int(level))]
    return Plot([Series("信号", points)], x="半比特", y="电平", caption=f"比特串 {bits}，每比特占两格")


def _conventions(code: Code, initial: Level, one: One, flip: str) -> list[str]:
    start = f"第一个比特之前为{'高' if initial == 'high' else '低'}电平"
    return {
        "NRZ": ["1 为高电平"],
        "RZ": ["单极性归零：0 始终为低电平"],
        "NRZI": [f"遇 {flip} 翻转", start],
        "MANCHESTER": ["1 前高后低（谢希仁）" if one == "high_low" else "1 前低后高（IEEE 802.3）"],
        "DIFF_MANCHESTER": ["比特开始处有跳变为 0，无跳变为 1", start],
    }[code]


def mistakes(
    data: str, code: Code, decode: bool, initial: Level, manchester_one: One, nrzi_flip: str
) -> Iterator[Mistake]:
    """Misconceptions: the two halves exchanged, another code, the wrong starting level."""
    text = "".join(data.split())
    start = "1" if initial == "high" else "0"
    if decode:
        right = _decode(text, code, start, manchester_one, nrzi_flip)
        yield Mistake("0 和 1 的规定弄反", {"bits": "".join(FLIP[b] for b in right)})
        for other in get_args(Code):
            if other != code:
                wrong = _decode(text, other, start, manchester_one, nrzi_flip)
                yield Mistake(f"按{NAMES[other]}译码", {"bits": wrong})
        yield Mistake("起始电平看反", {"bits": _decode(text, code, FLIP[start], manchester_one, nrzi_flip)})
        return
    right = _encode(text, code, start, manchester_one, nrzi_flip)
    wrongs = [("高低电平弄反", "".join(FLIP[b] for b in right))]
    for other in get_args(Code):
        if other != code:
            wrongs.append((f"按{NAMES[other]}编码", _encode(text, other, start, manchester_one, nrzi_flip)))
    wrongs.append(("起始电平看反", _encode(text, code, FLIP[start], manchester_one, nrzi_flip)))
    for why, levels in wrongs:
        flips = sum(a != b for a, b in pairwise(levels))
        yield Mistake(why, {"levels": levels, "transitions": flips})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Encode at first, then count transitions and decode."""
    size = 4 + 2 * (difficulty // 2)
    bits = "".join(rng.choice("01") for _ in range(size))
    code: Code = rng.choice(["MANCHESTER", "DIFF_MANCHESTER", "NRZI"] if difficulty > 1 else ["MANCHESTER"])
    before = {
        "MANCHESTER": "规定 1 为前高后低",
        "DIFF_MANCHESTER": "比特开始处有跳变为 0，发送前信道为低电平",
        "NRZI": "遇 0 翻转、遇 1 不变，发送前信道为低电平",
    }[code]
    if difficulty < 4:
        stem = (
            f"采用{NAMES[code]}（{before}）传送比特串 {bits}，以 1 表示高电平、0 表示低电平，"
            "每个比特写出前后两半的电平，得到的电平序列是（ ）。"
        )
        return Draft(stem, {"data": bits, "code": code}, "levels")
    levels = _encode(bits, code, "0", "high_low", "0")
    shown = " ".join(levels[i : i + 2] for i in range(0, len(levels), 2))
    stem = (
        f"某网卡收到一段{NAMES[code]}（{before}）的信号，每个比特前后两半的电平（1 高 0 低）依次为 {shown}，"
        "则收到的比特串是（ ）。"
    )
    return Draft(stem, {"data": levels, "code": code, "decode": True}, "bits")
