"""Cyclic redundancy check (循环冗余校验码, CRC): modulo-2 division by a generator polynomial."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]

Mode = Literal["编码", "检错"]


@solver(
    "co.crc",
    title="循环冗余校验码 CRC",
    summary="给出信息位和生成多项式，用模 2 除法求 CRC 校验位和码字；或给出收到的码字，判断有无差错。",
    syllabus=("co.data.crc",),
    keywords=("CRC", "循环冗余校验", "生成多项式", "模2除法", "校验位", "余数", "码字"),
    answers={
        "code": Out("CRC 码字"),
        "check_bits": Out("校验位（余数）"),
        "remainder": Out("收到的码字除以生成多项式的余数"),
        "has_error": Out("是否出错"),
        "quotient": Out("模 2 除法的商"),
    },
    examples=(
        {"bits": "101001", "generator": "x^3+x^2+1", "mode": "编码"},
        {"bits": "1100010", "generator": "1011", "mode": "检错"},
    ),
)
def solve(
    bits: Annotated[str, Param("二进制串", "编码时是信息位，检错时是收到的码字", pattern=r"[01\s]{1,200}")],
    generator: Annotated[str, Param("生成多项式", "如 x^3+x+1 或 1011", max_len=200)],
    mode: Annotated[Mode, Param("做什么", "编码：由信息位求码字；检错：检查收到的码字")] = "编码",
) -> Solution:
    """Encode or check with a cyclic redundancy code (循环冗余校验码).

    Args:
        bits: data bits, or a received code word.
        generator: a polynomial such as x^3+x+1, or its coefficients, the highest first.
        mode: encode or check.

    Returns:
        Encoding: `check_bits`, `code`, `quotient`. Checking: `remainder`, `has_error`, `quotient`.

    Raises:
        InputError: the generator is malformed or has no constant term, or the code word is shorter than it.

    Examples:
        >>> solve("101001", "x^3+x^2+1").answer["code"]
        '101001001'
        >>> solve("1100010", "1011", "检错").answer["has_error"]
        False
        >>> solve("0000", "1011").answer["check_bits"]
        '000'

    Conventions:
        As many zeros as the generator's degree are appended before dividing; no initial value, no reflection.

    Source:
        唐朔飞《计算机组成原理》第4章; 谢希仁《计算机网络》第3章（差错检测）.
    """
    text = "".join(bits.split())
    poly = _generator(generator)
    degree = len(poly) - 1
    if mode == "检错" and len(text) <= degree:
        raise InputError(f"码字 {bits!r} 不长于 {degree} 位校验位，请检查码字和生成多项式。")
    dividend = text + "0" * degree if mode == "编码" else text
    quotient, remainder, rows = _divide(dividend, poly)
    first = Step(
        f"生成多项式的系数为 {poly}，最高次数 {degree}，"
        + (f"信息位后补 {degree} 个 0 作被除数：{dividend}。" if mode == "编码" else f"被除数为收到的码字 {text}。"),
        credit="写出除数与被除数",
    )
    divide = Step(
        f"模 2 除法（加减即异或，不进位不借位），商为 {quotient}，余数为 {remainder}。",
        Table(["步骤", "当前部分", "商位"], rows, [(i, 1) for i, r in enumerate(rows) if r[2] == "1"]),
        credit="模 2 除法",
        gives={"quotient": quotient} | ({"check_bits": remainder} if mode == "编码" else {"remainder": remainder}),
    )
    if mode == "编码":
        why, gives = f"余数就是校验位，接在信息位后，码字为 {text + remainder}。", {"code": text + remainder}
        return Solution([first, divide, Step(why, credit="写出码字", gives=gives)])
    wrong = "1" in remainder
    why = f"余数{'不为 0，传输出错' if wrong else '为 0，判为没有差错'}。"
    return Solution([first, divide, Step(why, credit="判断差错", gives={"has_error": wrong, "code": text})])


def _generator(text: str) -> str:
    """Return the coefficients of the generator, the highest first."""
    body = re.sub(r"[\s{}()]", "", text.lower())
    if re.fullmatch(r"[01]{2,65}", body):
        poly = body
    elif re.fullmatch(r"(?:x(?:\^?\d{1,2})?|1)(?:\+(?:x(?:\^?\d{1,2})?|1))*", body):
        powers = [0 if t == "1" else int(t[1:].lstrip("^") or 1) for t in body.split("+")]
        if len(set(powers)) != len(powers) or max(powers) > 64:
            raise InputError(f"生成多项式 {text!r} 有重复的项或次数超过 64，请改正。")
        poly = "".join("1" if p in powers else "0" for p in range(max(powers), -1, -1))
    else:
        raise InputError(f"生成多项式 {text!r} 应写成 x^3+x+1 或 1011 的形式。")
    if len(poly) < 2 or poly[0] != "1" or poly[-1] != "1":
        raise InputError(f"生成多项式 {text!r} 的最高项和常数项系数都应为 1，请改正。")
    return poly


def _divide(dividend: str, poly: str) -> tuple[str, str, list[list[str]]]:
    """Divide modulo 2: quotient, remainder and the rows of the long division."""
    size = len(poly)
    current, divisor = int(dividend[: size - 1] or "0", 2), int(poly, 2)
    quotient = ""
    rows = []
    for turn, bit in enumerate(dividend[size - 1 :], start=1):
        current = current << 1 | int(bit)
        taken = current >> (size - 1)
        rows.append([str(turn), format(current, f"0{size}b"), str(taken)])
        quotient += str(taken)
        current ^= divisor * taken
    rows.append(["余数", format(current, f"0{size - 1}b"), ""])
    return quotient, format(current, f"0{size - 1}b"), rows


def mistakes(bits: str, generator: str, mode: Mode) -> Iterator[Mistake]:
    """Name the slips: zeros forgotten, ordinary division, a wrong number of check bits."""
    text = "".join(bits.split())
    poly = _generator(generator)
    degree = len(poly) - 1
    if mode == "检错":
        _, right, _ = _divide(text, poly)
        yield Mistake("余数为 0 与不为 0 的结论弄反", {"has_error": "1" not in right})
        _, extra, _ = _divide(text + "0" * degree, poly)
        yield Mistake("检错时又补了 0", {"remainder": extra})
        yield Mistake("用普通除法求余数", {"remainder": format(int(text, 2) % int(poly, 2), f"0{degree}b")})
        yield Mistake("余数高低位写反", {"remainder": right[::-1]})
        yield Mistake("以为余数必为 0", {"remainder": "0" * degree})
        return

    def gives(check: str) -> dict[str, str]:
        return {"check_bits": check, "code": text + check}

    _, right, _ = _divide(text + "0" * degree, poly)
    ordinary = format(int(text + "0" * degree, 2) % int(poly, 2), f"0{degree}b")
    yield Mistake("用普通除法（有借位）求余数", gives(ordinary))
    if len(text) > degree:
        yield Mistake("信息位后没有补 0 就除", gives(_divide(text, poly)[1]))
    _, extra, _ = _divide(text + "0" * (degree + 1), poly)
    yield Mistake("补 0 的个数等于除数位数，多补一个", gives(extra))
    yield Mistake("余数高低位写反", gives(right[::-1]))
    mirrored = _divide(text + "0" * degree, poly[::-1])[1]
    yield Mistake("生成多项式的系数次序写反", gives(mirrored))
    yield Mistake("把除数当成校验位", gives(poly[1:]))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw longer data and generators with difficulty."""
    polys = ["x^3+x+1", "x^3+x^2+1"] if difficulty < 3 else ["x^4+x+1", "x^4+x^3+1", "x^4+x^2+x+1"]
    poly = rng.choice(polys)
    data = "1" + "".join(rng.choice("01") for _ in range(4 + difficulty))
    ask, what = rng.choice([("code", "CRC 码字"), ("check_bits", "CRC 校验位")])
    stem = f"待发送的数据为 {data}，生成多项式 $G(x)={poly}$，则 {what}为（ ）。"
    return Draft(stem, {"bits": data, "generator": poly, "mode": "编码"}, ask)
