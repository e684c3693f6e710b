"""Stuffing (透明传输): zero-bit stuffing, PPP byte stuffing and escape-character stuffing."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value

__all__ = ["solve"]

Method = Literal["BIT", "PPP_BYTE", "ESC"]
FLAG, ESC = 0x7E, 0x7D
FLAG_BITS = "01111110"
WIDTH = 24  # bits or bytes that one line of the picture shows


@solver(
    "cn.bit_stuffing",
    title="零比特填充与字节填充",
    summary="给出要传送的比特串或字节串，用 HDLC 零比特填充、PPP 字节填充或转义字符填充，求填充后的数据、插入的个数；"
    "或由收到的数据去掉填充、还原原数据。",
    syllabus=("cn.link.framing", "cn.link.ppp", "cn.link.hdlc"),
    keywords=(
        *("零比特填充", "比特填充", "字节填充", "字符填充", "透明传输", "组帧", "HDLC", "PPP"),
        *("01111110", "7E", "7D", "转义字符", "标志字段", "定界"),
    ),
    answers={
        "stuffed": Out("填充后的数据"),
        "original": Out("原数据"),
        "inserted": Out("插入的比特数或字节数"),
        "frame": Out("加上首尾标志后的帧"),
    },
    examples=(
        {"data": "0111110001111110", "method": "BIT"},
        {"data": "7E FE 27 7D 7D 65 7E", "method": "PPP_BYTE"},
    ),
)
def solve(
    data: Annotated[str, Param("数据", "零比特填充写 0、1 串；字节填充写十六进制字节，如 7E FE 27 7D", max_len=2000)],
    method: Annotated[
        Method, Param("填充方式", "BIT 零比特填充，PPP_BYTE 把 7E 变为 7D 5E，ESC 在特殊字节前插入 7D")
    ] = "BIT",
    remove: Annotated[bool, Param("去填充", "给出收到的数据、求原数据时为真")] = False,
) -> Solution:
    """Stuff data so that it can't be taken for a flag, or undo it (零比特填充、字节填充).

    Args:
        data: a bit string for ``BIT``, else bytes in hexadecimal.
        method: after five 1s a 0; or 7E → 7D 5E and 7D → 7D 5D; or 7D before 7E and 7D.
        remove: whether `data` is what was received.

    Returns:
        `stuffed`, `original`, `inserted` (bits or bytes) and `frame` with a flag at either end.

    Raises:
        InputError: characters outside the alphabet, or received data that no sender would have sent.

    Examples:
        >>> solve("0111110001111110").answer["stuffed"]
        '011111000011111010'
        >>> solve("11111").answer["stuffed"]  # stuffed even at the very end
        '111110'
        >>> solve("7E 7D", "PPP_BYTE").answer["stuffed"], solve("7E 7D", "ESC").answer["stuffed"]
        ('7D 5E 7D 5D', '7D 7E 7D 7D')
        >>> solve("7D 5E 27 7D 5D", "PPP_BYTE", remove=True).answer["original"]
        '7E 27 7D'

    Conventions:
        PPP's escaping of control characters below 0x20 is off.

    Source:
        RFC 1662 §4.2 and §5.2; 谢希仁《计算机网络》第8版 §3.2.2; 408 真题 2013-37.
    """
    items = _items(data, method)
    original = _unstuff(items, method, data) if remove else items
    stuffed, marks = _stuff(original, method)
    sep, flag, unit = ("", FLAG_BITS, "个 0") if method == "BIT" else (" ", "7E", "个字节")
    verb = "收到的数据" if remove else "数据"
    rule = {
        "BIT": "每遇连续 5 个 1 就在其后插入一个 0" if not remove else "每遇连续 5 个 1 就删去其后的 0",
        "PPP_BYTE": "7E 与 7D 5E、7D 与 7D 5D 相互替换（转义字节异或 20H）",
        "ESC": "数据中的 7E 和 7D 之前各插入一个转义字节 7D" if not remove else "删去每个转义字节 7D，保留其后的字节",
    }[method]
    result = sep.join(original) if remove else sep.join(stuffed)
    gives: dict[str, Value] = {
        "stuffed": sep.join(stuffed),
        "original": sep.join(original),
        "inserted": len(stuffed) - len(original),
        "frame": sep.join([flag, *stuffed, flag]),
    }
    return Solution(
        [
            Step(f"规则：{rule}。", credit="写出填充规则"),
            Step(
                f"从左到右扫描{verb}，{'删去' if remove else '插入'} {len(marks)} {unit}，得 {result}。",
                _picture(stuffed, marks),
                credit="写出结果",
                gives=gives,
            ),
        ],
        ["不计对其他控制字符的转义"] if method == "PPP_BYTE" else [],
    )


def _items(data: str, method: Method) -> list[str]:
    """Bits, or bytes as two capital hexadecimal digits."""
    text = re.sub(r"[\s,，]+|0[xX]", "", data)
    if method == "BIT":
        if not text or set(text) - {"0", "1"}:
            raise InputError(f"数据 {data[:60]!r} 不是比特串：零比特填充应给出非空的 0、1 串。")
        return list(text)
    if not text or len(text) % 2 or not re.fullmatch(r"[0-9a-fA-F]+", text):
        raise InputError(f"数据 {data[:60]!r} 不是字节串：应为两位一组的十六进制数，如 7E FE 27。")
    return [text[i : i + 2].upper() for i in range(0, len(text), 2)]


def _stuff(items: list[str], method: Method) -> tuple[list[str], list[int]]:
    """The stuffed data and the places of what was put in."""
    out: list[str] = []
    marks: list[int] = []
    ones = 0
    for item in items:
        if method == "BIT":
            out.append(item)
            ones = ones + 1 if item == "1" else 0
            if ones == 5:
                marks.append(len(out))
                out.append("0")
                ones = 0
        elif int(item, 16) in (FLAG, ESC):
            marks.append(len(out))
            out += ["7D", f"{int(item, 16) ^ 0x20:02X}" if method == "PPP_BYTE" else item]
        else:
            out.append(item)
    return out, marks


def _unstuff(items: list[str], method: Method, data: str) -> list[str]:
    out: list[str] = []
    i = ones = 0
    while i < len(items):
        item = items[i]
        if method == "BIT":
            out.append(item)
            ones = ones + 1 if item == "1" else 0
            if ones == 5:
                i, ones = i + 1, 0
        elif item == "7D" and i + 1 < len(items):
            i += 1
            out.append(f"{int(items[i], 16) ^ 0x20:02X}" if method == "PPP_BYTE" else items[i])
        else:
            out.append(item)
        i += 1
    if _stuff(out, method)[0] != items:
        raise InputError(f"收到的数据 {data[:60]!r} 不可能由这种填充得到，请检查（首尾的标志不要写）。")
    return out


def _picture(stuffed: list[str], marks: list[int]) -> Table:
    rows = [stuffed[i : i + WIDTH] for i in range(0, len(stuffed), WIDTH)]
    rows = [row + [""] * (min(WIDTH, len(stuffed)) - len(row)) for row in rows]
    return Table(
        [str(i + 1) for i in range(len(rows[0]))],
        rows,
        marks=[divmod(m, WIDTH) for m in marks],
        caption="填充后的数据，标出的是插入的部分",
    )


def mistakes(data: str, method: Method, remove: bool) -> Iterator[Mistake]:
    """Misconceptions: a run of six, the flag as it is, escaping only half of the special bytes."""
    items = _items(data, method)
    original = _unstuff(items, method, data) if remove else items
    text = "".join(original)
    if method == "BIT":
        wrongs = [
            ("连续 6 个 1 才插入 0", re.sub("111111", "1111110", text)),
            ("连续 4 个 1 就插入 0", re.sub("1111", "11110", text)),
            ("只在与标志相同处插入 0", text.replace(FLAG_BITS, "011111010")),
            ("没有填充", text),
            ("在连续 5 个 1 之前插入 0", re.sub("11111", "011111", text)),
        ]
    else:
        plain = {"7E": "7D 5E", "7D": "7D 5D"} if method == "PPP_BYTE" else {"7E": "7D 7E", "7D": "7D 7D"}
        other = {"7E": "7D 7E", "7D": "7D 7D"} if method == "PPP_BYTE" else {"7E": "7D 5E", "7D": "7D 5D"}
        wrongs = [
            ("忘了转义 7D", " ".join(plain[b] if b == "7E" else b for b in original)),
            ("忘了转义 7E", " ".join(plain[b] if b == "7D" else b for b in original)),
            ("与另一种字节填充混淆", " ".join(other.get(b, b) for b in original)),
            ("没有填充", " ".join(original)),
            ("转义字节放在后面", " ".join(f"{b} 7D" if b in plain else b for b in original)),
        ]
    if remove:
        received = "".join(items)
        yield Mistake("没有去掉填充", {"original": received if method == "BIT" else " ".join(items)})
        if method == "BIT":
            yield Mistake("删去了所有连续 4 个 1 后的 0", {"original": re.sub("11110", "1111", received)})
            yield Mistake("连同前面的 1 一起删去", {"original": received.replace("111110", "1111")})
            yield Mistake("只删去了第一个填充的 0", {"original": received.replace("111110", "11111", 1)})
        else:
            yield Mistake("只删去 7D，没有还原其后的字节", {"original": " ".join(b for b in items if b != "7D")})
            yield Mistake("把转义的两个字节都还原为 7E", {"original": re.sub("7D ..", "7E", " ".join(items))})
            yield Mistake("把转义的两个字节都还原为 7D", {"original": re.sub("7D ..", "7D", " ".join(items))})
        return
    for why, stuffed in wrongs:
        size = len(stuffed) if method == "BIT" else len(stuffed.split())
        yield Mistake(why, {"stuffed": stuffed, "inserted": size - len(original)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Bits with runs of ones; bytes with special ones; removal at the top."""
    if difficulty in (3, 5):
        special = ["7E", "7D", *rng.choices(["7E", "7D"], k=rng.randint(1, 2))]
        plain = [f"{b:02X}" for b in rng.sample(range(0x21, 0x7C), 3)]
        order = special + plain
        rng.shuffle(order)
        if difficulty == 5:
            sent = " ".join(_stuff(order, "PPP_BYTE")[0])
            stem = f"一个 PPP 帧的数据部分（用十六进制写出）是 {sent}，则真正的数据是（ ）。"
            return Draft(stem, {"data": sent, "method": "PPP_BYTE", "remove": True}, "original")
        data = " ".join(order)
        stem = f"PPP 采用字节填充，转义字节为 7D。若要传送的数据（十六进制）为 {data}，则填充后的数据是（ ）。"
        return Draft(stem, {"data": data, "method": "PPP_BYTE"}, "stuffed")
    runs = [*rng.choices([4, 5, 6, 7], k=1 + difficulty // 2), rng.choice([5, 6])]
    rng.shuffle(runs)
    bits = "".join("0" * rng.randint(1, 3) + "1" * n for n in runs) + "0" * rng.randint(1, 2)
    if difficulty == 4:
        sent = "".join(_stuff(list(bits), "BIT")[0])
        stem = f"HDLC 协议的接收方收到首尾标志之间的比特串 {sent}，去掉填充的比特后，原来的数据是（ ）。"
        return Draft(stem, {"data": sent, "method": "BIT", "remove": True}, "original")
    stem = f"HDLC 协议对 {bits} 组帧，不计首尾标志，对应的比特串为（ ）。"
    return Draft(stem, {"data": bits, "method": "BIT"}, "stuffed")
