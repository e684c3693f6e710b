"""The dialogue of practice in the terminal: one question on the screen, an answer, why."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import typer

from assistant408.cli.pictures.plain import plain_text
from assistant408.content.questions import Question
from assistant408.core.errors import InputError
from assistant408.practice.variants import Variant
from assistant408.store.cards import Card
from assistant408.web.study import Study

__all__ = ["Round", "show_question", "show_verdict"]

HINTS = {
    "single": "答案（A–D；? 不会，s 跳过，q 结束）：",
    "judge": "对还是错（? 不会，s 跳过，q 结束）：",
    "blank": "填空（? 不会，s 跳过，q 结束）：",
}


class _Quit(Exception):
    """The learner has had enough."""


@dataclass
class Round:
    """A round of practice; Ctrl-C, Ctrl-D and ``q`` end it, and what was answered is kept.

    Args:
        study: where answers are remembered.
        ask: reads a line after a prompt.
        clock: seconds that only run forward.
    """

    study: Study
    ask: Callable[[str], str] = input
    clock: Callable[[], float] = time.monotonic
    done: list[tuple[str, float, float]] = field(default_factory=list)  # id, score, seconds

    def run(self, items: Iterable[Question | Card | Variant], total: int) -> None:
        """Asks one item after another; `total` 0 stands for no end."""
        try:
            for n, item in enumerate(items, 1):
                _say(f"\n── {n}{f' / {total}' if total else ''} " + "─" * 40, dim=True)
                if isinstance(item, Card):
                    self._card(item)
                elif isinstance(item, Variant):
                    self._variant(item)
                elif item.kind == "big":
                    self._big(item)
                else:
                    self._question(item)
        except (_Quit, KeyboardInterrupt, EOFError):
            typer.echo()

    def summary(self) -> dict[str, Any]:
        """What was answered, right and how long it took, JSON-ready."""
        return {
            "answered": len(self.done),
            "right": sum(score >= 0.6 for _, score, _ in self.done),
            "seconds": round(sum(seconds for *_, seconds in self.done)),
            "wrong": [id for id, score, _ in self.done if score < 0.6],
        }

    def show_summary(self) -> None:
        """Prints `summary`."""
        s = self.summary()
        if not s["answered"]:
            typer.echo("这一轮没有作答。")
            return
        typer.echo(
            f"这一轮答了 {s['answered']} 题，对 {s['right']} 题，用时 {s['seconds'] // 60} 分 {s['seconds'] % 60} 秒。"
        )
        leaves = self.study.services.syllabus.leaves
        for id in s["wrong"]:
            q = self.study.services.questions.get(id)
            typer.echo(f"  错 {id}" + (f"  {'、'.join(leaves[leaf].name for leaf in q.syllabus)}" if q else ""))

    # --- one item ------------------------------------------------------------------------------------------------

    def _read(self, prompt: str) -> str:
        line = self.ask(prompt).strip()
        if line in ("q", "Q"):
            raise _Quit
        return line

    def _question(self, q: Question) -> None:
        show_question(q)
        began = self.clock()
        while True:
            line = self._read(HINTS[q.kind])
            seconds = self.clock() - began
            if line in ("s", "S"):
                return
            if line in ("?", "？"):
                verdict = self.study.give_up(q, seconds)
                break
            try:
                verdict = self.study.mark(q, line, min(seconds, 86_400))
                break
            except InputError as e:
                typer.echo(e)
        self.done.append((q.id, float(bool(verdict["correct"])), seconds))
        show_verdict(q, verdict, line)
        self._after(q, verdict)

    def _big(self, q: Question) -> None:
        show_question(q)
        began = self.clock()
        if self._read("在纸上做，做完按回车看答案（s 跳过，q 结束）：") in ("s", "S"):
            return
        seconds = min(self.clock() - began, 86_400)
        verdict = self.study.mark(q, "", None)
        show_verdict(q, verdict, "")
        points: list[float] = []
        for n, part in enumerate(q.parts, 1):
            while len(points) < n:
                line = self._read(f"（{n}）给自己几分（0–{part.points}，s 不评）：")
                if line in ("s", "S"):
                    return
                try:
                    given = float(line)
                except ValueError:
                    given = -1.0
                if 0 <= given <= part.points:
                    points.append(given)
                else:
                    typer.echo(f"得分 {line!r} 应为 0 到 {part.points} 之间的数。")
        score = self.study.self_mark(q, points, "", seconds)
        self.done.append((q.id, score, seconds))
        typer.echo(f"得 {sum(points):g} / {sum(p.points for p in q.parts)} 分，已记下。")
        self._after(q, verdict)

    def _card(self, card: Card) -> None:
        _say(f"{card.deck}", dim=True)
        typer.echo(card.front)
        began = self.clock()
        if self._read("想好了按回车（s 跳过，q 结束）：") in ("s", "S"):
            return
        seconds = min(self.clock() - began, 86_400)
        typer.echo(card.back)
        while (line := self._read("1 忘了　2 勉强　3 记得　4 很熟：")) not in ("1", "2", "3", "4"):
            typer.echo(f"评分 {line!r} 应为 1、2、3 或 4。")
        due = self.study.rate_card(card, int(line), seconds)
        self.done.append((card.key, 0.0 if line == "1" else 1.0, seconds))
        typer.echo(f"下次复习：{due.astimezone():%m 月 %d 日}")

    def _variant(self, v: Variant) -> None:
        typer.echo(plain_text(v.stem))
        for letter, text in v.choices.items():
            typer.echo(f"  {letter}. {plain_text(text)}")
        began = self.clock()
        while (line := self._read(HINTS["single"]).upper()) not in (*v.choices, "?", "？", "S"):
            typer.echo(f"答案 {line!r} 应为 {'、'.join(v.choices)} 之一。")
        if line == "S":
            return
        right = line == v.answer
        self.done.append((v.solver, float(right), self.clock() - began))
        _verdict_line(right, v.answer)
        for letter, why in v.explanations.items():
            if letter != v.answer:
                typer.echo(f"  {letter} {'← 你的数来自：' if letter == line else ''}{plain_text(why)}")
        solution = self.study.solve(v.solver, v.args)
        self._steps(solution)

    def _after(self, q: Question, verdict: dict[str, Any]) -> None:
        """What one may do before the next question."""
        solutions = [s for s in (verdict["solution"], *(p["solution"] for p in verdict["parts"])) if s]
        keys = ("d 看步骤，" if solutions else "") + "f 收藏，n 记笔记，r 报错，q 结束"
        services = self.study.services
        while line := self._read(f"回车下一题（{keys}）："):
            if line == "d" and solutions:
                from assistant408.cli.render import show_solution

                for solution in solutions:
                    show_solution(solution)
            elif line == "f":
                services.learner.favourites.add(q.id)
                typer.echo("已收藏。")
            elif line == "n":
                if (had := services.learner.personal_notes.get("question", q.id)) is not None:
                    typer.echo(f"原来的笔记：{had['text']}")
                if text := self._read("笔记（写一行，代替原来的；回车不写）："):
                    services.learner.personal_notes.put("question", q.id, text)
                    typer.echo("已记下。")
            elif line == "r":
                if text := self._read("这道题哪里错了（回车不报）："):
                    services.learner.reports.add(q.id, "other", text)
                    typer.echo("已记下，谢谢。")
            else:
                typer.echo(f"没有 {line!r} 这个键。")

    def _steps(self, solution: dict[str, Any]) -> None:
        if self._read("回车下一题（d 看步骤，q 结束）：") == "d":
            from assistant408.cli.render import show_solution

            show_solution(solution)
            self._read("回车下一题（q 结束）：")


def show_question(q: Question) -> None:
    """Prints a question without its key."""
    kind = {"single": "单选", "judge": "判断", "blank": "填空", "big": f"大题，{q.points} 分"}[q.kind]
    _say(f"{q.id}（{kind}，难度 {q.difficulty}）", dim=True)
    typer.echo(plain_text(q.stem))
    for letter, text in q.choices.items():
        typer.echo(f"  {letter}. {plain_text(text)}")
    for n, part in enumerate(q.parts, 1):
        typer.echo(f"（{n}）（{part.points} 分）{plain_text(part.prompt)}")


def show_verdict(q: Question, verdict: dict[str, Any], answer: str) -> None:
    """Prints the key, and why each choice is what it is."""
    if q.kind == "big":
        for n, part in enumerate(verdict["parts"], 1):
            typer.echo(f"（{n}）{plain_text(part['answer'])}")
            for line in part["rubric"]:
                typer.echo(f"    {line['points']} 分：{plain_text(line['text'])}")
        return
    _verdict_line(bool(verdict["correct"]), verdict["key"])
    if found := verdict["diagnosis"]:
        at = f"，从第 {found['step']} 步起就不同" if found["step"] else ""
        typer.echo(f"你的数来自：{plain_text(str(found['mistake']).rstrip('。'))}{at}。")
    if verdict["explanation"]:
        typer.echo(plain_text(verdict["explanation"]))
    for letter, why in verdict["traps"].items():
        typer.echo(f"  {letter}{' ← 你选的' if letter == answer.strip().upper() else ''}：{plain_text(why)}")
    for e in verdict["evidence"]:
        _say(f"  “{plain_text(e['quote'])}”（{e['note']}）", dim=True)


def _verdict_line(right: bool, key: str) -> None:
    typer.secho("正确。" if right else f"不对，答案是 {plain_text(key)}。", fg="green" if right else "red")


def _say(text: str, dim: bool = False) -> None:
    typer.secho(text, dim=dim)
