"""CDMA (码分多址): what stations send together, and what a receiver makes of it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.cn._show import decimal, joined

__all__ = ["Station", "solve"]


@dataclass(frozen=True)
class Station:
    """A station, its chips and the bits that it sends."""

    name: Annotated[str, Param("站名", min_len=1, max_len=20)]
    chips: Annotated[str, Param("码片序列", "每片写 + 或 -，如 +-+-；也可写 1,-1,1,-1", min_len=1, max_len=400)]
    bits: Annotated[str, Param("发送的比特", "如 101；_ 表示这一比特不发送", pattern="[01_]{0,64}")] = ""


@solver(
    "cn.cdma",
    title="CDMA 编码与解码",
    summary="给出各站的码片序列：由各站发送的比特求叠加信号，或由收到的信号序列求某站发送的数据。",
    syllabus=("cn.link.cdma", "cn.physical.multiplexing"),
    keywords=("CDMA", "码分多址", "码分复用", "码片序列", "规格化内积", "正交", "叠加", "接收到的序列"),
    answers={
        "decoded": Out("指定站发送的数据"),
        "all_decoded": Out("各站发送的数据"),
        "products": Out("指定站的规格化内积"),
        "signal": Out("叠加后的信号"),
        "orthogonal": Out("码片是否两两正交"),
    },
    examples=(
        {
            "stations": [
                {"name": "A", "chips": "++++"},
                {"name": "B", "chips": "+-+-"},
                {"name": "C", "chips": "++--"},
            ],
            "received": [2, 0, 2, 0, 0, -2, 0, -2, 0, 2, 0, 2],
        },
        {"stations": [{"name": "A", "chips": "++++", "bits": "10"}, {"name": "B", "chips": "+-+-", "bits": "1_"}]},
    ),
)
def solve(
    stations: Annotated[
        list[Station], Param("各站", "站名:码片:比特，如 A:++++:101；求收到的数据时不写比特", min_len=1, max_len=16)
    ],
    received: Annotated[
        list[int], Param("收到的信号", "叠加信号的各片，如 2,0,2,0；求叠加信号时不填", max_len=1024)
    ] = [],  # noqa: B006
    station: Annotated[str | None, Param("要译码的站", "站名；不填为第一个站")] = None,
) -> Solution:
    """Add up or take apart a CDMA signal (码分多址).

    Args:
        stations: names, chips and, to encode, the bits that they send at the same time.
        received: the signal to decode; if it is empty, the stations' sum is decoded.
        station: whose data is asked for; the first station's if left out.

    Returns:
        `decoded` (bits; ``_`` where the station was silent), `all_decoded`, `products` (normalized inner products
        of that station), `signal`, `orthogonal`.

    Raises:
        InputError: unequal chips, an unknown station, a signal of the wrong length, or a product that isn't
            -1, 0 or 1, which means chips that are not orthogonal.

    Examples:
        >>> abc = [Station("A", "++++"), Station("B", "+-+-"), Station("C", "++--")]
        >>> solve(abc, [2, 0, 2, 0, 0, -2, 0, -2, 0, 2, 0, 2]).answer["decoded"]
        '101'
        >>> solve([Station("A", "++", "1"), Station("B", "+-", "0")]).answer["signal"]
        [0, 2]
        >>> solve([Station("A", "++", "1"), Station("B", "+-", "_")]).answer["all_decoded"]["B"]
        '_'

    Conventions:
        A 1 is sent as the chips, a 0 as their complement, and silence as zeros.

    Source:
        谢希仁《计算机网络》第8版 §2.4.3; 408 真题 2014-37.
    """
    chips = _chips(stations)
    target = stations[0].name if station is None else station.strip()
    if target not in chips:
        raise InputError(f"没有名为 {target!r} 的站，应为 {joined(list(chips))} 之一。")
    size = len(chips[target])
    steps = []
    if received:
        if len(received) % size:
            raise InputError(f"收到的信号有 {len(received)!r} 片，应是码片长度 {size} 的整数倍，请补全。")
        signal = list(received)
    else:
        signal = _add(stations, chips)
        steps.append(_sum_step(stations, chips, signal))
    products = {name: _products(signal, code) for name, code in chips.items()}
    decoded = {name: _bits(values) for name, values in products.items()}
    if decoded[target] is None:
        shown = joined([decimal(p) for p in products[target]])
        raise InputError(f"{target} 的规格化内积 {shown!r} 不全是 1、-1、0：码片不正交或信号有误，请检查。")
    steps.append(_decode_step(target, signal, chips[target], products[target], decoded[target] or ""))
    everyone: dict[str, Value] = {name: bits for name, bits in decoded.items() if bits is not None}
    orthogonal = all(
        sum(x * y for x, y in zip(a, b, strict=True)) == 0
        for i, a in enumerate(chips.values())
        for b in list(chips.values())[:i]
    )
    steps.append(
        Step(
            "同法可得各站的数据：" + "，".join(f"{name} 为 {bits}" for name, bits in everyone.items()) + "。",
            gives={"all_decoded": everyone, "signal": signal, "orthogonal": orthogonal},
        )
    )
    return Solution(steps, ["发送 1 用码片序列，发送 0 用其反码，不发送为 0"])


def _chips(stations: Sequence[Station]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for s in stations:
        text = s.chips.replace("−", "-").replace("＋", "+")
        tokens = re.findall(r"[+-]?1|[+-]|0", text)
        if re.sub(r"[+-]?1|[+-]|0|[\s,，()（）]", "", text) or not tokens:
            raise InputError(f"站 {s.name} 的码片 {s.chips!r} 看不懂：每片写 + 或 -，如 +-+-。")
        if s.name in out:
            raise InputError(f"站名 {s.name!r} 重复，请改名。")
        out[s.name] = [-1 if t.startswith("-") or t == "0" else 1 for t in tokens]
    if len({len(code) for code in out.values()}) > 1:
        raise InputError(f"各站码片长度 {[len(c) for c in out.values()]!r} 不同，应相同，请补齐。")
    return out


def _add(stations: Sequence[Station], chips: Mapping[str, Sequence[int]]) -> list[int]:
    count = max(len(s.bits) for s in stations)
    if count == 0:
        raise InputError(f"没有收到的信号 {[]!r}，各站也没有要发送的比特，请给出其一。")
    size = len(chips[stations[0].name])
    signal = [0] * (count * size)
    for s in stations:
        for i, bit in enumerate(s.bits.ljust(count, "_")):
            for k, chip in enumerate(chips[s.name]):
                signal[i * size + k] += {"1": chip, "0": -chip, "_": 0}[bit]
    return signal


def _sum_step(stations: Sequence[Station], chips: Mapping[str, Sequence[int]], signal: Sequence[int]) -> Step:
    rows: list[list[Cell]] = []
    for s in stations:
        alone = _add([Station(s.name, s.chips, s.bits.ljust(len(signal) // len(chips[s.name]), "_"))], chips)
        rows.append([f"{s.name} 发送 {s.bits or '无'}", *alone])
    rows.append(["叠加", *signal])
    last = len(rows) - 1
    return Step(
        f"各站发 1 用码片序列、发 0 用其反码，逐片相加得叠加信号 ({', '.join(map(str, signal))})。",
        Table(["站", *(str(i + 1) for i in range(len(signal)))], rows, [(last, i + 1) for i in range(len(signal))]),
        credit="求叠加信号",
        gives={"signal": list(signal)},
    )


def _products(signal: Sequence[int], code: Sequence[int]) -> list[Fraction]:
    size = len(code)
    return [
        Fraction(sum(a * b for a, b in zip(signal[i : i + size], code, strict=True)), size)
        for i in range(0, len(signal), size)
    ]


def _bits(products: Sequence[Fraction]) -> str | None:
    known = {Fraction(1): "1", Fraction(-1): "0", Fraction(0): "_"}
    return None if any(p not in known for p in products) else "".join(known[p] for p in products)


def _decode_step(
    name: str, signal: Sequence[int], code: Sequence[int], products: Sequence[Fraction], bits: str
) -> Step:
    size = len(code)
    rows: list[list[Cell]] = [
        [
            f"({', '.join(map(str, signal[i * size : (i + 1) * size]))})",
            f"({', '.join(f'{c:+d}' for c in code)})",
            product,
            bits[i].replace("_", "未发送"),
        ]
        for i, product in enumerate(products)
    ]
    return Step(
        f"信号每 {size} 片一组，与 {name} 的码片求规格化内积（内积除以 {size}），依次为 "
        f"{joined([decimal(p) for p in products])}；1 表示比特 1，-1 表示比特 0，0 表示未发送，故 {name} 的数据为 {bits}。",
        Table(["收到的信号", f"{name} 的码片", "规格化内积", "比特"], rows, [(i, 3) for i in range(len(rows))]),
        credit="求规格化内积并译码",
        gives={"decoded": bits, "products": [p.numerator for p in products]},
    )


def mistakes(stations: list[Station], received: list[int], station: str | None) -> Iterator[Mistake]:
    """Misconceptions: signs exchanged, another station's chips, bits in reverse, silence taken for 0."""
    chips = _chips(stations)
    target = station or stations[0].name
    signal = received or _add(stations, chips)
    right = _bits(_products(signal, chips[target])) or ""
    yield Mistake("1 和 -1 对应的比特弄反", {"decoded": right.translate(str.maketrans("01", "10"))})
    for name, code in chips.items():
        wrong = _bits(_products(signal, code))
        if name != target and wrong is not None:
            yield Mistake(f"用了 {name} 的码片", {"decoded": wrong})
    yield Mistake("比特顺序写反", {"decoded": right[::-1]})
    yield Mistake("把未发送当成发送 0", {"decoded": right.replace("_", "0")})
    yield Mistake("只译出了前几个比特", {"decoded": right[:-1]})
    flipped = [-x for x in signal]
    yield Mistake("发 1 用反码、发 0 用码片", {"signal": flipped})
    yield Mistake("叠加时取了绝对值", {"signal": [abs(x) for x in signal]})
    yield Mistake("叠加后只保留正负号", {"signal": [(x > 0) - (x < 0) for x in signal]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Decode a sum of Walsh codes; more stations and bits as difficulty grows."""
    names = ["A", "B", "C", "D"][: 2 + difficulty // 2]
    codes = rng.sample(["++++", "+-+-", "++--", "+--+"], len(names))
    count = 2 if difficulty == 1 else 3
    alphabet = "01" if difficulty < 5 else "01_"
    sent = [
        Station(n, c, "".join(rng.choice(alphabet) for _ in range(count))) for n, c in zip(names, codes, strict=True)
    ]
    chips = _chips(sent)
    shown = "、".join(f"({', '.join(map(str, chips[n]))})" for n in names)
    if difficulty == 2:
        said = "、".join(f"{s.name} 发送 {s.bits}" for s in sent)
        stem = (
            f"站点 {joined(names)} 通过 CDMA 共享链路，码片序列分别是 {shown}。若 {said}，则链路上的叠加信号是（ ）。"
        )
        return Draft(stem, {"stations": sent}, "signal")
    signal = _add(sent, chips)
    target = rng.choice(names)
    silent = "（_ 表示未发送）" if difficulty == 5 else ""
    stem = (
        f"站点 {joined(names)} 通过 CDMA 共享链路，它们的码片序列分别是 {shown}。若某站从链路上收到的序列是 "
        f"({', '.join(map(str, signal))})，则收到 {target} 发送的数据{silent}是（ ）。"
    )
    plain = [Station(s.name, s.chips) for s in sent]
    return Draft(stem, {"stations": plain, "received": signal, "station": target}, "decoded")
