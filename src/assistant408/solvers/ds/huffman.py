"""Huffman trees (哈夫曼树): weighted path length, codes, and the k-ary case with virtual leaves."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._huffman import codes_of, merge, picture, virtual_leaves
from assistant408.solvers.ds._text import distinct, join, letters

__all__ = ["solve"]


@solver(
    "ds.huffman",
    title="哈夫曼树与哈夫曼编码",
    summary="给出各字符的权值（频度），构造 k 叉哈夫曼树，求带权路径长度 WPL、哈夫曼编码、平均码长、结点数和需补的虚叶数。",
    syllabus=("ds.tree.huffman-build", "ds.tree.huffman-code", "ds.tree.huffman-properties"),
    keywords=("哈夫曼树", "赫夫曼", "Huffman", "带权路径长度", "WPL", "哈夫曼编码", "前缀编码", "权值", "频度", "码长"),
    answers={
        "wpl": Out("带权路径长度 WPL"),
        "codes": Out("哈夫曼编码"),
        "code_lengths": Out("各字符的编码长度", "位"),
        "average_length": Out("加权平均码长", "位"),
        "fixed_length": Out("等长编码的码长", "位"),
        "internal": Out("分支结点数", "个"),
        "nodes": Out("结点总数", "个"),
        "virtual": Out("补充的虚叶数", "个"),
        "root_weight": Out("根的权值"),
        "saved": Out("比等长编码减少的总位数", "位"),
    },
    examples=(
        {"weights": [6, 2, 3, 8, 10, 4], "symbols": ["a", "b", "c", "d", "e", "f"]},
        {"weights": [5, 9, 12, 13, 16, 45, 7, 3], "ways": 3},
    ),
)
def solve(
    weights: Annotated[list[int], Param("权值", "各叶结点的权值或出现次数", min=0, min_len=2, max_len=64)],
    symbols: Annotated[list[str], Param("字符", "与权值一一对应；留空则记为 w1, w2, …", max_len=64)] = [],  # noqa: B006
    ways: Annotated[int, Param("叉数 k", "二叉为 2", min=2, max=10)] = 2,
) -> Solution:
    """Build a k-ary Huffman tree (哈夫曼树).

    Args:
        weights: weights of 2 to 64 leaves, at least 0.
        symbols: distinct names of the leaves.
        ways: degree k of the tree.

    Returns:
        `wpl`, `codes` and `code_lengths` by symbol, `average_length` (if the weights' sum is positive),
        `fixed_length` of a fixed-length code, `saved` symbols against it, `internal`, `nodes` (virtual leaves included), `virtual`,
        `root_weight`.

    Raises:
        InputError: symbols repeated or not as many as weights.

    Examples:
        >>> solve([6, 2, 3, 8, 10, 4]).answer["wpl"]
        80
        >>> solve([1, 1]).answer["codes"]
        {'w1': '0', 'w2': '1'}
        >>> solve([2, 2, 2, 2], ways=3).answer["virtual"]
        1

    Conventions:
        Of equal weights the older node is taken first. The lighter subtree is on the left; the edges are numbered
        0, 1, ... from the left. The codes depend on this, the WPL does not.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.6; Huffman, Proc. IRE 40 (1952).
    """
    names = letters(symbols) if symbols else [f"w{k + 1}" for k in range(len(weights))]
    distinct(names, "字符")
    if "" in names:
        raise InputError("字符不能是空的 ''，请给每个叶一个记号，或不填字符。")
    if len(names) != len(weights):
        raise InputError(f"字符有 {len(names)!r} 个，权值有 {len(weights)} 个，应一一对应，请检查。")
    virtual = virtual_leaves(len(weights), ways)
    steps = []
    if ways > 2:
        why = (
            f"$({len(weights)}-1)\\bmod({ways}-1)={(len(weights) - 1) % (ways - 1)}$，"
            f"需补 {virtual} 个权为 0 的虚叶，使每次都能合并 {ways} 个结点。"
        )
        steps.append(Step(why, credit="虚叶数", gives={"virtual": virtual}))
    root, rows = merge(names, weights, ways, virtual)
    assigned = dict(codes_of(root))
    codes = {name: assigned[name] for name in names}
    lengths = {name: len(code) for name, code in codes.items()}
    wpl = sum(w * lengths[name] for w, name in zip(weights, names, strict=True))
    terms = "+".join(f"{w}\\times {lengths[name]}" for w, name in zip(weights, names, strict=True))
    internal = len(rows)
    steps += [
        Step(
            f"每次取权值最小的 {ways} 个结点合并，共合并 {internal} 次，根的权值为 {root.weight}。",
            Table(["次", "取出的权值", "新结点的权值", "合并后的权值"], rows, [(k, 2) for k in range(internal)]),
            "构造过程",
            {"internal": internal, "nodes": internal + len(weights) + virtual, "virtual": virtual},
        ),
        Step(
            f"$WPL={terms}={wpl}$，也等于各分支结点权值之和。",
            picture(root),
            "画出哈夫曼树，求 WPL",
            {"wpl": wpl, "root_weight": root.weight},
        ),
        Step(
            f"左分支记 0、右分支依次加 1，得编码 {join(f'{name}={code}' for name, code in codes.items())}。",
            Table(
                ["字符", "权值", "编码", "码长"],
                [[n, w, codes[n], lengths[n]] for n, w in zip(names, weights, strict=True)],
            ),
            "写出编码",
            {"codes": codes, "code_lengths": lengths},
        ),
    ]
    fixed = _fixed_length(len(weights), ways)
    saved = fixed * root.weight - wpl
    gives: dict[str, int | Fraction] = {"fixed_length": fixed, "saved": saved}
    why = (
        f"等长编码需 $\\lceil\\log_{{{ways}}}{len(weights)}\\rceil={fixed}$ 位，"
        f"总长 ${fixed}\\times {root.weight}={fixed * root.weight}$，哈夫曼编码少 {saved} 位。"
    )
    if root.weight:
        average = Fraction(wpl, root.weight)
        gives["average_length"] = average
        why = f"加权平均码长为 ${wpl}/{root.weight}={average}$ 位；" + why
    steps.append(Step(why, gives=gives))
    conventions = ["权值相等时先取较早产生的结点；权小的子树在左，左分支记 0（WPL 与此无关）"]
    return Solution(steps, conventions)


def _fixed_length(count: int, ways: int) -> int:
    length = 0
    while ways**length < count:
        length += 1
    return length


def mistakes(weights: list[int], symbols: list[str], ways: int) -> Iterator[Mistake]:
    """Yield a sum of the wrong nodes, a wrong merging order and missing virtual leaves."""
    answer = solve(weights, symbols, ways).answer
    wpl, total = integer(answer["wpl"]), sum(weights)
    root, _ = merge([f"{k}" for k in range(len(weights))], weights, ways, integer(answer["virtual"]))
    lengths = [len(code) for _, code in codes_of(root)]
    yield Mistake("路径长度按结点数算，多了一层", {"wpl": wpl + total})
    yield Mistake("漏加了根的权值", {"wpl": wpl - total})
    yield Mistake("用了等长编码", {"wpl": total * integer(answer["fixed_length"])})
    yield Mistake("先把权值排序后两两顺次合并，没有把新结点放回去比较", {"wpl": _in_sequence(weights, ways)})
    yield Mistake("没有补虚叶，第一次就合并 k 个叶结点", {"wpl": _without_virtual(weights, ways), "virtual": 0})
    internal, nodes = integer(answer["internal"]), integer(answer["nodes"])
    yield Mistake("分支结点数当作叶结点数", {"internal": len(weights), "nodes": 2 * len(weights)})
    yield Mistake("虚叶没有计入", {"nodes": internal + len(weights), "internal": internal - 1})
    yield Mistake("结点总数多算一个", {"nodes": nodes + 1, "virtual": ways - 1 - integer(answer["virtual"])})
    yield Mistake("把最大码长当作平均码长", {"average_length": max(lengths)})
    yield Mistake("平均码长没有加权", {"average_length": Fraction(sum(lengths), len(lengths))})
    yield Mistake("把等长编码的码长当作平均码长", {"average_length": answer["fixed_length"]})


def _in_sequence(weights: Sequence[int], ways: int) -> int:
    """Return the WPL when sorted nodes are merged in groups, level by level."""
    row, wpl = sorted(weights), 0
    while len(row) > 1:
        groups = [row[k : k + ways] for k in range(0, len(row), ways)]
        wpl += sum(sum(g) for g in groups if len(g) > 1)
        row = [sum(g) for g in groups]
    return wpl


def _without_virtual(weights: Sequence[int], ways: int) -> int:
    """Return the WPL when virtual leaves are forgotten and the last merger is short."""
    heap, wpl = sorted(weights), 0
    while len(heap) > 1:
        new, heap = sum(heap[:ways]), heap[ways:]
        wpl += new
        heap = sorted([*heap, new])
    return wpl


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw distinct weights; k = 3 for the hardest."""
    count = 4 + difficulty
    weights = rng.sample(range(2, 12 + 8 * difficulty), count)
    if difficulty == 5 and rng.random() < 0.6:
        stem = f"以 {join(weights, '、')} 为叶结点的权值构造三叉哈夫曼树，其带权路径长度 WPL 是（ ）。"
        return Draft(stem, {"weights": weights, "ways": 3}, "wpl")
    symbols = list("abcdefghijk"[:count])
    shown = join((f"{s}:{w}" for s, w in zip(symbols, weights, strict=True)), "、")
    args = {"weights": weights, "symbols": symbols}
    if difficulty > 2 and rng.random() < 0.5:
        return Draft(
            f"某文本中各字符的出现次数为 {shown}，采用哈夫曼编码，则加权平均码长是（ ）。", args, "average_length"
        )
    return Draft(f"各字符的出现次数为 {shown}，以此构造的哈夫曼树的带权路径长度是（ ）。", args, "wpl")
