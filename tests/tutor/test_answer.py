"""The answer loop over a small knowledge base and scripted models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant408.content.syllabus import Node, Syllabus
from assistant408.core.errors import BackendError
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import chunk_markdown
from assistant408.kb.store.sqlite import Document
from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.types import Options, Request
from assistant408.tutor.answer import Tutor, section_request
from assistant408.tutor.events import Answer, Commit, Event, Passages, Solved, Status, Token
from assistant408.tutor.prompts import load_prompt
from assistant408.tutor.route import GREETING, INTRODUCTION

DEADLOCK = """## 死锁的必要条件 {#os.deadlock.conditions}

### 考点
死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。

### 讲解
破坏任何一个条件都能预防死锁。循环等待是必要条件，不是充分条件。

### 易错
- 有环路不一定死锁，资源只有一个实例时才一定死锁。
"""
LRU = """## LRU 页面置换 {#os.memory.lru}

### 考点
LRU 淘汰最长时间未被访问的页，不会出现 Belady 异常。

| 算法 | Belady 异常 |
|---|---|
| FIFO | 可能出现 |
| LRU | 不会出现 |
"""
NOTES = {"os/deadlock": ("死锁", DEADLOCK), "os/memory": ("页面置换", LRU)}
QUESTION = "死锁的必要条件是什么？"
TRUE = "死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。"
ALSO_TRUE = "破坏任何一个条件都能预防死锁。"
FALSE = "死锁由编译器在链接时检测。"


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    base = KnowledgeBase(tmp_path / "kb.db", lambda: None)
    documents = [Document(id, title, "notes", "", "", None, "", i) for i, (id, (title, _)) in enumerate(NOTES.items())]
    base.put(documents, [c for id, (title, text) in NOTES.items() for c in chunk_markdown(id, title, text)])
    return base


@pytest.fixture
def syllabus() -> Syllabus:
    return Syllabus(
        [
            Node("os", "操作系统", "", 0),
            Node("os.deadlock", "死锁", "os", 0),
            Node("os.deadlock.conditions", "死锁的必要条件", "os.deadlock", 3),
            Node("os.memory", "内存", "os", 0),
            Node("os.memory.lru", "LRU 页面置换", "os.memory", 4),
        ]
    )


@pytest.fixture
def tutor(kb: KnowledgeBase, syllabus: Syllabus) -> Callable[..., Tutor]:
    """``tutor(reply)``: a tutor whose model says `reply`, or without a model."""

    def make(reply: str | None = None, **more: Any) -> Tutor:
        if reply is not None:
            model = FakeBackend(lambda request: reply)
            more["backend"] = lambda: model
        return Tutor(kb, syllabus, **more)

    return make


def _end(events: list[Event]) -> Answer:
    assert isinstance(events[-1], Answer)
    assert not any(isinstance(e, Answer) for e in events[:-1])
    return events[-1]


def _committed(events: list[Event]) -> str:
    return "".join(e.text for e in events if isinstance(e, Commit))


def _check_citations(events: list[Event]) -> None:
    """Every mark in the answer has a citation of that number, and every quote is verbatim in its passage and note."""
    answer = _end(events)
    (shown,) = (e for e in events if isinstance(e, Passages))
    passages = {p.n: p for p in shown.passages}
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)} == {c.n for c in answer.citations}
    for c in answer.citations:
        assert c.quote and c.quote in passages[c.n].text and c.quote in NOTES[c.doc][1]
        assert (c.doc, c.anchor, c.section) == (passages[c.n].doc, passages[c.n].anchor, passages[c.n].section)
        assert 0 <= c.score <= 1
    for p in shown.passages:
        assert p.quote in p.text


# --- the course of an answer ----------------------------------------------------------------------------------------


def test_passages_first_then_tokens_then_checked_sentences_then_the_whole(tutor: Callable[..., Tutor]) -> None:
    events = list(tutor(TRUE + ALSO_TRUE).answer(QUESTION))
    kinds = [type(e) for e in events]
    assert kinds[0] is Passages and kinds[1] is Token and kinds[-1] is Answer
    assert kinds.count(Passages) == 1 and kinds.count(Commit) == 2
    assert "".join(e.text for e in events if isinstance(e, Token)) == TRUE + ALSO_TRUE
    first = kinds.index(Commit)
    assert Token in kinds[first:], "the first sentence is committed while the second is written"
    answer = _end(events)
    assert answer.answer == _committed(events).strip()
    assert answer.answer.startswith(TRUE + "[1]") and ALSO_TRUE + "[" in answer.answer
    assert not answer.refused and answer.solver is None and answer.question == QUESTION
    assert answer.model == "fake" and answer.prompt == load_prompt("answer").version
    _check_citations(events)


def test_the_passages_are_of_the_asked_section_and_numbered(tutor: Callable[..., Tutor]) -> None:
    shown = next(tutor(TRUE).answer(QUESTION))
    assert isinstance(shown, Passages)
    assert [p.n for p in shown.passages] == list(range(1, len(shown.passages) + 1))
    assert shown.passages[0].anchor == "os.deadlock.conditions" and shown.passages[0].text.startswith(TRUE[:10])
    assert len({(p.doc, p.text) for p in shown.passages}) == len(shown.passages)


def test_timings_are_those_of_the_clock(tutor: Callable[..., Tutor]) -> None:
    ticks = iter(range(1000))
    answer = _end(list(tutor(TRUE, clock=lambda: next(ticks)).answer(QUESTION)))
    t = answer.timings
    assert 0 < t["retrieve_ms"] < t["first_token_ms"] < t["total_ms"] and t["total_ms"] % 1000 == 0


def test_the_answer_is_ready_for_json(tutor: Callable[..., Tutor]) -> None:
    import json

    got = json.loads(json.dumps(_end(list(tutor(TRUE).answer(QUESTION))).to_json(), ensure_ascii=False))
    assert set(got) >= {"question", "answer", "refused", "citations", "solver", "model", "timings", "nearest"}
    assert set(got["citations"][0]) >= {"n", "doc", "title", "section", "page", "quote", "score"}


def test_closing_the_answer_stops_the_model(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    model = FakeBackend(lambda request: TRUE * 50)
    answer = Tutor(kb, syllabus, lambda: model).answer(QUESTION)
    while not isinstance(next(answer), Token):
        pass
    assert model.open_streams == 1
    answer.close()
    assert model.open_streams == 0


def test_the_callers_options_reach_the_model(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    seen: list[Options] = []

    class Noting(FakeBackend):
        def stream(self, request: Request, options: Options) -> Iterator[str]:
            seen.append(options)
            return super().stream(request, options)

    model = Noting(lambda request: TRUE)
    list(Tutor(kb, syllabus, lambda: model).answer(QUESTION, options=Options(max_tokens=7, temperature=0.5)))
    assert seen == [Options(max_tokens=7, temperature=0.5)]


# --- what is said ---------------------------------------------------------------------------------------------------


def test_an_unsupported_sentence_is_dropped(tutor: Callable[..., Tutor]) -> None:
    events = list(tutor(TRUE + FALSE + ALSO_TRUE).answer(QUESTION))
    answer = _end(events).answer
    assert "编译器" not in answer and TRUE in answer and ALSO_TRUE in answer
    assert "编译器" in "".join(e.text for e in events if isinstance(e, Token)), "it was provisional"
    _check_citations(events)


@pytest.mark.parametrize("reply", ["LRU 会出现 Belady 异常。", "LRU 淘汰最长时间未被访问的页，要用 64 位计数器。"])
def test_contradictions_and_invented_numbers_are_dropped(tutor: Callable[..., Tutor], reply: str) -> None:
    answer = _end(list(tutor(reply).answer("LRU 淘汰哪一页，会出现 Belady 异常吗？"))).answer
    assert reply[:-1] not in answer and answer.startswith("资料中的要点（原文）：")


def test_a_sentence_said_twice_is_shown_once(tutor: Callable[..., Tutor]) -> None:
    assert _end(list(tutor(TRUE + TRUE).answer(QUESTION))).answer.count("互斥") == 1


def test_the_last_sentence_needs_no_full_stop(tutor: Callable[..., Tutor]) -> None:
    assert _end(list(tutor(TRUE[:-1]).answer(QUESTION))).answer == TRUE[:-1] + "[1]"


def test_a_table_row_is_cited_as_it_stands(tutor: Callable[..., Tutor]) -> None:
    events = list(tutor("FIFO 的 Belady 异常：可能出现。").answer("FIFO 与 LRU 的 Belady 异常"))
    _check_citations(events)


@pytest.mark.parametrize("reply", [FALSE, "", "\n\n", "……", FALSE * 3])
def test_when_nothing_can_be_kept_the_notes_speak(tutor: Callable[..., Tutor], reply: str) -> None:
    events = list(tutor(reply).answer(QUESTION))
    answer = _end(events)
    assert answer.answer.startswith("资料中的要点（原文）：\n- ") and "互斥" in answer.answer and not answer.refused
    _check_citations(events)


# --- without a model ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["no backend", "llm=False"])
def test_without_a_model_the_key_sentences_are_given_as_such(tutor: Callable[..., Tutor], how: str) -> None:
    events = list(tutor().answer(QUESTION) if how == "no backend" else tutor(FALSE).answer(QUESTION, llm=False))
    assert [type(e) for e in events] == [Passages, Commit, Answer]
    answer = _end(events)
    assert answer.answer.startswith("资料中的要点（原文）：") and TRUE in answer.answer
    assert answer.model is None and answer.prompt is None and answer.timings["first_token_ms"] is None
    _check_citations(events)


def test_a_model_that_cannot_be_opened_is_said_and_the_notes_speak(tutor: Callable[..., Tutor]) -> None:
    def refuse() -> FakeBackend:
        raise BackendError("模型 'x' 还没有下载，请运行 a408 model pull x。")

    events = list(tutor(backend=refuse).answer(QUESTION))
    assert [type(e) for e in events] == [Passages, Status, Commit, Answer]
    assert "a408 model pull x。" in events[1].text
    _check_citations(events)


class Failing(FakeBackend):
    """Says `text`, then breaks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        yield from self.text
        raise BackendError("模型服务断开了。")


@pytest.mark.parametrize("said", ["", TRUE[:8], TRUE, TRUE + ALSO_TRUE[:5], FALSE])
def test_a_model_that_fails_midway_falls_back_to_the_passages(tutor: Callable[..., Tutor], said: str) -> None:
    events = list(tutor(backend=lambda: Failing(said)).answer(QUESTION))
    answer = _end(events)
    (status,) = (e for e in events if isinstance(e, Status))
    assert status.text.startswith("模型服务断开了。")
    assert "资料中的要点（原文）：" in answer.answer
    assert answer.answer.startswith(TRUE) == (TRUE in said), "a checked sentence stands"
    assert answer.answer == _committed(events).strip()
    _check_citations(events)


def test_more_than_the_context_falls_back_too(tutor: Callable[..., Tutor]) -> None:
    events = list(tutor(backend=lambda: FakeBackend(lambda r: TRUE, context=10)).answer(QUESTION))
    assert any(isinstance(e, Status) and "上下文长度" in e.text for e in events)
    assert "互斥" in _end(events).answer


def test_a_bug_is_not_hidden(tutor: Callable[..., Tutor]) -> None:
    def broken() -> FakeBackend:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(tutor(backend=broken).answer(QUESTION))


# --- what isn't answered from passages ------------------------------------------------------------------------------


def test_what_the_notes_do_not_have_is_refused_naming_the_nearest(tutor: Callable[..., Tutor]) -> None:
    events = list(tutor(TRUE).answer("今年中央空调维修与死锁保养价目表怎么查询"))
    answer = _end(events)
    assert [type(e) for e in events] == [Commit, Answer], "no passages are shown and the model isn't asked"
    assert answer.refused and answer.answer.startswith("不知道：知识库里没有")
    assert "“死锁的必要条件”" in answer.answer
    assert answer.nearest[0] == {"id": "os.deadlock.conditions", "name": "死锁的必要条件", "note": "os/deadlock"}
    assert answer.citations == [] and answer.model is None


def test_nothing_at_all_in_common_is_refused_without_names(tutor: Callable[..., Tutor]) -> None:
    answer = _end(list(tutor(TRUE).answer("xylophone zebra quartz")))
    assert answer.refused and not answer.nearest and "最接近" not in answer.answer


def test_an_empty_knowledge_base_refuses(tmp_path: Path, syllabus: Syllabus) -> None:
    empty = KnowledgeBase(tmp_path / "empty.db", lambda: None)
    assert _end(list(Tutor(empty, syllabus).answer(QUESTION))).refused


@pytest.mark.parametrize(("question", "text"), [("请做一下自我介绍", INTRODUCTION), ("你好", GREETING)])
def test_introductions_and_greetings_need_no_model(tutor: Callable[..., Tutor], question: str, text: str) -> None:
    def never() -> FakeBackend:
        raise AssertionError("asked the model")

    events = list(tutor(backend=never).answer(question))
    assert [type(e) for e in events] == [Commit, Answer]
    assert _end(events).answer == text and not _end(events).refused and "assistant408" in INTRODUCTION


SOLVED = {
    "id": "os.page_replacement",
    "title": "页面置换",
    "args": {},
    "answer": {"faults": 7},
    "steps": [{"why": "逐页"}],
}


def test_a_computable_question_is_solved_not_asked(tutor: Callable[..., Tutor]) -> None:
    solved = SOLVED | {"summary": "缺页 7 次。"}
    events = list(tutor(FALSE, solve=lambda question: solved).answer("LRU 的页面访问 1,2,3，缺页几次？"))
    kinds = [type(e) for e in events if not isinstance(e, Passages)]
    assert kinds == [Solved, Commit, Answer]
    answer = _end(events)
    assert answer.answer == "缺页 7 次。" and answer.solver == solved and answer.model is None


def test_a_question_that_is_not_computable_is_answered_as_usual(tutor: Callable[..., Tutor]) -> None:
    asked: list[str] = []
    answer = _end(list(tutor(TRUE, solve=asked.append).answer(f"  {QUESTION}\n")))
    assert asked == [QUESTION] and answer.solver is None and TRUE in answer.answer


def test_only_the_asked_subject_is_searched(tutor: Callable[..., Tutor]) -> None:
    assert _end(list(tutor(TRUE).answer(QUESTION, subject="cn"))).refused
    assert not _end(list(tutor(TRUE).answer(QUESTION, subject="os"))).refused


# --- what the model is asked ----------------------------------------------------------------------------------------


class Recording(FakeBackend):
    """Keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(lambda request: TRUE)
        self.requests: list[Request] = []

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        self.requests.append(request)
        return super().stream(request, options)


class Primed(Recording):
    """Has the state of the sections that it was primed with."""

    def __init__(self) -> None:
        super().__init__()
        self.states: set[str] = set()

    def _key(self, request: Request) -> str:
        return request.messages[0].content + request.messages[-1].content[: request.shared]

    def primed(self, request: Request) -> bool:
        return self._key(request) in self.states

    def prime(self, request: Request) -> None:
        self.states.add(self._key(request))


def test_the_prompt_is_system_then_material_then_question(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    model = Recording()
    list(Tutor(kb, syllabus, lambda: model).answer(QUESTION))
    system, user = model.requests[0].messages
    assert system.role == "system" and system.content == load_prompt("answer")["system"]
    assert user.content.index("【资料】") < user.content.index("互斥") < user.content.index(f"【问题】{QUESTION}")
    assert model.requests[0].shared == 0 and "Belady" not in user.content, "few tokens: only what bears on the question"


def test_a_primed_section_is_sent_whole_with_the_question_after_it(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    model, prompt = Primed(), load_prompt("answer")
    section = section_request(
        prompt["system"], prompt["shared"], kb.store.section("os/deadlock", "os.deadlock.conditions")
    )
    model.prime(section)
    tutor = Tutor(kb, syllabus, lambda: model)
    list(tutor.answer(QUESTION))
    list(tutor.answer("LRU 会不会出现 Belady 异常？"))
    known, unknown = model.requests
    assert known.shared == section.shared and model.primed(known)
    assert known.messages[-1].content[: known.shared] == section.messages[-1].content
    assert QUESTION in known.messages[-1].content[known.shared :] and ALSO_TRUE in known.messages[-1].content
    assert unknown.shared == 0 and not model.primed(unknown)


def test_braces_and_tokens_in_a_question_are_text(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    model = Recording()
    odd = "死锁的必要条件 {passages} {0} {{x}} %s 是什么"
    list(Tutor(kb, syllabus, lambda: model).answer(odd, history=[("死锁 {a}", "{b}")]))
    assert odd in model.requests[0].messages[-1].content


def test_a_follow_up_uses_the_conversation(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    model = Recording()
    tutor = Tutor(kb, syllabus, lambda: model)
    history = [("LRU 淘汰哪一页？", "旧"), (QUESTION, TRUE * 9)]
    events = list(tutor.answer("它们中哪个被破坏能预防？", history=history))
    assert events[0].passages[0].anchor == "os.deadlock.conditions", "found by the question before"
    content = model.requests[0].messages[-1].content
    assert QUESTION in content and "LRU 淘汰哪一页" not in content, "the last pair only"
    assert content.count(TRUE) < 9, "shortened"
    assert content.index(QUESTION) < content.index("它们中哪个被破坏能预防？")


def test_a_new_question_leaves_the_conversation_behind(kb: KnowledgeBase, syllabus: Syllabus) -> None:
    model = Recording()
    list(Tutor(kb, syllabus, lambda: model).answer("LRU 淘汰最长时间未被访问的哪一页？", history=[(QUESTION, TRUE)]))
    assert QUESTION not in model.requests[0].messages[-1].content
