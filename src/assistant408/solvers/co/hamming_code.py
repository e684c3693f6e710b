"""Hamming code (海明码): check bits of a word, and the syndrome of a received one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]

Mode = Literal["编码", "检错"]
Parity = Literal["偶校验", "奇校验"]
Side = Literal["右边", "左边"]


@solver(
    "co.hamming_code",
    title="海明码（汉明码）",
    summary="给出信息位求海明校验码和校验位数，或给出收到的海明码求出错位置、纠正后的码字和信息位。",
    syllabus=("co.data.hamming", "co.data.parity"),
    keywords=("海明码", "汉明码", "校验位", "监督位", "纠错", "出错位", "偶校验", "奇校验", "指误字"),
    answers={
        "code": Out("海明码"),
        "check_count": Out("校验位数", "位"),
        "check_bits": Out("各校验位（P1、P2、P4…）"),
        "error_position": Out("出错的位号（0 表示无错）"),
        "corrected": Out("纠正后的海明码"),
        "data": Out("信息位"),
    },
    examples=(
        {"bits": "1010", "mode": "编码"},
        {"bits": "1010110", "mode": "检错"},
        {"bits": "0100111", "mode": "检错", "first": "左边"},
    ),
)
def solve(
    bits: Annotated[str, Param("二进制串", "编码时是信息位，检错时是收到的整个海明码", pattern=r"[01\s]{1,80}")],
    mode: Annotated[Mode, Param("做什么", "编码：由信息位求海明码；检错：检查收到的海明码")] = "编码",
    parity: Annotated[Parity, Param("校验方式")] = "偶校验",
    first: Annotated[Side, Param("第 1 位在哪边", "右边：H7…H2H1；左边：H1H2…H7")] = "右边",
) -> Solution:
    """Encode or check a Hamming code (海明码).

    Args:
        bits: data bits to encode, or a received code word; up to 57 data bits.
        mode: encode, or check and correct.
        parity: even or odd in every group.
        first: the end of the string at which position 1 stands.

    Returns:
        Encoding: `check_count`, `check_bits` (by position), `code`. Checking: `error_position` (1-based,
            0 for
        none), `corrected`, `data`, `check_count`.

    Raises:
        InputError: too many bits, or a syndrome that points outside the word (at least two errors).

    Examples:
        >>> solve("1010").answer["code"]
        '1010010'
        >>> solve("1010110", "检错").answer["error_position"]
        3
        >>> solve("1", "编码").answer["code"]  # threefold repetition
        '111'

    Conventions:
        Check bits stand at positions 1, 2, 4, …; the bit at position p belongs to the groups of p's
        binary ones. The smallest k with 2**k >= n + k + 1 is taken. Corrects one error.

    Source:
        Hamming 1950; 唐朔飞《计算机组成原理》第4章（汉明码）.
    """
    text = "".join(bits.split())
    if len(text) > 63 or (mode == "编码" and len(text) > 57) or (mode == "检错" and len(text) < 3):
        raise InputError(f"位串 {bits!r} 的长度 {len(text)} 不合适：信息位 1 到 57 位，海明码 3 到 63 位。")
    odd = int(parity == "奇校验")
    return _encode(text, odd, first) if mode == "编码" else _check(text, odd, first)


def _encode(text: str, odd: int, first: Side) -> Solution:
    n = len(text)
    k = _check_count(n)
    word = _place(text, k, first)
    steps = [
        Step(
            f"信息位 $n={n}$，由 $2^k\\ge n+k+1$ 得 $k={k}$（$2^{{{k}}}={2**k}\\ge {n + k + 1}$）。",
            credit="求校验位数",
            gives={"check_count": k},
        ),
        Step(
            "校验位放在第 $2^i$ 位，信息位依次放在其余位。",
            _picture(word, first, checks=True),
            credit="确定各位的位置",
        ),
    ]
    for i in range(k):
        group = _group(i, len(word))
        word[1 << i] = odd ^ _sum(word, group[1:])
        names = "\\oplus ".join(f"H_{{{p}}}" for p in group[1:])
        values = "\\oplus ".join(str(word[p]) for p in group[1:])
        flip = "\\oplus 1" if odd else ""
        steps.append(Step(f"$P_{{{1 << i}}}={names}{flip}={values}{flip}={word[1 << i]}$。"))
    checks = {f"P{1 << i}": word[1 << i] for i in range(k)}
    code = _text(word, first)
    steps.append(
        Step(
            f"填入校验位，海明码为 {code}。",
            _picture(word, first),
            credit="求各校验位，写出海明码",
            gives={"check_bits": checks, "code": code, "data": text},
        )
    )
    return Solution(steps, _conventions(odd, first))


def _check(text: str, odd: int, first: Side) -> Solution:
    word = dict(enumerate(text if first == "左边" else text[::-1], start=1))
    number = {p: int(b) for p, b in word.items()}
    k = len(text).bit_length()
    steps = [Step(f"海明码共 {len(text)} 位，有 {k} 个校验位，分 {k} 组检验。", _picture(number, first))]
    position = 0
    for i in range(k):
        group = _group(i, len(text))
        wrong = odd ^ _sum(number, group)
        position |= wrong << i
        values = "\\oplus ".join(str(number[p]) for p in group)
        flip = "\\oplus 1" if odd else ""
        members = "、".join(map(str, group))
        steps.append(Step(f"$S_{{{1 << i}}}$（第 {members} 位）$={values}{flip}={wrong}$。"))
    if position > len(text):
        raise InputError(f"海明码 {text!r} 的指误字为 {position}，超出码长，至少错了两位，无法纠正，请检查输入。")
    syndrome = format(position, f"0{k}b")
    if position:
        number[position] ^= 1
        why = f"指误字为 {syndrome}，即第 {position} 位出错，取反纠正。"
    else:
        why = f"指误字为 {syndrome}，没有错误。"
    corrected = _text(number, first)
    data = _text({p: b for p, b in number.items() if p & (p - 1)}, first)
    steps.append(
        Step(
            why + f"正确的海明码为 {corrected}，信息位为 {data}。",
            _picture(number, first, mark=position),
            credit="求指误字并纠错",
            gives={
                "error_position": position,
                "corrected": corrected,
                "data": data,
                "check_count": k,
                "code": corrected,
            },
        )
    )
    return Solution(steps, _conventions(odd, first))


def _check_count(n: int) -> int:
    """Return the smallest k with 2**k >= n + k + 1."""
    k = 1
    while 1 << k < n + k + 1:
        k += 1
    return k


def _place(text: str, k: int, first: Side) -> dict[int, int]:
    """Put data bits on the positions that are no powers of two; check bits are 0 for now."""
    data = iter(text if first == "左边" else text[::-1])
    return {p: int(next(data)) if p & (p - 1) else 0 for p in range(1, len(text) + k + 1)}


def _group(i: int, length: int) -> list[int]:
    """Return the positions whose bit i is set, the check bit first."""
    return [p for p in range(1, length + 1) if p >> i & 1]


def _sum(word: dict[int, int], positions: list[int]) -> int:
    return sum(word[p] for p in positions) % 2


def _text(word: dict[int, int], first: Side) -> str:
    return "".join(str(word[p]) for p in sorted(word, reverse=first == "右边"))


def _picture(word: dict[int, int], first: Side, mark: int = 0, checks: bool = False) -> Table:
    """Show positions, names and bits in the order of writing."""
    order = sorted(word, reverse=first == "右边")
    data = [p for p in sorted(word) if p & (p - 1)]
    names = [f"D{data.index(p) + 1}" if p & (p - 1) else f"P{p}" for p in order]
    bits = ["" if checks and not p & (p - 1) else str(word[p]) for p in order]
    marks = [(1, 1 + i) for i, p in enumerate(order) if p == mark or (not mark and not p & (p - 1))]
    return Table(["位号", *map(str, order)], [["名称", *names], ["内容", *bits]], marks)


def _conventions(odd: int, first: Side) -> tuple[str, ...]:
    return (f"采用{'奇' if odd else '偶'}校验", f"第 1 位在最{first}")


def mistakes(bits: str, mode: Mode, parity: Parity, first: Side) -> Iterator[Mistake]:
    """Name the slips: the other parity, positions from the other end, check bits appended."""
    text = "".join(bits.split())
    odd = int(parity == "奇校验")
    other: Side = "左边" if first == "右边" else "右边"
    if mode == "编码":
        k = _check_count(len(text))
        right = _encode(text, odd, first).answer
        code = str(right["code"])
        yield Mistake("奇偶校验弄反", {"code": str(_encode(text, 1 - odd, first).answer["code"])})
        yield Mistake("位号从另一端数起", {"code": str(_encode(text, odd, other).answer["code"])})
        word = _place(text, k, first)
        checks = "".join(str(odd ^ _sum(word, _group(i, len(word))[1:])) for i in range(k))
        yield Mistake("校验位全部放在信息位后面", {"code": text + checks[::-1]})
        yield Mistake("校验位全部放在信息位前面", {"code": checks + text})
        yield Mistake("最后一个校验位求错", {"code": _flip(code, 1 << (k - 1), first)})
        yield Mistake("第一个校验位求错", {"code": _flip(code, 1, first)})
        yield Mistake("用 2^k≥n 求校验位数", {"check_count": max(1, (len(text) - 1).bit_length())})
        yield Mistake("校验位数多算一位", {"check_count": k + 1})
        yield Mistake("校验位数少算一位", {"check_count": k - 1})
        yield Mistake("以为只要一位奇偶校验", {"check_count": 1})
        return
    n = len(text)
    for reverse, label in ((False, "位号从另一端数起"), (True, "指误字高低位读反")):
        word = {p: int(b) for p, b in enumerate(text[::-1] if first == "右边" else text, start=1)}
        syndrome = [odd ^ _sum(word, _group(i, n)) for i in range(n.bit_length())]
        value = sum(s << i for i, s in enumerate(syndrome[::-1] if reverse else syndrome))
        yield Mistake(label, {"error_position": value if reverse else (n + 1 - value if value else 0)})
    yield Mistake("以为没有错误", {"error_position": 0, "corrected": text})
    flipped = sum((1 - s) << i for i, s in enumerate(syndrome))
    yield Mistake("奇偶校验弄反", {"error_position": flipped})
    raw = _text({p: b for p, b in word.items() if p & (p - 1)}, first)
    yield Mistake("没有纠错就取信息位", {"data": raw})
    yield Mistake("把校验位放在末尾来取信息位", {"data": text[: n - n.bit_length()]})
    yield Mistake("把校验位放在最前来取信息位", {"data": text[n.bit_length() :]})


def _flip(code: str, position: int, first: Side) -> str:
    index = position - 1 if first == "左边" else len(code) - position
    return code[:index] + ("1" if code[index] == "0" else "0") + code[index + 1 :]


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Encode at first, count check bits in between, correct an error later."""
    n = 4 if difficulty < 4 else 8
    data = "".join(rng.choice("01") for _ in range(n))
    if difficulty in (1, 3):
        stem = f"信息位为 {data}，采用偶校验的海明码（第 1 位在最右边），编码结果是（ ）。"
        return Draft(stem, {"bits": data, "mode": "编码"}, "code")
    if difficulty == 2:
        n = rng.randint(8, 32)
        stem = f"{n} 位信息采用能纠正一位错的海明码，至少需要校验位（ ）。"
        return Draft(stem, {"bits": "1" * n, "mode": "编码"}, "check_count")
    code = str(_encode(data, 0, "右边").answer["code"])
    received = _flip(code, rng.randint(1, len(code)), "右边")
    stem = f"收到偶校验海明码 {received}（第 1 位在最右边），至多一位出错，则出错的位号是（ ）。"
    return Draft(stem, {"bits": received, "mode": "检错"}, "error_position")
