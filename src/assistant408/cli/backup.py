"""``a408 backup`` and ``a408 restore``: the user's data in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant408.cli.common import JsonFlag, open_services, print_json, progress


def backup(
    file: Annotated[Path, typer.Argument(help="备份写到哪个 zip 文件。", dir_okay=False)],
    force: Annotated[bool, typer.Option("--force", "-f", help="已有这个文件时覆盖它。")] = False,
    json: JsonFlag = False,
) -> None:
    """把学习记录、设置和自己的文档备份成一个文件。"""
    from assistant408.core.errors import InputError

    if file.exists() and not force:
        raise InputError(f"{str(file)!r} 已经存在，请换个名字，或加 --force 覆盖它。")
    if not file.absolute().parent.is_dir():
        raise InputError(f"没有文件夹 {str(file.absolute().parent)!r}，请先建好它。")
    with progress("备份", quiet=json) as report:
        manifest = open_services().backup(file, report)
    if json:
        print_json({"file": str(file), "bytes": file.stat().st_size, **manifest})
        return
    typer.echo(f"已备份 {len(manifest['files'])} 个文件到 {file}（{_size(file.stat().st_size)}）。")
    typer.echo("密钥和密码不在备份里；模型可以重新下载，也不在里面。")


def restore(
    file: Annotated[Path, typer.Argument(help="a408 backup 写出的 zip 文件。")],
    json: JsonFlag = False,
) -> None:
    """从备份恢复；现有的数据先另外留一份。"""
    with progress("恢复", quiet=json) as report:
        done = open_services().restore(file, report)
    if json:
        print_json(done)
        return
    created = done["manifest"]["created_at"]
    typer.echo(f"已恢复到 {created} 的备份：{sum(done['rows'].values())} 条记录。")
    typer.echo(f"恢复前的数据留在 {done['replaced']}，确认无误后可以删掉。")


def _size(n: int) -> str:
    return f"{n >> 20} MB" if n >> 20 else f"{max(1, n >> 10)} KB"
