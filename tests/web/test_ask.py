"""The stream of POST /api/ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.core.errors import BackendError
from assistant408.llm.types import Request

QUESTION = "死锁的四个必要条件是什么？"
DONE = {"question", "answer", "refused", "citations", "solver", "model", "timings", "nearest"}
PASSAGE = {"n", "doc", "title", "section", "anchor", "page", "text", "quote", "score", "box"}


def names(events: list[tuple[str, Any]]) -> list[str]:
    """Event names, runs of tokens and commits as one."""
    out: list[str] = []
    for name, _ in events:
        name = "text" if name in ("token", "commit") else name
        if out[-1:] != [name]:
            out.append(name)
    return out


def test_order_and_shapes(model: Any, ask: Callable[..., Any], content: Path) -> None:
    events = ask(QUESTION)
    assert names(events) == ["start", "passages", "text", "done"]
    data = dict(events)
    assert set(data["start"]) == {"conversation_id", "message_id"}
    passages = data["passages"]["passages"]
    assert set(data["passages"]) == {"passages", "ms"} and len(passages) >= 2
    assert [p["n"] for p in passages] == list(range(1, len(passages) + 1))
    for p in passages:
        assert set(p) == PASSAGE
        assert p["quote"] and p["quote"] in p["text"]
    done = data["done"]
    assert set(done) >= DONE
    assert done["question"] == QUESTION and done["refused"] is False and done["model"] == "scripted"
    assert set(done["timings"]) == {"retrieve_ms", "first_token_ms", "total_ms"}
    assert done["timings"]["retrieve_ms"] <= done["timings"]["first_token_ms"] <= done["timings"]["total_ms"]
    assert "".join(d["text"] for n, d in events if n == "commit").strip() == done["answer"]
    assert done["citations"], "an answer in the notes' own words is cited"
    by_n = {p["n"]: p for p in passages}
    for c in done["citations"]:
        assert f"[{c['n']}]" in done["answer"]
        assert c["quote"] in by_n[c["n"]]["text"]
        assert c["quote"] in (content / "notes" / f"{c['doc']}.md").read_text(encoding="utf-8")


def test_passages_and_tokens_arrive_before_the_model_has_finished(model: Any, asking: Callable[..., Any]) -> None:
    may_begin, may_end = threading.Event(), threading.Event()

    def script(request: Request) -> Iterator[str]:
        assert may_begin.wait(60)
        yield "死锁"
        assert may_end.wait(60)
        yield "。"

    model.script = script
    with asking(QUESTION) as events:
        assert next(events)[0] == "start"
        assert next(events)[0] == "passages"
        assert not may_begin.is_set()
        may_begin.set()
        assert next(events) == ("token", {"text": "死锁"})
        assert not may_end.is_set()
        may_end.set()
        assert [name for name, _ in events][-1] == "done"


def test_a_sentence_that_no_passage_bears_out_is_not_committed(
    model: Any, quoting: Callable[[Request], str], ask: Callable[..., Any]
) -> None:
    invented = "死锁由张三在 1987 年发明。"
    model.script = lambda request: iter([quoting(request), invented])
    events = ask(QUESTION)
    assert invented in "".join(d["text"] for n, d in events if n == "token")
    done = events[-1][1]
    assert "张三" not in done["answer"] and done["citations"]
    assert "张三" not in "".join(d["text"] for n, d in events if n == "commit")


def test_a_computable_question_is_computed(model: Any, ask: Callable[..., Any]) -> None:
    events = ask("页框数为 3，访问序列 7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1，用 LRU 算法，缺页多少次？")
    assert names(events) == ["start", "passages", "solver", "text", "done"]
    solver = dict(events)["solver"]
    assert set(solver) >= {"id", "title", "args", "answer", "exact", "steps", "conventions"}
    assert solver["id"] == "os.page_replacement" and solver["answer"]["faults"] == 12
    done = events[-1][1]
    assert done["solver"]["answer"] == solver["answer"] and "12" in done["answer"]
    assert {"id", "args", "answer", "steps"} <= set(done["solver"])
    assert model.requests == [], "the model doesn't compute"


@pytest.mark.parametrize("question", ["请做一下自我介绍", "你好"])
def test_small_talk_needs_no_passages(model: Any, ask: Callable[..., Any], question: str) -> None:
    events = ask(question)
    assert names(events) == ["start", "text", "done"]
    assert "408" in events[-1][1]["answer"] and events[-1][1]["citations"] == []
    assert model.requests == []


def test_a_question_that_is_not_in_the_notes_is_refused(model: Any, ask: Callable[..., Any], api: httpx.Client) -> None:
    events = ask("红烧肉怎么炖才香？")
    assert names(events) == ["start", "text", "done"]
    done = events[-1][1]
    assert done["refused"] is True and done["answer"].startswith("不知道") and done["citations"] == []
    assert model.requests == []
    leaves = {leaf["id"] for leaf in api.get("/api/syllabus").json()}
    assert all(n["id"] in leaves and n["name"] in done["answer"] for n in done["nearest"])


def test_without_the_language_model(model: Any, ask: Callable[..., Any]) -> None:
    done = ask(QUESTION, llm=False)[-1][1]
    assert model.requests == []
    assert done["model"] is None and done["citations"] and "原文" in done["answer"]


def test_a_missing_model_is_said_and_key_sentences_are_given(
    services: Any, ask: Callable[..., Any], api: httpx.Client
) -> None:
    services.model_override = ""  # the default model, which this home doesn't have
    events = ask(QUESTION)
    assert names(events) == ["start", "passages", "status", "text", "done"]
    assert "a408 model pull" in dict(events)["status"]["text"]
    done = events[-1][1]
    assert done["model"] is None and done["citations"] and "原文" in done["answer"]
    assert api.get("/api/status").json()["model"]["state"] == "error"


def test_a_model_that_dies_midway_leaves_what_it_said(
    model: Any, quoting: Callable[[Request], str], ask: Callable[..., Any]
) -> None:
    def script(request: Request) -> Iterator[str]:
        yield quoting(request)
        raise BackendError("模型服务断开了，请重启它。")

    model.script = script
    events = ask(QUESTION)
    assert "模型服务断开了" in dict(events)["status"]["text"]
    assert events[-1][0] == "done" and events[-1][1]["citations"]
    assert model.open_streams == 0


def test_a_bug_ends_the_stream_with_one_sentence(
    model: Any, ask: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def script(request: Request) -> Iterator[str]:
        yield "死"
        raise ZeroDivisionError("secret detail")

    model.script = script
    events = ask(QUESTION)
    assert events[-1][0] == "error" and "done" not in dict(events)
    assert events[-1][1]["error"].endswith("。") and "secret" not in events[-1][1]["error"]
    assert "secret detail" in caplog.text, "a bug keeps its traceback in the log"


def test_hanging_up_stops_the_model_and_keeps_what_was_said(
    model: Any,
    quoting: Callable[[Request], str],
    asking: Callable[..., Any],
    api: httpx.Client,
    eventually: Callable[..., None],
) -> None:
    said: list[str] = []
    endless = threading.Event()

    def script(request: Request) -> Iterator[str]:
        said.append(quoting(request))
        yield said[0]
        while True:  # only cancelling ends it
            endless.wait(0.005)
            yield "又"

    model.script = script
    with asking(QUESTION) as events:
        id = next(events)[1]["conversation_id"]
        while next(events)[0] != "commit":
            pass
        assert model.open_streams == 1
    eventually(lambda: model.open_streams == 0)
    eventually(lambda: len(api.get(f"/api/conversations/{id}").json()["messages"]) == 2)
    kept = api.get(f"/api/conversations/{id}").json()["messages"]
    assert [m["role"] for m in kept] == ["user", "assistant"]
    assert said[0] in kept[1]["content"] and "又" not in kept[1]["content"]
    assert kept[1]["result"] is None


def test_hanging_up_at_the_very_end_keeps_the_answer_once(
    model: Any, asking: Callable[..., Any], services: Any, api: httpx.Client, eventually: Callable[..., None]
) -> None:
    """The client goes after the last commit, while the finished answer is being written down."""
    add, gone = services.learner.conversations.add, threading.Event()

    def slow_add(id: str, role: str, content: str, result: Any = None) -> int:
        number: int = add(id, role, content, result)
        if role == "assistant" and result is not None:
            assert gone.wait(60)
        return number

    services.learner.conversations.add = slow_add
    before = threading.active_count()
    with asking(QUESTION) as events:
        id = next(events)[1]["conversation_id"]
        while next(events)[0] != "commit":
            pass
    # The server learns of it while the answer's thread waits in slow_add.
    threading.Event().wait(0.5)
    gone.set()
    eventually(lambda: threading.active_count() <= before)
    roles = [m["role"] for m in api.get(f"/api/conversations/{id}").json()["messages"]]
    assert roles == ["user", "assistant"]


def test_questions_are_answered_side_by_side(model: Any, ask: Callable[..., Any], api: httpx.Client) -> None:
    """None can finish before all have begun, and each gets its own answer."""
    questions = ["什么是虚拟内存？", "什么是快速排序？", "什么是中断隐指令？", "TCP 为什么要三次握手？"]
    together = threading.Barrier(len(questions))

    def script(request: Request) -> Iterator[str]:
        together.wait(60)
        yield from ("好", "。")

    model.script = script
    with ThreadPoolExecutor(len(questions)) as pool:
        streams = list(pool.map(ask, questions))
    ids = [dict(events)["start"]["conversation_id"] for events in streams]
    assert len(set(ids)) == len(questions)
    for question, id, events in zip(questions, ids, streams, strict=True):
        assert events[-1][0] == "done" and events[-1][1]["question"] == question
        messages = api.get(f"/api/conversations/{id}").json()["messages"]
        assert [m["role"] for m in messages] == ["user", "assistant"]
        assert messages[0]["content"] == question
        assert messages[1]["content"] == events[-1][1]["answer"]
    assert model.open_streams == 0


def test_a_follow_up_knows_the_conversation(model: Any, ask: Callable[..., Any], api: httpx.Client) -> None:
    first = ask(QUESTION)
    id = dict(first)["start"]["conversation_id"]
    second = ask("其中哪个最容易破坏？", conversation_id=id)
    assert dict(second)["start"]["conversation_id"] == id
    assert QUESTION in model.requests[-1].messages[-1].content
    assert any(p["doc"].startswith("os/deadlock/") for p in dict(second)["passages"]["passages"])
    assert len(api.get(f"/api/conversations/{id}").json()["messages"]) == 4


def test_subject_and_sampling_reach_search_and_model(model: Any, ask: Callable[..., Any]) -> None:
    events = ask("队列是怎样工作的？", subject="os", options={"temperature": 0.7, "top_p": 0.5, "max_tokens": 33})
    assert {p["doc"].split("/")[0] for p in dict(events)["passages"]["passages"]} == {"os"}
    options = model.options[-1]
    assert (options.temperature, options.top_p, options.max_tokens) == (0.7, 0.5, 33)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"question": ""}, "question"),
        ({"question": " \n "}, "问题"),
        ({"question": "长" * 4001}, "question"),
        ({}, "question"),
        ({"question": "死锁", "subject": "xx"}, "subject"),
        ({"question": "死锁", "options": {"temperature": 3}}, "temperature"),
        ({"question": "死锁", "options": {"max_tokens": 0}}, "max_tokens"),
        ({"question": "死锁", "conversation_id": "nope"}, "nope"),
    ],
)
def test_bad_input_is_one_sentence(
    reader: httpx.Client, refused: Callable[..., str], body: dict[str, Any], names: str
) -> None:
    assert names in refused(reader.post("/api/ask", json=body), 400, 422)
    assert reader.get("/api/conversations").json() == [], "a refused question leaves no conversation"


@pytest.mark.parametrize("text", ["{", "", "[1]", "\x00"])
def test_a_body_that_is_not_an_object(reader: httpx.Client, refused: Callable[..., str], text: str) -> None:
    sentence = refused(reader.post("/api/ask", content=text, headers={"Content-Type": "application/json"}), 422)
    assert not any(c.isdigit() for c in sentence), "a position in the text is no field"


def test_warm_loads_the_model_before_the_first_question(
    api: httpx.Client, services: Any, eventually: Callable[..., None]
) -> None:
    assert api.get("/api/status").json()["model"]["state"] == "off"
    assert api.post("/api/warm").json() == {}
    eventually(lambda: api.get("/api/status").json()["model"]["state"] == "ready")
