"""``a408 kb add | remove | move | retry``: the user's own documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, console, open_services, print_json
from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.kb.documents import Library
    from assistant408.kb.records import Job
    from assistant408.web.services import Services

__all__ = ["add", "move", "remove", "retry", "work"]


def add(
    paths: Annotated[list[Path] | None, typer.Argument(help="文件或文件夹；不写则接着做没做完的。")] = None,
    collection: Annotated[str, typer.Option("--collection", "-c", help="放进哪个合集，例如一门课一个。")] = "",
    password: Annotated[str | None, typer.Option(help="打开加密文件的密码。")] = None,
    json: JsonFlag = False,
) -> None:
    """把自己的教材、讲义、扫描件加进知识库。"""
    from assistant408.kb.describe import describe
    from assistant408.kb.parse import documents_in

    services = open_services()
    ingest = services.ingest
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    files = list(documents_in(paths or []))
    if paths and not files:
        raise InputError(f"{'、'.join(map(str, paths))!r} 里没有能读的文档，请看 docs/how-to/documents.md 列出的格式。")
    for path in files:
        try:
            added = ingest.add(path, collection, password)
        except InputError as e:
            refused.append(str(e))
            rows.append({"path": str(path), "id": None, "what": "refused", "sentence": str(e)})
        else:
            rows.append({"path": str(path), "id": added.id, "what": added.what})
    ids = {row["id"] for row in rows if row["id"]} or set(ingest.library.jobs())
    work(services, ids, quiet=json)
    rows += [{"path": None, "id": id, "what": "resumed"} for id in ids - {row["id"] for row in rows}]
    for row in rows:
        if row["id"] is not None:
            row |= describe(ingest.library, row["id"])
    if json:
        print_json(rows)
    else:
        _tell(rows)
    if refused or any(row.get("state") == "failed" for row in rows):
        raise typer.Exit(2)


def _tell(rows: list[dict[str, Any]]) -> None:
    words = {"new": "已添加", "changed": "已更新", "same": "内容相同，已经有了", "resumed": "已接着做完"}
    for row in rows:
        if row["id"] is None:
            typer.echo(row["sentence"], err=True)
        else:
            typer.echo(f"{row['id']}  {row['title']}（{row['collection']}）：{words[row['what']]}。{row['sentence']}")
    if not rows:
        typer.echo("没有要做的事。")


def remove(
    ids: Annotated[list[str], typer.Argument(help="资料的编号，见 a408 kb list。")], json: JsonFlag = False
) -> None:
    """移除资料：原件副本、文字、索引都删掉。"""
    services = open_services()
    entries = [services.ingest.library.entry(id) for id in dict.fromkeys(ids)]
    for entry in entries:
        services.ingest.remove(entry.id)
        if not json:
            typer.echo(f"已移除 {entry.id}  {entry.title}。")
    if json:
        print_json({"removed": [e.id for e in entries]})


def move(
    id: Annotated[str, typer.Argument(help="资料的编号。")],
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="移到哪个合集。")] = None,
    title: Annotated[str | None, typer.Option(help="改成什么书名。")] = None,
    json: JsonFlag = False,
) -> None:
    """给资料换合集或改名。"""
    from assistant408.kb.describe import describe

    services = open_services()
    services.ingest.change(id, title, collection)
    work(services, {id}, quiet=json)
    result = describe(services.ingest.library, id)
    print_json(result) if json else typer.echo(f"{id}  {result['title']}（{result['collection']}）")


def retry(
    id: Annotated[str, typer.Argument(help="资料的编号。")],
    page: Annotated[int, typer.Option(min=0, help="只重新识别这一页，不管它原来是什么；0 为重读所有失败的页。")] = 0,
    json: JsonFlag = False,
) -> None:
    """重读失败的页，或重新识别一页。"""
    from assistant408.kb.describe import describe

    services = open_services()
    if page:
        services.ingest.recognize(id, page)
    else:
        services.ingest.retry(id)
    work(services, {id}, quiet=json)
    result = describe(services.ingest.library, id)
    print_json(result) if json else typer.echo(f"{id}  {result['title']}：{result['sentence']}")


def work(services: Services, ids: Collection[str], quiet: bool = False) -> None:
    """Does the queued work, or watches another process do it, until nothing is left on `ids`."""
    library = services.ingest.library
    with _bars(library, quiet) as show:
        while any(id in ids and job.state == "queued" for id, job in library.jobs().items()):
            if services.worker.run(show):
                return
            for id, job in library.jobs().items():
                if id in ids:
                    show(job)
            time.sleep(0.3)


@contextmanager
def _bars(library: Library, quiet: bool) -> Iterator[Callable[[Job], None]]:
    """A line a document: pages read or chunks indexed, and the time left."""
    if quiet:
        yield lambda job: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    tasks: dict[tuple[str, str], Any] = {}
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[eta]}"),
    )
    with Progress(*columns, console=console()) as bars:

        def show(job: Job) -> None:
            key = (job.doc, job.stage)
            if key not in tasks:
                stage = "读页" if job.stage == "read" else "建索引"
                tasks[key] = bars.add_task(f"{library.entry(job.doc).title[:24]} {stage}", total=job.total, eta="")
            eta = "" if job.eta_s is None else f"还要 {job.eta_s:.0f} 秒"
            bars.update(tasks[key], completed=job.done, total=job.total, eta=eta)

        yield show
