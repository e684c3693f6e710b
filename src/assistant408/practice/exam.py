"""Taking a mock exam (模拟考试): the clock, the answer sheet, closing, and what is shown before and after.

The clock is the program's own and is read at every contact: an answer, a flag, or a heartbeat (an empty packet, which a
page or the terminal sends every few seconds). Time between two contacts counts, and counts for the question that lay
open. Silence longer than `LOST_S` doesn't: the program or the machine was gone, so the exam goes on to the second from the
last contact, and the break is on record. A pause is allowed and on record too; the paper is hidden while it lasts. A
report of an exam with breaks says 非连续. When the time is used up, the next contact or look closes the exam.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from assistant408.core.errors import InputError
from assistant408.practice.marking import Ask, ItemMarks, earned, judge, mark, overridden, pending
from assistant408.practice.paper import Item, Paper
from assistant408.store.exams import Attempted, Entry, ExamRow, ExamStore

__all__ = ["ANSWER_CHARACTERS", "LOST_S", "Exams", "Write", "left_s", "silent", "tick"]

LOST_S = 90.0  # browsers let a hidden page speak once a minute
ANSWER_CHARACTERS = 20_000


@dataclass(frozen=True)
class Write:
    """A change to the answer sheet of question `number`: an answer in `part` (0 for a choice), a flag, or both."""

    number: int
    part: int = 0
    answer: str | None = None
    flag: bool | None = None


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def tick(row: ExamRow, now: datetime) -> ExamRow:
    """A running exam after a contact at `now`: time counted, or a break recorded, or closed because it is used up."""
    if row.state != "running" or row.seen_at is None:
        return row
    gap = max((now - datetime.fromisoformat(row.seen_at)).total_seconds(), 0.0)
    if gap > LOST_S:
        return replace(row, seen_at=_stamp(now), breaks=[*row.breaks, _break("interrupted", row.seen_at, _stamp(now))])
    limit = row.paper["minutes"] * 60
    gap = min(gap, limit - row.used_s)
    seconds = dict(row.seconds or {})
    seconds[str(row.item)] = seconds.get(str(row.item), 0.0) + gap
    row = replace(row, used_s=row.used_s + gap, seconds=seconds, seen_at=_stamp(now))
    return replace(row, state="closed", closed_at=_stamp(now), timed_out=True) if row.used_s >= limit else row


def silent(row: ExamRow, now: datetime) -> bool:
    """Whether an exam that should be running has not been heard of for longer than `LOST_S`."""
    return row.state == "running" and (now - _moment(row.seen_at)).total_seconds() > LOST_S


def left_s(row: ExamRow, now: datetime) -> float:
    """Seconds left at `now`."""
    running = row.state == "running" and not silent(row, now)
    gap = max((now - _moment(row.seen_at)).total_seconds(), 0.0) if running else 0.0
    return max(float(row.paper["minutes"] * 60 - row.used_s - gap), 0.0)


class Exams:
    """One learner's exams.

    Args:
        now: the clock.
        new_id: makes ids.
    """

    def __init__(
        self,
        store: ExamStore,
        now: Callable[[], datetime] = _utc_now,
        new_id: Callable[[], str] = lambda: secrets.token_hex(4),
    ) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def create(self, paper: Paper, source: str = "assembled") -> str:
        """Keeps a paper to be sat; the exam's id. The clock starts with `start`."""
        id = self._new_id()
        self._store.add(ExamRow(id, paper.title, source, paper.to_json(), _stamp(self._now())))
        return id

    def all(self) -> list[ExamRow]:
        """Every exam, the newest first, those whose time is up closed."""
        return [self._settled(row) for row in self._store.all()]

    def row(self, id: str) -> ExamRow:
        """One exam, closed if its time is up.

        Raises:
            InputError: there is none of that id.
        """
        return self._settled(self._store.get(id))

    def start(self, id: str) -> ExamRow:
        """Starts, or goes on after a pause or an interruption; from now the clock runs."""
        now = self._now()

        def edit(row: ExamRow) -> ExamRow:
            if row.state == "new":
                return replace(row, state="running", started_at=_stamp(now), seen_at=_stamp(now))
            if row.state == "paused":
                ended = {**row.breaks[-1], "to": _stamp(now)}
                return replace(row, state="running", seen_at=_stamp(now), breaks=[*row.breaks[:-1], ended])
            if row.state == "running" and now > _moment(row.seen_at):  # whoever sat it is gone
                broke = _break("interrupted", str(row.seen_at), _stamp(now))
                return replace(row, seen_at=_stamp(now), breaks=[*row.breaks, broke])
            return row

        return self._open(self._store.change(id, edit))

    def pause(self, id: str) -> ExamRow:
        """Stops the clock until `start`, on record."""
        now = self._now()

        def edit(row: ExamRow) -> ExamRow:
            row = tick(row, now)
            if row.state != "running":
                return row
            return replace(row, state="paused", breaks=[*row.breaks, _break("pause", _stamp(now), None)])

        return self._store.change(id, edit)

    def put(self, id: str, writes: Sequence[Write], seq: int, item: int | None = None) -> ExamRow:
        """Keeps changes of the answer sheet; none is a heartbeat.

        Args:
            seq: grows with every packet of a client; a place keeps what came with the largest.
            item: the number of the question that lies open from now.

        Raises:
            InputError: the exam isn't running, or a change fits no place of the paper.
        """
        now = self._now()
        paper = Paper.from_json(self._store.get(id).paper)
        items = {i.number: i for i in paper.items}
        entries = [e for w in writes for e in _entries(w, items, seq)]
        if item is not None and item not in items:
            raise InputError(f"没有第 {item} 题，这份卷子有 {len(items)} 题。")

        def edit(row: ExamRow) -> ExamRow:
            row = tick(row, now)
            return replace(row, item=item) if item is not None and row.state == "running" else row

        return self._open(self._settled(self._store.change(id, edit, entries)))

    def submit(self, id: str) -> ExamRow:
        """Closes an exam for good and marks it; a closed one stays as it is."""
        now = self._now()

        def edit(row: ExamRow) -> ExamRow:
            if row.state == "new":
                raise InputError(f"考试 {id!r} 还没有开始，不能交卷。")
            row = tick(row, now)
            return row if row.state == "closed" else replace(row, state="closed", closed_at=_stamp(now))

        return self._settled(self._store.change(id, edit))

    def view(self, id: str) -> dict[str, Any]:
        """What whoever sits the exam may see: never a key, and no question before the start or during a break."""
        row = self.row(id)
        paper = Paper.from_json(row.paper)
        entries = self._store.entries(id)
        shown = row.state == "closed" or (row.state == "running" and not silent(row, self._now()))
        return {
            **self.summary(row),
            "items": [i.public() if shown else _cover(i) for i in paper.items],
            "answers": [
                {"number": e.number, "part": 0 if e.slot == "answer" else int(e.slot), "answer": e.value}
                for e in entries
                if e.slot != "flag"
            ],
            "flags": [e.number for e in entries if e.slot == "flag" and e.value],
            "item": row.item,
            "seq": max((e.seq for e in entries), default=0),
        }

    def summary(self, row: ExamRow) -> dict[str, Any]:
        """An exam in a list; `state` is ``interrupted`` where it should run and nobody has been heard of."""
        now = self._now()
        return {
            "id": row.id,
            "title": row.title,
            "source": row.source,
            "state": "interrupted" if silent(row, now) else row.state,
            "points": sum(i["question"]["points"] for i in row.paper["items"]),
            "questions": len(row.paper["items"]),
            "minutes": row.paper["minutes"],
            "left_s": round(left_s(row, now), 3),
            "created_at": row.created_at,
            "started_at": row.started_at,
            "closed_at": row.closed_at,
            "timed_out": row.timed_out,
            "continuous": not row.breaks,
        }

    # --- marks ---------------------------------------------------------------------------------------------------

    def marks(self, id: str) -> list[ItemMarks]:
        """The marks of a closed exam with the learner's own in place.

        Raises:
            InputError: it isn't closed.
        """
        row = self.row(id)
        if row.state != "closed":
            raise InputError(f"考试 {id!r} 还没有交卷，交卷后才有成绩。")
        return overridden([_marks(m) for m in row.marks or []], self._store.overrides(id))

    def judge(self, id: str, number: int, ask: Ask) -> ItemMarks:
        """A model's suggestions for the open lines of a question, kept.

        Raises:
            BackendError: the model can't, or didn't keep to the form.
        """
        item, before = self._marked(id, number)
        after = judge(item, before, ask)

        def edit(row: ExamRow) -> ExamRow:
            return replace(row, marks=[_fill(m, after) if m["number"] == number else m for m in row.marks or []])

        self._store.change(id, edit)
        return self._settle(id, item, before)

    def override(self, id: str, number: int, part: int, line: int, points: int, reason: str = "") -> ItemMarks:
        """Puts the learner's own mark in place of the program's, on record.

        Args:
            part: 0 for a choice, from 1 in a big question.
            line: of the rubric, from 1.
        """
        item, before = self._marked(id, number)
        lines = next((p["lines"] for p in before["parts"] if p["part"] == part), [])
        if not 1 <= line <= len(lines):
            raise InputError(f"第 {number} 题没有第 {part} 问第 {line} 条评分标准，请看成绩报告里的编号。")
        if not 0 <= points <= lines[line - 1]["points"]:
            raise InputError(f"这一条的得分 {points} 应在 0 到 {lines[line - 1]['points']} 之间。")
        self._store.override(id, (number, part, line), points, reason, _stamp(self._now()))
        return self._settle(id, item, before)

    def overrides(self, id: str) -> list[dict[str, Any]]:
        """The record of the learner's own marks."""
        return self._store.overrides(id)

    def _marked(self, id: str, number: int) -> tuple[Item, ItemMarks]:
        found = {m["number"]: m for m in self.marks(id)}
        if number not in found:
            raise InputError(f"没有第 {number} 题，这份卷子有 {len(found)} 题。")
        items = Paper.from_json(self._store.get(id).paper).items
        return next(i for i in items if i.number == number), found[number]

    def _settle(self, id: str, item: Item, before: ItemMarks) -> ItemMarks:
        """The marks of a question now; its attempt is recorded anew where they changed it."""
        after = next(m for m in self.marks(id) if m["number"] == item.number)
        if _share(item, after) not in (None, _share(item, before)):
            self._store.attempt(self._attempted(self._store.get(id), item, after))
        return after

    def _attempted(self, row: ExamRow, item: Item, marks: ItemMarks) -> list[Attempted]:
        answers = [p["answer"] for p in marks["parts"]]
        if item.source != "bank" or not any(a.strip() for a in answers):
            return []
        seconds = (row.seconds or {}).get(str(item.number))
        text = "\n".join(a for a in answers if a)[:2000]
        return [Attempted(item.question.id, text, _share(item, marks), seconds, _stamp(self._now()))]

    def _answers(self, id: str) -> dict[int, dict[str, str]]:
        out: dict[int, dict[str, str]] = {}
        for e in self._store.entries(id):
            out.setdefault(e.number, {})[e.slot] = e.value
        return out

    def _settled(self, row: ExamRow) -> ExamRow:
        """An exam closed if its time is up, and marked if it is closed."""
        now = self._now()
        if row.state == "running" and not silent(row, now) and left_s(row, now) <= 0:
            row = self._store.change(row.id, lambda r: tick(r, now))
        if row.state != "closed" or row.marks is not None:
            return row
        answers = self._answers(row.id)
        items = Paper.from_json(row.paper).items
        marks = [mark(i, answers.get(i.number, {})) for i in items]
        attempts = [a for i, m in zip(items, marks, strict=True) for a in self._attempted(row, i, m)]
        self._store.mark(row.id, marks, attempts)
        return self._store.get(row.id)

    def _open(self, row: ExamRow) -> ExamRow:
        if row.state == "running":
            return row
        why = {
            "new": "还没有开始，请先开始",
            "paused": "正在暂停，请先继续",
            "closed": "时间已到，已自动交卷" if row.timed_out else "已经交卷，不能再改",
        }
        raise InputError(f"考试 {row.id!r} {why[row.state]}。")


def _entries(w: Write, items: dict[int, Item], seq: int) -> list[Entry]:
    item = items.get(w.number)
    if item is None:
        raise InputError(f"没有第 {w.number} 题，这份卷子有 {len(items)} 题。")
    out: list[Entry] = []
    if w.flag is not None:
        out.append(Entry(w.number, "flag", "1" if w.flag else "", seq))
    if w.answer is not None:
        slot = str(w.part) if w.part else "answer"
        if slot not in item.slots:
            raise InputError(f"第 {w.number} 题没有第 {w.part} 问。")
        text = w.answer.replace("\0", "")
        if item.question.kind != "big":
            text = text.strip().upper()
            if text and text not in item.question.choices:
                raise InputError(
                    f"第 {w.number} 题的答案 {w.answer[:20]!r} 应为 {'、'.join(item.question.choices)} 之一。"
                )
        if len(text) > ANSWER_CHARACTERS:
            raise InputError(f"第 {w.number} 题的答案有 {len(text)} 字，最多 {ANSWER_CHARACTERS} 字。")
        out.append(Entry(w.number, slot, text, seq))
    return out


def _fill(stored: dict[str, Any], judged: ItemMarks) -> dict[str, Any]:
    """Stored marks with the model's lines where nobody had decided."""
    parts = [
        {
            **old,
            "lines": [
                b if a["earned"] is None and b["by"] == "model" else a
                for a, b in zip(old["lines"], new["lines"], strict=True)
            ],
        }
        for old, new in zip(stored["parts"], judged["parts"], strict=True)
    ]
    return {"number": stored["number"], "parts": parts}


def _share(item: Item, marks: ItemMarks) -> float | None:
    """The share of a question's points, once all is decided."""
    return None if pending(marks) else earned(marks) / item.question.points


def _cover(item: Item) -> dict[str, Any]:
    return {"number": item.number, "subject": item.question.subject, "points": item.question.points}


def _marks(data: dict[str, Any]) -> ItemMarks:
    return {"number": data["number"], "parts": data["parts"]}


def _break(kind: str, start: str, end: str | None) -> dict[str, Any]:
    return {"kind": kind, "from": start, "to": end}


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "1970-01-01T00:00:00+00:00")


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
