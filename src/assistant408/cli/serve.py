"""``a408 serve`` and ``a408 mcp``: the same program for other programs."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from assistant408.cli.common import JsonFlag, SubjectOption, check_subject, console, open_services, progress
from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.web.accounts.desk import Accounts
    from assistant408.web.services import Services

HostOption = Annotated[str, typer.Option(help="监听地址；默认只在本机，其他地址要求设置 A408_SERVER_KEY。")]
ModelOption = Annotated[str, typer.Option("--model", "-m", help="模型 id。")]
LOCAL = ("127.0.0.1", "localhost", "::1")
SHORTEST_KEY = 16


def server_key(host: str) -> str:
    """What clients must show, from the environment alone: a command line can be read by others.

    Raises:
        InputError: the address is open to others and there is no key, or a short one.
    """
    key = os.environ.get("A408_SERVER_KEY", "").strip()
    if host not in LOCAL and len(key) < SHORTEST_KEY:
        raise InputError(
            f"监听地址 {host!r} 对别的机器开放，请先把环境变量 A408_SERVER_KEY 设为至少 16 个字符的密钥，例如 openssl rand -hex 16 的输出。"
        )
    return key


def optional_key() -> str:
    """The same where users have keys of their own: none, or a long one.

    Raises:
        InputError: it is a short one.
    """
    key = os.environ.get("A408_SERVER_KEY", "").strip()
    if key and len(key) < SHORTEST_KEY:
        raise InputError(
            "环境变量 A408_SERVER_KEY 太短，应至少 16 个字符，例如 openssl rand -hex 16 的输出；不用它就清空。"
        )
    return key


def serve(
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任选。")] = 4081,
    model: ModelOption = "",
    as_json: JsonFlag = False,
) -> None:
    """启动 OpenAI 兼容接口（/v1）。"""
    key = server_key(host)
    services = open_services(model)
    with progress("建立索引", quiet=as_json) as report:
        services.ensure_index(report)
    from assistant408.web.app import create_api
    from assistant408.web.serve import serve as run

    app = create_api(services, key=key, any_host=host not in LOCAL, accounts=_accounts(services) if key else None)
    run(app, host, port, _sayer("接口", "/v1", as_json), lambda: stop(services))


def _accounts(services: Services) -> Accounts | None:
    """The accounts of the study database, if there are any: their own keys open ``/v1`` too."""
    from assistant408.store.users import Users

    if not Users(services.database).all():
        return None
    from assistant408.web.accounts.desk import Accounts

    return Accounts(services.database)


def stop(services: Services) -> None:
    """Hands back the questions in line, and says what is still being waited for."""
    services.queue.close()
    if services.queue.inside:
        console().print("正在停止：已开始的回答最多再等 30 秒；再按一次 Ctrl-C 立即停止。", markup=False)


def mcp(
    http: Annotated[bool, typer.Option("--http", help="用 HTTP 提供，而不是标准输入输出。")] = False,
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="HTTP 的端口，0 为任选。")] = 4082,
    subject: SubjectOption = None,
    as_json: JsonFlag = False,
) -> None:
    """启动 MCP 服务：解题器、检索、抽题和判题作为工具，笔记作为资源。"""
    check_subject(subject)
    key = server_key(host) if http else ""
    try:
        from assistant408.web.mcp import create_mcp, mcp_app, serve_stdio
    except ModuleNotFoundError as e:
        if (e.name or "").split(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise InputError(
            "没有安装 MCP 的软件包，请运行 pip install 'assistant408[mcp]'（或 pip install mcp）。"
        ) from None
    services = open_services()
    services.ensure_index()
    server = create_mcp(services, random.Random(), subject)
    if http:
        from assistant408.web.serve import serve as run

        run(mcp_app(server, key, host not in LOCAL), host, port, _sayer("MCP", "/mcp", as_json))
    else:
        import anyio

        anyio.run(serve_stdio, server)


def _sayer(name: str, path: str, as_json: bool) -> Callable[[str], None]:
    def say(address: str) -> None:
        if as_json:
            typer.echo(json.dumps({"address": address + path}))
        else:
            console().print(f"{name}已启动：{address}{path}    （Ctrl-C 停止）", markup=False)

    return say
