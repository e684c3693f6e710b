"""``a408 web``: the pages."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant408.cli.common import console, open_services, progress
from assistant408.cli.serve import server_key, stop
from assistant408.core.errors import InputError

ModelOption = Annotated[str, typer.Option("--model", "-m", help="模型 id。")]


def web(
    host: Annotated[str, typer.Option(help="监听地址；默认只在本机。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任选。")] = 4080,
    model: ModelOption = "",
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器。")] = True,
) -> None:
    """启动网页。"""
    if host not in ("127.0.0.1", "localhost", "::1"):
        raise InputError(f"监听地址 {host!r} 不是本机地址：多用户访问还不支持，请用 127.0.0.1。")
    services = open_services(model)
    with progress("建立索引") as report:
        services.ensure_index(report)
    from assistant408.web.app import create_app
    from assistant408.web.serve import serve

    def say(address: str) -> None:
        console().print(f"assistant408 已启动：{address}    （Ctrl-C 停止）", markup=False)

    app = create_app(services, key=server_key(host))
    serve(app, host, port, say, lambda: stop(services), open_browser)
