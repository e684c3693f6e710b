"""Binary heaps (堆): building, insertion and deletion of the root, with comparisons."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._answers import integer, integers
from assistant408.solvers.ds._heaps import before, build, picture, sift_down, sift_up
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Kind = Literal["max", "min"]
How = Literal["sift", "insert", "given"]
KINDS = {"max": "大根堆", "min": "小根堆"}


@solver(
    "ds.heap",
    title="堆的建立、插入与删除",
    summary="给出序列，建大根堆或小根堆，再插入关键字或删除堆顶，求得到的堆、关键字比较次数和交换次数；也可判断序列是否为堆。",
    syllabus=("ds.sort.heap-build", "ds.sort.heap-ops"),
    keywords=("堆", "大根堆", "小根堆", "大顶堆", "小顶堆", "建堆", "插入", "删除堆顶", "筛选", "比较次数"),
    answers={
        "heap": Out("最后的堆"),
        "last_comparisons": Out("最后一次操作的比较次数", "次"),
        "comparisons": Out("比较总次数", "次"),
        "swaps": Out("交换总次数", "次"),
        "initial": Out("初始堆"),
        "build_comparisons": Out("建堆的比较次数", "次"),
        "removed": Out("依次删除的堆顶"),
        "is_heap": Out("所给序列本身是否为堆"),
        "either_heap": Out("所给序列是否为大根堆或小根堆"),
    },
    examples=(
        {"keys": [8, 15, 10, 21, 34, 16, 12], "kind": "min", "how": "given", "delete_count": 1},
        {"keys": [5, 8, 12, 19, 28, 20, 15, 22], "kind": "min", "how": "given", "inserts": [3]},
        {"keys": [49, 38, 65, 97, 76, 13, 27, 49]},
    ),
)
def solve(
    keys: Annotated[list[int], Param("初始序列", "按层序，从根开始", min_len=1, max_len=100)],
    kind: Annotated[Kind, Param("堆的种类", "max 大根堆，min 小根堆")] = "max",
    how: Annotated[How, Param("初始序列的处理", "sift 自底向上筛选建堆；insert 逐个插入建堆；given 已经是堆")] = "sift",
    inserts: Annotated[list[int], Param("随后插入的关键字", "没有则留空", max_len=50)] = [],  # noqa: B006
    delete_count: Annotated[int, Param("随后删除堆顶的次数", "在插入之后", min=0, max=100)] = 0,
) -> Solution:
    """Build a heap, insert and delete roots (堆).

    Args:
        keys: 1 to 100 keys in level order.
        kind: greatest or least at the root.
        how: whether the keys are sifted bottom up, inserted one by one, or a heap already.
        inserts: keys inserted then.
        delete_count: how often the root is deleted after that.

    Returns:
        `heap` in level order, `initial` heap, `build_comparisons`, `comparisons` and `swaps` in all,
        `last_comparisons` of the last insertion or deletion (of the building if there is none), `removed` roots, and
        `is_heap` for the sequence given, `either_heap` if it is one of either kind.

    Raises:
        InputError: `given` keys that are no heap, or more deletions than keys.

    Examples:
        >>> a = solve([8, 15, 10, 21, 34, 16, 12], "min", "given", delete_count=1).answer
        >>> a["last_comparisons"], a["heap"]
        (3, [10, 15, 12, 21, 34, 16])
        >>> solve([1]).answer["comparisons"]
        0
        >>> solve([5, 5], "min").answer["swaps"]
        0

    Conventions:
        Sifting down compares the two children, then the better one with the parent. The last key takes the place of
        a deleted root.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.4.3; 408 真题 2009、2015.
    """
    is_max = kind == "max"
    fits = all(not before(keys[i], keys[(i - 1) // 2], is_max) for i in range(1, len(keys)))
    if how == "given" and not fits:
        raise InputError(f"序列 {join(keys)!r} 不是{KINDS[kind]}，请检查，或选择建堆的方法。")
    if delete_count > len(keys) + len(inserts):
        raise InputError(f"删除次数 {delete_count!r} 多于堆中的 {len(keys) + len(inserts)} 个关键字，请减少。")
    either = fits or all(not before(keys[i], keys[(i - 1) // 2], not is_max) for i in range(1, len(keys)))
    row, total, swaps, steps = _initial(keys, is_max, how)
    last = total
    verdict = "是" if fits else "不是"
    steps.append(
        Step(
            f"初始{KINDS[kind]}为 {join(row)}，建堆比较 {total} 次（原序列本身{verdict}{KINDS[kind]}）。",
            picture(row),
            "初始堆",
            {"initial": list(row), "build_comparisons": total, "is_heap": fits, "either_heap": either},
        )
    )
    for key in inserts:
        row.append(key)
        last, path = sift_up(row, len(row) - 1, is_max)
        total, swaps = total + last, swaps + len(path) - 1
        why = f"插入 {key}：放在末尾，向上与双亲比较 {last} 次，交换 {len(path) - 1} 次，得 {join(row)}。"
        steps.append(Step(why, picture(row, path), "插入后向上调整"))
    removed = []
    for _ in range(delete_count):
        removed.append(row[0])
        end = row.pop()
        last, path = 0, []
        if row:
            row[0] = end
            last, path = sift_down(row, 0, len(row), is_max)
        total, swaps = total + last, swaps + max(len(path) - 1, 0)
        why = f"删除堆顶 {removed[-1]}：末尾的 {end} 移到堆顶，向下筛选比较 {last} 次，得 {join(row) or '空堆'}。"
        steps.append(Step(why, picture(row, path), "删除后向下调整"))
    steps.append(
        Step(
            f"最后的堆为 {join(row) or '空堆'}；共比较 {total} 次、交换 {swaps} 次，最后一次操作比较 {last} 次。",
            gives={
                "heap": row,
                "last_comparisons": last,
                "comparisons": total,
                "swaps": swaps,
                "removed": removed,
            },
        )
    )
    return Solution(steps, ["向下筛选时先比较两个孩子，再与双亲比较；相等时不交换"])


def _initial(keys: list[int], is_max: bool, how: str) -> tuple[list[int], int, int, list[Step]]:
    """Return the heap, comparisons, exchanges and steps of the building."""
    row = list(keys)
    comparisons = swaps = 0
    steps: list[Step] = []
    if how == "sift":
        for at in range(len(row) // 2 - 1, -1, -1):
            key = row[at]
            cost, path = sift_down(row, at, len(row), is_max)
            comparisons, swaps = comparisons + cost, swaps + len(path) - 1
            why = f"筛选第 {at + 1} 个结点 {key}，比较 {cost} 次，下移 {len(path) - 1} 层。"
            steps.append(Step(why, picture(row, path), "从最后一个分支结点起筛选" if at == 0 else ""))
    elif how == "insert":
        row = []
        for key in keys:
            row.append(key)
            cost, path = sift_up(row, len(row) - 1, is_max)
            comparisons, swaps = comparisons + cost, swaps + len(path) - 1
        why = f"依次插入并向上调整，共比较 {comparisons} 次。"
        steps.append(Step(why, picture(row), "逐个插入建堆"))
    return row, comparisons, swaps, steps


def mistakes(keys: list[int], kind: str, how: str, inserts: list[int], delete_count: int) -> Iterator[Mistake]:
    """Yield the other heap, the other building and slips of the comparisons."""
    answer = solve(keys, kind, how, inserts, delete_count).answer
    names = ("heap", "initial", "build_comparisons", "comparisons", "swaps", "last_comparisons")
    if how != "given":
        for why, k, h in (
            ("大根堆与小根堆混淆", "min" if kind == "max" else "max", how),
            ("建堆的方法混淆（筛选与逐个插入）", kind, "insert" if how == "sift" else "sift"),
        ):
            wrong = solve(keys, k, h, inserts, delete_count).answer
            yield Mistake(why, {name: wrong[name] for name in names})
    last = integer(answer["last_comparisons"])
    yield Mistake("筛选时漏了两个孩子之间的比较", {"last_comparisons": (last + 1) // 2})
    yield Mistake("漏了最后一次不交换的比较", {"last_comparisons": last - 1})
    yield Mistake("多比较了一层", {"last_comparisons": last + 2})
    yield Mistake("只数了交换次数", {"last_comparisons": integer(answer["swaps"]), "comparisons": answer["swaps"]})
    row = integers(answer["heap"])
    for i in range(len(row) - 1, 0, -1):
        swapped = list(row)
        swapped[i], swapped[(i - 1) // 2] = swapped[(i - 1) // 2], swapped[i]
        yield Mistake(f"第 {i + 1} 个结点没有调整到位", {"heap": swapped})
    yield Mistake("把排好序的序列当作堆", {"heap": sorted(row, reverse=kind == "max")})
    if inserts or delete_count:
        rest = [k for k in [*integers(answer["initial"]), *inserts] if k not in integers(answer["removed"])]
        build(rest, kind == "max")
        yield Mistake("不做局部调整，把余下的关键字重新建堆", {"heap": rest})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a heap to insert into or delete from, or a sequence to build from."""
    kind: Kind = rng.choice(["max", "min"])
    keys = rng.sample(range(1, 99), 6 + difficulty)
    if difficulty < 3:
        stem = f"将序列 {join(keys)} 自底向上调整为{KINDS[kind]}，得到的堆是（ ）。"
        return Draft(stem, {"keys": keys, "kind": kind}, "heap")
    build(keys, kind == "max")
    args: dict[str, object] = {"keys": keys, "kind": kind, "how": "given"}
    ask = rng.choice(["heap", "last_comparisons"])
    name = "得到的堆是" if ask == "heap" else "关键字之间的比较次数是"
    if rng.random() < 0.5:
        return Draft(
            f"已知{KINDS[kind]} {join(keys)}，删除堆顶后重新调整，{name}（ ）。", {**args, "delete_count": 1}, ask
        )
    key = rng.choice([k for k in range(1, 99) if k not in keys])
    return Draft(f"已知{KINDS[kind]} {join(keys)}，插入 {key} 后调整，{name}（ ）。", {**args, "inserts": [key]}, ask)
