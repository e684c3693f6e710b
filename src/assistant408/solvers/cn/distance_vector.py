"""Distance vectors (距离向量算法): a router's new vector from those of all its neighbours."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["Neighbour", "solve"]


@dataclass(frozen=True)
class Neighbour:
    """A neighbour, and the cost of the link to it."""

    name: Annotated[str, Param("相邻结点", min_len=1, max_len=20)]
    cost: Annotated[int, Param("链路费用", "到该相邻结点的距离或时延", min=0, max=10**6)]


@solver(
    "cn.distance_vector",
    title="距离向量的合并",
    summary="给出某路由器到各相邻结点的链路费用（距离、时延）和各相邻结点发来的距离向量，求它到所有结点的最短距离和下一跳。",
    syllabus=("cn.network.distance-vector",),
    keywords=(
        "距离向量",
        "Bellman-Ford",
        "相邻结点",
        "矢量",
        "链路费用",
        "时延",
        "最短距离",
        "输出线路",
        "距离矢量路由",
    ),
    answers={
        "distances": Out("到各结点的距离"),
        "next_hops": Out("到各结点的下一跳"),
        "distance": Out("到指定结点的距离"),
        "next_hop": Out("到指定结点的下一跳"),
    },
    examples=(
        {
            "router": "C",
            "nodes": ["A", "B", "C", "D", "E", "F"],
            "neighbours": [{"name": "B", "cost": 6}, {"name": "D", "cost": 3}, {"name": "E", "cost": 5}],
            "vectors": [[5, 0, 8, 12, 6, 2], [16, 12, 6, 0, 9, 10], [7, 6, 3, 9, 0, 4]],
        },
    ),
)
def solve(
    router: Annotated[str, Param("本路由器", "如 C", min_len=1, max_len=20)],
    nodes: Annotated[list[str], Param("结点次序", "各向量中结点的次序，如 A,B,C,D,E,F", min_len=2, max_len=50)],
    neighbours: Annotated[list[Neighbour], Param("相邻结点", "结点:链路费用，如 B:6, D:3", min_len=1, max_len=20)],
    vectors: Annotated[
        list[list[int]],
        Param("各相邻结点的距离向量", "每行一个相邻结点，次序同上，按结点次序写距离", min=0, max=10**9, max_len=50),
    ],
    focus: Annotated[str | None, Param("要问的结点", "不填为第一个其他结点")] = None,
) -> Solution:
    """Compute a distance vector by Bellman and Ford's equation (距离向量算法).

    Args:
        router: the router that computes.
        nodes: all nodes, in the order of the vectors.
        neighbours: neighbours and link costs.
        vectors: for each neighbour its distances to `nodes`.
        focus: the node that `distance` and `next_hop` tell.

    Returns:
        `distances` and `next_hops` by node, the router itself at 0; `distance`, `next_hop`.

    Raises:
        InputError: lengths that don't agree, or unknown or repeated nodes.

    Examples:
        >>> near = [Neighbour("B", 6), Neighbour("D", 3), Neighbour("E", 5)]
        >>> vectors = [[5, 0, 8, 12, 6, 2], [16, 12, 6, 0, 9, 10], [7, 6, 3, 9, 0, 4]]
        >>> solve("C", list("ABCDEF"), near, vectors).answer["distances"]
        {'A': 11, 'B': 6, 'C': 0, 'D': 3, 'E': 5, 'F': 8}
        >>> solve("A", ["A", "B"], [Neighbour("B", 1)], [[1, 0]]).answer["next_hop"]
        'B'
        >>> solve("A", ["A", "B", "C"], [Neighbour("B", 1), Neighbour("C", 1)], [[1, 0, 0], [1, 0, 0]], "B").answer[
        ...     "next_hop"]  # a tie goes to the neighbour named first
        'B'

    Conventions:
        Ties go to the neighbour named first.

    Source:
        Tanenbaum, Computer Networks, 5e, §5.2.4; 谢希仁《计算机网络》第8版 §4.5.2.
    """
    target = _check(router, nodes, neighbours, vectors, focus)
    costs = [n.cost for n in neighbours]
    best = {node: _best(i, costs, vectors) for i, node in enumerate(nodes) if node != router}
    steps = [_node_step(node, nodes.index(node), neighbours, vectors, best[node]) for node in best]
    distances = {node: 0 if node == router else best[node][0] for node in nodes}
    hops = {node: "—" if node == router else neighbours[best[node][1]].name for node in nodes}
    columns = ["目的", *(f"经 {n.name}" for n in neighbours), "距离", "下一跳"]
    rows: list[list[Cell]] = []
    marks = []
    for i, node in enumerate(nodes):
        through: list[Cell] = [n.cost + v[i] for n, v in zip(neighbours, vectors, strict=True)]
        rows.append([node, *through, distances[node], hops[node]])
        if node != router:
            marks.append((i, best[node][1] + 1))
    steps.append(
        Step(
            f"{router} 的新距离向量为 ({', '.join(str(d) for d in distances.values())})。",
            Table(columns, rows, marks),
            credit="写出新的距离向量",
            gives={
                "distances": dict(distances),
                "next_hops": dict(hops),
                "distance": distances[target],
                "next_hop": hops[target],
            },
        )
    )
    return Solution(steps, ["距离相等时取写在前面的相邻结点"])


def _check(
    router: str,
    nodes: Sequence[str],
    neighbours: Sequence[Neighbour],
    vectors: Sequence[Sequence[int]],
    focus: str | None,
) -> str:
    if len(set(nodes)) < len(nodes) or router not in nodes:
        raise InputError(f"结点次序 {nodes!r} 不合要求：不能重复，且应含本路由器 {router}。")
    for n in neighbours:
        if n.name not in nodes or n.name == router:
            raise InputError(f"相邻结点 {n.name!r} 应为 {joined([x for x in nodes if x != router])} 之一。")
    if len(vectors) != len(neighbours) or any(len(v) != len(nodes) for v in vectors):
        sizes = [len(v) for v in vectors]
        raise InputError(f"距离向量的长度 {sizes!r} 不合要求：应有 {len(neighbours)} 行，每行 {len(nodes)} 个距离。")
    target = focus or next(n for n in nodes if n != router)
    if target not in nodes:
        raise InputError(f"结点 {target!r} 不存在，应为 {joined(nodes)} 之一。")
    return target


def _best(i: int, costs: Sequence[int], vectors: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The least distance to node `i` and the place of the neighbour that gives it."""
    return min((cost + v[i], k) for k, (cost, v) in enumerate(zip(costs, vectors, strict=True)))


def _node_step(
    node: str,
    i: int,
    neighbours: Sequence[Neighbour],
    vectors: Sequence[Sequence[int]],
    best: tuple[int, int],
) -> Step:
    terms = ", ".join(f"{n.cost}+{v[i]}" for n, v in zip(neighbours, vectors, strict=True))
    return Step(
        f"到 {node}：$\\min({terms})={best[0]}$，下一跳 {neighbours[best[1]].name}。", credit="比较经各相邻结点的距离"
    )


def mistakes(
    router: str, nodes: list[str], neighbours: list[Neighbour], vectors: list[list[int]], focus: str | None
) -> Iterator[Mistake]:
    """Misconceptions: the link forgotten, the nearest neighbour for all, hops in place of costs."""
    target = _check(router, nodes, neighbours, vectors, focus)
    i = nodes.index(target)
    costs = [n.cost for n in neighbours]

    def gives(best: tuple[int, int]) -> dict[str, int | str]:
        return {"distance": best[0], "next_hop": neighbours[best[1]].name}

    def whole(weights: Sequence[int]) -> dict[str, int | str | dict[str, int]]:
        found = {n: 0 if n == router else _best(k, weights, vectors)[0] for k, n in enumerate(nodes)}
        return {**gives(_best(i, weights, vectors)), "distances": found}

    yield Mistake("没有加上到相邻结点的链路费用", whole([0] * len(costs)))
    yield Mistake("每段链路按 1 跳计算", whole([1] * len(costs)))
    nearest = costs.index(min(costs))
    yield Mistake("总是经费用最小的相邻结点", gives((costs[nearest] + vectors[nearest][i], nearest)))
    yield Mistake("链路费用加了两次", whole([2 * c for c in costs]))
    yield Mistake("每段链路又多算 1 跳", whole([c + 1 for c in costs]))
    worst = max((c + v[i], k) for k, (c, v) in enumerate(zip(costs, vectors, strict=True)))
    yield Mistake("取了最大值", gives(worst))
    for k, n in enumerate(neighbours):
        yield Mistake(f"取了经 {n.name} 的路径", gives((costs[k] + vectors[k][i], k)))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Vectors of a real network, so that they make sense."""
    size = 4 + difficulty // 2
    nodes = list("ABCDEF")[:size]
    far = 99
    cost = [[0 if a == b else far for b in range(size)] for a in range(size)]
    for a in range(size):
        for b in {(a + 1) % size, (a + 2) % size} - {a}:
            cost[a][b] = cost[b][a] = rng.randint(1, 12)
    dist = [row[:] for row in cost]
    for k in range(size):
        for a in range(size):
            for b in range(size):
                dist[a][b] = min(dist[a][b], dist[a][k] + dist[k][b])
    me = rng.randrange(size)
    near = [b for b in range(size) if b != me and cost[me][b] < far][: 2 + difficulty // 3]
    neighbours = [Neighbour(nodes[b], rng.randint(1, 9)) for b in near]
    target = rng.choice([b for b in range(size) if b != me])
    shown = "；".join(f"来自 {nodes[b]}：({', '.join(map(str, dist[b]))})" for b in near)
    links = "、".join(f"到 {n.name} 为 {n.cost}" for n in neighbours)
    ask, what = ("distance", "最短距离") if difficulty < 4 else ("next_hop", "最短路径的下一跳")
    stem = (
        f"某网络采用距离向量路由选择算法。路由器 {nodes[me]} 刚收到相邻结点的距离向量，依次列出到 {joined(nodes)} 的距离：{shown}。"
        f"{nodes[me]} 测得的链路费用{links}，则 {nodes[me]} 到 {nodes[target]} 的{what}是（ ）。"
    )
    args = {
        **{"router": nodes[me], "nodes": nodes, "neighbours": neighbours},
        **{"vectors": [dist[b] for b in near], "focus": nodes[target]},
    }
    return Draft(stem, args, ask)
