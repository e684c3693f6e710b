"""Running: samples kept, errors told apart, resuming, parallel requests to a server that fails, several orders."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.llm.conftest import V1, Reply

from assistant408.core.errors import BackendError, InputError
from assistant408.evals.choose import Reply as Answer
from assistant408.evals.choose import by_generation, by_letter
from assistant408.evals.items import Item, read_items, reordered, write_items
from assistant408.evals.retry import Retrying
from assistant408.evals.run import compare, load_samples, run_trials
from assistant408.evals.tasks import Task, find_task
from assistant408.evals.trials import choice_trials, digest, draw
from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.backends.openai import OpenAIBackend
from assistant408.llm.types import Message, Options, Request

ABOUT = {"task": "t", "version": 1, "model": "m"}
TASK: Task = find_task("408-bench")[0]


def key_of(item: Item) -> Answer:
    return Answer(item.answer, "letter")


def test_an_error_is_a_wrong_answer_and_is_tried_again(items: list[Item], tmp_path: Path) -> None:
    broken = {"q3"}

    def choose(item: Item) -> Answer:
        if item.id in broken:
            raise BackendError("问题超过了上下文长度。")
        return key_of(item)

    def run() -> dict[str, Any]:
        return run_trials(list(choice_trials(TASK, items, {"letter": choose})), tmp_path, ABOUT)

    first = run()
    assert (first["n"], first["correct"], first["parse_failures"]) == (8, 7, 1)
    assert first["by_way"]["error"]["n"] == 1
    broken.clear()
    assert run()["correct"] == 8
    assert len((tmp_path / "samples.jsonl").read_text(encoding="utf-8").splitlines()) == 9, (
        "only the failed one was redone"
    )
    assert len(load_samples(tmp_path)) == 8


def test_a_run_that_can_only_fail_is_given_up(items: list[Item], tmp_path: Path) -> None:
    asked: list[str] = []

    def choose(item: Item) -> Answer:
        asked.append(item.id)
        raise BackendError("服务不返回对数概率。")

    with pytest.raises(BackendError, match="对数概率"):
        run_trials(list(choice_trials(TASK, items, {"letter": choose})), tmp_path, ABOUT)
    assert len(asked) == 3


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_unreachable_model_ends_the_run_and_the_next_call_goes_on(
    items: list[Item], tmp_path: Path, jobs: int
) -> None:
    gone = True

    def choose(item: Item) -> Answer:
        if gone and item.id == "q5":
            raise BackendError("连接不上。", transient=True)
        return key_of(item)

    trials = list(choice_trials(TASK, items, {"letter": choose}))
    with pytest.raises(BackendError, match="连接不上"):
        run_trials(trials, tmp_path, ABOUT, jobs=jobs)
    kept = {s["id"] for s in load_samples(tmp_path)}
    assert kept and "q5" not in kept and not (tmp_path / "results.json").exists()
    gone = False
    assert run_trials(trials, tmp_path, ABOUT, jobs=jobs)["correct"] == 8
    counted = Counter(json.loads(x)["id"] for x in (tmp_path / "samples.jsonl").read_text("utf-8").splitlines())
    assert all(counted[id] == 1 for id in kept), "what was done is not done again"


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_is_done(items: list[Item], tmp_path: Path, jobs: int) -> None:
    reports: list[int] = []

    def report(done: int, total: int) -> None:
        reports.append(done)
        if done == 4:
            raise KeyboardInterrupt

    trials = list(choice_trials(TASK, items, {"letter": key_of}))
    with pytest.raises(KeyboardInterrupt):
        run_trials(trials, tmp_path, ABOUT, report, jobs)
    assert len(load_samples(tmp_path)) == 4
    assert run_trials(trials, tmp_path, ABOUT, jobs=jobs)["n"] == 8


def test_trials_run_at_the_same_time(items: list[Item], tmp_path: Path) -> None:
    meet = threading.Barrier(4, timeout=20)

    def choose(item: Item) -> Answer:
        meet.wait()  # passes only if four are here at once
        return key_of(item)

    assert run_trials(list(choice_trials(TASK, items, {"letter": choose})), tmp_path, ABOUT, jobs=4)["correct"] == 8


def test_other_settings_or_questions_need_another_folder(items: list[Item], tmp_path: Path) -> None:
    run_trials(list(choice_trials(TASK, items, {"letter": key_of})), tmp_path, ABOUT)
    with pytest.raises(InputError, match="--out"):
        run_trials(list(choice_trials(TASK, items, {"letter": key_of})), tmp_path, ABOUT | {"model": "n"})
    assert digest(items) != digest(items[1:]) != digest([*items[1:], items[0]])


# --- a /v1 server that fails sometimes ---------------------------------------------------------------------------


def failing(v1: V1, reply: Reply, every: int = 3) -> None:
    """Every so many requests get `reply` instead."""
    lock, seen = threading.Lock(), [0]

    def override(path: str, body: dict[str, Any]) -> Reply | None:
        with lock:
            seen[0] += 1
            return reply if seen[0] % every == 0 else None

    v1.override = override


@pytest.mark.parametrize("reply", [Reply(503, "busy"), Reply(429, "slow down"), Reply(500, "oops"), Reply(events=['data: {"choices": [{"delta": {"content": "答"}}]}'], hang_up=True)])  # fmt: skip
@pytest.mark.parametrize("jobs", [1, 4])
def test_a_server_that_fails_sometimes(v1: V1, items: list[Item], tmp_path: Path, reply: Reply, jobs: int) -> None:
    v1.say = lambda body: "简短分析。\n答案：B"
    failing(v1, reply)
    waited: list[float] = []
    server = OpenAIBackend(v1.url, "m")
    backend = Retrying(server, random.Random(1), wait=waited.append)
    trials = list(choice_trials(TASK, items, {"generate": by_generation(backend)}))
    results = run_trials(trials, tmp_path, ABOUT, jobs=jobs)
    assert (results["n"], results["correct"], results["parse_failures"]) == (8, 2, 0)
    assert {s["output"] for s in load_samples(tmp_path)} == {"简短分析。\n答案：B"}, "no half answer is kept"
    assert len(v1.bodies) - len(waited) == 8 and len(waited) >= 3
    assert all(0.7 < w < 20 for w in waited)
    backend.close()


def test_letters_by_a_server(v1: V1, items: list[Item], tmp_path: Path) -> None:
    failing(v1, Reply(503, "busy"))
    backend = Retrying(OpenAIBackend(v1.url, "m"), random.Random(1), wait=lambda _: None)
    results = run_trials(list(choice_trials(TASK, items, {"letter": by_letter(backend)})), tmp_path, ABOUT, jobs=4)
    assert results["letters"] == {"A": 8} and results["correct"] == 2
    backend.close()


def test_what_will_not_pass_is_not_tried_again(v1: V1) -> None:
    v1.override = lambda path, body: Reply(401, "no")
    backend = Retrying(OpenAIBackend(v1.url, "m"), random.Random(1), wait=lambda _: pytest.fail("waited"))
    with pytest.raises(BackendError, match="密钥"):
        backend.logprobs(Request((Message("user", "?"),)), ["A"])
    assert len(v1.bodies) == 1
    backend.close()


def test_retries_end(v1: V1) -> None:
    v1.override = lambda path, body: Reply(503, "busy")
    waited: list[float] = []
    backend = Retrying(OpenAIBackend(v1.url, "m"), random.Random(1), tries=4, wait=waited.append)
    with pytest.raises(BackendError, match="503"):
        list(backend.stream(Request((Message("user", "?"),)), Options()))
    assert len(v1.bodies) == 4 and waited == sorted(waited) and len(waited) == 3
    backend.close()


# --- orders of the choices, both scorings ------------------------------------------------------------------------


@given(st.integers(), st.sampled_from("ABCD"))
def test_another_order_keeps_the_right_choice(seed: int, answer: str) -> None:
    item = Item("q", "os", "?", {x: x.lower() for x in "ABCD"}, answer)
    shown, origin = reordered(item, random.Random(seed))
    assert shown.choices[shown.answer] == item.choices[item.answer]
    assert sorted(shown.choices.values()) == list("abcd") and list(shown.choices) == list("ABCD")
    assert all(shown.choices[x] == item.choices[origin[x]] for x in "ABCD")


def test_robustness_tells_knowledge_from_a_liking_for_a_letter(items: list[Item], tmp_path: Path) -> None:
    knows = run_trials(list(choice_trials(TASK, items, {"letter": key_of}, orders=3, seed=4)), tmp_path / "a", ABOUT)
    likes_c = lambda item: Answer("C", "letter")  # noqa: E731
    guesses = run_trials(list(choice_trials(TASK, items, {"letter": likes_c}, orders=3, seed=4)), tmp_path / "b", ABOUT)
    assert knows["robustness"]["letter"] == {
        "orders": 4,
        "mean": 1.0,
        "lowest": 1.0,
        "highest": 1.0,
        "consistency": 1.0,
    }
    assert guesses["robustness"]["letter"]["consistency"] == 0 and guesses["robustness"]["letter"]["mean"] < 0.6
    assert knows["n"] == 8, "the total counts the choices as they are written"
    assert knows["groups"] == ["letter", "letter/1", "letter/2", "letter/3"]
    shown = {s["group"]: s["key"] for s in load_samples(tmp_path / "a") if s["id"] == "q0"}
    assert len(set(shown.values())) > 1, "the orders differ"


def test_an_order_does_not_depend_on_the_other_items(items: list[Item], tmp_path: Path) -> None:
    for name, some in (("a", items), ("b", items[3:5])):
        run_trials(list(choice_trials(TASK, some, {"letter": key_of}, orders=2, seed=4)), tmp_path / name, ABOUT)
    a, b = ({(s["id"], s["group"]): s["key"] for s in load_samples(tmp_path / n)} for n in "ab")
    assert b.items() <= a.items()


def test_both_scorings_are_reported(items: list[Item], tmp_path: Path) -> None:
    answerers = {"letter": key_of, "generate": lambda item: Answer(None, "generate", "", "不知道")}
    results = run_trials(list(choice_trials(TASK, items, answerers)), tmp_path, ABOUT)
    assert results["accuracy"] == 1
    assert results["scorings"]["letter"]["correct"] == 8
    assert results["scorings"]["generate"]["correct"] == 0 and results["scorings"]["generate"]["parse_failures"] == 8
    assert compare(tmp_path, tmp_path)["n"] == 8


# --- items -------------------------------------------------------------------------------------------------------


def test_items_survive_their_file(items: list[Item], tmp_path: Path) -> None:
    write_items(tmp_path / "x.jsonl", items)
    assert read_items(tmp_path / "x.jsonl") == items


def test_a_draw_keeps_the_order(items: list[Item]) -> None:
    drawn = draw(items, 5, 3)
    assert drawn == draw(items, 5, 3) != draw(items, 5, 4)
    assert [i.id for i in drawn] == sorted(i.id for i in drawn) and len(drawn) == 5
    assert draw(items, 0, 3) == draw(items, 99, 3) == items


def test_examples_are_shown_as_turns_before_the_question(items: list[Item]) -> None:
    seen: list[Request] = []

    class Watching(FakeBackend):
        def logprobs(self, request: Request, candidates: Any) -> dict[str, float]:
            seen.append(request)
            return super().logprobs(request, candidates)

    by_letter(Watching(), shots=lambda item: items[:2])(items[5])
    roles = [m.role for m in seen[0].messages]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    assert [m.content for m in seen[0].messages if m.role == "assistant"] == ["A", "B"]
    assert "第 5 题" in seen[0].messages[-1].content and "第 5 题" not in seen[0].messages[1].content
