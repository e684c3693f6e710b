"""How questions about graphs word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, flag, integer, num, pick, text, words
from assistant408.tutor.hints.ds_shared import N
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import edges

__all__ = ["ASKS", "HINTS", "SIGNS"]

UNDIRECTED = flag("有向|<", "无向")

VERTEX = r"([A-Za-z]\w?|\d{1,2})"

SOURCE = text(
    rf"(?:从|源点(?:为|是)?|起点(?:为|是)?|以)\s?(?:顶点|结点)?\s?{VERTEX}\s?(?:出发|到|为源|为起|开始|,|。|用|的|求|$)",
    rf"源点?(?:为|是|:)?\s?(?:顶点)?\s?{VERTEX}",
    rf"(?:求|顶点|结点)\s?(?:顶点)?\s?{VERTEX}\s?到\s?(?:顶点)?\s?(?:{VERTEX}|其)",
)

END = text(rf"到\s?(?:顶点|结点)?\s?{VERTEX}(?![A-Za-z\d]|\s?[)>])")


def _activities(r: Reader) -> list[dict[str, Any]] | None:
    named: list[dict[str, Any]] | None = edges(named="name", weight="duration")(r)
    if named is not None:
        return named
    plain: list[dict[str, Any]] | None = edges(weight="duration")(r)
    return (
        [
            {"name": f"<{row['u']},{row['v']}>" if search(r"活动\s?[<(]", r.text) else f"a{i}", **row}
            for i, row in enumerate(plain, 1)
        ]
        if plain
        else None
    )


def _listed(r: Reader) -> list[dict[str, Any]] | None:
    """Edges without weights: named, from an adjacency list (``A:B,C;B:A``), or from an adjacency matrix of 0 and 1."""
    found = _neighbours(r)
    if found is None:
        found = _matrix(r)
    return found if found is not None else edges(False)(r)


def _neighbours(r: Reader) -> list[dict[str, Any]] | None:
    if not search("邻接", r.text):
        return None
    rows = list(
        finditer(
            rf"(?<![A-Za-z\d]){VERTEX}\s?(?::|->|→|的邻接点(?:依次)?(?:为|是|:))\s?((?:{VERTEX[1:-1]})(?:\s?(?:,|、|->|→)\s?(?:{VERTEX[1:-1]}))*)",
            r.text,
        )
    )
    if len(rows) < 3:
        return None
    out: list[dict[str, Any]] = []
    for m in rows:
        r.take(*m.span())
        out += [{"u": m[1], "v": v} for v in re.findall(r"[A-Za-z]\w?|\d+", m[2])]
    if search("有向", r.text) and not search("无向", r.text):
        return out
    seen: list[dict[str, Any]] = []
    for row in out:
        if {"u": row["v"], "v": row["u"]} not in seen:
            seen.append(row)
    return seen


def _matrix(r: Reader) -> list[dict[str, Any]] | None:
    """Vertices are named 1, 2, … or by the names the text gives in their order."""
    m = search(r"(?:\[\s?(?:[01]\s?,?\s?){3,}\]\s?[,;、]?\s?){3,}", r.text) or search(
        r"(?:(?<![\d,])(?:[01][ ,]){2,}[01]\s?[;\n]\s?){2,}(?:[01][ ,]){2,}[01]", r.text
    )
    if not m:
        return None
    rows = [re.findall(r"[01]", part) for part in re.split(r"[\];\n]", m[0])]
    rows = [row for row in rows if row]
    if any(len(row) != len(rows) for row in rows):
        return None
    r.take(*m.span())
    names = r.words_after(["顶点(?:集|依次)?"], len(rows)) or []
    if len(names) != len(rows):
        names = [str(k) for k in range(1, len(rows) + 1)]
    directed = rows != [list(column) for column in zip(*rows, strict=True)] or search("有向", r.text) is not None
    return [
        {"u": names[i], "v": names[j]}
        for i, row in enumerate(rows)
        for j, x in enumerate(row)
        if x == "1" and (directed or i < j)
    ]


HINTS: dict[str, dict[str, Hint]] = {
    "ds.critical_path": {"activities": _activities},
    "ds.dijkstra": {"edges": edges(), "source": SOURCE, "target": END, "directed": UNDIRECTED},
    "ds.floyd": {
        "after": integer(rf"前\s?{N}\s?个(?:顶点)?", r"A\^?\(?(\d)\)?\s?矩阵"),
        "edges": edges(),
        "source": text(rf"(?:从|顶点)\s?(?:顶点)?\s?{VERTEX}\s?到"),
        "target": END,
        "directed": UNDIRECTED,
    },
    "ds.graph_bounds": {
        "vertices": num("顶点数|顶点", before=["个?(?:顶点|结点)"]),
        "edges": num("边数", before=["条?(?:边|弧)"]),
    },
    "ds.graph_traversal": {
        "edges": _listed,
        "candidate": words("(?:序列|能否为|是否为|判断)", least=4),
        "start": SOURCE,
        "directed": flag("有向|<", "无向"),
        "order": pick(
            {"listed": "按(?:边|邻接表)(?:给出)?|表中次序|邻接点(?:依次)?(?:为|是)|邻接表[^。]{0,20}(?:如下|依次|:)"}
        ),
    },
    "ds.mst": {"edges": edges(), "start": SOURCE},
    "ds.vertex_degrees": {"edges": _listed, "directed": flag("有向|<", "无向")},
    "ds.topological_sort": {"arcs": _listed, "candidate": words("序列", least=4)},
}
ASKS: dict[str, dict[str, str]] = {
    "ds.critical_path": {
        "slack": "余量|时差|松弛",
        "shorten_pairs": "同时(?:加快|缩短|压缩)",
        "shorten": "缩短(?:整个)?工(?:期|程)|加快",
        "critical_paths": "关键路径(?:是|为|有)",
        "critical": "关键活动",
        "duration": "最短(?:时间|工期)|工期|最早完工|多少(?:天|时间)|关键路径(?:的)?长度",
        "ve": "事件[^,。]{0,8}最早",
        "vl": "事件[^,。]{0,8}最[迟晚]",
        "earliest": "最早开始|活动[^,。]{0,10}最早",
        "latest": "最[迟晚]开始|活动[^,。]{0,10}最[迟晚]",
    },
    "ds.dijkstra": {
        "round": "第几",
        "order": "依次(?:求|得|确定|产生)|次序|顺序",
        "distances": "各(?:个)?顶点|其(?:余|他)各?顶点",
        "path": "最短路径(?:是|为|上)",
        "distance": "长度|距离",
    },
    "ds.floyd": {
        "matrix_after": "(?:中间|中转)(?:点|顶点)?.{0,8}(?:矩阵)|A\\^?\\(\\d\\)",
        "matrix": "矩阵",
        "distance": "长度|距离",
        "path": "路径(?:是|为)",
    },
    "ds.graph_bounds": {
        "ensure_edges": "@任何情况|保证|确保|一定连通|必(?:定|然)?连通",
        "disconnected_vertices": "非连通[^。]{0,20}顶点|顶点[^,。]{0,8}(?:至少|最少)",
        "strong_arcs": "强连通",
        "max_arcs": "有向完全图|有向图[^。]{0,16}(?:最多|至多)|(?:最多|至多)[^,。]{0,6}弧",
        "max_edges": "(?:最多|至多)[^,。]{0,6}边|(?<!有向)完全图",
        "connected_edges": "(?:最少|至少)[^,。]{0,8}边|边[^,。]{0,8}(?:最少|至少)",
        "max_components": "(?:最多|至多)[^,。]{0,6}连通分量|连通分量[^,。]{0,6}(?:最多|至多)",
        "min_components": "(?:最少|至少)[^,。]{0,6}连通分量|连通分量[^,。]{0,6}(?:最少|至少)",
    },
    "ds.graph_traversal": {
        "dfs_count": "@(?:深度|DFS)[^。]{0,40}(?:多少|几|个数|数目|种数)",
        "bfs_count": "@(?:广度|BFS)[^。]{0,40}(?:多少|几|个数|数目|种数)",
        "dfs_valid": "(?:是否|能否|是不是)[^。]{0,10}(?:深度|DFS)",
        "bfs_valid": "(?:是否|能否|是不是)[^。]{0,10}(?:广度|BFS)",
        "dfs": "深度优先|DFS",
        "bfs": "广度优先|BFS",
        "components": "连通分量|几次",
    },
    "ds.mst": {
        "weight": "代价|权值?之?和|总权|最小权|权(?:为|是)",
        "unique": "唯一",
        "kruskal_edges": "Kruskal|克鲁斯卡尔",
        "prim_edges": "Prim|普里姆",
    },
    "ds.vertex_degrees": {
        "out_degrees": "出度",
        "in_degrees": "入度",
        "two_step": "长度为 ?2",
        "degrees": "度",
        "edges": "边|弧",
    },
    "ds.topological_sort": {
        "count": "(?:多少|几)[种个]|个数|数目",
        "valid": "是否|能否|是不是",
        "acyclic": "(?:环|回路)",
        "order": "拓扑序列",
    },
}
SIGNS: dict[str, str] = {
    "ds.critical_path": "AOE|关键(?:路径|活动)|工期",
    "ds.dijkstra": "[Dd]ijkstra|迪杰斯特拉|迪克斯特拉|单源最短",
    "ds.floyd": "[Ff]loyd|弗洛伊德|(?:每|各)对顶点",
    "ds.graph_bounds": "(?:个顶点|条边)[^。]{0,16}(?:连通|无向图|有向图)|(?:无向|连通|简单)图[^。]{0,16}(?:个顶点|条边)",
    "ds.graph_traversal": "(?:深度|广度)优先|DFS|BFS",
    "ds.mst": "最小(?:生成|代价生成|支撑)树|[Pp]rim|[Kk]ruskal|普里姆|克鲁斯卡尔",
    "ds.vertex_degrees": "邻接(?:矩阵|表)[^?]*(?:度|长度为 ?2)|各(?:个)?顶点(?:的)?(?:入|出)?度",
    "ds.topological_sort": "拓扑",
}
