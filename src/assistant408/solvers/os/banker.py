"""The banker's algorithm (银行家算法): safety check with all safe sequences, and a request."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import permutations
from math import factorial
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import joined

__all__ = ["solve"]

Vector = Sequence[int]
Matrix = Sequence[Vector]
MAX_LISTED = 200


@solver(
    "os.banker",
    title="银行家算法",
    summary="给出各进程的已分配、最大需求（或尚需）矩阵和可用（或总）资源向量，检查系统是否安全，"
    "求所有安全序列，或判断某进程的资源请求能否满足。",
    syllabus=("os.deadlock.banker", "os.deadlock.safe-state"),
    keywords=(
        *("银行家算法", "安全序列", "安全状态", "不安全状态", "死锁避免", "Allocation", "Need", "Available"),
        *("Max", "最大需求", "已分配", "尚需资源", "剩余资源", "资源请求"),
    ),
    answers={
        "safe": Out("是否安全"),
        "sequence": Out("一个安全序列"),
        "count": Out("安全序列的个数", "个"),
        "sequences": Out("全部安全序列"),
        "need": Out("需求矩阵 Need"),
        "available": Out("可用资源向量"),
        "granted": Out("请求能否满足"),
    },
    examples=(
        {
            "allocation": [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]],
            "maximum": [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]],
            "available": [3, 3, 2],
        },
    ),
)
def solve(
    allocation: Annotated[
        list[list[int]],
        Param("已分配矩阵", "每行一个进程，行间用分号，如 0 1 0; 2 0 0", min=0, min_len=1, max_len=10),
    ],
    maximum: Annotated[
        list[list[int]] | None, Param("最大需求矩阵", "与尚需矩阵二者给一个", min=0, min_len=1, max_len=10)
    ] = None,
    need: Annotated[
        list[list[int]] | None, Param("尚需矩阵", "与最大需求矩阵二者给一个", min=0, min_len=1, max_len=10)
    ] = None,
    available: Annotated[
        list[int] | None, Param("可用资源", "各类资源的剩余数，与资源总数二者给一个", min=0, max_len=10)
    ] = None,
    total: Annotated[
        list[int] | None, Param("资源总数", "各类资源的总数，与可用资源二者给一个", min=0, max_len=10)
    ] = None,
    process: Annotated[int | None, Param("请求的进程号", "判断请求时给出，按首个编号计", min=0, max=10)] = None,
    request: Annotated[list[int] | None, Param("请求向量", "判断请求时给出", min=0, max_len=10)] = None,
    first_index: Annotated[int, Param("首个进程的编号", "P0 起写 0，P1 起写 1", min=0, max=1)] = 0,
) -> Solution:
    """Check safety, or a request, by the banker's algorithm (银行家算法).

    Args:
        allocation: one row for each of 1 to 10 processes, one column a resource class.
        maximum, need: the greatest or the outstanding claim, of the same shape; one of them.
        available, total: free resources, or all of them; one of the two.
        process: number of the process that asks, counted from `first_index`.
        request: what it asks for.
        first_index: number of the first process, 0 or 1.

    Returns:
        `safe`; if safe `sequence` (the least safe sequence in order of numbers), `count` of safe sequences
        and, up to 200 of them, `sequences`; `need`; `available`. With a request also `granted`, and the others
        then describe the state after it (`safe` is left out where the request fails before the safety check).

    Raises:
        InputError: shapes that differ, a claim below the allocation, more allocated than there is.

    Examples:
        >>> held, most = [[1, 0], [0, 1]], [[1, 1], [1, 2]]
        >>> solve(held, most, available=[0, 1]).answer["sequence"]
        'P0→P1'
        >>> solve(held, most, available=[0, 0]).answer["safe"]
        False
        >>> solve([[0], [0]], [[1], [1]], available=[1]).answer["sequences"]  # both orders are safe
        ['P0→P1', 'P1→P0']
        >>> solve(held, most, available=[0, 1], process=1, request=[0, 1]).answer["granted"]
        False

    Conventions:
        A process that gets all it needs ends and gives everything back. Among processes that can go on, the one of
        the lowest number is taken first.

    Source:
        汤小丹《计算机操作系统》第3章 §银行家算法; Silberschatz, Operating System Concepts, 10e, §8.6.3.
    """
    held: Matrix = allocation
    claim = _need(allocation, maximum, need)
    free = _free(allocation, available, total)
    names = [f"P{first_index + i}" for i in range(len(allocation))]
    steps = [
        Step(
            "$Need=Max-Allocation$，可用资源 = 总数 − 各进程已分配之和。",
            _state_table(names, held, claim, free),
            credit="求出 Need 与 Available",
            gives={"need": [list(r) for r in claim], "available": list(free)},
        )
    ]
    conventions = ["几个进程都能满足时，先取编号小的", "进程得到全部所需资源后运行完，归还全部资源"]
    if request is None and process is None:
        steps += _safety_steps(names, held, claim, free)
        return Solution(steps, conventions)
    who = _who(process, request, first_index, len(allocation), len(free))
    asked = request or []
    refusal = _refusal(names[who], asked, claim[who], free)
    if refusal:
        steps.append(Step(refusal, credit="比较 Request 与 Need、Available", gives={"granted": False}))
        return Solution(steps, conventions)
    free = _minus(free, asked)
    held = [_plus(r, asked) if i == who else r for i, r in enumerate(held)]
    claim = [_minus(r, asked) if i == who else r for i, r in enumerate(claim)]
    steps.append(
        Step(
            f"$Request={_v(asked)}$ 不超过 Need 与 Available，试分配给 {names[who]}，"
            f"可用资源变为 ${_v(free)}$，再检查安全性。",
            _state_table(names, held, claim, free, marked=who),
            credit="试分配并修改三个数据结构",
            gives={"need": [list(r) for r in claim], "available": list(free)},
        )
    )
    steps += _safety_steps(names, held, claim, free)
    safe = bool(_count(held, claim, free))
    verdict = "存在安全序列，可以满足请求" if safe else "试分配后不安全，恢复原状，不能满足请求"
    steps.append(Step(f"{verdict}。", credit="请求的结论", gives={"granted": safe}))
    return Solution(steps, conventions)


def _need(allocation: Matrix, maximum: Matrix | None, need: Matrix | None) -> Matrix:
    if (maximum is None) == (need is None):
        raise InputError("最大需求矩阵 maximum 与尚需矩阵 need 应给出其中一个，请补上或删去一个。")
    given = maximum if maximum is not None else need or []
    widths = {len(row) for row in [*allocation, *given]}
    if len(given) != len(allocation) or len(widths) != 1 or widths == {0}:
        raise InputError(f"矩阵的形状不同：已分配有 {len(allocation)} 行，需求有 {len(given)} 行，各行应一样长。")
    if need is not None:
        return need
    for i, (most, held) in enumerate(zip(given, allocation, strict=True)):
        if not _fits(held, most):
            raise InputError(f"第 {i + 1} 行的已分配 {list(held)!r} 超过最大需求 {list(most)!r}，请核对。")
    return [_minus(most, held) for most, held in zip(given, allocation, strict=True)]


def _free(allocation: Matrix, available: Vector | None, total: Vector | None) -> Vector:
    if (available is None) == (total is None):
        raise InputError("可用资源 available 与资源总数 total 应给出其中一个，请补上或删去一个。")
    given = available if available is not None else total or []
    if len(given) != len(allocation[0]):
        raise InputError(f"资源向量 {list(given)!r} 应有 {len(allocation[0])} 项，与矩阵的列数相同。")
    if available is not None:
        return available
    held = [sum(column) for column in zip(*allocation, strict=True)]
    if not _fits(held, given):
        raise InputError(f"已分配之和 {held!r} 超过资源总数 {list(given)!r}，请核对。")
    return _minus(given, held)


def _who(process: int | None, request: Vector | None, first: int, processes: int, classes: int) -> int:
    if process is None or request is None:
        raise InputError("判断请求要同时给出请求的进程号 process 和请求向量 request，请补上。")
    if not first <= process < first + processes:
        raise InputError(f"进程号 {process!r} 不存在，应在 {first} 到 {first + processes - 1} 之间。")
    if len(request) != classes:
        raise InputError(f"请求向量 {list(request)!r} 应有 {classes} 项，与资源种类数相同。")
    return process - first


def _refusal(name: str, request: Vector, need: Vector, free: Vector) -> str:
    if not _fits(request, need):
        return f"$Request={_v(request)}$ 超过 {name} 的 $Need={_v(need)}$，请求不合法，拒绝。"
    if not _fits(request, free):
        return f"$Request={_v(request)}$ 超过 $Available={_v(free)}$，资源不够，{name} 等待。"
    return ""


def _safety_steps(names: Sequence[str], allocation: Matrix, need: Matrix, free: Vector) -> Iterator[Step]:
    """Give the steps of the safety check that takes the lowest number first, then the count."""
    work, done = list(free), list[int]()
    rows: list[list[str]] = []
    while True:
        able = [i for i in range(len(names)) if i not in done and _fits(need[i], work)]
        if not able:
            break
        i = able[0]
        after = _plus(work, allocation[i])
        rows.append([names[i], _v(work), _v(need[i]), _v(allocation[i]), _v(after)])
        yield Step(
            f"$Work={_v(work)}$ 能满足 {names[i]} 的 $Need={_v(need[i])}$，"
            f"{names[i]} 运行完归还 ${_v(allocation[i])}$，$Work={_v(after)}$。",
            Table(["进程", "Work", "Need", "Allocation", "Work+Allocation"], list(rows), [(len(rows) - 1, 4)]),
            credit="每一步的 Work 与 Need 比较",
        )
        work, done = after, [*done, i]
    left = [names[i] for i in range(len(names)) if i not in done]
    if left:
        yield Step(
            f"$Work={_v(work)}$ 不能满足 {joined(left)} 中任何一个，找不到安全序列，系统处于不安全状态。",
            credit="不安全的结论",
            gives={"safe": False, "count": 0},
        )
        return
    count = _count(allocation, need, free)
    listed = _sequences(names, allocation, need, free) if count <= MAX_LISTED else None
    yield Step(
        f"所有进程都能完成，{'→'.join(names[i] for i in done)} 是安全序列，系统安全。"
        f"逐步枚举每一次可选的进程，共有 {count} 个安全序列。",
        Table(["安全序列"], [[s] for s in listed]) if listed else None,
        credit="写出安全序列",
        gives={
            "safe": True,
            "sequence": "→".join(names[i] for i in done),
            "count": count,
            **({"sequences": listed} if listed else {}),
        },
    )


def _count(allocation: Matrix, need: Matrix, free: Vector) -> int:
    """Count the safe sequences over the sets of finished processes."""
    everyone = frozenset(range(len(need)))
    ways = {frozenset[int](): 1}
    for _ in everyone:
        after: dict[frozenset[int], int] = {}
        for done, count in ways.items():
            work = _work(allocation, free, done)
            for i in everyone - done:
                if _fits(need[i], work):
                    after[done | {i}] = after.get(done | {i}, 0) + count
        ways = after
    return ways.get(everyone, 0)


def _sequences(names: Sequence[str], allocation: Matrix, need: Matrix, free: Vector) -> list[str]:
    """List the safe sequences in order of process numbers."""
    out: list[str] = []

    def extend(order: tuple[int, ...]) -> None:
        if len(order) == len(names):
            out.append("→".join(names[i] for i in order))
        work = _work(allocation, free, order)
        for i in range(len(names)):
            if i not in order and _fits(need[i], work):
                extend((*order, i))

    extend(())
    return out


def _work(allocation: Matrix, free: Vector, done: Sequence[int] | frozenset[int]) -> Vector:
    return [f + sum(allocation[i][j] for i in done) for j, f in enumerate(free)]


def _fits(a: Vector, b: Vector) -> bool:
    return all(x <= y for x, y in zip(a, b, strict=True))


def _plus(a: Vector, b: Vector) -> list[int]:
    return [x + y for x, y in zip(a, b, strict=True)]


def _minus(a: Vector, b: Vector) -> list[int]:
    return [x - y for x, y in zip(a, b, strict=True)]


def _v(vector: Vector) -> str:
    return "(" + ",".join(map(str, vector)) + ")"


def _state_table(
    names: Sequence[str], allocation: Matrix, need: Matrix, free: Vector, marked: int | None = None
) -> Table:
    rows = [[n, _v(a), _v(d), ""] for n, a, d in zip(names, allocation, need, strict=True)]
    rows[0][3] = _v(free)
    marks = [] if marked is None else [(marked, 1), (marked, 2), (0, 3)]
    return Table(["进程", "Allocation", "Need", "Available"], rows, marks)


def mistakes(
    allocation: list[list[int]],
    maximum: list[list[int]] | None,
    need: list[list[int]] | None,
    available: list[int] | None,
    total: list[int] | None,
    process: int | None,
    request: list[int] | None,
    first_index: int,
) -> Iterator[Mistake]:
    """Misconceptions: nothing given back, Max compared instead of Need, order by number; unsafe sequences."""
    if process is not None or request is not None:
        return
    outstanding = _need(allocation, maximum, need)
    free = _free(allocation, available, total)
    n = len(allocation)
    names = [f"P{first_index + i}" for i in range(n)]
    count = _count(allocation, outstanding, free)
    kept = _count([[0] * len(free)] * n, outstanding, free)
    claims = [_plus(d, a) for d, a in zip(outstanding, allocation, strict=True)]
    yield Mistake("进程完成后没有归还资源", {"count": kept})
    yield Mistake("用最大需求 Max 与 Work 比较", {"count": _count(allocation, claims, free)})
    yield Mistake("认为任何次序都安全", {"count": factorial(n)})
    yield Mistake("只找到一个安全序列就停止", {"count": 1})
    yield Mistake("漏数一个安全序列", {"count": max(0, count - 1)})
    if n > 6:
        return
    unsafe = []
    for order in permutations(range(n)):
        able = (_able(i, order[:k], allocation, outstanding, free) for k, i in enumerate(order))
        stuck = next((k for k, can in enumerate(able) if not can), n)
        if stuck < n:
            unsafe.append((order, names[order[stuck]]))
    for order, name in unsafe[:: max(1, len(unsafe) // 6)]:
        why = f"没有发现 {name} 的 Need 此时大于 Work"
        yield Mistake(why, {"sequence": "→".join(names[i] for i in order)})


def _able(i: int, done: Sequence[int], allocation: Matrix, need: Matrix, free: Vector) -> bool:
    return _fits(need[i], _work(allocation, free, done))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw states until one is safe with few safe sequences."""
    n, m = (4, 2) if difficulty < 3 else (5, 3)
    while True:
        allocation = [[rng.randint(0, 3) for _ in range(m)] for _ in range(n)]
        need = [[rng.randint(0, 6) for _ in range(m)] for _ in range(n)]
        free = [rng.randint(1, 4) for _ in range(m)]
        if 1 < _count(allocation, need, free) <= 3 * difficulty + 3:
            break
    ask = "count" if difficulty > 3 else rng.choice(["count", "sequence"])
    rows = "；".join(
        f"P{i} 已分配 {_v(a)}、尚需 {_v(d)}" for i, (a, d) in enumerate(zip(allocation, need, strict=True))
    )
    question = "安全序列的个数" if ask == "count" else "下列序列中的安全序列"
    stem = f"系统有 {m} 类资源，可用资源向量为 {_v(free)}，各进程的资源情况为：{rows}。{question}是（ ）。"
    return Draft(stem, {"allocation": allocation, "need": need, "available": free}, ask)
