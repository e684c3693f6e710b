"""``a408 model``: language models on this machine."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from assistant408.cli.common import JsonFlag, console, open_services, print_json
from assistant408.core.errors import BackendError, InputError
from assistant408.core.paths import home
from assistant408.llm.models import default_model, find_model, load_models
from assistant408.llm.pull import Progress, installed, model_path, remove, verify

app = typer.Typer(help="语言模型：列出、下载、删除。", no_args_is_help=True)
ModelId = Annotated[str, typer.Argument(help="模型 id，省略为默认模型。")]


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出可用的模型。"""
    rows = [
        {
            "id": m.id,
            "name": m.name,
            "bytes": m.bytes,
            "licence": m.licence,
            "context": m.context,
            "installed": installed(home(), m),
            "default": m.default,
        }
        for m in load_models(home()).values()
    ]
    if json:
        print_json(rows)
        return
    for row in rows:
        mark = "✓" if row["installed"] else " "
        typer.echo(f"{mark} {row['id']:<22}{int(str(row['bytes'])) / 1e6:>7.0f} MB  {row['licence']}  {row['name']}")


@app.command()
def pull(id: ModelId = "", json: JsonFlag = False) -> None:
    """下载一个模型；中断后再次运行会接着下载。"""
    from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    from assistant408.llm.pull import pull as fetch

    model = find_model(home(), id) if id else default_model(home())
    if installed(home(), model):
        path = model_path(home(), model)
        print_json({"id": model.id, "path": str(path)}) if json else typer.echo(f"{model.id} 已经在 {path}")
        return
    stop = threading.Event()
    with Bar(
        "{task.description}",
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console(),
    ) as bar:
        task = bar.add_task(model.id, total=model.bytes)

        def report(p: Progress) -> None:
            if p.note:
                bar.console.print(p.note, style="dim")
            bar.update(task, completed=p.done_bytes, description=f"{model.id} · {p.source}")

        try:
            path = fetch(home(), model, report, stop)
        except KeyboardInterrupt:
            stop.set()
            raise
    print_json({"id": model.id, "path": str(path)}) if json else typer.echo(f"已下载并校验：{path}")


@app.command()
def show(id: ModelId = "", json: JsonFlag = False) -> None:
    """一个模型的详情。"""
    model = find_model(home(), id) if id else default_model(home())
    info = {
        "id": model.id,
        "name": model.name,
        "upstream": model.upstream,
        "licence": model.licence,
        "bytes": model.bytes,
        "sha256": model.sha256,
        "context": model.context,
        "memory_mb": model.memory_mb,
        "sources": [s.name for s in model.sources],
        "path": str(model_path(home(), model)) if installed(home(), model) else None,
    }
    if json:
        print_json(info)
        return
    for key, value in info.items():
        typer.echo(f"{key:<10} {value}")


@app.command("remove")
def remove_(id: Annotated[str, typer.Argument(help="模型 id。")], json: JsonFlag = False) -> None:
    """删除一个模型的文件。"""
    model = find_model(home(), id)
    if not installed(home(), model):
        raise InputError(f"模型 {id!r} 没有安装。")
    remove(home(), model)
    if json:
        print_json({"id": id, "freed_bytes": model.bytes})
    else:
        typer.echo(f"已删除 {id}，释放 {model.bytes / 1e6:.0f} MB。")


@app.command()
def doctor(id: ModelId = "", json: JsonFlag = False) -> None:
    """校验一个模型的文件，并试着生成一句话。"""
    import time

    from assistant408.llm.types import Message, Options, Request

    model = find_model(home(), id) if id else default_model(home())
    path = model_path(home(), model)
    if not path.is_file():
        raise InputError(f"模型 {model.id!r} 还没有下载，请运行 a408 model pull {model.id}。")
    if not verify(path, model.sha256):
        raise BackendError(f"模型文件 {str(path)!r} 的 sha256 不符，请用 a408 model remove {model.id} 删除后重新下载。")
    start = time.perf_counter()
    backend = open_services(model.id).backend()
    loaded = time.perf_counter() - start
    start = time.perf_counter()
    pieces = list(backend.stream(Request((Message("user", "用一句话说明什么是死锁。"),)), Options(max_tokens=40)))
    rate = len(pieces) / (time.perf_counter() - start)
    backend.close()
    text = "".join(pieces)
    if json:
        print_json(
            {
                "id": model.id,
                "path": str(path),
                "load_s": round(loaded, 2),
                "text": text,
                "tokens_per_s": round(rate, 1),
            }
        )
        return
    typer.echo(f"sha256 正确：{path}\n载入 {loaded:.1f} s\n{text}\n{rate:.1f} 词元/秒")
