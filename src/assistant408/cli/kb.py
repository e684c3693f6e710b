"""``a408 kb``: the knowledge base."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from assistant408.cli import kb_documents, kb_store
from assistant408.cli.ask import CollectionOption
from assistant408.cli.common import JsonFlag, SubjectOption, check_subject, console, open_services, print_json, progress

app = typer.Typer(help="知识库：添加资料、检索、状态、重建。", no_args_is_help=True)
app.command()(kb_documents.add)
app.command()(kb_documents.remove)
app.command()(kb_documents.move)
app.command()(kb_documents.retry)
app.command()(kb_store.migrate)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="检索词或问题。")],
    subject: SubjectOption = None,
    collection: CollectionOption = None,
    doc: Annotated[list[str] | None, typer.Option(help="只在这份资料里找（编号见 kb list），可以写多次。")] = None,
    format: Annotated[list[str] | None, typer.Option(help="只找这种文件，如 pdf、md，可以写多次。")] = None,
    page: Annotated[str | None, typer.Option(help="只找这些页：3 或 3-9。")] = None,
    since: Annotated[str | None, typer.Option(help="只找这天以来添加的资料：2026-11-01。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="最多几条。")] = 5,
    json: JsonFlag = False,
) -> None:
    """检索知识库。"""
    from assistant408.kb.narrow import narrow

    check_subject(subject)
    services = open_services()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report)
    hits = kb.search(query, limit=limit, where=narrow(kb, subject, collection, doc, format, page, since))
    if json:
        print_json(
            [
                {
                    "doc": h.chunk.doc,
                    "title": h.chunk.title,
                    "section": h.chunk.section,
                    "anchor": h.chunk.anchor,
                    "page": h.chunk.page,
                    "box": h.chunk.box,
                    "text": h.chunk.text,
                    "score": round(h.score, 4),
                    "cosine": round(h.cosine, 4),
                }
                for h in hits
            ]
        )
        return
    for n, h in enumerate(hits, 1):
        page = f"，第 {h.chunk.page} 页" if h.chunk.page else ""
        typer.echo(f"[{n}] {h.chunk.section}{page}  （{h.score:.2f}）")
        typer.echo("    " + " ".join(h.chunk.text.split())[:160])
    if not hits:
        typer.echo("没有找到。")


@app.command()
def status(
    id: Annotated[str | None, typer.Argument(help="一份资料的编号：逐页列出。")] = None, json: JsonFlag = False
) -> None:
    """知识库里有什么，每份资料的每一页怎么样。"""
    from assistant408.kb.describe import describe, describe_pages

    services = open_services()
    library = services.ingest.library
    if id is not None:
        one = describe(library, id) | {"page_list": describe_pages(library, id)}
        print_json(one) if json else _show_pages(one)
        return
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report)
    documents, counts = kb.store.documents(), kb.store.count()
    result: dict[str, Any] = {
        "documents": len(documents),
        "chunks": sum(counts.values()),
        "embedding": kb.embedder.name if kb.embedder else None,
        "store": services.settings.store,
        "file": str(kb.store.path),
        "bytes": kb.store.path.stat().st_size,
        "collections": library.collections(),
        "own": [describe(library, e.id) for e in library.entries()],
    }
    if json:
        print_json(result)
        return
    typer.echo(
        f"{result['documents']} 篇文档，{result['chunks']} 个片段；向量模型：{result['embedding'] or '无（仅关键词）'}"
    )
    typer.echo(
        f"文件 {kb.store.path}，{kb.store.path.stat().st_size >> 10} KB；向量在 {services.settings.store} 里检索"
    )
    for own in result["own"]:
        typer.echo(f"{own['id']}  {own['title']}（{own['collection']}）：{own['sentence']}")


def _show_pages(one: dict[str, Any]) -> None:
    kinds = {"text": "文字", "ocr": "识别", "empty": "空白", "failed": "失败"}
    typer.echo(f"{one['id']}  {one['title']}（{one['collection']}）：{one['sentence']}")
    for page in one["page_list"]:
        sure = f" {page['confidence']:.0%}" if page["kind"] == "ocr" else ""
        edited = "，改过" if page["edited"] else ""
        typer.echo(f"  第 {page['number']} 页 {kinds[page['kind']]}{sure}{edited}  {page['note']}".rstrip())


@app.command("list")
def list_(
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="只列这个合集；notes 是自带的笔记。")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """列出文档，自己的资料在最后。"""
    services = open_services()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report)
    counts = kb.store.count()
    rows = [
        {"id": d.id, "title": d.title, "collection": d.collection, "chunks": counts.get(d.id, 0)}
        for d in kb.store.documents()
        if d.collection == "notes"
    ]
    rows += [
        {"id": e.id, "title": e.title, "collection": e.collection, "chunks": counts.get(e.id, 0)}
        for e in services.ingest.library.entries()
    ]
    rows = [row for row in rows if collection in (None, row["collection"])]
    if json:
        print_json(rows)
        return
    for row in rows:
        where = "" if row["collection"] == "notes" else f"  {row['collection']}"
        typer.echo(f"{row['id']}  {row['title']}{where}  {row['chunks']} 个片段")


@app.command()
def rebuild(json: JsonFlag = False) -> None:
    """重建索引，包括自己的资料；索引文件坏了也用它。"""
    services = open_services()
    services.drop_damaged_index()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report, force=True)
    library = services.ingest.library.of(None)
    ids = [e.id for e in library.entries()]
    for id in ids:
        library.queue(id)
    kb_documents.work(services, ids, quiet=json)
    chunks = sum(kb.store.count().values())
    print_json({"chunks": chunks}) if json else typer.echo(f"索引已重建，{chunks} 个片段。")


@app.command(hidden=True)
def vectors() -> None:
    """Recomputes the shipped vectors of notes and statements that changed (for developers)."""
    from assistant408.kb.shipped import save_vectors
    from assistant408.web.judging import fact_vectors, save_fact_vectors

    services = open_services()
    with progress("计算向量") as report:
        computed = save_vectors(services.kb, list(services.notes.values()), services.vectors, services.asked, report)
    console().print(f"{computed} computed, written to {services.vectors}")
    with progress("计算辨析的向量") as report:
        computed = save_fact_vectors(services, report)
    console().print(f"{computed} computed, written to {fact_vectors(services)}")
