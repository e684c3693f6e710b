"""Prefix codes: whether a set of codes is one, decoding, and whether it is a Huffman code (前缀编码)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._huffman import codes_of, merge
from assistant408.solvers.ds._text import join, letters

__all__ = ["solve"]


@solver(
    "ds.prefix_code",
    title="前缀编码的判定与译码",
    summary="给出一组二进制编码，判断是否为前缀编码，对编码序列译码；给出各字符的频率时，判断这组编码能否是哈夫曼编码。",
    syllabus=("ds.tree.huffman-code", "ds.tree.huffman-properties"),
    keywords=("前缀编码", "前缀码", "哈夫曼编码", "译码", "解码", "编码可能是", "码长"),
    answers={
        "prefix_free": Out("是否为前缀编码"),
        "decoded": Out("译码结果"),
        "complete": Out("能否是某个字符集的哈夫曼编码"),
        "optimal": Out("能否是所给频率的哈夫曼编码"),
        "conflict": Out("违反前缀性的一对编码"),
        "total": Out("带权路径长度"),
    },
    examples=(
        {"codes": ["0", "10", "110", "1111"]},
        {"codes": ["01", "000", "001", "10", "11"], "symbols": ["a", "b", "c", "d", "e"], "bits": "0100010"},
    ),
)
def solve(
    codes: Annotated[list[str], Param("编码", "二进制串，如 0,10,110", min_len=2, max_len=64)],
    symbols: Annotated[list[str], Param("字符", "与编码一一对应；不译码可留空", max_len=64)] = [],  # noqa: B006
    weights: Annotated[list[int], Param("频率", "与编码一一对应；不判断是否哈夫曼编码可留空", min=0, max_len=64)] = [],  # noqa: B006
    bits: Annotated[str, Param("待译的编码序列", max_len=2000)] = "",
) -> Solution:
    """Judge a set of codes, and decode with it (前缀编码).

    Args:
        codes: strings of 0 and 1.
        symbols: what they stand for.
        weights: frequencies, to compare with a Huffman tree.
        bits: a sequence to decode.

    Returns:
        `prefix_free`; `complete`, a prefix code whose tree has no node with one child; `conflict` if it isn't; `decoded` symbols of `bits`; with weights `total` and `optimal`.

    Raises:
        InputError: other characters than 0 and 1, or lists of different lengths.

    Examples:
        >>> solve(["0", "10", "110", "1111"]).answer["prefix_free"]
        True
        >>> solve(["11", "10", "001", "101"]).answer["conflict"]
        ['10', '101']
        >>> solve(["0", "1"], ["a", "b"], bits="010").answer["decoded"]
        ['a', 'b', 'a']
        >>> solve(["0", "10", "11"], weights=[1, 5, 6]).answer["optimal"]
        False

    Conventions:
        No code of a prefix code begins another; a code can be a Huffman code if it is one of least weighted length.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.6.2; Huffman, Proc. IRE 40 (1952); 408 真题 2014、2017.
    """
    names = letters(symbols) if symbols else [f"c{k + 1}" for k in range(len(codes))]
    _check(codes, names, weights, bits)
    conflict = next(
        ([a, b] for a, b in itertools.permutations(codes, 2) if b.startswith(a)),
        None,
    )
    rows: list[list[Cell]] = [[n, c, len(c)] for n, c in zip(names, codes, strict=True)]
    verdict = (
        f"{conflict[0]} 是 {conflict[1]} 的前缀，不是前缀编码"
        if conflict
        else "任一编码都不是另一编码的前缀，是前缀编码"
    )
    kraft = sum((Fraction(1, 2 ** len(c)) for c in codes), Fraction(0))
    gives: dict[str, Value] = {"prefix_free": conflict is None, "complete": conflict is None and kraft == 1}
    if conflict is None:
        full = "没有" if kraft == 1 else "有"
        verdict += f"；$\\sum 2^{{-l}}={kraft}$，编码树中{full}只有一个孩子的结点，{'可以' if kraft == 1 else '不会'}是哈夫曼编码"
    if conflict:
        gives["conflict"] = conflict
    steps = [Step(f"逐对比较：{verdict}。", Table(["字符", "编码", "码长"], rows), "前缀性", gives)]
    if bits:
        decoded = _decode(codes, names, bits) if conflict is None else None
        if decoded is None:
            raise InputError(f"序列 {bits!r} 不能用这组编码译出，请检查。")
        why = f"从左到右，每遇到一个完整的编码就译出一个字符，得 {join(decoded, '')}。"
        steps.append(Step(why, credit="逐个译码", gives={"decoded": decoded}))
    if weights:
        total = sum(w * len(c) for w, c in zip(weights, codes, strict=True))
        least = least_total(weights)
        optimal = conflict is None and total == least
        why = (
            f"这组编码的带权路径长度为 {total}，哈夫曼树的为 {least}，"
            f"{'相等，可以' if optimal else '或不相等，或不是前缀编码，不可能'}是哈夫曼编码。"
        )
        steps.append(Step(why, credit="与最小带权路径长度比较", gives={"total": total, "optimal": optimal}))
    return Solution(steps, ["哈夫曼编码不唯一，带权路径长度最小的前缀编码都算"])


def least_total(weights: Sequence[int]) -> int:
    """Return the weighted path length of a binary Huffman tree.

    Examples:
        >>> least_total([6, 2, 3, 8, 10, 4])
        80
    """
    names = [str(k) for k in range(len(weights))]
    root, _ = merge(names, weights, 2, 0)
    return sum(weights[int(name)] * len(code) for name, code in codes_of(root))


def _check(codes: Sequence[str], names: Sequence[str], weights: Sequence[int], bits: str) -> None:
    for code in (*codes, bits):
        if code.strip("01"):
            raise InputError(f"编码 {code!r} 应只含 0 和 1，请检查。")
    if len(set(codes)) < len(codes) or "" in codes:
        raise InputError(f"编码 {list(codes)!r} 应两两不同且非空，请检查。")
    if len(names) != len(codes) or (weights and len(weights) != len(codes)):
        raise InputError(f"字符 {len(names)!r} 个、频率 {len(weights)!r} 个应与编码 {len(codes)} 个一一对应，请检查。")


def _decode(codes: Sequence[str], names: Sequence[str], bits: str) -> list[str] | None:
    book = dict(zip(codes, names, strict=True))
    out, at = [], 0
    for end in range(1, len(bits) + 1):
        if bits[at:end] in book:
            out.append(book[bits[at:end]])
            at = end
    return out if at == len(bits) else None


def mistakes(codes: list[str], symbols: list[str], weights: list[int], bits: str) -> Iterator[Mistake]:
    """Yield the other verdict, and decodings that lose their place."""
    answer = solve(codes, symbols, weights, bits).answer
    yield Mistake("只看编码是否两两不同", {"prefix_free": not answer["prefix_free"]})
    if isinstance(decoded := answer.get("decoded"), list):
        yield Mistake("从右到左译码", {"decoded": decoded[::-1]})
        yield Mistake("漏译了最后一个字符", {"decoded": decoded[:-1]})
        yield Mistake("漏译了第一个字符", {"decoded": decoded[1:]})
        yield Mistake("前两个字符的编码分错", {"decoded": [*decoded[1::-1], *decoded[2:]]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a text to decode with a Huffman code."""
    names = list("abcdef"[: 3 + difficulty // 2])
    root, _ = merge(names, [rng.randint(1, 9) for _ in names], 2, 0)
    book = dict(codes_of(root))
    text = rng.sample(names, 3) + [rng.choice(names) for _ in range(difficulty)]
    bits = "".join(book[c] for c in text)
    shown = "、".join(f"{n}:{book[n]}" for n in names)
    args = {"codes": [book[n] for n in names], "symbols": names, "bits": bits}
    return Draft(f"字符的编码为 {shown}，则编码序列 {bits} 的译码结果是（ ）。", args, "decoded")
