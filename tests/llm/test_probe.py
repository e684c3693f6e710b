"""Trying a server out: each step, and a sentence for each way to fail."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from tests.llm.conftest import V1, Reply

from assistant408.llm.probe import LARGEST, Step, probe


def steps(*args: Any) -> list[Step]:
    found = list(probe(*args))
    assert all(s.text.endswith("。") and "\n" not in s.text for s in found), found
    assert all(s.ok for s in found[:-1])
    return found


def test_a_good_server(v1: V1) -> None:
    found = steps(v1.url + "/", "served-model", "sk-1")
    assert [s.name for s in found] == ["address", "reach", "model", "answer"] and found[-1].ok
    assert found[1].models == ["served-model"] and found[1].ms is not None
    assert found[3].ms is not None and found[3].ms > 0
    assert v1.headers[-1]["Authorization"] == "Bearer sk-1"
    assert v1.bodies[-1]["model"] == "served-model" and v1.bodies[-1]["max_tokens"] <= 8


def test_without_a_model_it_only_lists(v1: V1) -> None:
    assert [s.name for s in steps(v1.url)] == ["address", "reach"]
    assert v1.bodies == []


def test_a_model_that_is_not_there(v1: V1) -> None:
    last = steps(v1.url, "gpt-9")[-1]
    assert (last.name, last.ok) == ("model", False)
    assert "gpt-9" in last.text and "served-model" in last.text
    assert v1.bodies == [], "nothing is asked of it"


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(401, "{}"), "密钥"),
        (Reply(403, "{}"), "密钥"),
        (Reply(404, "{}"), "/v1"),
        (Reply(500, "{}"), "500"),
        (Reply(302, ""), "跳转"),
        (Reply(200, "<!doctype html>", type="text/html"), "OpenAI 格式"),
        (Reply(200, '{"data": 7}'), "OpenAI 格式"),
        (Reply(200, json.dumps({"data": [], "x": "y" * LARGEST})), "1 MB"),
    ],
)
def test_lists_that_are_none(v1: V1, reply: Reply, word: str) -> None:
    v1.override = lambda path, body: reply if path.endswith("/models") else None
    last = steps(v1.url, "served-model", "sk-1")[-1]
    assert (last.name, last.ok) == ("reach", False) and word in last.text


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(500, "CUDA out of memory"), "CUDA"),
        (Reply(events=['data: {"choices": []}', "data: [DONE]"]), "没有写出文字"),
        (Reply(200, "{}"), "OpenAI 格式"),
    ],
)
def test_answers_that_are_none(v1: V1, reply: Reply, word: str) -> None:
    v1.override = lambda path, body: reply if path.endswith("/completions") else None
    last = steps(v1.url, "served-model")[-1]
    assert (last.name, last.ok) == ("answer", False) and word in last.text


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    last = steps(f"http://127.0.0.1:{port}/v1", "m")[-1]
    assert (last.name, last.ok) == ("reach", False) and "没有启动" in last.text


def test_https_where_there_is_none(v1: V1) -> None:
    last = steps(v1.url.replace("http://", "https://"), "m")[-1]
    assert (last.name, last.ok) == ("reach", False) and "https" in last.text


def test_a_forbidden_address_is_not_connected_to() -> None:
    (only,) = steps("http://169.254.169.254/v1", "m")
    assert (only.name, only.ok) == ("address", False)


def test_a_key_that_no_header_can_hold(v1: V1) -> None:
    assert "密钥" in steps(v1.url, "served-model", "密钥")[-1].text
