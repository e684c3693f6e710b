"""Pointer statements on linked lists: whether they insert or delete as they should (链表的指针操作)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Kind = Literal["single", "double"]
Goal = Literal["insert_after", "insert_before", "delete", "delete_next", "delete_first"]
GOALS = {
    "insert_after": "在 p 之后插入 s",
    "insert_before": "在 p 之前插入 s",
    "delete": "删除 p 所指结点",
    "delete_next": "删除 p 的后继",
    "delete_first": "删除第一个元素",
}
SPELT = {
    "prev": "prior",
    "pre": "prior",
    "llink": "prior",
    "lLink": "prior",
    "rlink": "next",
    "rLink": "next",
    "link": "next",
}
SPELT |= {"precursor": "prior", "front": "prior", "left": "prior", "right": "next", "succ": "next"}
RING = ["H", "a", "P", "b", "c"]  # a circular list with a head node; p points at P


@solver(
    "ds.pointer_ops",
    title="链表的指针操作",
    summary="给出在单链表或双链表上插入、删除结点的语句序列（如 s->next=p->next; p->next=s;），在一个示例链表上逐句执行，判断是否正确，求修改的指针数。",
    syllabus=("ds.list.single", "ds.list.doubly", "ds.list.circular"),
    keywords=("单链表", "双链表", "双向链表", "循环链表", "插入", "删除", "语句序列", "指针", "next", "prior", "操作"),
    answers={
        "valid": Out("语句序列是否正确"),
        "order": Out("执行后从头结点起的结点"),
        "changed": Out("修改的指针数", "个"),
        "reason": Out("理由"),
    },
    examples=(
        {"code": "s->next=p->next; p->next=s;", "goal": "insert_after"},
        {"code": "p->next=s; s->next=p->next;", "goal": "insert_after"},
    ),
)
def solve(
    code: Annotated[str, Param("语句序列", "形如 p->next=s; 的赋值，可含 if 与 free", min_len=3, max_len=500)],
    goal: Annotated[
        Goal,
        Param(
            "目的",
            "insert_after 在 p 后插入 s；insert_before 在 p 前插入；delete 删 p；delete_next 删后继；delete_first 删第一个元素（h 头指针，p 尾指针）",
        ),
    ] = "insert_after",
    kind: Annotated[Kind, Param("链表", "single 单链表；double 双链表（有 prior）")] = "single",
) -> Solution:
    """Carry out pointer statements on a small list, and judge the result (链表的指针操作).

    Args:
        code: assignments such as ``s->next=p->next;``, ``if(p==q) p=h;`` and ``free(q);``.
        goal: what they should do.
        kind: whether nodes have `prior`.

    Returns:
        `valid`, the `order` of the nodes from the head, the number of links `changed`, and the `reason`.

    Raises:
        InputError: a statement of another form.

    Examples:
        >>> solve("s->next=p->next; p->next=s;").answer["valid"], solve("p->next=s; s->next=p->next;").answer["valid"]
        (True, False)
        >>> a = solve("s->prior=p; s->next=p->next; p->next->prior=s; p->next=s;", kind="double").answer
        >>> a["order"], a["changed"]
        (['H', 'a', 'P', 's', 'b', 'c'], 4)

    Conventions:
        The list is circular with a head node H; p points at an inner node P, for `delete_first` p is the rear pointer
        and the list of one element is tried too.

    Source:
        严蔚敏《数据结构（C 语言版）》§2.3; 408 真题 2016、2021.
    """
    statements = _parsed(code)
    trials = [RING] if goal != "delete_first" else [RING, ["H", "a"]]
    rows: list[list[Cell]] = []
    reason, order, changed = "", list(RING), 0
    for ring in trials:
        nodes = _made(ring, kind)
        pointers = {"p": "P", "s": "s", "h": "H", "head": "H", "L": "H", "q": ""}
        if goal == "delete_first":
            pointers["p"] = ring[-1]
        before = {n: dict(links) for n, links in nodes.items()}
        reason = _carried_out(statements, nodes, pointers, rows)
        order = _walk(nodes)
        changed = sum(before[n].get(k) != v for n in nodes for k, v in nodes[n].items())
        reason = reason or _wrong(nodes, _wanted(ring, goal), kind)
        if not reason and goal == "delete_first" and pointers["p"] != (ring[-1] if len(ring) > 2 else "H"):
            reason = f"执行后尾指针 p 指向 {pointers['p']}，不是尾结点"
        if reason:
            break
    verdict = reason or "各指针都正确"
    why = f"在示例链表 {join(RING, '→')}→H（p 指向 {'尾结点' if goal == 'delete_first' else 'P'}）上逐句执行，{GOALS[goal]}：{verdict}。"
    gives: dict[str, Value] = {"valid": not reason, "order": order, "changed": changed, "reason": verdict}
    return Solution([Step(why, Table(["语句", "结果"], rows), "逐句执行", gives)], ["示例为带头结点 H 的循环链表"])


def _parsed(code: str) -> list[tuple[str, str, str]]:
    """Return statements as (condition, left, right); a `free` has no right side."""
    plain = re.sub(r"\s", "", code.translate(str.maketrans("；（）＝", ";()="))).replace("→", "->").replace("－>", "->")
    for name, one in SPELT.items():
        plain = re.sub(rf"->{name}(?!\w)", f"->{one}", plain)
    out = []
    path = r"\w+(?:->(?:next|prior))*"
    for part in plain.split(";"):
        if not part:
            continue
        m = re.fullmatch(rf"(?:if\(({path}[=!]=(?:{path}))\))?({path})=({path})", part)
        freed = re.fullmatch(r"(?:free|delete)\(?(\w+)\)?", part)
        if m:
            out.append((m[1] or "", m[2], m[3]))
        elif freed:
            out.append(("", freed[1], ""))
        else:
            raise InputError(f"语句 {part!r} 不能识别，请写成 p->next=q; 的形式。")
    return out


def _made(ring: list[str], kind: Kind) -> dict[str, dict[str, str]]:
    nodes = {n: {"next": ring[(k + 1) % len(ring)]} for k, n in enumerate(ring)}
    nodes["s"] = {"next": ""}
    if kind == "double":
        for k, n in enumerate(ring):
            nodes[n]["prior"] = ring[k - 1]
        nodes["s"]["prior"] = ""
    return nodes


def _carried_out(
    statements: list[tuple[str, str, str]],
    nodes: dict[str, dict[str, str]],
    pointers: dict[str, str],
    rows: list[list[Cell]],
) -> str:
    """Execute, and return what went wrong, or the empty string."""

    def at(path: str) -> str:
        first, *fields = path.split("->")
        if first == "NULL":
            return ""
        if first not in pointers:
            raise InputError(f"指针 {first!r} 没有说明，只能用 p、s、q、h。")
        node = pointers[first]
        for name in fields:
            if not node or name not in nodes[node]:
                raise LookupError(path)
            node = nodes[node][name]
        return node

    for condition, left, right in statements:
        try:
            if condition:
                a, b = re.split("[=!]=", condition)
                if (at(a) == at(b)) != ("==" in condition):
                    rows.append([f"if({condition})", "条件不成立"])
                    continue
            if not right:
                if any(links.get("next") == at(left) for links in nodes.values()) and at(left) in _walk(nodes):
                    return f"释放了仍在链表中的结点 {at(left)}"
                rows.append([f"free({left})", f"释放 {at(left)}"])
                continue
            value = at(right)
            *path, name = left.split("->")
            if path:
                node = at("->".join(path))
                if not node or name not in nodes[node]:
                    raise LookupError(left)
                nodes[node][name] = value
                rows.append([f"{left}={right}", f"{node}.{name} 指向 {value or 'NULL'}"])
            else:
                pointers[name] = value
                rows.append([f"{left}={right}", f"{name} 指向 {value or 'NULL'}"])
        except LookupError as e:
            return f"{e} 不存在"
    return ""


def _walk(nodes: dict[str, dict[str, str]]) -> list[str]:
    out, node = [], "H"
    while node and node not in out:
        out.append(node)
        node = nodes[node]["next"]
    return out


def _wanted(ring: list[str], goal: Goal) -> list[str]:
    at = ring.index("P") if "P" in ring else 1
    return {
        "insert_after": [*ring[: at + 1], "s", *ring[at + 1 :]],
        "insert_before": [*ring[:at], "s", *ring[at:]],
        "delete": [*ring[:at], *ring[at + 1 :]],
        "delete_next": [*ring[: at + 1], *ring[at + 2 :]],
        "delete_first": [ring[0], *ring[2:]],
    }[goal]


def _wrong(nodes: dict[str, dict[str, str]], wanted: list[str], kind: Kind) -> str:
    """Return which link is not as it should be."""
    for k, n in enumerate(wanted):
        after, before = wanted[(k + 1) % len(wanted)], wanted[k - 1]
        if nodes[n]["next"] != after:
            return f"{n} 的 next 指向 {nodes[n]['next'] or 'NULL'}，应指向 {after}"
        if kind == "double" and nodes[n]["prior"] != before:
            return f"{n} 的 prior 指向 {nodes[n]['prior'] or 'NULL'}，应指向 {before}"
    return ""


def mistakes(code: str, goal: Goal, kind: Kind) -> Iterator[Mistake]:
    """Yield the other verdict, and numbers of links off by one."""
    answer = solve(code, goal, kind).answer
    changed = answer["changed"]
    assert isinstance(changed, int)
    yield Mistake("没有逐句执行，只看语句是否齐全", {"valid": not answer["valid"], "changed": changed + 1})
    yield Mistake("漏数了新结点的指针", {"changed": changed // 2})
    yield Mistake("重复数了被覆盖的指针", {"changed": changed + 2})
    yield Mistake("只数了 next", {"changed": changed - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an insertion, and ask how many links it changes."""
    code, kind = rng.choice(
        [
            ("s->next=p->next; p->next=s;", "single"),
            ("s->prior=p; s->next=p->next; p->next->prior=s; p->next=s;", "double"),
        ]
    )
    name = "双" if kind == "double" else "单"
    stem = f"在{name}链表中 p 所指结点之后插入 s 所指结点，执行 `{code}`，修改的指针个数是（ ）。"
    return Draft(stem, {"code": code, "kind": kind}, "changed")
