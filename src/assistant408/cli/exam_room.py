"""Sitting an exam in the terminal: one question on the screen, a palette, a clock that runs, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant408.cli.pictures.plain import plain_text
from assistant408.core.errors import InputError
from assistant408.practice.exam import Exams, Write

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["sit"]

BEAT_S = 1.0
HELP = (
    "A–E 作答　- 清除　n 下一题　p 上一题　g 12 跳到 12 题　f 标记　l 题号表　s 交卷　z 暂停离开（Ctrl-C 也行）　h 帮助"
)


def sit(exams: Exams, id: str, out: Console) -> None:
    """Runs an exam until it is closed or left; it can be gone on with either way.

    Args:
        out: where questions are written; answers are read from standard input.

    Raises:
        InputError: it is closed, or there is none of that id.
    """
    exams.start(id)
    room = _Room(exams, id, out)
    with _beating(room):
        try:
            room.say(HELP, "dim")
            while room.step():
                pass
        except (KeyboardInterrupt, EOFError):
            out.print()
    if exams.row(id).state == "running":
        exams.pause(id)


class _Room:
    """What is on the screen: the exam as it was read, and the open question."""

    def __init__(self, exams: Exams, id: str, out: Console) -> None:
        self.exams, self.id, self.out = exams, id, out
        view = exams.view(id)
        self.items: list[dict[str, Any]] = view["items"]
        self.answers = {(a["number"], a["part"]): a["answer"] for a in view["answers"]}
        self.flags = set(view["flags"])
        self.at: int = view["item"]
        self.seq: int = view["seq"]
        self.shown = 0
        self.lock = threading.Lock()

    def beat(self) -> str:
        """Tells the clock that someone is here; why the exam can't go on, or nothing."""
        with self.lock:
            try:
                self.exams.put(self.id, [], self.seq, self.at)
            except InputError as e:
                return str(e)
        return ""

    def step(self) -> bool:
        """One question shown, one command done; whether to go on."""
        item = self.items[self.at - 1]
        if self.shown != self.at:
            self._show(item)
            self.shown = self.at
        command = self._read(self._prompt()).strip()
        if why := self.beat():
            self.say(why, "bold")
            return False
        word, _, rest = command.partition(" ")
        letter = word.upper()
        if not command:
            return True
        if item["kind"] != "big" and letter in item["choices"]:
            self._put(Write(self.at, answer=letter))
            self._go(self.at + 1)
        elif item["kind"] == "big" and word.isascii() and word.isdigit() and 1 <= int(word) <= len(item["parts"]):
            self._write(int(word))
        elif word == "-":
            parts = range(1, len(item["parts"]) + 1) if item["kind"] == "big" else [0]
            self._put(*(Write(self.at, n, answer="") for n in parts))
        elif word == "n":
            self._go(self.at + 1)
        elif word == "p":
            self._go(self.at - 1)
        elif word == "g" and rest.isascii() and rest.isdigit():
            self._go(int(rest))
        elif word == "f":
            self._put(Write(self.at, flag=self.at not in self.flags))
        elif word == "l":
            self._palette()
        elif word == "z":
            return False
        elif word == "s":
            return not self._submit()
        else:
            self.say(HELP, "dim")
        return True

    def _put(self, *writes: Write) -> None:
        with self.lock:
            self.seq += 1
            self.exams.put(self.id, writes, self.seq, self.at)
        for w in writes:
            if w.answer is not None:
                self.answers[w.number, w.part] = w.answer
            if w.flag is not None:
                (self.flags.add if w.flag else self.flags.discard)(w.number)

    def _go(self, number: int) -> None:
        if 1 <= number <= len(self.items):
            self.at = number
            self.beat()
        else:
            self.say(f"没有第 {number} 题，这份卷子有 {len(self.items)} 题。")

    def _show(self, item: dict[str, Any]) -> None:
        self.say(f"\n—— {item['number']}（{item['points']} 分）——", "bold")
        self.say(_readable(item["stem"]))
        for letter, text in item["choices"].items():
            chosen = self.answers.get((item["number"], 0)) == letter
            self.say(f"{'●' if chosen else '○'} {letter}. {_readable(text)}")
        for n, part in enumerate(item["parts"], 1):
            self.say(f"({n})（{part['points']} 分）{_readable(part['prompt'])}")
            if written := self.answers.get((item["number"], n)):
                self.say(written, "dim")
        if item["parts"]:
            self.say("输入小问的编号开始作答，单独一行 . 结束", "dim")

    def _prompt(self) -> str:
        s = int(self.exams.summary(self.exams.row(self.id))["left_s"])
        mark = " ⚑" if self.at in self.flags else ""
        return f"[{self.at}/{len(self.items)} 剩余 {s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}{mark}] "

    def _write(self, part: int) -> None:
        """Takes text up to a line with a full stop alone, each line kept as it comes."""
        lines: list[str] = []
        while (line := self._read("… ")) != ".":
            lines.append(line)
            self._put(Write(self.at, part, answer="\n".join(lines)))

    def _read(self, prompt: str) -> str:
        self.out.print(prompt, end="", highlight=False, markup=False)
        return input()

    def say(self, text: str, style: str = "") -> None:
        """Writes a text as it is."""
        self.out.print(text, style=style, highlight=False, markup=False, soft_wrap=True)

    def _palette(self) -> None:
        cells = []
        for item in self.items:
            n = item["number"]
            done = any(self.answers.get((n, p)) for p in range(len(item["parts"]) + 1))
            cells.append(f"{n:>3}{'✓' if done else '·'}{'⚑' if n in self.flags else ' '}")
        for i in range(0, len(cells), 10):
            self.say("".join(cells[i : i + 10]))
        self.shown = self.at

    def _submit(self) -> bool:
        blank = [
            str(i["number"])
            for i in self.items
            if not any(self.answers.get((i["number"], p)) for p in range(len(i["parts"]) + 1))
        ]
        left = (
            f"还有 {len(blank)} 题没有作答（{'、'.join(blank[:10])}{'……' if len(blank) > 10 else ''}），"
            if blank
            else ""
        )
        if self._read(f"{left}交卷后不能再改，确定吗？（y/n）").strip().lower() not in ("y", "yes", "是"):
            return False
        self.exams.submit(self.id)
        return True


@contextmanager
def _beating(room: _Room) -> Iterator[None]:
    """A heartbeat a second beside the prompt, which says so when the time is up."""
    done = threading.Event()

    def run() -> None:
        while not done.wait(BEAT_S):
            if why := room.beat():
                if not done.is_set():
                    room.say(f"\n{why[:-1]}，按回车离开。", "bold")
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _readable(markdown: str) -> str:
    return "\n".join(plain_text(line) for line in markdown.split("\n"))
