"""Internal sorting, pass by pass, with comparisons of keys and moves of records; all ascending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant408.core.registry import Mistake, Out
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._heaps import build, sift_down
from assistant408.solvers.ds._text import join

__all__ = [
    "ANSWERS",
    "Pass",
    "bubble",
    "heap",
    "insertion",
    "merge",
    "neighbours",
    "quick",
    "radix",
    "selection",
    "shell",
    "solution",
    "state_after",
]

ANSWERS = {
    "state": Out("所问那一趟后的序列"),
    "comparisons": Out("关键字比较总次数", "次"),
    "moves": Out("记录移动总次数", "次"),
    "pass_count": Out("趟数", "趟"),
    "passes": Out("各趟后的序列"),
}


@dataclass(frozen=True)
class Pass:
    """One pass (一趟): the sequence after it, its cost, a sentence, and the 0-based places that changed."""

    state: list[int]
    comparisons: int
    moves: int
    note: str
    marks: Sequence[int] = ()


def state_after(keys: Sequence[int], passes: Sequence[Pass], number: int) -> list[int]:
    """Return the sequence after a pass; 0 is the beginning, and beyond the last pass it stays."""
    states = [list(keys), *(p.state for p in passes)]
    return states[min(number, len(passes))]


def solution(keys: Sequence[int], passes: Sequence[Pass], after: int, conventions: Sequence[str]) -> Solution:
    """Write the passes as a solution."""
    steps = [Step(f"第 {k} 趟：{p.note}，得 {join(p.state)}。") for k, p in enumerate(passes, 1)]
    comparisons, moves = sum(p.comparisons for p in passes), sum(p.moves for p in passes)
    rows: list[list[Cell]] = [["初始", *keys, "", ""]]
    rows += [[k, *p.state, p.comparisons, p.moves] for k, p in enumerate(passes, 1)]
    marks = [(k, i + 1) for k, p in enumerate(passes, 1) for i in p.marks]
    table = Table(["趟", *map(str, range(1, len(keys) + 1)), "比较", "移动"], rows, marks)
    state = state_after(keys, passes, after)
    steps += [
        Step(
            f"第 {after} 趟后的序列为 {join(state)}。",
            table,
            "逐趟写出结果",
            {"state": state, "passes": [p.state for p in passes]},
        ),
        Step(
            f"共 {len(passes)} 趟，比较 {comparisons} 次，移动记录 {moves} 次。",
            credit="比较与移动次数",
            gives={"comparisons": comparisons, "moves": moves, "pass_count": len(passes)},
        ),
    ]
    return Solution(steps, conventions)


def neighbours(keys: Sequence[int], passes: Sequence[Pass], after: int) -> Iterator[Mistake]:
    """Yield the mistakes that every sorting method shares: counting passes wrongly."""
    comparisons, moves = sum(p.comparisons for p in passes), sum(p.moves for p in passes)
    n = len(keys)
    yield Mistake("少做了一趟", {"state": state_after(keys, passes, after - 1) if after else list(keys)})
    yield Mistake("多做了一趟", {"state": state_after(keys, passes, after + 1)})
    yield Mistake(
        "漏了最后一趟",
        {
            "comparisons": comparisons - (passes[-1].comparisons if passes else 0),
            "moves": moves - (passes[-1].moves if passes else 0),
            "pass_count": len(passes) - 1,
        },
    )
    yield Mistake("以为总要 n 趟", {"pass_count": n, "comparisons": n * (n - 1) // 2})
    yield Mistake("把交换当作一次移动", {"moves": moves // 3})
    yield Mistake("以为比较次数等于移动次数", {"comparisons": moves, "moves": comparisons})


def insertion(keys: Sequence[int], binary: bool = False, sentinel: bool = False) -> list[Pass]:
    """Insert record after record into the sorted front, searching from its end or by halving."""
    row, passes = list(keys), []
    for i in range(1, len(row)):
        key = row[i]
        if binary:
            at, comparisons = _halved(row, i)
        else:
            at = i
            while at and key < row[at - 1]:
                at -= 1
            comparisons = i - at + (1 if at or (sentinel and i - at) else 0)
        moved = i - at
        row[at : i + 1] = [key, *row[at:i]]
        note = f"插入 {key}，比较 {comparisons} 次" + (f"，{moved} 个记录后移" if moved else "，位置不变")
        passes.append(Pass(list(row), comparisons, moved + 2 if moved else 0, note, [at] if moved else []))
    return passes


def _halved(row: Sequence[int], i: int) -> tuple[int, int]:
    """Return the place of row[i] in the sorted row[:i] after equal keys, and the comparisons."""
    low, high, comparisons = 0, i - 1, 0
    while low <= high:
        mid = (low + high) // 2
        comparisons += 1
        low, high = (low, mid - 1) if row[i] < row[mid] else (mid + 1, high)
    return low, comparisons


def shell(keys: Sequence[int], gaps: Sequence[int]) -> list[Pass]:
    """Sort by insertion the records `gap` apart, for each gap."""
    row, passes = list(keys), []
    for gap in gaps:
        old = list(row)
        comparisons = moves = 0
        for i in range(gap, len(row)):
            key, at = row[i], i
            while at >= gap:
                comparisons += 1
                if key >= row[at - gap]:
                    break
                row[at] = row[at - gap]
                moves += 1
                at -= gap
            row[at] = key
            moves += 2 if at != i else 0
        marks = [i for i, (a, b) in enumerate(zip(old, row, strict=True)) if a != b]
        note = f"增量 {gap}，相距 {gap} 的记录为一组，组内直接插入排序"
        passes.append(Pass(list(row), comparisons, moves, note, marks))
    return passes


def bubble(keys: Sequence[int], to_front: bool = False) -> list[Pass]:
    """Exchange neighbours out of order; stop after a pass without an exchange."""
    row, passes = list(keys), []
    n = len(row)
    for done in range(n - 1):
        places = range(n - 1, done, -1) if to_front else range(1, n - done)
        swaps = 0
        for j in places:
            if row[j - 1] > row[j]:
                row[j - 1], row[j] = row[j], row[j - 1]
                swaps += 1
        end = done if to_front else n - 1 - done
        what = f"最小的 {row[end]} 到最前" if to_front else f"最大的 {row[end]} 到最后"
        note = f"{what}，交换 {swaps} 次" if swaps else "没有交换，排序结束"
        passes.append(Pass(list(row), len(places), 3 * swaps, note, [end] if swaps else []))
        if not swaps:
            break
    return passes


def selection(keys: Sequence[int]) -> list[Pass]:
    """Exchange the smallest of the rest with its first record."""
    row, passes = list(keys), []
    n = len(row)
    for i in range(n - 1):
        least = min(range(i, n), key=row.__getitem__)
        moved = least != i
        row[i], row[least] = row[least], row[i]
        note = f"选出最小的 {row[i]}" + (f"，与第 {i + 1} 个交换" if moved else "，已在原位")
        passes.append(Pass(list(row), n - 1 - i, 3 if moved else 0, note, [i, least] if moved else [i]))
    return passes


def quick(keys: Sequence[int], pivot: str = "first") -> tuple[list[Pass], list[Pass], int]:
    """Sort by partitioning; return passes level by level, the partitions one by one, and the tree's height."""
    row = list(keys)
    levels: list[Pass] = []
    partitions: list[Pass] = []
    segments = [(0, len(row) - 1)] if len(row) > 1 else []
    while segments:
        below, placed, comparisons, moves = [], [], 0, 0
        for low, high in segments:
            at, cost, moved = _partition(row, low, high, pivot)
            placed.append(at)
            comparisons, moves = comparisons + cost, moves + moved
            note = f"以 {row[at]} 为枢轴划分第 {low + 1}～{high + 1} 个记录，枢轴到第 {at + 1} 个位置"
            partitions.append(Pass(list(row), cost, moved, note, [at]))
            below += [(a, b) for a, b in ((low, at - 1), (at + 1, high)) if a < b]
        names = join((row[at] for at in placed), "、")
        levels.append(Pass(list(row), comparisons, moves, f"枢轴 {names} 到达最终位置", placed))
        segments = below
    return levels, partitions, _depth(partitions, len(row))


def _partition(row: list[int], low: int, high: int, pivot: str) -> tuple[int, int, int]:
    """Partition by moving into holes; return the pivot's place, comparisons and moves."""
    comparisons, moves = 0, 2
    at = {"first": low, "last": high, "middle": (low + high) // 2}[pivot]
    if at not in (low, high):
        row[low], row[at] = row[at], row[low]
        at, moves = low, moves + 3
    key = row[at]
    from_right = at == low
    while low < high:
        comparisons += 1
        if from_right:
            if row[high] >= key:
                high -= 1
                continue
            row[low] = row[high]
            low += 1
        else:
            if row[low] <= key:
                low += 1
                continue
            row[high] = row[low]
            high -= 1
        moves += 1
        from_right = not from_right
    row[low] = key
    return low, comparisons, moves


def _depth(partitions: Sequence[Pass], n: int) -> int:
    """Return the height of the recursion tree, single records included."""
    pivots = [p.marks[0] for p in partitions]

    def height(low: int, high: int) -> int:
        if low > high:
            return 0
        at = next((k for k in pivots if low <= k <= high), low)
        return 1 + max(height(low, at - 1), height(at + 1, high))

    return height(0, n - 1)


def heap(keys: Sequence[int]) -> list[Pass]:
    """Build a max-heap, then exchange the root with the last record and sift, again and again."""
    row = list(keys)
    cost = build(row, is_max=True)
    passes = [Pass(list(row), cost, 0, f"建成大根堆，比较 {cost} 次", [])]
    for size in range(len(row) - 1, 0, -1):
        row[0], row[size] = row[size], row[0]
        cost, path = sift_down(row, 0, size, is_max=True)
        note = f"堆顶 {row[size]} 与第 {size + 1} 个交换，其余 {size} 个调整成堆"
        passes.append(Pass(list(row), cost, 3 + 3 * (len(path) - 1), note, [size, *path]))
    return passes


def merge(keys: Sequence[int]) -> list[Pass]:
    """Merge neighbouring runs of 1, 2, 4, ... records."""
    row, passes, length = list(keys), [], 1
    while length < len(row):
        out: list[int] = []
        comparisons = 0
        for start in range(0, len(row), 2 * length):
            left, right = row[start : start + length], row[start + length : start + 2 * length]
            while left and right:
                comparisons += 1
                out.append(right.pop(0) if right[0] < left[0] else left.pop(0))
            out += left + right
        row = out
        note = f"长度为 {length} 的有序段两两归并，段长变为 {2 * length}"
        passes.append(Pass(list(row), comparisons, len(row), note))
        length *= 2
    return passes


def radix(keys: Sequence[int], base: int) -> list[Pass]:
    """Distribute by the digits from the lowest and collect."""
    row, weight = list(keys), 1
    passes: list[Pass] = []
    while weight <= max(keys) or not passes:
        row.sort(key=lambda k: k // weight % base)
        digits = len(passes) + 1
        passes.append(Pass(list(row), 0, len(row), f"按从低到高第 {digits} 位分配再收集"))
        weight *= base
    return passes
