"""Tables in the text of a question: processes, edges, vectors, code and other things of more than one number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant408.tutor.extract import as_size
from assistant408.tutor.quantity import Quantity, compiled, convert, finditer, plain_number, quantities, search
from assistant408.tutor.reader import GLUE, Free, Hint, Reader

__all__ = ["bracketed", "code", "edges", "expression", "literal", "markdown", "records", "steps", "vectors"]

_NAME = compiled(
    r"(?<![A-Za-z0-9_])(?:(?:作业|进程|程序|线程|任务|指令|段)\s?([A-Z]\d?|\d{1,2})|([PJTRLID]_?\d{1,2})|([A-Z]\d?))"
    r"(?![A-Za-z0-9_])"
)
_VERTEX = r"(?:[A-Za-z]\w{0,2}|\d{1,2})"


def records(
    name: str,
    columns: Mapping[str, tuple[str, str]],
    least: int = 2,
    optional: Sequence[str] = (),
    names: str = "进程|作业",
    prefix: str = "P",
) -> Hint:
    """A table of named rows, by rows or by columns, as a list of objects.

    Args:
        name: the key of the row's name.
        columns: key → (pattern of its heading, unit).
        least: how many rows make a table.
        optional: keys that a row may lack.

    Examples:
        >>> read = records("name", {"arrival": ("到达时[间刻]", ""), "burst": ("运行时间", "")})
        >>> read(Reader("P1 到达时刻 0、运行时间 7;P2 到达时刻 2、运行时间 4"))
        [{'name': 'P1', 'arrival': 0, 'burst': 7}, {'name': 'P2', 'arrival': 2, 'burst': 4}]
        >>> read(Reader("到达时间分别为 0,2,运行时间分别为 7,4"))
        [{'name': 'P1', 'arrival': 0, 'burst': 7}, {'name': 'P2', 'arrival': 2, 'burst': 4}]
        >>> read(Reader("进程(到达时间,运行时间):A(0,3)、B(1,5)"))
        [{'name': 'A', 'arrival': 0, 'burst': 3}, {'name': 'B', 'arrival': 1, 'burst': 5}]
    """

    def cell(q: Quantity, unit: str) -> Any:
        if unit == "free":
            return Free(q) if q.kind in ("time", "size") else plain_number(q.value)
        return plain_number(convert(q, unit))

    def by_columns(r: Reader) -> list[dict[str, Any]] | None:
        used = len(r.used)
        lists: dict[str, list[Quantity]] = {}
        for key, (pattern, _) in columns.items():
            found = r.list_after([pattern], least, 18, "A-Z")
            if found is not None:
                lists[key] = found
        sizes = {len(v) for v in lists.values()}
        if len(sizes) != 1 or any(k not in lists for k in columns if k not in optional):
            del r.used[used:]
            return None
        n = sizes.pop()
        labels = r.words_after([names], n) or []
        if len(labels) != n:
            labels = [f"{prefix}{i + 1}" for i in range(n)]
        return [
            {name: labels[i], **{k: cell(lists[k][i], columns[k][1]) for k in columns if k in lists}} for i in range(n)
        ]

    def by_rows(r: Reader) -> list[dict[str, Any]] | None:
        heads = sorted((m.start(), k) for k, (p, _) in columns.items() if (m := search(p, r.text)) is not None)
        order = [k for _, k in heads] or list(columns)
        order += [k for k in columns if k not in order and k not in optional]
        marks = list(_NAME.finditer(r.text))
        out: list[dict[str, Any]] = []
        spans = []
        for i, m in enumerate(marks):
            end = marks[i + 1].start() if i + 1 < len(marks) else len(r.text)
            part = re.split(r"[。;\n?]" if i + 1 == len(marks) else r"[。?]", r.text[m.end() : end])[0]
            row = _row(part, columns, order, optional, cell)
            if row is not None:
                label = (m[1] and (m[1] if m[1][0].isalpha() else f"{prefix}{m[1]}")) or m[2] or m[3]
                if label not in [o[name] for o in out]:
                    out.append({name: label, **row})
                    spans.append((m.start(), m.end() + len(part)))
        if len(out) < least:
            return None
        for span in spans:
            r.take(*span)
        return out

    def by_table(r: Reader) -> list[dict[str, Any]] | None:
        table = markdown(r.text)
        if table is None:
            return None
        start, end, cells = table
        if not any(search(p, row[0]) for p, _ in columns.values() for row in cells[1:]):
            heads, body = cells[0], cells[1:]
        else:  # names across, one heading a row
            heads, *body = [list(c) for c in zip(*cells, strict=True)]
        where = {k: i for k, (p, _) in columns.items() for i, h in enumerate(heads) if i and search(p, h)}
        if any(k not in where for k in columns if k not in optional):
            return None
        out = []
        for row in body:
            found = {k: quantities(row[i]) for k, i in where.items()}
            if not all(found.values()):
                return None
            out.append({name: row[0], **{k: cell(q[0], columns[k][1]) for k, q in found.items()}})
        r.take(start, end)
        return out if len(out) >= least else None

    def read(r: Reader) -> list[dict[str, Any]] | None:
        return by_table(r) or by_columns(r) or by_rows(r)

    return read


def markdown(text: str) -> tuple[int, int, list[list[str]]] | None:
    """The first table written with bars: where it stands, and its cells without the line of dashes."""
    m = re.search(r"(?:^[ \t]*\|.*\|[ \t]*(?:\n|$)){3,}", text, re.MULTILINE)
    if not m:
        return None
    lines = [line for line in m[0].strip().splitlines() if not re.fullmatch(r"[|\s:-]+", line)]
    cells = [[c.strip() for c in line.strip().strip("|").split("|")] for line in lines]
    return (*m.span(), cells) if len({len(row) for row in cells}) == 1 else None


def _row(
    part: str, columns: Mapping[str, tuple[str, str]], order: Sequence[str], optional: Sequence[str], cell: Any
) -> dict[str, Any] | None:
    """One row's cells, by headings inside it or by position."""
    numbers = [q for q in quantities(part) if not q.chinese or q.kind]
    if not numbers:
        return None
    row: dict[str, Any] = {}
    for key, (pattern, unit) in columns.items():
        after = compiled(rf"(?:{pattern}){GLUE}$")
        found = next((q for q in numbers if after.search(part[: q.start])), None)
        if found is None:  # “0 时到达”
            behind = compiled(rf"\s?时?刻?(?:{pattern})")
            found = next((q for q in numbers if behind.match(part, q.end)), None)
        if found is not None:
            row[key] = cell(found, unit)
    if all(k in row for k in columns if k not in optional):
        return row
    if row or len(numbers) < sum(k not in optional for k in columns) or len(numbers) > len(order):
        return None
    return {k: cell(q, columns[k][1]) for k, q in zip(order, numbers, strict=False)}


def edges(weighted: bool = True, named: str = "", weight: str = "weight") -> Hint:
    """Edges or arcs: ``(A,B)5``, ``<A,B>=5``, ``A-B 5``, ``A→B:5``, ``(A,B,5)``.

    Args:
        named: the key of an edge's own name (``a1=<1,2>6``), if edges have one.

    Examples:
        >>> edges()(Reader("边为(A,B)5、(B,C)7"))
        [{'u': 'A', 'v': 'B', 'weight': 5}, {'u': 'B', 'v': 'C', 'weight': 7}]
        >>> edges(False)(Reader("弧 <a,b>,<a,c>,b->c"))
        [{'u': 'a', 'v': 'b'}, {'u': 'a', 'v': 'c'}, {'u': 'b', 'v': 'c'}]
    """
    v = _VERTEX
    pair = rf"(?:[(<]\s*(?P<u1>{v})\s*,\s*(?P<v1>{v})\s*(?:,\s*(?P<w1>\d+)\s*)?[)>]|(?<![\w>-])(?P<u2>{v})\s*(?:->|→|-{{1,2}}|:|到(?=\s*{v}\s*(?:的)?(?:权|距离|费用|代价|长)))\s*(?P<v2>{v})(?![\w]))"
    tail = (
        r"\)?(?:\s*(?:[=:(]|的?(?:权值?|距离|费用|代价|长度?)为?|(?:持续|需要?)(?:时间)?为?)?\s*[=:]?\s*(?P<w2>\d+)\)?)"
        if weighted
        else ""
    )
    front = r"(?P<name>[a-zA-Z]\d{0,2})\s*[:=(]\s*" if named else ""
    if weighted:  # a(1→2,4) too
        tail = rf"(?:\s*,\s*(?P<w3>\d+)\s*\)|{tail})"
    optional_tail = f"{tail}?" if weighted else ""
    regex = compiled(front + pair + optional_tail)

    def read(r: Reader) -> list[dict[str, Any]] | None:
        out: list[dict[str, Any]] = []
        spans = []
        for m in regex.finditer(r.text):
            row: dict[str, Any] = {named: m["name"]} if named else {}
            if (m["u1"], m["v1"]) == ("V", "E"):  # G=(V,E)
                continue
            row |= {"u": m["u1"] or m["u2"], "v": m["v1"] or m["v2"]}
            if weighted:
                w = m["w1"] or m["w2"] or m["w3"]
                if w is None:
                    continue
                row[weight] = int(w)
            out.append(row)
            spans.append(m.span())
        if len(out) < 2:
            return None
        for span in spans:
            r.take(*span)
        return out

    return read


def vectors(*after: str, least: int = 1, each: str = r"[(\[]") -> Hint:
    """Rows of numbers in brackets (``(1,3,3)``), or of a matrix written ``0 1 0; 2 0 0``, after a word."""

    def read(r: Reader) -> list[list[int]] | None:
        for pattern in after:
            for m in finditer(rf"(?:{pattern})[^。?(\[\d]{{0,16}}", r.text, re.IGNORECASE):
                rest = r.text[m.end() :]
                run = re.match(r"[\[(\s{]*\d[\d\s,;、()\[\]{}\n]*", rest)
                if not run:
                    continue
                groups = re.findall(r"[(\[]\s*(\d[\d\s,]*)[)\]]", run[0]) or [
                    g for g in re.split(r"[;\n]", run[0]) if search(r"\d", g)
                ]
                rows = [[int(x) for x in re.findall(r"\d+", g)] for g in groups]
                if len(rows) >= least:
                    r.take(m.end(), m.end() + run.end())
                    return rows
        return None

    return read


def code(*starts: str) -> Hint:
    """A piece of program: between backticks, or from the first of `starts` to the last bracket or semicolon.

    Examples:
        >>> code("for|while|int ")(Reader("程序段 for(i=1;i<n;i++) m++; 的频度"))
        'for(i=1;i<n;i++) m++;'
    """

    def read(r: Reader) -> str | None:
        fenced = search(r"```\w*\s*\n?(.*?)```", r.text, re.DOTALL) or search(r"`([^`]{6,})`", r.text)
        if fenced and search("|".join(starts), fenced[1]):
            r.take(*fenced.span(1))
            return fenced[1].strip()
        m = search("|".join(rf"(?<![A-Za-z]){s}" for s in starts), r.text)
        if not m:
            return None
        rest = r.text[m.start() :]
        stop = search(r"[\u4e00-\u9fff。?](?![^\n{]*[};]\s*[\u4e00-\u9fff]*\s*[;}])", rest)
        piece = rest[: stop.start()] if stop and not search(r"[;}]", rest[stop.start() :]) else rest
        end = max(piece.rfind(";"), piece.rfind("}"))
        if end < 4:
            return None
        r.take(m.start(), m.start() + end + 1)
        return piece[: end + 1].strip()

    return read


def expression(least: int = 3) -> Hint:
    """The longest arithmetic expression.

    Examples:
        >>> expression()(Reader("将 a/b+(c*d-e*f)/g 转为后缀"))
        'a/b+(c*d-e*f)/g'
    """

    def read(r: Reader) -> str | None:
        found = []
        for m in finditer(r"[A-Za-z\d(+\-][A-Za-z\d+\-*/%^()× ÷.]*[A-Za-z\d)+\-*/^]", r.text):
            piece = m[0].strip()
            operators = len(re.findall(r"[+\-*/%^×÷]", piece))
            if operators >= 1 and len(piece) >= least and not re.fullmatch(r"[-+]?\d+([.\-/]\d+)*", piece):
                found.append((operators, len(piece), m.span(), piece))
        if not found:
            return None
        _, _, span, piece = max(found)
        r.take(*span)
        return piece.replace("×", "*").replace("÷", "/")

    return read


def bracketed() -> Hint:
    """The longest bracket notation of a tree, a forest or a B tree, such as ``A(B(D,E),C)``."""

    def read(r: Reader) -> str | None:
        best: tuple[int, int] | None = None
        for m in finditer(r"(?!O\()[A-Za-z0-9]+(?: \d+)*\(", r.text):
            i, depth = m.start(), 0
            while i < len(r.text):
                c = r.text[i]
                depth += (c == "(") - (c == ")")
                if depth < 0 or not (c.isascii() and (c.isalnum() or c in "(), ")):
                    break
                if depth == 0 and c == ")" and not re.match(r"\s?,\s?[A-Za-z0-9]+(?:\(|(?=,|\b))", r.text[i + 1 :]):
                    i += 1
                    break
                i += 1
            if depth == 0 and (best is None or i - m.start() > best[1] - best[0]):
                best = (m.start(), i)
        if best is None or best[1] - best[0] < 4:
            return None
        r.take(*best)
        return r.text[best[0] : best[1]].strip(" ,")

    return read


def literal(pattern: str, *after: str, longest: bool = True) -> Hint:
    """A string such as a run of bits, after a word or the longest one.

    Examples:
        >>> literal("[01]{3,}", "信息位")(Reader("生成多项式 1011,信息位为 1010001"))
        '1010001'
    """

    def read(r: Reader) -> str | None:
        for word in after:
            m = search(rf"(?:{word})[^。;]{{0,14}}?(?<![\w.])({pattern})(?![\w.])", r.text)
            if m and not r.is_used(*m.span(1)):
                r.take(*m.span(1))
                return m[1].strip()
        if not longest:
            return None
        found = [m for m in finditer(rf"(?<![\w.])(?:{pattern})(?![\w.])", r.text) if not r.is_used(*m.span())]
        if not found:
            return None
        best = max(found, key=lambda m: len(m[0]))
        r.take(*best.span())
        return best[0].strip()

    return read


def steps(plus: str, minus: str, unit: str = "") -> Hint:
    """A story of allocations and releases: ``A 申请 15 KB``, ``回收 A`` become {name, size}, size 0 for a release.

    Examples:
        >>> steps("申请|分配", "释放|回收")(Reader("作业 A 申请 15,B 申请 30,释放 A"))
        [{'name': 'A', 'size': 15}, {'name': 'B', 'size': 30}, {'name': 'A', 'size': 0}]
    """
    n = r"(?:作业|进程|程序|Job)?\s?(?P<{}>[A-Z]\d?|[PJ]\d+|\d(?=[申释回要请完]))"
    grow = (
        rf"{n.format('a')}\s?(?:再|又|先|需要?)?(?:{plus})(?:内存|空间|了)?\s?(?P<size>\d+\s?(?:[KMG]?i?B|字节|[KMG])?)"
    )
    grow2 = rf"(?:为|给)\s?{n.format('b')}\s?(?:{plus})\s?(?P<size2>\d+\s?(?:[KMG]?i?B|字节|[KMG])?)"
    grow3 = rf"(?:{plus})\s?(?P<size3>\d+\s?(?:[KMG]?i?B|字节|[KMG])?)(?:的)?(?:内存|空间)*给{n.format('e')}"
    shrink = rf"{n.format('c')}\s?(?:{minus}|完成|结束|运行完)"
    shrink2 = rf"(?:{minus})(?:了)?\s?{n.format('d')}"
    regex = compiled(f"{grow2}|{grow3}|{grow}|{shrink}|{shrink2}")

    def read(r: Reader) -> list[dict[str, Any]] | None:
        out: list[dict[str, Any]] = []
        for m in regex.finditer(r.text):
            r.take(*m.span())
            size = m["size"] or m["size2"] or m["size3"]
            name = m["a"] or m["b"] or m["c"] or m["d"] or m["e"]
            value: Any = 0
            if size:
                q = as_size(quantities(size)[0])
                value = Free(q) if q.kind == "size" else plain_number(q.value)
            out.append({"name": name, "size": value})
        return out if len(out) >= 2 else _unnamed(r, plus, minus)

    return read


def _unnamed(r: Reader, plus: str, minus: str) -> list[dict[str, Any]] | None:
    """``依次申请 70 KB、30 KB,随后释放 70 KB 的块``: the requests take the names A, B, …."""
    n = r"\d+\s?(?:[KMG]?i?B|字节|[KMG])?"
    out: list[dict[str, Any]] = []
    for m in finditer(
        rf"(?:{minus})\s?(?P<back>{n})|(?:依次|先后|分别)?(?:{plus})(?:内存)?\s?(?P<run>{n}(?:\s?[、,和]\s?{n})*)",
        r.text,
    ):
        r.take(*m.span())
        for word in re.findall(n, m["back"] or m["run"]):
            q = as_size(quantities(word)[0])
            size = Free(q) if q.kind == "size" else plain_number(q.value)
            if m["run"]:
                out.append({"name": "ABCDEFGHIJKLMNOP"[len(out)], "size": size})
            else:
                same = next(
                    (
                        e
                        for e in out
                        if e["size"] == size
                        or (getattr(e["size"], "quantity", None) and e["size"].quantity.base == q.base)
                    ),
                    None,
                )
                if same is None:
                    return None
                out.append({"name": same["name"], "size": 0})
    return out if len(out) >= 2 else None
