"""``a408 web``: the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant408.cli.common import console, open_services, progress
from assistant408.cli.serve import LOCAL, optional_key, server_key, stop

if TYPE_CHECKING:
    from assistant408.web.accounts.desk import Accounts

ModelOption = Annotated[str, typer.Option("--model", "-m", help="模型 id。")]
ProxyOption = Annotated[
    str, typer.Option("--proxy", help="信任哪个反向代理转来的地址与协议，如 127.0.0.1；空为不信任任何代理。")
]


def web(
    host: Annotated[str, typer.Option(help="监听地址；默认只在本机，其他地址要登录。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任选。")] = 4080,
    model: ModelOption = "",
    with_accounts: Annotated[bool, typer.Option("--accounts", help="多人使用：每人一个账户。")] = False,
    proxy: ProxyOption = "",
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器。")] = True,
) -> None:
    """启动网页。"""
    with_accounts = with_accounts or host not in LOCAL
    key = optional_key() if with_accounts else server_key(host)
    services = open_services(model)
    with progress("建立索引") as report:
        services.ensure_index(report)
    from assistant408.web.app import create_app
    from assistant408.web.serve import serve

    accounts: Accounts | None = None
    if with_accounts:
        from assistant408.web.accounts.desk import Accounts

        accounts = Accounts(services.database)

    def say(address: str) -> None:
        console().print(f"assistant408 已启动：{address}    （Ctrl-C 停止）", markup=False)
        if accounts is not None:
            _welcome(accounts, address, host, proxy)

    app = create_app(services, key=key, accounts=accounts)
    serve(app, host, port, say, lambda: stop(services), open_browser, proxy if with_accounts else "127.0.0.1")


def _welcome(accounts: Accounts, address: str, host: str, proxy: str) -> None:
    """Says what an administrator has to know: how to become the first one, and what plain HTTP means."""
    out = console()
    if (code := accounts.setup_code()) is not None:
        here = f"http://127.0.0.1:{address.rpartition(':')[2]}" if host in ("0.0.0.0", "::") else address
        out.print(
            f"还没有管理员。一天之内打开这个链接（只能用一次）来设置：{here}/join#{code}", markup=False, soft_wrap=True
        )
    if host not in LOCAL and not proxy:
        out.print(
            "现在是 http，密码在网络上没有加密：请放在 HTTPS 反向代理后面，并加上 --proxy 代理的地址。", markup=False
        )
