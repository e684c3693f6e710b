"""IPv6 addresses written out and compressed (IPv6 地址的零压缩)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.ipv6_address",
    title="IPv6 地址的零压缩",
    summary="给出 IPv6 地址的写法，判断它是否合法，求完整写法和零压缩后的最短写法；给出另一写法时判断两者是否同一地址。",
    syllabus=("cn.network.ipv6-address",),
    keywords=("IPv6", "零压缩", "冒号十六进制", "双冒号", "::", "简写", "缩写", "非法的 IPv6 地址"),
    answers={
        "shortest": Out("零压缩后的写法"),
        "full": Out("完整写法"),
        "valid": Out("写法是否合法"),
        "equal": Out("是否同一地址"),
    },
    examples=({"text": "2001:0:0:25DE::CADE"}, {"text": "FE80::2:0:1"}),
)
def solve(
    text: Annotated[str, Param("IPv6 地址", "如 FE80::2:0:1", min_len=2, max_len=60)],
    address: Annotated[str | None, Param("相比的地址", "合法的 IPv6 地址；不比较时不填", max_len=60)] = None,
) -> Solution:
    """Read, write out and compress an IPv6 address (IPv6 地址的写法).

    Args:
        text: colon hexadecimal, perhaps with one ``::``.
        address: another one, that it is to be the same as.

    Returns:
        `valid`; of a valid one `full` and `shortest` in capitals; `equal`, if `address` is given.

    Raises:
        InputError: `address` isn't one.

    Examples:
        >>> solve("2001:0:0:25DE:0:0:0:CADE").answer["shortest"]
        '2001:0:0:25DE::CADE'
        >>> solve("2001::25DE::CADE").answer  # two double colons
        {'valid': False}

    Source:
        RFC 4291 §2.2, RFC 5952.
    """
    groups, fault = _groups(text)
    if groups is None:
        gives = {"valid": False} | ({"equal": False} if address is not None else {})
        return Solution(
            [
                Step(
                    f"{text} 不合法：{fault}。",
                    listing(("写法", text), ("毛病", fault)),
                    credit="判断写法",
                    gives=gives,
                )
            ]
        )
    short = _compressed(groups)
    full = ":".join(f"{g:04X}" for g in groups)
    steps = [
        Step(
            f"{text} 合法，补足 8 组、每组 4 位十六进制数得 {full}。",
            listing(*((f"第 {i} 组", f"{g:04X}") for i, g in enumerate(groups, 1))),
            credit="还原完整写法",
            gives={"valid": True, "full": full},
        ),
        Step(
            f"去掉每组前面的 0，再把最长的一串全 0 组写成一个双冒号（只能用一次），得 {short}。",
            credit="零压缩",
            gives={"shortest": short},
        ),
    ]
    if address is not None:
        other, why = _groups(address)
        if other is None:
            raise InputError(f"相比的地址 {address!r} 不合法：{why}，请改正。")
        same = other == groups
        steps.append(Step(f"与 {address} {'是' if same else '不是'}同一地址。", credit="比较", gives={"equal": same}))
    return Solution(steps)


def _groups(text: str) -> tuple[list[int] | None, str]:
    """Eight groups, or why there are none."""
    text = text.strip().split("/")[0]
    if text.count("::") > 1 or ":::" in text:
        return None, "双冒号只能出现一次"
    head, double, tail = text.partition("::")
    left, right = (x.split(":") if x else [] for x in (head, tail))
    if any(not re.fullmatch(r"[0-9A-Fa-f]{1,4}", g) for g in left + right):
        return None, "每组应为 1～4 位十六进制数"
    missing = 8 - len(left) - len(right)
    if missing < (1 if double else 0) or (missing and not double):
        return None, f"有 {len(left) + len(right)} 组，应为 8 组"
    return [int(g, 16) for g in [*left, *["0"] * missing, *right]], ""


def _compressed(groups: list[int]) -> str:
    runs, at = [], 0
    for zero, run in groupby(groups, key=lambda g: g == 0):
        n = len(list(run))
        if zero and n > 1:
            runs.append((n, -at))
        at += n
    if not runs:
        return ":".join(f"{g:X}" for g in groups)
    n, start = max(runs)
    left, right = groups[:-start], groups[-start + n :]
    return ":".join(f"{g:X}" for g in left) + "::" + ":".join(f"{g:X}" for g in right)


def mistakes(text: str, address: str | None) -> Iterator[Mistake]:
    """Misconceptions: both runs of zeros left out, zeros at the end of a group dropped, the shorter run."""
    groups, _ = _groups(text)
    short = _compressed(groups) if groups else text
    plain = ":".join(f"{g:X}" for g in groups or [])
    yield Mistake("双冒号用了两次", {"shortest": re.sub(r"(?::0)+:", "::", plain)})
    yield Mistake("没有压缩", {"shortest": plain})
    yield Mistake(
        "去掉了组末的 0", {"shortest": short.replace("0:", ":", 1) if "0:" in short else short.rstrip("0") + "0"}
    )
    yield Mistake("压缩了较短的一串", {"shortest": re.sub(r"(?::0){2}:", "::", plain, count=1)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Two runs of zeros, of which the longer is to be left out."""
    a, b, c = (f"{rng.randint(0x1000, 0xFFFF):X}" for _ in range(3))
    groups = [a, "0", "0", b, "0", "0", "0", c]
    text = ":".join(g.rjust(4, "0") for g in groups)
    return Draft(f"IPv6 地址 {text} 的零压缩写法是（ ）。", {"text": text}, "shortest")
