"""Tables of processes as questions on scheduling write them: in rows, in columns, in tuples, or as lists in prose."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Free, Reader, as_size
from assistant408.tutor.quantity import Quantity, plain_number, quantities, search
from assistant408.tutor.rows import markdown, records

__all__ = ["PROCESSES", "at_time_zero", "waited_start"]

ARRIVAL = ("(?:到达|提交|进入|到来|创建)(?:系统|就绪队列)?的?(?:时[间刻])?", "free")
BURST = (
    "(?:所需|需要)(?:的)?时间|(?:运行|服务|执行|处理|CPU|估计运行|所需|需要|区间|计算)(?:的)?(?:CPU)?(?:运行|服务|执行|处理)?时间|需(?:要)?运行|运行",
    "free",
)
PRIORITY = ("优先(?:数|级|权)", "")
_COLUMNS = {"arrival": ARRIVAL, "burst": BURST, "priority": PRIORITY}
_ROWS = records("name", _COLUMNS, optional=["priority"])
_NAME = r"(?:[PJTRA-Z]_?\d{1,2}|[A-Z])"
_NAMES = rf"(?<![A-Za-z\d])({_NAME}(?:\s?[、,]\s?{_NAME})*\s?(?:[、,和及]|以及)\s?{_NAME})(?![A-Za-z\d])"
_TUPLE = r"\(\s*(\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?){1,3})\s*\)"
_TOGETHER = r"同时(?:到达|提交|就绪|进入|创建)|0 ?时刻(?:均|都|同时)?|都在(?:时刻)?\s?0|几乎同时|同一时刻|依次到达|就绪队列(?:中)?(?:依次)?(?:为|有|是)"


def PROCESSES(r: Reader) -> list[dict[str, Any]] | None:
    """A table of processes: name, arrival, burst, priority."""
    return _by_waits(r) or _by_tuples(r) or _by_lists(r, together=False) or _ROWS(r)


def at_time_zero(r: Reader) -> list[dict[str, Any]] | None:
    """Processes that arrive together, if only running times are given; else any table of processes."""
    used = len(r.used)
    rows = PROCESSES(r)
    if rows:
        return rows
    del r.used[used:]
    if not search(_TOGETHER, r.text):
        return None
    listed = _by_lists(r, together=True)
    if listed:
        return listed
    alone = records("name", {"burst": BURST, "priority": PRIORITY}, optional=["priority"])(r)
    return [{"name": row.pop("name"), "arrival": 0, **row} for row in alone] if alone else None


def _waits(r: Reader) -> tuple[tuple[int, int], list[str], list[int], list[int], list[int] | None] | None:
    """A table of processes that have waited for some time: names, waits, bursts, priorities."""
    table = markdown(r.text)
    if not table:
        return None
    start, end, cells = table
    where = {
        k: next((i for i, h in enumerate(cells[0]) if search(p, h)), -1)
        for k, p in {"wait": "等待时间", "burst": "(?:CPU|运行|服务|执行)时间", "priority": "优先"}.items()
    }
    if where["wait"] < 0 or where["burst"] < 0 or any(search("到达|提交", h) for h in cells[0]):
        return None
    columns = {k: [quantities(row[i]) for row in cells[1:]] for k, i in where.items() if i >= 0}
    if not all(q and q[0].value.denominator == 1 for column in columns.values() for q in column):
        return None
    numbers = {k: [int(q[0].value) for q in column] for k, column in columns.items()}
    return (start, end), [row[0] for row in cells[1:]], numbers["wait"], numbers["burst"], numbers.get("priority")


def _by_waits(r: Reader) -> list[dict[str, Any]] | None:
    """Times count from the arrival of the one that has waited longest."""
    found = _waits(r)
    if not found:
        return None
    span, names, waits, bursts, priorities = found
    r.take(*span)
    rows: list[dict[str, Any]] = [
        {"name": n, "arrival": max(waits) - w, "burst": b} for n, w, b in zip(names, waits, bursts, strict=True)
    ]
    for row, p in zip(rows, priorities or [], strict=False):
        row["priority"] = p
    return rows


def waited_start(r: Reader) -> int | None:
    """When scheduling begins, if the processes' waits up to then are given."""
    found = _waits(r)
    return max(found[2]) if found else None


def _by_tuples(r: Reader) -> list[dict[str, Any]] | None:
    """``P1、P2 的到达时刻、运行时间和优先数分别为(0,6,2)、(2,4,1)``."""
    run = search(rf"{_TUPLE}(?:\s?[、,;和]\s?{_TUPLE})+", r.text)
    if not run or search(rf"{_NAME}\s?[:=]?\s?$", r.text[max(0, run.start() - 4) : run.start()]):
        return None
    cells = [re.findall(r"\d+(?:\.\d+)?", g) for g in re.findall(r"\([^()]*\)", run[0])]
    head = r.text[: run.start()]
    found = sorted(
        (m.start(), k)
        for k, (p, _) in _COLUMNS.items()
        if (m := search(rf"(?:{p})(?=[^。;]{{0,40}}$)", head)) is not None
    )
    order = [k for _, k in found]
    if len({len(c) for c in cells}) != 1 or len(order) != len(cells[0]) or not {"arrival", "burst"} <= set(order):
        return None
    names = _names(head, len(cells))
    r.take(*run.span())
    rows: list[dict[str, Any]] = []
    for name, row in zip(names, cells, strict=True):
        by = {k: float(x) if "." in x else int(x) for k, x in zip(order, row, strict=True)}
        rows.append({"name": name, **{k: by[k] for k in _COLUMNS if k in by}})
    return rows


def _names(text: str, n: int) -> list[str]:
    """The names of n processes that a text lists, or P1, P2, ….

    Examples:
        >>> _names("A、B、C 三个进程", 3), _names("有两个进程", 2)
        (['A', 'B', 'C'], ['P1', 'P2'])
    """
    run = re.search(r"([PJT])1\s?(?:~|-|到|至)\s?\1(\d)", text)
    if run and int(run[2]) == n:
        return [f"{run[1]}{i + 1}" for i in range(n)]
    for m in re.finditer(_NAMES, text, re.ASCII):
        names = re.findall(_NAME, m[1])
        if len(names) == n == len(set(names)):
            return names
    return [f"P{i + 1}" for i in range(n)]


def _by_lists(r: Reader, together: bool) -> list[dict[str, Any]] | None:
    """``进程 P1、P2 分别在 0、2 时刻到达,所需 CPU 时间分别为 7、4``."""
    used = len(r.used)
    lists = {k: r.list_after([p], 2, 24, "A-Z") for k, (p, _) in list(_COLUMNS.items())[1:]}
    arrival = None
    if not together:
        arrival = _list_before(r, r"(?:时刻?|分钟|ms|s|秒)?\s?(?:时刻)?(?:依次|先后|分别)?(?:到达|提交|进入|创建|就绪)")
        if arrival is None:
            del r.used[used:]
            return None
    burst, priority = lists["burst"], lists["priority"]
    n = len(burst) if burst else 0
    if n < 2 or burst is None or (arrival is not None and len(arrival) != n):
        del r.used[used:]
        return None
    names = _names(r.text, n)
    if together and names[0] == "P1" and "P1" not in r.text:
        del r.used[used:]  # nothing is won over the plain columns
        return None
    rows: list[dict[str, Any]] = []
    shared = next((q for q in reversed(burst) if q.kind), None)
    for i in range(n):
        row: dict[str, Any] = {"name": names[i], "arrival": _cell(arrival[i], shared) if arrival else 0}
        row["burst"] = _cell(burst[i], shared)
        if priority and len(priority) == n:
            row["priority"] = int(priority[i].value)
        rows.append(row)
    return rows


def _cell(q: Quantity, like: Quantity | None) -> Any:
    if not q.kind and like is not None:
        q = Quantity(q.start, q.end, q.value, like.kind, like.scale, like.unit, q.raw)
    q = as_size(q)
    return Free(q) if q.kind == "time" else plain_number(q.value)


def _list_before(r: Reader, pattern: str) -> list[Quantity] | None:
    for start, end in r.lists:
        if not r.is_used(start, end) and search(rf"^\s?{pattern}", r.text[end : end + 14]):
            found = r._cells(start, end)
            if len(found) > 1:
                r.take(start, end)
                return found
    return None
