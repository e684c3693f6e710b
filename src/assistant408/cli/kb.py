"""``a408 kb``: the knowledge base."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant408.cli.common import JsonFlag, SubjectOption, check_subject, console, open_services, print_json, progress

app = typer.Typer(help="知识库：检索、状态、重建。", no_args_is_help=True)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="检索词或问题。")],
    subject: SubjectOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="最多几条。")] = 5,
    json: JsonFlag = False,
) -> None:
    """检索知识库。"""
    check_subject(subject)
    services = open_services()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report)
    hits = kb.search(query, limit=limit, subject=subject)
    if json:
        print_json(
            [
                {
                    "doc": h.chunk.doc,
                    "title": h.chunk.title,
                    "section": h.chunk.section,
                    "anchor": h.chunk.anchor,
                    "page": h.chunk.page,
                    "text": h.chunk.text,
                    "score": round(h.score, 4),
                    "cosine": round(h.cosine, 4),
                }
                for h in hits
            ]
        )
        return
    for n, h in enumerate(hits, 1):
        typer.echo(f"[{n}] {h.chunk.section}  （{h.score:.2f}）")
        typer.echo("    " + " ".join(h.chunk.text.split())[:160])
    if not hits:
        typer.echo("没有找到。")


@app.command()
def status(json: JsonFlag = False) -> None:
    """知识库里有什么。"""
    services = open_services()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report)
    documents, counts = kb.store.documents(), kb.store.count()
    result = {
        "documents": len(documents),
        "chunks": sum(counts.values()),
        "embedding": kb.embedder.name if kb.embedder else None,
        "file": str(kb.store.path),
        "bytes": kb.store.path.stat().st_size,
    }
    if json:
        print_json(result)
        return
    typer.echo(
        f"{result['documents']} 篇文档，{result['chunks']} 个片段；向量模型：{result['embedding'] or '无（仅关键词）'}"
    )
    typer.echo(f"文件 {kb.store.path}，{kb.store.path.stat().st_size >> 10} KB")


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出文档。"""
    services = open_services()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report)
    counts = kb.store.count()
    rows = [
        {"id": d.id, "title": d.title, "collection": d.collection, "chunks": counts.get(d.id, 0)}
        for d in kb.store.documents()
    ]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['title']}  {row['chunks']} 个片段")


@app.command()
def rebuild(json: JsonFlag = False) -> None:
    """重建自带笔记的索引。"""
    services = open_services()
    with progress("建立索引", quiet=json) as report:
        kb = services.ensure_index(report, force=True)
    chunks = sum(kb.store.count().values())
    print_json({"chunks": chunks}) if json else typer.echo(f"索引已重建，{chunks} 个片段。")


@app.command(hidden=True)
def vectors() -> None:
    """Recomputes the shipped vectors of notes that changed (for developers)."""
    from assistant408.kb.shipped import save_vectors

    services = open_services()
    with progress("计算向量") as report:
        computed = save_vectors(services.kb, list(services.notes.values()), services.vectors, services.asked, report)
    console().print(f"{computed} computed, written to {services.vectors}")
