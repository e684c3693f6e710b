"""``a408 kb migrate``: the vectors to another store."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Annotated

import typer

from assistant408.cli.common import JsonFlag, open_services, print_json, progress

__all__ = ["migrate"]


def migrate(
    to: Annotated[
        str, typer.Option("--to", help="sqlite、chroma、chroma:http://主机:端口 或 qdrant:http://主机:端口。")
    ],
    drop: Annotated[bool, typer.Option("--drop", help="搬好以后删掉原来那里的向量。")] = False,
    json: JsonFlag = False,
) -> None:
    """把向量搬到另一个存储，逐个核对后才改设置；中断了再运行一次会接着搬。"""
    from assistant408.core.errors import InputError
    from assistant408.core.settings import load_settings, save_settings
    from assistant408.kb.store.migrate import migrate as move
    from assistant408.kb.store.open import open_index, open_store

    services = open_services()
    old, key = services.settings.store, services.settings.store_key
    store = open_store("sqlite", services.home / "kb" / "kb.db")
    index = open_index(to, store, key)
    if not store.of(None).count():
        raise InputError("知识库还是空的，没有可搬的：请先运行 a408 kb status 建立索引。")
    if drop and old == to:
        raise InputError(f"向量本来就在 {to!r} 里，不能搬过去又删掉：请去掉 --drop。")
    with progress("复制并核对", quiet=json) as report:
        moved = move(
            store, index, lambda what, done, total: report(done + (total if what == "check" else 0), 2 * total)
        )
    save_settings(services.home, replace(load_settings(services.home, {}), store=to))  # as the file has the others
    gone = 0
    if drop and (before := open_index(old, store, key)) is not None:
        gone = before.count()
        before.clear()
    if json:
        print_json(
            {
                "from": old,
                "to": to,
                "chunks": moved.chunks,
                "vectors": moved.vectors,
                "sha256": moved.sha256,
                "dropped": gone,
            }
        )
        return
    typer.echo(f"{moved.vectors} 个向量都在 {to} 里，数目与校验和一致（sha256 {moved.sha256[:12]}…），设置已改。")
    if gone:
        typer.echo(f"{old} 里原来的 {gone} 个向量已删。")
    if os.environ.get("A408_STORE", to) != to:
        typer.echo(f"环境变量 A408_STORE 是 {os.environ['A408_STORE']!r}，它优先于设置，请改掉或去掉它。")
