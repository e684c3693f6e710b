"""The report of an exam (成绩报告): what the score says, where points were lost, and what to learn next.

**Interval.** A score is a sample: another paper of the same structure would have given another one. Its units are the
choices and the parts of big questions, of unequal points w; Kish's effective number n = (Σw)² / Σw² of them and the share
of points earned go into Wilson's 95% interval, which also behaves at 0 and at full marks. Parts of one question go
together, so the interval is, if anything, a little narrow. Sources: L. Kish, Survey Sampling, 1965, 8.2; E. B. Wilson,
JASA 22 (1927), 209-212.

**Cheapest points.** For every point (考点) that lost marks: its expected marks a paper (leaf weight) × miss ÷ effort.
``miss`` is the share lost here, drawn towards one half by one imaginary choice: (lost + 1) / (asked + 2), as one question
says little. ``effort`` is the mean difficulty (1-5) of the questions lost: easy ones are the cheapest to win back.
A question of several points counts for each in equal shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assistant408.content.syllabus import SUBJECTS, Syllabus
from assistant408.practice.marking import ItemMarks, earned, pending
from assistant408.practice.paper import Item, Paper
from assistant408.store.exams import ExamRow

__all__ = ["interval", "report", "report_markdown", "score"]

Z = 1.959964  # of 95%
CHEAPEST = 10


def interval(units: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The 95% interval of the points, for units (earned, points).

    Examples:
        >>> [round(x, 1) for x in interval([(2, 2)] * 40)]
        [73.0, 80.0]
        >>> [round(x, 1) for x in interval([(2, 2)] * 10 + [(0, 2)] * 10)]
        [12.0, 28.0]
        >>> interval([])
        (0.0, 0.0)
    """
    total = sum(w for _, w in units)
    if not total:
        return 0.0, 0.0
    n = total**2 / sum(w * w for _, w in units)
    p = sum(e for e, _ in units) / total
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(middle - half, 0.0) * total, min(middle + half, 1.0) * total


def score(marks: Sequence[ItemMarks]) -> dict[str, Any]:
    """``{earned, points, pending, rate, interval}`` of some questions; undecided lines count as nothing."""
    units = [(_earned(p), p["points"]) for m in marks for p in m["parts"]]
    points = sum(w for _, w in units)
    got = sum(e for e, _ in units)
    low, high = interval(units)
    return {
        "earned": got,
        "points": points,
        "pending": sum(pending(m) for m in marks),
        "rate": round(got / points, 4) if points else 0.0,
        "interval": [round(low, 1), round(high, 1)],
    }


def report(
    row: ExamRow,
    marks: Sequence[ItemMarks],
    syllabus: Syllabus,
    overrides: Sequence[Mapping[str, Any]] = (),
    earlier: Sequence[tuple[ExamRow, Sequence[ItemMarks]]] = (),
) -> dict[str, Any]:
    """All of it as a JSON-ready object.

    Args:
        earlier: exams to compare with and their marks, the newest first.
    """
    paper = Paper.from_json(row.paper)
    by_number = {m["number"]: m for m in marks}
    seconds = row.seconds or {}
    total = score(marks)
    subjects = {}
    for s, name in SUBJECTS.items():
        mine = [i.number for i in paper.items if i.question.subject == s]
        if mine:
            spent = sum(seconds.get(str(n), 0.0) for n in mine)
            subjects[s] = {"name": name, **score([by_number[n] for n in mine]), "seconds": round(spent, 1)}
    return {
        "id": row.id,
        "title": row.title,
        "closed_at": row.closed_at,
        "timed_out": row.timed_out,
        "minutes": paper.minutes,
        "used_s": round(row.used_s, 1),
        "continuous": not row.breaks,
        "breaks": list(row.breaks),
        "score": total,
        "by": _by(marks),
        "subjects": subjects,
        "leaves": _leaves(paper.items, by_number, syllabus),
        "cheapest": _cheapest(paper.items, by_number, syllabus),
        "questions": [_question(i, by_number[i.number], seconds.get(str(i.number), 0.0)) for i in paper.items],
        "overrides": list(overrides),
        "earlier": [_earlier(r, m, total) for r, m in earlier],
    }


def report_markdown(data: Mapping[str, Any]) -> str:
    """The report as Markdown, without the questions' texts."""
    total = data["score"]
    out = [f"# {data['title']}：成绩报告", ""]
    out += [f"**{total['earned']} / {total['points']} 分**，95% 区间 {_range(total)}。"]
    if total["pending"]:
        out += ["", f"另有 {total['pending']} 分待评，暂按 0 分计。"]
    by = data["by"]
    out += ["", f"自动（计算）{by['auto']} 分，模型建议 {by['model']} 分，自评 {by['self']} 分。"]
    used = f"用时 {_time(data['used_s'])}，限时 {data['minutes']} 分钟"
    out += ["", f"{used}{'，到时自动交卷' if data['timed_out'] else ''}。"]
    if not data["continuous"]:
        out += ["", f"非连续：中断 {len(data['breaks'])} 次，成绩不能与一次考完的直接相比。"]
    out += ["", "## 各科", "", "| 科目 | 得分 | 95% 区间 | 用时 |", "|---|---|---|---|"]
    for s in data["subjects"].values():
        out.append(f"| {s['name']} | {s['earned']} / {s['points']} | {_range(s)} | {_time(s['seconds'])} |")
    if data["cheapest"]:
        out += [
            "",
            "## 最容易拿回的分",
            "",
            "| 考点 | 每卷期望分 | 失分率 | 题目难度 | 题号 |",
            "|---|---|---|---|---|",
        ]
        for c in data["cheapest"]:
            numbers = "、".join(map(str, c["numbers"]))
            out.append(f"| {c['name']} | {c['marks']:.2f} | {c['miss']:.0%} | {c['effort']:.1f} | {numbers} |")
    names_of = {x["leaf"]: _cell(x["name"]) for x in data["leaves"]}
    out += ["", "## 每题", "", "| 题号 | 科目 | 得分 | 待评 | 用时 | 考点 |", "|---|---|---|---|---|---|"]
    for q in data["questions"]:
        names = "、".join(names_of[leaf] for leaf in q["syllabus"])
        points = f"{q['earned']} / {q['points']}"
        out.append(
            f"| {q['number']} | {SUBJECTS[q['subject']]} | {points} | {q['pending'] or ''} | {_time(q['seconds'])} | {names} |"
        )
    if data["earlier"]:
        out += ["", "## 与以前相比", "", "| 试卷 | 交卷 | 得分率 | 本次变化 |", "|---|---|---|---|"]
        for e in data["earlier"]:
            out.append(f"| {_cell(e['title'])} | {e['closed_at'][:10]} | {e['rate']:.1%} | {e['change']:+.1%} |")
    return "\n".join(out) + "\n"


def _by(marks: Sequence[ItemMarks]) -> dict[str, int]:
    out = {"auto": 0, "model": 0, "self": 0}
    for m in marks:
        for p in m["parts"]:
            for line in p["lines"]:
                if line["by"]:
                    out[line["by"]] += line["earned"] or 0
    return out


def _earned(part: Mapping[str, Any]) -> int:
    return sum(line["earned"] or 0 for line in part["lines"])


def _shares(items: Sequence[Item], marks: Mapping[int, ItemMarks]) -> dict[str, list[tuple[Item, Fraction, Fraction]]]:
    """By leaf: the questions, with the points asked and lost that fall to it."""
    out: dict[str, list[tuple[Item, Fraction, Fraction]]] = {}
    for i in items:
        points, n = i.question.points, len(i.question.syllabus)
        lost = points - earned(marks[i.number]) - pending(marks[i.number])
        for leaf in i.question.syllabus:
            out.setdefault(leaf, []).append((i, Fraction(points, n), Fraction(lost, n)))
    return out


def _leaves(items: Sequence[Item], marks: Mapping[int, ItemMarks], syllabus: Syllabus) -> list[dict[str, Any]]:
    return [
        {
            "leaf": leaf,
            "name": _name(leaf, syllabus),
            "points": round(float(sum(asked for _, asked, _ in rows)), 2),
            "lost": round(float(sum(lost for _, _, lost in rows)), 2),
            "numbers": [i.number for i, _, _ in rows],
        }
        for leaf, rows in _shares(items, marks).items()
    ]


def _cheapest(items: Sequence[Item], marks: Mapping[int, ItemMarks], syllabus: Syllabus) -> list[dict[str, Any]]:
    out = []
    for leaf, rows in _shares(items, marks).items():
        missed = [i for i, _, lost in rows if lost]
        if not missed or leaf not in syllabus.leaves:
            continue
        miss = (sum(lost for *_, lost in rows) + 1) / (sum(asked for _, asked, _ in rows) + 2)
        effort = Fraction(sum(i.question.difficulty for i in missed), len(missed))
        gain = syllabus.marks(leaf) * miss
        out.append(
            {
                "leaf": leaf,
                "name": _name(leaf, syllabus),
                "marks": round(float(syllabus.marks(leaf)), 3),
                "miss": round(float(miss), 3),
                "effort": round(float(effort), 2),
                "gain": round(float(gain), 3),
                "worth": round(float(gain / effort), 4),
                "numbers": [i.number for i in missed],
            }
        )
    return sorted(out, key=lambda c: (-float(str(c["worth"])), str(c["leaf"])))[:CHEAPEST]


def _question(item: Item, marks: ItemMarks, seconds: float) -> dict[str, Any]:
    q = item.question
    return {
        **item.public(),
        "id": q.id if item.source == "bank" else "",
        "syllabus": list(q.syllabus),
        "difficulty": q.difficulty,
        "earned": earned(marks),
        "pending": pending(marks),
        "seconds": round(seconds, 1),
        "explanation": q.explanation,
        "traps": dict(q.traps),
        "marks": marks["parts"],
    }


def _earlier(row: ExamRow, marks: Sequence[ItemMarks], now: Mapping[str, Any]) -> dict[str, Any]:
    then = score(marks)
    return {
        "id": row.id,
        "title": row.title,
        "closed_at": row.closed_at,
        "continuous": not row.breaks,
        **then,
        "change": round(now["rate"] - then["rate"], 4),
    }


def _name(leaf: str, syllabus: Syllabus) -> str:
    return syllabus.nodes[leaf].name if leaf in syllabus.nodes else leaf


def _range(s: Mapping[str, Any]) -> str:
    return f"{s['interval'][0]:.0f}～{s['interval'][1]:.0f}"


def _time(seconds: float) -> str:
    """Minutes and seconds.

    Examples:
        >>> _time(3725)
        '62:05'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
