"""The MCP server, by the official client over standard input and output and over HTTP."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

from assistant408.core.registry import all_solvers
from assistant408.core.trace import plain
from assistant408.web.services import Services

pytest.importorskip("mcp")

import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from assistant408.web.mcp import create_mcp, mcp_app, tool_name

LRU = {"refs": [7, 0, 1, 2, 0, 3, 0, 4], "frames": 3, "policy": "LRU"}


def in_a_loop_of_its_own(main: Callable[[], Any]) -> Any:
    """Runs a coroutine in a thread: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, main).result()


def with_client(server: Any, use: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `use` makes of a connected client."""

    async def main() -> Any:
        async with Client(server) as client:
            return await use(client)

    return in_a_loop_of_its_own(main)


@pytest.fixture
def url(services: Services, serve: Callable[[Any], str]) -> str:
    """The server over HTTP on loopback."""
    return serve(mcp_app(create_mcp(services, random.Random(1)))) + "/mcp"


def test_a_tool_for_every_solver_with_a_name_that_clients_allow_and_a_valid_schema(url: str) -> None:
    listed = with_client(url, lambda client: client.list_tools()).tools
    tools = {t.name: t for t in listed}
    assert len(tools) == len(listed), "names are unique"
    assert {tool_name(id) for id in all_solvers()} <= set(tools)
    for tool in listed:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", tool.name)
        assert tool.description and tool.title
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
    for id, solver in all_solvers().items():
        jsonschema.validate(plain(solver.examples[0]), tools[tool_name(id)].input_schema)


def test_a_solver_computes_and_says_its_steps(url: str) -> None:
    result = with_client(url, lambda client: client.call_tool("os_page_replacement", LRU))
    assert not result.is_error
    assert result.structured_content["answer"]["faults"] == 6
    assert "缺页次数：6 次" in result.content[0].text and "1. " in result.content[0].text


def test_a_wrong_argument_is_a_sentence_that_the_model_can_read(url: str) -> None:
    result = with_client(url, lambda client: client.call_tool("os_page_replacement", LRU | {"frames": "三"}))
    assert result.is_error and "'三'" in result.content[0].text and result.content[0].text.endswith("。")
    result = with_client(url, lambda client: client.call_tool("search_notes", {"query": "", "limit": 99}))
    assert result.is_error and "query" in result.content[0].text and "limit" in result.content[0].text


def test_an_unknown_tool_is_a_protocol_error(url: str) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(MCPError, match="no_such"):
            await client.call_tool("no_such", {})

    with_client(url, use)


def test_search_finds_passages_that_can_be_quoted(url: str, content: Path) -> None:
    result = with_client(url, lambda c: c.call_tool("search_notes", {"query": "死锁的必要条件", "subject": "os"}))
    first = result.structured_content["passages"][0]
    assert first["anchor"] == "os.deadlock.conditions" and first["text"] in result.content[0].text
    assert first["quote"] in (content / "notes" / f"{first['doc']}.md").read_text(encoding="utf-8")


def test_a_question_in_words_is_solved_and_any_other_is_not(url: str) -> None:
    async def use(client: Client) -> Any:
        computed = await client.call_tool(
            "solve_in_words", {"question": "页面访问序列 7,0,1,2,0,3,0,4，3 个页框，LRU 缺页几次？"}
        )
        return computed, await client.call_tool("solve_in_words", {"question": "什么是死锁？"})

    computed, other = with_client(url, use)
    assert computed.structured_content["solver"]["answer"]["faults"] == 6
    assert other.structured_content == {"solver": None}


def test_questions_are_drawn_without_answers_and_marked(url: str, services: Services) -> None:
    async def use(client: Client) -> Any:
        drawn = await client.call_tool("draw_questions", {"subject": "os", "kind": "single", "limit": 2, "seed": 4})
        again = await client.call_tool("draw_questions", {"subject": "os", "kind": "single", "limit": 2, "seed": 4})
        question = drawn.structured_content["questions"][0]
        key = services.questions[question["id"]].answer[0]
        wrong = next(letter for letter in question["choices"] if letter != key)
        marked = [
            await client.call_tool("check_answer", {"id": question["id"], "answer": letter}) for letter in (key, wrong)
        ]
        return drawn, again, question, key, marked

    drawn, again, question, key, (right, wrong) = with_client(url, use)
    assert drawn.structured_content == again.structured_content
    assert not {"answer", "explanation"} & set(question) and question["stem"] in drawn.content[0].text
    assert not right.is_error, right.content
    assert right.structured_content["correct"] is True and wrong.structured_content["correct"] is False
    assert wrong.structured_content["key"] == key and wrong.content[0].text.startswith("错")
    assert services.learner.attempts.latest() == {question["id"]: False}, (
        "both answers are remembered, the last one counts"
    )


def test_every_note_is_a_resource(url: str, services: Services) -> None:
    async def use(client: Client) -> Any:
        listed = (await client.list_resources()).resources
        template = (await client.list_resource_templates()).resource_templates[0]
        return listed, template, await client.read_resource(listed[0].uri)

    listed, template, read = with_client(url, use)
    assert [r.uri for r in listed] == [f"a408://notes/{id}" for id in services.notes]
    assert template.uri_template == "a408://notes/{+id}"
    note = next(iter(services.notes.values()))
    assert note.markdown in read.contents[0].text and read.contents[0].mime_type == "text/markdown"


@pytest.mark.parametrize("uri", ["a408://notes/no/such", "a408://notes/../../etc/passwd", "file:///etc/passwd"])
def test_nothing_but_notes_is_read(url: str, uri: str) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(MCPError, match="没有笔记"):
            await client.read_resource(uri)

    with_client(url, use)


def test_one_subject_alone(services: Services) -> None:
    tools = with_client(create_mcp(services, random.Random(1), "cn"), lambda client: client.list_tools()).tools
    solvers = {t.name for t in tools} & {tool_name(id) for id in all_solvers()}
    assert solvers and all(name.startswith("cn_") for name in solvers)


def test_with_a_key_nobody_else_gets_in(services: Services, serve: Callable[[Any], str]) -> None:
    key = "0123456789abcdef"
    url = serve(mcp_app(create_mcp(services, random.Random(1)), key, any_host=True)) + "/mcp"
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert httpx2.post(url, json=hello, trust_env=False).status_code == 401
    wrong = {"Authorization": "Bearer 0123456789abcdeg"}
    assert httpx2.post(url, json=hello, headers=wrong, trust_env=False).status_code == 401

    async def main() -> int:
        http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}", "Host": "tutor.example"}, trust_env=False)
        async with http, Client(streamable_http_client(url, http_client=http)) as client:
            return len((await client.list_tools()).tools)

    assert in_a_loop_of_its_own(main) == len(all_solvers()) + 4


def test_another_site_is_kept_out(url: str) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    for headers, status in (({"Host": "evil.example"}, 400), ({"Origin": "http://evil.example"}, 403)):
        assert httpx2.post(url, json=hello, headers=headers, trust_env=False).status_code == status


def test_over_standard_input_and_output(indexed_home: Path) -> None:
    """The real program, as a desktop client starts it."""
    program = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant408", "mcp"],
        env={"A408_HOME": str(indexed_home), "A408_EMBEDDING": "none", "PATH": os.environ["PATH"]},
    )

    async def use(client: Client) -> Any:
        return await client.list_tools(), await client.call_tool("os_page_replacement", LRU)

    listed, result = with_client(program, use)
    assert len(listed.tools) == len(all_solvers()) + 4
    assert result.structured_content["answer"]["faults"] == 6
