"""Measuring a model: what is counted, in which unit, and that it can be left."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.backends.llama_cpp import LlamaCppBackend
from assistant408.llm.bench import WRITTEN, Round, measure, summarize


class Clock:
    """A second a look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


class Counted(FakeBackend):
    """Says that two characters are a token."""

    def tokens(self, text: str) -> int:
        return len(text) // 2


def nonces() -> Iterator[str]:
    return (f"第 {n} 次" for n in itertools.count())


def test_the_arithmetic() -> None:
    backend = Counted(lambda request: "一二三四五六七八九十")  # five pieces of one token
    names = nonces()
    rounds = [r for r in measure(backend, lambda: next(names), rounds=2, clock=Clock()) if r]
    assert [(r.first_s, r.write_s, r.written) for r in rounds] == [(1.0, 4.0, 5)] * 2
    speed = summarize(backend, rounds)
    assert speed.unit == "token" and speed.rounds == 2
    assert speed.generation is not None and speed.generation.median == 1.0, "four tokens after the first in four s"
    assert speed.prompt.median == rounds[0].read == speed.read
    assert speed.first_ms.low == speed.first_ms.high == 1000.0


def test_an_engine_that_does_not_count_is_told_in_characters() -> None:
    backend = FakeBackend(lambda request: "一二三四五六七八九十")
    names = nonces()
    (only,) = [r for r in measure(backend, lambda: next(names), rounds=1, clock=Clock()) if r]
    speed = summarize(backend, [only])
    assert speed.unit == "character" and only.written == 10


def test_no_prompt_is_seen_twice() -> None:
    seen: list[str] = []
    backend = FakeBackend(lambda request: seen.append(request.messages[-1].content) or "好。")  # type: ignore[func-returns-value]
    names = nonces()
    assert sum(r is not None for r in measure(backend, lambda: next(names))) == 3
    assert len({s[:20] for s in seen}) == 3


def test_a_silent_model_and_one_word() -> None:
    assert [r for r in measure(FakeBackend(lambda request: ""), lambda: "x") if r] == []
    one = Round(0.5, 0.0, 10, 1)
    assert summarize(FakeBackend(), [one]).generation is None, "one piece has no rate"


def test_leaving_frees_the_model() -> None:
    backend = FakeBackend(lambda request: "好" * 50)
    signs = measure(backend, lambda: "x")
    assert next(signs) is None and backend.open_streams == 1
    signs.close()  # type: ignore[attr-defined]
    assert backend.open_streams == 0


@pytest.mark.model
def test_the_real_engine_counts(llama: LlamaCppBackend) -> None:
    assert llama.tokens("") == 0 < llama.tokens("死锁") < llama.tokens("死锁的四个必要条件是什么？") < 20
    names = nonces()
    (only,) = [r for r in measure(llama, lambda: next(names), rounds=1) if r]
    assert 60 < only.read < 400 and 1 < only.written <= WRITTEN + 2
    assert summarize(llama, [only]).unit == "token"
