"""Code distance (码距/海明距离): how many errors a code detects and corrects."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["solve"]


@solver(
    "cn.hamming_distance",
    title="码距与检错纠错能力",
    summary="给出一组码字，求码距（最小海明距离）、能检出和能纠正的错误位数，以及与收到的码字最近的合法码字；"
    "或给出要检出、纠正的位数，求所需的码距。",
    syllabus=("cn.link.parity", "cn.link.hamming"),
    keywords=("码距", "海明距离", "汉明距离", "检错", "纠错", "码字", "编码集", "最小距离", "检错能力", "纠错能力"),
    answers={
        "distance": Out("码距"),
        "detects": Out("能检出的错误位数", "位"),
        "corrects": Out("能纠正的错误位数", "位"),
        "nearest": Out("最近的合法码字"),
    },
    examples=(
        {"codewords": ["0000000000", "0000011111", "1111100000", "1111111111"], "received": "0000000111"},
        {"detect": 2, "correct": 2},
    ),
)
def solve(
    codewords: Annotated[
        list[str], Param("码字", "全部合法码字，等长的 0、1 串", max_len=256, pattern="[01]{1,64}")
    ] = [],  # noqa: B006
    received: Annotated[str | None, Param("收到的码字", "求最近的合法码字时填", pattern="[01]{1,64}")] = None,
    detect: Annotated[int | None, Param("要检出的位数", "求所需码距时填", min=0, max=64)] = None,
    correct: Annotated[int | None, Param("要纠正的位数", "求所需码距时填", min=0, max=64)] = None,
) -> Solution:
    """Distance of a code and what it detects and corrects (码距).

    Args:
        codewords: all legal words, equally long; at least two.
        received: a word to decode.
        detect, correct: errors to detect and to correct, without `codewords`.

    Returns:
        `distance` (of the code, or needed), `detects`, `corrects`; `nearest`: the legal words nearest to
        `received`, several if they tie.

    Raises:
        InputError: fewer than two words, repeated words or unequal lengths, or nothing to work on.

    Examples:
        >>> solve(["000", "111"]).answer
        {'distance': 3, 'detects': 2, 'corrects': 1}
        >>> solve(["00", "01"]).answer["detects"]  # distance 1 detects nothing
        0
        >>> solve(["00", "11"], "01").answer["nearest"]  # a tie can't be corrected
        ['00', '11']
        >>> solve(detect=2, correct=2).answer["distance"]
        5

    Conventions:
        Detecting e errors takes distance e+1, correcting t takes 2t+1; both demands are met separately.

    Source:
        Tanenbaum, Computer Networks, 5e, §3.2.1; 唐朔飞《计算机组成原理》第2版 §4.2.6.
    """
    if not codewords:
        return Solution([_needed(detect, correct)], ["检错与纠错的要求分别满足，取较大者"])
    _check(codewords, received)
    steps = _distance(codewords)
    if received is not None:
        steps.append(_nearest(codewords, received))
    return Solution(steps)


def _check(words: Sequence[str], received: str | None) -> None:
    if len(words) < 2 or len(set(words)) < len(words):
        raise InputError(f"码字 {words[:8]!r} 不合要求：至少两个，且互不相同。")
    if len({len(w) for w in [*words, received or words[0]]}) > 1:
        raise InputError(f"码字 {words[:8]!r} 与收到的 {received!r} 长度不一，请补齐。")


def _gap(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True))


def _distance(words: Sequence[str]) -> list[Step]:
    a, b = min(combinations(words, 2), key=lambda pair: _gap(*pair))
    d = _gap(a, b)
    picture = None
    if len(words) <= 10:
        rows: list[list[Cell]] = [[w, *(_gap(w, v) for v in words)] for w in words]
        marks = [(i, j + 1) for i, w in enumerate(words) for j, v in enumerate(words) if i != j and _gap(w, v) == d]
        picture = Table(["距离", *words], rows, marks)
    return [
        Step(
            f"两两比较对应位，不同位数最少的一对是 {a} 与 {b}，码距 $d={d}$。",
            picture,
            credit="求码距",
            gives={"distance": d},
        ),
        Step(
            f"能检出 $d-1={d - 1}$ 位错；能纠正 $\\lfloor(d-1)/2\\rfloor={(d - 1) // 2}$ 位错。",
            credit="检错与纠错能力",
            gives={"detects": d - 1, "corrects": (d - 1) // 2},
        ),
    ]


def _nearest(words: Sequence[str], received: str) -> Step:
    best = min(_gap(w, received) for w in words)
    near = [w for w in words if _gap(w, received) == best]
    end = f"译为 {near[0]}" if len(near) == 1 else "距离相同，不能纠正"
    return Step(
        f"收到 {received}，与 {joined(near)} 的距离最小，为 {best}，{end}。",
        Table(["合法码字", "距离"], [[w, _gap(w, received)] for w in words], caption=f"到 {received} 的距离"),
        credit="按最小距离译码",
        gives={"nearest": near},
    )


def _needed(detect: int | None, correct: int | None) -> Step:
    if detect is None and correct is None:
        raise InputError(f"没有码字 {[]!r}，也没有要检出或纠正的位数，请给出其一。")
    needs = []
    if detect is not None:
        needs.append((f"检出 {detect} 位错需要 $d\\ge {detect}+1={detect + 1}$", detect + 1))
    if correct is not None:
        needs.append((f"纠正 {correct} 位错需要 $d\\ge 2\\times{correct}+1={2 * correct + 1}$", 2 * correct + 1))
    d = max(value for _, value in needs)
    return Step(
        "；".join(text for text, _ in needs) + f"。码距至少为 {d}。",
        Table(["要求", "所需码距"], [[text.split("需要")[0], value] for text, value in needs]),
        credit="求所需码距",
        gives={"distance": d},
    )


def mistakes(codewords: list[str], received: str | None, detect: int | None, correct: int | None) -> Iterator[Mistake]:
    """Misconceptions: off by one, the greatest distance, detection and correction exchanged."""
    if not codewords:
        e, t = detect or 0, correct or 0
        yield Mistake("检错与纠错的公式弄反", {"distance": max(2 * e + 1, t + 1)})
        yield Mistake("忘了加 1", {"distance": max(e, 2 * t)})
        yield Mistake("把两个要求相加", {"distance": e + 1 + 2 * t + 1})
        yield Mistake("多加了 1", {"distance": max(e + 2, 2 * t + 2)})
        return
    gaps = [_gap(a, b) for a, b in combinations(codewords, 2)]
    d = min(gaps)
    yield Mistake("取了最大的距离", {"distance": max(gaps), "detects": max(gaps) - 1, "corrects": (max(gaps) - 1) // 2})
    yield Mistake("忘了减 1", {"detects": d, "corrects": d // 2})
    yield Mistake("检错与纠错能力弄反", {"detects": (d - 1) // 2, "corrects": d - 1})
    yield Mistake("以为能纠正的位数等于码距", {"corrects": d, "detects": 2 * d})
    yield Mistake("码距多数了一位", {"distance": d + 1, "detects": d + 1, "corrects": (d + 1) // 2})
    yield Mistake("码距少数了一位", {"distance": d - 1, "detects": d - 2})
    yield Mistake("只比较了相邻的码字", {"distance": _gap(codewords[0], codewords[1])})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Required distances first, then small codes."""
    if difficulty == 1:
        e, t = rng.randint(1, 5), rng.randint(1, 3)
        stem = f"要使一种编码能检出 {e} 位错，或能纠正 {t} 位错，编码的码距至少为（ ）。"
        return Draft(stem, {"detect": e, "correct": t}, "distance")
    size = 5 + difficulty
    words = [format(w, f"0{size}b") for w in rng.sample(range(2**size), 3)]
    d = rng.choice([3, 4, 5])
    base = words[0]
    far = "".join("10"[int(b)] if i < d else b for i, b in enumerate(base))
    codewords = sorted({base, far, "".join("10"[int(b)] for b in base)})
    ask, what = rng.choice(
        [("distance", "码距为"), ("detects", "可检出的错误位数最多为"), ("corrects", "可纠正的错误位数最多为")]
    )
    stem = f"某编码的全部合法码字为 {joined(codewords)}，则该编码的{what}（ ）。"
    return Draft(stem, {"codewords": codewords}, ask)
