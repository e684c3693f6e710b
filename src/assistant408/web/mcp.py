"""The Model Context Protocol server: solvers, search and practice as tools, notes as resources.

A tool for every solver, named after it with ``_`` for the dot, because many clients allow no dot in a name. `mcp` is
the official package, of the extra ``mcp``; the low-level server takes the solvers' own JSON schemas.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette

from assistant408 import __version__
from assistant408.core.errors import A408Error, InputError
from assistant408.core.registry import Solver, all_solvers
from assistant408.kb.store.base import Filter
from assistant408.practice.session import Pool, draw
from assistant408.tutor.values import say
from assistant408.web.footnotes import steps_markdown
from assistant408.web.guard import Guard
from assistant408.web.library import passages
from assistant408.web.services import Services
from assistant408.web.study import Study

__all__ = ["create_mcp", "mcp_app", "serve_stdio", "tool_name"]

Subject = Literal["ds", "co", "os", "cn"]
SCHEME = "a408://notes/"
INSTRUCTIONS = (
    "408（计算机学科专业基础：数据结构、计算机组成原理、操作系统、计算机网络）的教材与解题器。计算题请调用对应的解题器，"
    "不要心算；概念题先用 search_notes 查教材，再引用原文回答。"
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A tool, and what it does with checked arguments: a text to read and the same as data."""

    tool: types.Tool
    run: Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]


class Search(BaseModel):
    """查教材。"""

    query: Annotated[str, Field(min_length=1, max_length=500, description="要查的内容")]
    subject: Annotated[Subject | None, Field(description="只查一科")] = None
    limit: Annotated[int, Field(ge=1, le=20, description="最多几段")] = 5


class Words(BaseModel):
    """一道用文字写的题。"""

    question: Annotated[str, Field(min_length=1, max_length=4000, description="题目原文，可带选项")]


class Draw(BaseModel):
    """抽题。"""

    subject: Annotated[Subject | None, Field(description="只抽一科")] = None
    under: Annotated[str, Field(max_length=100, description="考点树的节点，如 os.memory")] = ""
    kind: Annotated[Literal["single", "judge", "blank", "big"] | None, Field(description="题型")] = None
    pool: Annotated[Pool, Field(description="从哪里抽：全部、没做过、错题、该复习、薄弱、收藏")] = "all"
    limit: Annotated[int, Field(ge=1, le=50, description="几道")] = 1
    seed: Annotated[int | None, Field(description="同一个种子抽到同样的题")] = None


class Check(BaseModel):
    """判一个答案。"""

    id: Annotated[str, Field(max_length=100, description="题目的 id")]
    answer: Annotated[str, Field(max_length=20_000, description="单选写字母，判断写 对 或 错，填空写值")]


def tool_name(solver: str) -> str:
    """A solver's name as a tool.

    Examples:
        >>> tool_name("os.page_replacement")
        'os_page_replacement'
    """
    return solver.replace(".", "_")


def create_mcp(services: Services, rng: random.Random, subject: str | None = None) -> Server[Any]:
    """The server.

    Args:
        rng: draws questions for which no seed is given.
        subject: only the solvers of this subject, for clients that can't take 151 tools.
    """
    entries = {e.tool.name: e for e in _entries(services, rng, subject)}

    async def list_tools(_: object, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[e.tool for e in entries.values()])

    async def call_tool(_: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        entry = entries.get(params.name)
        if entry is None:
            raise MCPError(types.INVALID_PARAMS, f"没有工具 {params.name!r}。")
        try:
            text, data = await anyio.to_thread.run_sync(entry.run, params.arguments or {})
        except A408Error as e:
            return _failed(str(e))
        except Exception:
            log.exception("tool %s failed", params.name)
            return _failed("程序出错了，请把日志发给开发者。")
        return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=data)

    async def list_resources(_: object, __: object) -> types.ListResourcesResult:
        notes = services.notes.values()
        return types.ListResourcesResult(
            resources=[
                types.Resource(name=n.id, title=n.title, uri=SCHEME + n.id, mime_type="text/markdown") for n in notes
            ]
        )

    async def list_templates(_: object, __: object) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="note", title="笔记", uri_template=SCHEME + "{+id}", mime_type="text/markdown"
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(_: object, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        uri = str(params.uri)
        note = services.notes.get(uri.removeprefix(SCHEME))
        if note is None or not uri.startswith(SCHEME):
            raise MCPError(types.INVALID_PARAMS, f"没有笔记 {uri!r}，应为 {SCHEME}… 中的一篇。")
        text = f"# {note.title}\n\n{note.markdown}"
        contents = types.TextResourceContents(uri=uri, mime_type="text/markdown", text=text)
        return types.ReadResourceResult(contents=[contents])

    schemas = {name: e.tool.input_schema for name, e in entries.items()}
    return Server(
        "assistant408",
        version=__version__,
        instructions=INSTRUCTIONS,
        get_tool_input_schema=schemas.get,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def mcp_app(server: Server[Any], key: str = "", any_host: bool = False) -> Starlette:
    """The server over streamable HTTP at ``/mcp``; a key and `any_host` as in `assistant408.web.guard.Guard`."""
    # The guard checks host and origin for every path; the package's own check would know loopback names only.
    app = server.streamable_http_app(
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False)
    )
    app.add_middleware(Guard, key=key, keyed=("/mcp",), any_host=any_host and bool(key))
    return app


async def serve_stdio(server: Server[Any]) -> None:
    """Speaks over standard input and output until the client closes them."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


# --- the tools ---------------------------------------------------------------------------------------------------


def _entries(services: Services, rng: random.Random, subject: str | None) -> list[Entry]:
    study = Study(services.learner)

    def search(a: Search) -> tuple[str, dict[str, Any]]:
        found = passages(services.learner, a.query, a.limit, Filter(subject=a.subject))
        text = "\n\n".join(f"[{i}] {p['title']} › {p['section']}\n{p['text']}" for i, p in enumerate(found, 1))
        return text or "没有找到。", {"passages": found}

    def in_words(a: Words) -> tuple[str, dict[str, Any]]:
        solved = services.solve(a.question)
        if solved is None:
            return "这不是解题器能算的题。", {"solver": None}
        return f"{solved['summary']}\n\n{steps_markdown(solved)}".strip(), {"solver": solved}

    def questions(a: Draw) -> tuple[str, dict[str, Any]]:
        found = study.pool(a.pool, a.subject, a.under, a.kind)
        seed = rng.randrange(1 << 31) if a.seed is None else a.seed
        drawn = [q.public() for q in draw(a.pool, found, a.limit, random.Random(seed))]
        data = {"total": len(found), "seed": seed, "questions": drawn}
        return "\n\n".join(map(_question_text, drawn)) or "没有符合条件的题目。", data

    def check(a: Check) -> tuple[str, dict[str, Any]]:
        verdict = study.mark(study.find(a.id), a.answer, None)
        word = {True: "对", False: "错", None: "请按评分点自评"}[verdict["correct"]]
        return f"{word}。答案：{verdict['key']}\n\n{verdict['explanation']}\n\n{verdict['trap']}".strip(), verdict

    own = [
        _own("search_notes", "查教材", "在 134 篇笔记里检索，返回可以逐字引用的段落。", Search, search),
        _own("solve_in_words", "用文字解题", "读一道计算题的原文，选出解题器并算出结果和步骤。", Words, in_words),
        _own("draw_questions", "抽题", "从题库抽题，不带答案。", Draw, questions),
        _own("check_answer", "判题", "判一个答案并记入学习记录，返回正确答案和解析。", Check, check, reads=False),
    ]
    return own + [_solver(s) for s in all_solvers().values() if subject in (None, s.subject)]


def _own(
    name: str,
    title: str,
    description: str,
    shape: type[BaseModel],
    run: Callable[[Any], tuple[str, dict[str, Any]]],
    reads: bool = True,
) -> Entry:
    def checked(args: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        try:
            bound = shape.model_validate(args)
        except ValidationError as e:
            where = "、".join(dict.fromkeys(".".join(map(str, d["loc"])) for d in e.errors()))
            raise InputError(f"参数 {where} 不合要求，请按工具的 schema 填写。") from None
        return run(bound)

    schema = shape.model_json_schema()
    hints = types.ToolAnnotations(read_only_hint=reads, destructive_hint=False, open_world_hint=False)
    return Entry(
        types.Tool(name=name, title=title, description=description, input_schema=schema, annotations=hints), checked
    )


def _solver(s: Solver) -> Entry:
    def run(args: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        solution = s(**args)
        body: dict[str, Any] = dict(solution.to_json())
        lines = [f"{out.label}：{say(solution.answer[k], out)}" for k, out in s.answers.items() if k in solution.answer]
        lines += [f"约定：{c}" for c in solution.conventions]
        return "\n".join(lines) + "\n\n" + steps_markdown(body), {"id": s.id, **body}

    hints = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    description = f"{s.title}：{s.summary}"
    tool = types.Tool(
        name=tool_name(s.id), title=s.title, description=description, input_schema=s.schema, annotations=hints
    )
    return Entry(tool, run)


def _question_text(q: Mapping[str, Any]) -> str:
    choices = "\n".join(f"{letter}. {text}" for letter, text in q["choices"].items())
    parts = "\n".join(f"（{i}）{p['prompt']}（{p['points']} 分）" for i, p in enumerate(q["parts"], 1))
    return "\n".join(t for t in (f"{q['id']}　{q['stem']}", choices, parts) if t)


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)
