"""The client of ``/v1`` servers, against servers that behave well and badly."""

from __future__ import annotations

import itertools
import json
import math
import socket

import pytest
from tests.llm.conftest import V1, Reply

from assistant408.core.errors import BackendError
from assistant408.llm.backends.openai import OpenAIBackend
from assistant408.llm.types import Message, Options, Request

ASK = Request((Message("system", "你是老师。"), Message("user", "什么是死锁？")))


def _complaint(v1: V1, reply: Reply, method: str = "stream") -> str:
    """The one sentence that a bad reply leads to."""
    backend = OpenAIBackend(v1.url, "m")
    v1.override = lambda path, body: reply
    with pytest.raises(BackendError) as caught:
        list(backend.stream(ASK, Options())) if method == "stream" else backend.logprobs(ASK, ["A"])
    text = str(caught.value)
    backend.close()
    assert text.endswith("。") or reply.status >= 500, text
    assert "\n" not in text and len(text) < 400
    return text


def test_everything_is_sent_as_the_protocol_says(v1: V1) -> None:
    backend = OpenAIBackend(v1.url + "/", api_key="sk-1")
    assert backend.name == "served-model"
    schema = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
    options = Options(max_tokens=9, temperature=0.5, top_p=0.9, seed=4, stop=("甲",), schema=schema)
    assert json.loads("".join(backend.stream(ASK, options))) == {"x": "x"}
    (body,), (headers,) = v1.bodies, v1.headers
    assert headers["Authorization"] == "Bearer sk-1"
    assert body["messages"] == [
        {"role": "system", "content": "你是老师。"},
        {"role": "user", "content": "什么是死锁？"},
    ]
    assert (body["model"], body["stream"], body["stop"]) == ("served-model", True, ["甲"])
    assert (body["max_tokens"], body["temperature"], body["top_p"], body["seed"]) == (9, 0.5, 0.9, 4)
    assert body["response_format"]["json_schema"]["schema"] == schema
    backend.close()


def test_no_key_means_no_header(v1: V1) -> None:
    backend = OpenAIBackend(v1.url, "m")
    list(backend.stream(ASK, Options()))
    assert "Authorization" not in v1.headers[0] and v1.bodies[0]["model"] == "m"
    backend.close()


def test_events_arrive_as_they_are_sent(v1: V1) -> None:
    backend = OpenAIBackend(v1.url, "m")
    assert list(backend.stream(ASK, Options())) == ["什么", "是死", "锁？"]
    backend.close()


@pytest.mark.parametrize(
    "event",
    [
        '{"choices": []}',
        '{"choices": null}',
        '{"choices": [{"delta": {}}]}',
        '{"choices": [{"delta": null}]}',
        '{"choices": [{"delta": {"content": null}}]}',
        '{"choices": [{"delta": {"role": "assistant"}}], "error": null}',
        '{"usage": {"total_tokens": 3}}',
    ],
)
def test_events_without_text_are_harmless(v1: V1, event: str) -> None:
    v1.override = lambda path, body: Reply(
        events=[f"data: {event}", 'data: {"choices": [{"delta": {"content": "好"}}]}', "data:[DONE]"]
    )
    backend = OpenAIBackend(v1.url, "m")
    assert list(backend.stream(ASK, Options())) == ["好"]
    backend.close()


def test_an_answer_of_nothing_is_not_an_error(v1: V1) -> None:
    v1.override = lambda path, body: Reply(events=['data: {"choices": [{"delta": {"content": ""}}]}', "data: [DONE]"])
    backend = OpenAIBackend(v1.url, "m")
    assert list(backend.stream(ASK, Options())) == []
    backend.close()


def test_closing_the_stream_hangs_up_on_the_server(v1: V1) -> None:
    endless = itertools.repeat('data: {"choices": [{"delta": {"content": "长"}}]}')
    v1.override = lambda path, body: Reply(events=endless)
    backend = OpenAIBackend(v1.url, "m")
    stream = backend.stream(ASK, Options())
    assert next(stream) == "长"
    stream.close()
    assert v1.hung_up.wait(20), "the server notices that nobody listens"
    backend.close()


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["stream", "logprobs"])
def test_a_refused_key(v1: V1, method: str) -> None:
    for status in (401, 403):
        assert "A408_API_KEY" in _complaint(v1, Reply(status, '{"error": "bad key"}'), method)


@pytest.mark.parametrize("method", ["stream", "logprobs"])
def test_a_server_error_keeps_its_reason(v1: V1, method: str) -> None:
    text = _complaint(v1, Reply(500, "CUDA out\nof memory " + "x" * 900), method)
    assert "返回 500：CUDA out of memory" in text


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens",
        "the request exceeds the available context size",
        '{"code": "context_length_exceeded"}',
    ],
)
def test_a_context_overflow_in_the_words_of_several_servers(v1: V1, message: str) -> None:
    assert "超过了模型的上下文长度" in _complaint(v1, Reply(400, message))


@pytest.mark.parametrize("method", ["stream", "logprobs"])
@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<!doctype html><title>Welcome</title>", type="text/html"),
        Reply(200, ""),
        Reply(200, b"\xff\xfe\x00garbage"),
        Reply(200, "[1, 2]"),
        Reply(200, '{"hello": 1}'),
        Reply(200, '{"choices": []}'),
        Reply(200, '{"choices": [{"logprobs": {"content": [7]}}]}'),
    ],
    ids=["html", "empty", "bytes", "list", "object", "no choices", "odd logprobs"],
)
def test_a_reply_that_is_not_of_the_protocol(v1: V1, reply: Reply, method: str) -> None:
    assert "不是 OpenAI 格式" in _complaint(v1, reply, method)


@pytest.mark.parametrize("data", ["{", "3", "[1]", '"x"', '{"choices": 3}', '{"choices": [3]}', "\x00"])
def test_an_event_that_is_not_of_the_protocol(v1: V1, data: str) -> None:
    assert "不是 OpenAI 格式" in _complaint(v1, Reply(events=[f"data: {data}"]))


def test_an_error_in_the_middle_of_a_stream(v1: V1) -> None:
    events = ['data: {"choices": [{"delta": {"content": "死锁"}}]}', 'data: {"error": {"message": "worker died"}}']
    backend = OpenAIBackend(v1.url, "m")
    v1.override = lambda path, body: Reply(events=events)
    stream = backend.stream(ASK, Options())
    assert next(stream) == "死锁"
    with pytest.raises(BackendError, match="worker died"):
        next(stream)
    backend.close()


def test_a_connection_that_breaks_in_the_middle(v1: V1) -> None:
    events = ['data: {"choices": [{"delta": {"content": "死锁"}}]}']
    backend = OpenAIBackend(v1.url, "m")
    v1.override = lambda path, body: Reply(events=events, hang_up=True)
    stream = backend.stream(ASK, Options())
    assert next(stream) == "死锁"
    with pytest.raises(BackendError, match="连接不上"):
        next(stream)
    backend.close()


def test_a_dead_server() -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{s.getsockname()[1]}/v1"
    with pytest.raises(BackendError, match=f"{url}.*连接不上，请确认它已启动"):
        OpenAIBackend(url)
    backend = OpenAIBackend(url, "m")
    with pytest.raises(BackendError, match="连接不上"):
        list(backend.stream(ASK, Options()))
    backend.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:abc/v1", "127.0.0.1:8000/v1", "", "ftp://127.0.0.1/v1", "http://\x00/v1"]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(BackendError, match="地址"):
        OpenAIBackend(url)


def test_a_key_that_no_header_can_hold(v1: V1) -> None:
    with pytest.raises(BackendError, match="A408_API_KEY"):
        OpenAIBackend(v1.url, "m", api_key="你的密钥")


@pytest.mark.parametrize("models", ['{"data": []}', "{}", '{"data": null}'])
def test_a_server_without_models(v1: V1, models: str) -> None:
    v1.override = lambda path, body: Reply(body=models)
    with pytest.raises(BackendError, match="没有列出任何模型"):
        OpenAIBackend(v1.url)


@pytest.mark.parametrize("models", ['{"data": [3]}', '{"data": {"id": "x"}}', '{"data": [{}]}', "[]", "x"])
def test_a_list_of_models_that_is_none(v1: V1, models: str) -> None:
    v1.override = lambda path, body: Reply(body=models)
    with pytest.raises(BackendError, match="不是 OpenAI 格式"):
        OpenAIBackend(v1.url)


def test_logprobs_take_the_better_of_two_spellings(v1: V1) -> None:
    backend = OpenAIBackend(v1.url, "m")
    assert backend.logprobs(ASK, ["A", "B", "C"]) == {"A": -0.2, "B": -2.0, "C": -math.inf}
    assert v1.bodies[0]["max_tokens"] == 1 and v1.bodies[0]["top_logprobs"] == 20
    backend.close()


def test_a_server_that_has_no_logprobs(v1: V1) -> None:
    text = _complaint(v1, Reply(200, '{"choices": [{"message": {"content": "A"}}]}'), "logprobs")
    assert "不返回对数概率" in text
