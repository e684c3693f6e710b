"""External merge sort (外部排序): passes of a k-way balanced merge, block transfers and comparisons."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@solver(
    "ds.merge_sort_external",
    title="外部排序的多路平衡归并",
    summary="给出记录数、内存容量（或初始归并段数）和归并路数 k，求初始段数、归并趟数、磁盘读写块数、比较次数和最小的 k。",
    syllabus=("ds.sort.external", "ds.sort.loser-tree"),
    keywords=("外部排序", "多路归并", "平衡归并", "归并趟数", "初始归并段", "读写磁盘", "块", "缓冲区"),
    answers={
        "passes": Out("归并趟数", "趟"),
        "run_count": Out("初始归并段数", "个"),
        "run_counts": Out("各趟之后的段数"),
        "virtual": Out("最佳归并树中补充的虚段数", "个"),
        "block_io": Out("读写磁盘的总块数（含生成初始段）", "块"),
        "merge_io": Out("归并时读写的块数", "块"),
        "loser_comparisons": Out("用败者树归并的比较次数（估计）", "次"),
        "plain_comparisons": Out("不用败者树的比较次数（估计）", "次"),
        "least_ways": Out("达到指定趟数的最小 k", "路"),
        "buffers": Out("缓冲区的最少个数", "个"),
    },
    examples=(
        {"records": 10000, "run_length": 1000, "block": 200, "ways": 4},
        {"run_count": 120, "ways": 12, "target_passes": 2},
    ),
)
def solve(
    ways: Annotated[int, Param("归并路数 k", min=2, max=10_000)],
    records: Annotated[int | None, Param("记录数 n", "不涉及时留空", min=1, max=10**12)] = None,
    run_length: Annotated[
        int | None, Param("初始段长", "每个初始归并段的记录数；已知段数时留空", min=1, max=10**12)
    ] = None,
    run_count: Annotated[int | None, Param("初始归并段数 r", "已知时直接填写", min=1, max=10**9)] = None,
    block: Annotated[int, Param("每块的记录数", "一次读写磁盘的记录数", min=1, max=10**9)] = 1,
    target_passes: Annotated[int | None, Param("要求的趟数", "求达到它的最小 k；不问则留空", min=1, max=60)] = None,
) -> Solution:
    """Plan a k-way balanced merge (多路平衡归并).

    Args:
        ways: k.
        records: n records.
        run_length: records of an initial run (the last one may be shorter), or
        run_count: r initial runs.
        block: records per block.
        target_passes: a number of passes to reach with the least k.

    Returns:
        `run_count` r, `passes` ceil(log_k r), `run_counts` after each pass, `buffers` k+1, `virtual` runs of an optimal merge tree; with records `block_io`
        (reading and writing every block in the making of the runs and in each pass), `merge_io`,
        `loser_comparisons` (n-1)·ceil(log2 k)·passes, `plain_comparisons` (n-1)·(k-1)·passes; `least_ways`.

    Raises:
        InputError: neither or both of `run_count` and `run_length`, or a run length without records.

    Examples:
        >>> a = solve(4, records=10000, run_length=1000, block=200).answer
        >>> a["passes"], a["block_io"]
        (2, 300)
        >>> solve(2, run_count=1).answer["passes"]
        0
        >>> solve(5, run_count=100, target_passes=3).answer["least_ways"]
        5

    Conventions:
        Every pass reads and writes the whole file once.

    Source:
        严蔚敏《数据结构（C 语言版）》§11.2、§11.3; 408 真题 2013.
    """
    if (run_length is None) == (run_count is None):
        raise InputError(f"初始段长 {run_length!r} 与段数 {run_count!r} 应恰好给出一个，请补上或去掉其一。")
    if run_length is not None and records is None:
        raise InputError(f"由初始段长 {run_length!r} 求段数需要记录数，请补上记录数。")
    steps = []
    if run_length is not None and records is not None:
        run_count = -(-records // run_length)
        why = f"初始归并段 $\\lceil {records}/{run_length}\\rceil={run_count}$ 个。"
        steps.append(Step(why, credit="初始归并段数"))
    assert run_count is not None
    counts = _counts(run_count, ways)
    passes = len(counts)
    rows: list[list[Cell]] = [[0, run_count]]
    rows += [[k, c] for k, c in enumerate(counts, 1)]
    steps.append(
        Step(
            f"每趟段数变为 $\\lceil r/{ways}\\rceil$，共 $\\lceil\\log_{{{ways}}}{run_count}\\rceil={passes}$ 趟；"
            f"{ways} 路归并至少要 {ways} 个输入、1 个输出缓冲区。",
            Table(["趟", "归并段数"], rows),
            "归并趟数",
            {
                "run_count": run_count,
                "passes": passes,
                "run_counts": counts,
                "buffers": ways + 1,
                "virtual": -(run_count - 1) % (ways - 1),
            },
        )
    )
    if records is not None:
        steps += _costs(records, block, ways, passes)
    if target_passes is not None:
        least = _least_ways(run_count, target_passes)
        why = f"要在 {target_passes} 趟内完成，需 $k^{{{target_passes}}}\\ge {run_count}$，最小的 $k={least}$。"
        steps.append(Step(why, credit="最小路数", gives={"least_ways": least}))
    return Solution(steps, ["每趟把全部记录读、写各一次；生成初始归并段也要读、写各一次"])


def _counts(runs: int, ways: int) -> list[int]:
    """Return the number of runs after each pass."""
    out = []
    while runs > 1:
        runs = -(-runs // ways)
        out.append(runs)
    return out


def _costs(records: int, block: int, ways: int, passes: int) -> list[Step]:
    blocks = -(-records // block)
    total = 2 * blocks * (passes + 1)
    height = (ways - 1).bit_length()
    return [
        Step(
            f"文件有 $\\lceil {records}/{block}\\rceil={blocks}$ 块；生成初始段与 {passes} 趟归并各读写一遍，"
            f"共 $2\\times {blocks}\\times({passes}+1)={total}$ 块。",
            credit="磁盘读写块数",
            gives={"block_io": total, "merge_io": 2 * blocks * passes},
        ),
        Step(
            f"用败者树每得一个记录比较 $\\lceil\\log_2 {ways}\\rceil={height}$ 次，"
            f"共约 $({records}-1)\\times {height}\\times {passes}={(records - 1) * height * passes}$ 次；"
            f"不用败者树则每个记录比较 {ways - 1} 次。",
            gives={
                "loser_comparisons": (records - 1) * height * passes,
                "plain_comparisons": (records - 1) * (ways - 1) * passes,
            },
        ),
    ]


def _least_ways(runs: int, passes: int) -> int:
    """Return the least k of at least 2 with k ** passes >= runs."""
    low, high = 2, max(runs, 2)
    while low < high:
        middle = (low + high) // 2
        if middle**passes >= runs:
            high = middle
        else:
            low = middle + 1
    return low


def mistakes(
    ways: int,
    records: int | None,
    run_length: int | None,
    run_count: int | None,
    block: int,
    target_passes: int | None,
) -> Iterator[Mistake]:
    """Yield passes in base 2, missing reads or writes, and roots rounded down."""
    answer = solve(ways, records, run_length, run_count, block, target_passes).answer
    runs, passes = integer(answer["run_count"]), integer(answer["passes"])
    yield Mistake("趟数按 2 路归并计", {"passes": (runs - 1).bit_length()})
    yield Mistake("趟数向下取整", {"passes": max(passes - 1, 0)})
    yield Mistake("把生成初始段也算一趟归并", {"passes": passes + 1})
    yield Mistake("趟数当作段数除以路数", {"passes": -(-runs // ways)})
    yield Mistake("初始段数向下取整", {"run_count": max(runs - 1, 1)})
    yield Mistake("忘了输出缓冲区", {"buffers": ways})
    yield Mistake("输出缓冲区也算 k 个", {"buffers": 2 * ways})
    yield Mistake("按 2 路归并的缓冲区数", {"buffers": 3})
    if "block_io" in answer:
        io, merging = integer(answer["block_io"]), integer(answer["merge_io"])
        yield Mistake("只计归并，没有计生成初始段的读写", {"block_io": merging, "merge_io": io})
        yield Mistake("只计读，没有计写", {"block_io": io // 2, "merge_io": merging // 2})
        yield Mistake("按记录而不是按块计", {"block_io": io * block, "merge_io": merging * block})
        once = integer(answer["loser_comparisons"]) // max(passes, 1)
        yield Mistake("只计了一趟", {"loser_comparisons": once, "plain_comparisons": once})
        yield Mistake(
            "败者树与逐个比较混淆",
            {
                "loser_comparisons": answer["plain_comparisons"],
                "plain_comparisons": answer["loser_comparisons"],
            },
        )
    if target_passes is not None:
        least = integer(answer["least_ways"])
        yield Mistake("开方后向下取整", {"least_ways": least - 1})
        yield Mistake("开方后多加了 1", {"least_ways": least + 1})
        yield Mistake("用除法代替开方", {"least_ways": -(-runs // target_passes)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a file with its memory, or runs with a number of passes."""
    ways = rng.randint(3, 4 + difficulty)
    if difficulty > 3 and rng.random() < 0.5:
        runs, passes = rng.randint(20, 200), rng.choice([2, 3])
        stem = f"对 {runs} 个初始归并段做 k 路平衡归并，要求 {passes} 趟完成，则 k 的最小值是（ ）。"
        return Draft(stem, {"ways": ways, "run_count": runs, "target_passes": passes}, "least_ways")
    block = rng.choice([50, 100, 200])
    run_length = block * rng.randint(2, 6)
    records = run_length * rng.randint(6, 12 + 10 * difficulty)
    args = {"ways": ways, "records": records, "run_length": run_length, "block": block}
    given = (
        f"外存文件有 {records} 个记录，每块 {block} 个记录，内存一次可排序 {run_length} 个记录，用 {ways} 路平衡归并，"
    )
    if difficulty < 3:
        return Draft(f"{given}则归并的趟数是（ ）。", args, "passes")
    return Draft(f"{given}则整个排序读写磁盘的总块数（含生成初始归并段）是（ ）。", args, "block_io")
