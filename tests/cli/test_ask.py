"""``a408 ask`` and ``a408 chat``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUESTION = "死锁的四个必要条件是什么？"
KEYS = {"question", "answer", "refused", "citations", "solver", "model", "timings"}

pytestmark = pytest.mark.usefixtures("indexed_home")


@pytest.mark.parametrize("how", [["--no-llm"], ["--model", "fake"]])
def test_json_is_the_contract(a408: Callable[..., Any], content: Path, how: list[str]) -> None:
    done = a408("ask", QUESTION, "--json", *how)
    answer = done.json
    assert set(answer) >= KEYS
    assert answer["question"] == QUESTION and answer["refused"] is False and answer["solver"] is None
    assert answer["model"] == ("fake" if "fake" in how else None)
    assert set(answer["timings"]) == {"retrieve_ms", "first_token_ms", "total_ms"}
    assert answer["citations"]
    for c in answer["citations"]:
        assert set(c) >= {"n", "doc", "title", "section", "page", "quote", "score"}
        assert c["quote"] in (content / "notes" / f"{c['doc']}.md").read_text(encoding="utf-8"), "word for word"
        assert f"[{c['n']}]" in answer["answer"]
    assert done.err == ""


def test_text_streams_to_stdout_and_sources_to_stderr(a408: Callable[..., Any]) -> None:
    done = a408("ask", QUESTION, "--no-llm")
    assert done.code == 0
    assert "[1]" in done.out and "找到资料" not in done.out and "\x1b" not in done.out
    assert "找到资料" in done.err


def test_a_question_outside_is_refused_not_failed(a408: Callable[..., Any]) -> None:
    answer = a408("ask", "红烧肉怎么炖才香？", "--json", "--no-llm").json
    assert answer["refused"] is True and answer["citations"] == [] and answer["answer"].startswith("不知道")


def test_subject_narrows_the_sources(a408: Callable[..., Any]) -> None:
    answer = a408("ask", "队列是怎样工作的？", "--subject", "os", "--json", "--no-llm").json
    assert answer["citations"] and all(c["doc"].startswith("os/") for c in answer["citations"])


def test_a_missing_model_still_gives_the_sources(a408: Callable[..., Any]) -> None:
    done = a408("ask", QUESTION)
    assert done.code == 0 and "[1]" in done.out
    assert "a408 model pull" in done.err.replace("\n", "")


@pytest.mark.parametrize(("args", "names"), [(["  "], "空"), ([QUESTION, "--subject", "xx"], "xx")])
def test_bad_input(a408: Callable[..., Any], args: list[str], names: str) -> None:
    assert names in a408("ask", *args).sentence
    assert names in a408("ask", *args, "--json").sentence


def test_chat_remembers_and_ends_with_an_empty_line(program: Callable[..., Any]) -> None:
    done = program("chat", "--no-llm", stdin=f"{QUESTION}\n其中哪个最容易破坏？\n\n不会问到\n")
    assert done.code == 0, done.err
    assert done.out.count("资料中的要点") == 2
    second = done.err.split("找到资料")[2]
    assert "死锁" in second, "the follow-up is searched with the question before it"


def test_chat_ends_with_the_input(program: Callable[..., Any]) -> None:
    done = program("chat", "--no-llm", stdin=f"{QUESTION}\n")
    assert done.code == 0 and done.out.count("资料中的要点") == 1
