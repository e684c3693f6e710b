"""``a408 ask`` and ``a408 chat``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from assistant408.cli.common import JsonFlag, SubjectOption, check_subject, console, open_services, print_json, progress
from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.tutor.events import Answer, Event

ModelOption = Annotated[str, typer.Option("--model", "-m", help="模型 id、GGUF 文件、模型文件夹或 openai:NAME。")]
CollectionOption = Annotated[
    list[str] | None, typer.Option("--collection", "-c", help="只在这个合集里找，可以写多次；notes 是自带的笔记。")
]
NoLlm = Annotated[bool, typer.Option("--no-llm", help="不用语言模型，只给资料中的要点。")]


def ask(
    question: Annotated[str, typer.Argument(help="要问的问题。")],
    model: ModelOption = "",
    no_llm: NoLlm = False,
    subject: SubjectOption = None,
    collection: CollectionOption = None,
    json: JsonFlag = False,
) -> None:
    """问一个 408 问题，得到带引文的回答。"""
    check_subject(subject)
    if not question.strip():
        raise InputError("问题是空的，请在引号里写出问题。")
    services = open_services(model)
    with progress("建立索引", quiet=json) as report:
        services.ensure_index(report)
    events = services.tutor.answer(question, subject=subject, llm=not no_llm, collections=collection)
    if json:
        from assistant408.tutor.events import Answer

        for event in events:
            if isinstance(event, Answer):
                print_json(event.to_json())
        return
    _show(events)


def chat(model: ModelOption = "", no_llm: NoLlm = False, subject: SubjectOption = None) -> None:
    """连续提问；输入空行或 Ctrl-D 退出，Ctrl-C 停止当前回答。"""
    check_subject(subject)
    services = open_services(model)
    with progress("建立索引") as report:
        services.ensure_index(report)
    console().print("assistant408 · 输入问题，空行退出。", style="dim")
    history: list[tuple[str, str]] = []
    while True:
        try:
            question = input("\n问：").strip()
        except EOFError:
            return
        if not question:
            return
        try:
            answer = _show(services.tutor.answer(question, history[-3:], subject, llm=not no_llm))
        except KeyboardInterrupt:
            console().print("\n已停止。", style="dim")
            continue
        history.append((question, answer.answer))


def _show(events: Iterator[Event]) -> Answer:
    """Prints an answer as it comes: passages, text, then the sources it cites."""
    from assistant408.tutor.events import Answer, Commit, Passages, Solved, Status, Token

    out = sys.stdout
    tail = ""
    for event in events:
        if isinstance(event, Passages):
            names = "；".join(f"[{p.n}] {p.section}" for p in event.passages[:4])
            console().print(f"找到资料（{event.ms} ms）：{names}", style="dim", highlight=False, markup=False)
        elif isinstance(event, Status):
            console().print(event.text, style="yellow", markup=False)
        elif isinstance(event, Solved):
            from assistant408.cli.render import show_solution

            show_solution(event.solution)
        elif isinstance(event, Token):
            if out.isatty():  # provisional text, wiped when its checked form comes
                tail += event.text
                console().print(event.text, end="", style="dim", highlight=False, markup=False)
        elif isinstance(event, Commit):
            if tail:
                console().file.write("\r\x1b[2K")
                tail = ""
            out.write(event.text)
            out.flush()
        elif isinstance(event, Answer):
            out.write("\n")
            out.flush()
            for c in event.citations:
                page = f"，第 {c.page} 页" if c.page else ""
                console().print(f"[{c.n}] {c.section}{page}：{c.quote}", style="dim", highlight=False, markup=False)
            return event
    raise RuntimeError("the answer ended without a result")
