"""Whether a mantissa is normalized (尾数的规格化)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value

__all__ = ["solve"]


@solver(
    "co.normalized_mantissa",
    title="尾数是否规格化",
    summary="给出补码或原码表示的浮点尾数（如 1.0101），判断是否为规格化数，求左规的位数和规格化后的尾数。",
    syllabus=("co.data.float-format",),
    keywords=("规格化数", "尾数", "规格化形式", "左规", "补码尾数"),
    answers={
        "normalized": Out("是否规格化"),
        "shift": Out("左规的位数", "位"),
        "mantissa": Out("规格化后的尾数"),
    },
    examples=({"number": "1.1011"}, {"number": "0.0011", "code": "原码"}),
)
def solve(
    number: Annotated[str, Param("尾数", "符号位.数值位，如 1.0101", pattern=r"\s*[01]\.[01]{1,64}\s*")],
    code: Annotated[Literal["补码", "原码"], Param("尾数的编码")] = "补码",
) -> Solution:
    """Tell whether a binary mantissa is normalized, and shift it left until it is.

    Args:
        number: sign bit, point, fraction bits.
        code: two's complement (sign and first bit differ) or sign-magnitude (first bit is 1).

    Returns:
        `normalized`, the `shift` to the left that it needs, and the normalized `mantissa`.

    Raises:
        InputError: not such a mantissa, or zero.

    Examples:
        >>> solve("1.0101").answer["normalized"], solve("1.1011").answer["mantissa"]
        (True, '1.0110')
        >>> solve("1.1011", "原码").answer["normalized"], solve("0.0011").answer["shift"]
        (True, 2)

    Conventions:
        In two's complement 1.1000… (−1/2) counts as not normalized, −1 as normalized.

    Source:
        唐朔飞《计算机组成原理》第6章（浮点数的规格化）.
    """
    m = re.fullmatch(r"\s*([01])\.([01]+)\s*", number)
    if m is None:
        raise InputError(f"尾数 {number!r} 不合格式，请写成 1.0101 的形式。")
    sign, bits = m[1], m[2]
    fraction = Fraction(int(bits, 2), 1 << len(bits))
    value = fraction - int(sign) if code == "补码" else fraction * (-1) ** int(sign)
    if not value:
        raise InputError(f"尾数 {number!r} 为 0，不能规格化。")
    lead = "1" if code == "原码" else "10"[int(sign)]
    shift, rest = 0, bits
    while rest[0] != lead:
        rest = rest[1:] + "0"
        shift += 1
    rule = "数值最高位为 1" if code == "原码" else "符号位与数值最高位不同"
    why = (
        f"{code}尾数规格化时{rule}。{sign}.{bits} 的符号位为 {sign}，数值最高位为 {bits[0]}，"
        f"{'是规格化数' if not shift else f'不是规格化数，须左规 {shift} 位得 {sign}.{rest}，阶码减 {shift}'}。"
    )
    gives: dict[str, Value] = {"normalized": not shift, "shift": shift, "mantissa": f"{sign}.{rest}"}
    table = Table(["尾数", "规格化后", "左规位数"], [[f"{sign}.{bits}", f"{sign}.{rest}", shift]])
    return Solution([Step(why, table, "判断是否规格化", gives)], ("基数为 2",))


def mistakes(number: str, code: Literal["补码", "原码"]) -> Iterator[Mistake]:
    """Name the slips: the rule of the other code, a bit too many or too few."""
    solution = solve(number, code).answer
    shift, right = int(str(solution["shift"])), str(solution["mantissa"])
    bits = number.strip()
    yield Mistake("多左规一位", {"shift": shift + 1, "mantissa": f"{right[0]}.{right[3:]}0"})
    yield Mistake(
        "少左规一位",
        {"shift": max(0, shift - 1) if shift else 2, "mantissa": bits if shift else f"{right[0]}.0{right[2:-1]}"},
    )
    yield Mistake("右移", {"shift": shift + 2, "mantissa": f"{right[0]}.{right[0]}{right[2:-1]}"})
    yield Mistake("符号位取反", {"shift": shift + 3, "mantissa": f"{1 - int(right[0])}.{right[2:]}"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the shift."""
    lead = rng.randint(1, 3)
    sign = rng.choice("01")
    rest = "".join(rng.choice("01") for _ in range(4))
    text = f"{sign}.{sign * lead}{'10'[int(sign)]}{rest}"
    return Draft(f"浮点数的尾数用补码表示为 {text}，将它规格化应左移（ ）位。", {"number": text}, "shift")
