"""Range of a floating-point format (浮点数的表示范围): extreme values, normalised and subnormal."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step, Table

__all__ = ["solve"]

Style = Literal["IEEE 754", "尾数补码", "尾数原码"]


@solver(
    "co.float_range",
    title="浮点数的表示范围",
    summary="给出阶码和尾数的位数（IEEE 754 或阶码移码、尾数补码/原码的格式），求最大正数、最小正数、最小负数、最大负数和精度。",
    syllabus=("co.data.float-range", "co.data.float-format"),
    keywords=("浮点数", "表示范围", "最大正数", "最小正数", "规格化", "非规格化", "精度", "阶码位数", "尾数位数"),
    answers={
        "max_positive": Out("最大正数"),
        "min_positive": Out("最小规格化正数"),
        "min_negative": Out("最小负数（绝对值最大）"),
        "max_negative": Out("最大规格化负数（绝对值最小）"),
        "min_subnormal": Out("最小非规格化正数"),
        "first_inexact": Out("不能精确表示的最小正整数"),
        "consecutive_integers": Out("能连续精确表示的整数上限"),
        "significant_bits": Out("有效数字位数", "位"),
    },
    examples=(
        {"style": "IEEE 754", "exponent_bits": 8, "fraction_bits": 23},
        {"style": "尾数补码", "exponent_bits": 4, "fraction_bits": 7},
    ),
)
def solve(
    exponent_bits: Annotated[int, Param("阶码位数", "整个阶码字段，含阶符", min=2, max=15)] = 8,
    fraction_bits: Annotated[int, Param("尾数位数", "不含数符；IEEE 754 不含隐藏位", min=1, max=112)] = 23,
    style: Annotated[Style, Param("格式", "IEEE 754，或阶码移码（补码）、尾数补码或原码的规格化数")] = "IEEE 754",
) -> Solution:
    """Find the extreme values of a floating-point format (浮点数的表示范围).

    Args:
        exponent_bits: width k of the exponent field, its sign included.
        fraction_bits: width f of the fraction, without the sign (and without IEEE 754's hidden bit).
        style: IEEE 754, or normalised mantissas in two's complement or sign-magnitude with an exponent from
            -2**(k-1) to 2**(k-1)-1.

    Returns:
        The extremes as texts "m×2^e"; `significant_bits`, and for IEEE 754 `min_subnormal` and
        `consecutive_integers` (every integer up to it is exact).

    Examples:
        >>> solve(8, 23).answer["max_positive"]
        '(2-2^-23)×2^127'
        >>> solve(4, 7, "尾数补码").answer["min_negative"]
        '-1×2^7'
        >>> solve(8, 23).answer["consecutive_integers"]
        '2^24'

    Conventions:
        IEEE 754: hidden bit, bias 2**(k-1)-1, all-zero and all-one exponents kept for special values.
            Otherwise
        the mantissa is a fraction without a hidden bit, normalised: 0.1… or, in two's complement, 1.0….

    Source:
        唐朔飞《计算机组成原理》第6章（浮点表示）; IEEE 754-2019 §3.3.
    """
    k, f = exponent_bits, fraction_bits
    low, high = _exponents(k, style)
    ends = _extremes(low, high, f, style)
    if style == "IEEE 754":
        bias = (1 << (k - 1)) - 1
        first = (
            f"阶码 {k} 位，偏置 $2^{{{k - 1}}}-1={bias}$，全 0、全 1 留给特殊值，规格化数的阶为 ${low}\\sim {high}$。"
        )
        second = f"尾数含隐藏位，为 $1\\sim 2-2^{{-{f}}}$。"
    else:
        first = f"阶码 {k} 位（含阶符），阶为 $-2^{{{k - 1}}}\\sim 2^{{{k - 1}}}-1$，即 ${low}\\sim {high}$。"
        negative = f"-1\\sim -(2^{{-1}}+2^{{-{f}}})" if style == "尾数补码" else f"-(1-2^{{-{f}}})\\sim -2^{{-1}}"
        second = f"规格化尾数：正数 $2^{{-1}}\\sim 1-2^{{-{f}}}$，负数 ${negative}$。"
    names = {
        "max_positive": "最大正数",
        "min_positive": "最小规格化正数",
        "max_negative": "最大规格化负数",
        "min_negative": "最小负数",
    }
    steps = [
        Step(first, Bits([("数符", "x"), ("阶码", "x" * k), ("尾数", "x" * f)]), "求阶的范围"),
        Step(
            second + "最大尾数配最大阶、最小尾数配最小阶，得四个端点。",
            Table(["端点", "值"], [[names[key], end] for key, end in ends.items()], [(0, 1)]),
            "写出表示范围的端点",
            ends,
        ),
    ]
    if style == "IEEE 754":
        steps.append(
            Step(
                f"非规格化数阶取 {low}、隐藏位为 0，最小正数为尾数末位 1：$2^{{-{f}}}\\times 2^{{{low}}}$。"
                f"有效数字 {f + 1} 位，不超过 $2^{{{f + 1}}}$ 的整数都能精确表示，$2^{{{f + 1}}}+1$ 不能。",
                None,
                "写出非规格化数与精度",
                {
                    "min_subnormal": f"2^{low - f}",
                    "consecutive_integers": f"2^{f + 1}",
                    "first_inexact": f"2^{f + 1}+1",
                    "significant_bits": f + 1,
                },
            )
        )
    else:
        steps.append(Step(f"没有隐藏位，有效数字 {f} 位。", None, "写出精度", {"significant_bits": f}))
    return Solution(steps, ("阶码全 0、全 1 表示特殊值" if style == "IEEE 754" else "尾数为规格化的纯小数，无隐藏位",))


def _exponents(k: int, style: Style) -> tuple[int, int]:
    """Return the lowest and highest exponent of normalised numbers."""
    half = 1 << (k - 1)
    return (2 - half, half - 1) if style == "IEEE 754" else (-half, half - 1)


def _extremes(low: int, high: int, f: int, style: Style) -> dict[str, str]:
    """Return the four ends of the normalised range."""
    big, small = (f"(2-2^-{f})", "1") if style == "IEEE 754" else (f"(1-2^-{f})", "2^-1")
    deep, near = ("1", f"(2^-1+2^-{f})") if style == "尾数补码" else (big, small)
    return {
        "max_positive": f"{big}×2^{high}",
        "min_positive": f"{small}×2^{low}",
        "max_negative": f"-{near}×2^{low}",
        "min_negative": f"-{deep}×2^{high}",
    }


def mistakes(exponent_bits: int, fraction_bits: int, style: Style) -> Iterator[Mistake]:
    """Name the slips: another exponent range, another mantissa code, the hidden bit."""
    k, f = exponent_bits, fraction_bits
    low, high = _exponents(k, style)

    yield Mistake("最大阶多算 1", _extremes(low - 1, high + 1, f, style))
    yield Mistake("最大阶少算 1", _extremes(low + 1, high - 1, f, style))
    styles: tuple[Style, ...] = ("IEEE 754", "尾数补码", "尾数原码")
    for other in styles:
        if other != style:
            yield Mistake(f"按{other}的尾数范围", _extremes(low, high, f, other))
    yield Mistake("尾数位数多算一位", _extremes(low, high, f + 1, style))
    if style == "IEEE 754":
        yield Mistake("忘了隐藏位", {"consecutive_integers": f"2^{f}", "significant_bits": f})
        yield Mistake("多算一位有效数字", {"consecutive_integers": f"2^{f + 2}", "significant_bits": f + 2})
        yield Mistake("把最大阶当成精度", {"consecutive_integers": f"2^{high}"})
        yield Mistake("把最小规格化数当成最小正数", {"min_subnormal": f"2^{low}"})
        yield Mistake("非规格化数的阶多减 1", {"min_subnormal": f"2^{low - f - 1}"})
        yield Mistake("非规格化数的阶少减 1", {"min_subnormal": f"2^{low - f + 1}"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw the standard formats first, home-made ones later."""
    names = {
        "max_positive": "最大正数",
        "min_positive": "最小规格化正数",
        "min_negative": "最小负数",
        "max_negative": "最大规格化负数",
    }
    if difficulty < 3:
        name, k, f = rng.choice([("单精度", 8, 23), ("双精度", 11, 52)])
        ask = rng.choice(["max_positive", "min_positive", "consecutive_integers"])
        what = names.get(ask, "能连续精确表示的整数（从 0 起）的上限")
        stem = f"IEEE 754 {name}浮点格式的{what}是（ ）。"
        return Draft(stem, {"style": "IEEE 754", "exponent_bits": k, "fraction_bits": f}, ask)
    k, f = rng.randint(4, 8), rng.randint(7, 15)
    style: Style = rng.choice(["尾数补码", "尾数原码"])
    ask = rng.choice(list(names))
    stem = (
        f"某浮点格式阶码 {k} 位（含阶符）、用补码，尾数数值 {f} 位、数符 1 位、用{style[2:]}，采用规格化数，"
        f"则{names[ask]}是（ ）。"
    )
    return Draft(stem, {"style": style, "exponent_bits": k, "fraction_bits": f}, ask)
