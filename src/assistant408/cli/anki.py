"""``a408 export`` and ``a408 import``: Anki packages, and the notebook as Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant408.cli.common import JsonFlag, print_json
from assistant408.cli.practice import PoolOption, UnderOption, check_pool, check_under, open_study
from assistant408.core.errors import InputError


def export(
    anki: Annotated[Path | None, typer.Option("--anki", metavar="FILE", help="写成 Anki 包（.apkg）。")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="写成 Markdown。")] = None,
    pool: PoolOption = "wrong",
    under: UnderOption = "",
    json: JsonFlag = False,
) -> None:
    """导出题目和讲解：错题本（默认）、收藏或整个题库，到 Anki 或 Markdown。"""
    if anki is None and markdown is None:
        raise InputError("请写明导出成什么，例如 --anki 错题.apkg 或 --markdown 错题.md。")
    study = open_study()
    which = check_pool(pool)
    check_under(study, under)
    n = len(study.pool(which, None, under, None))
    if not n:
        raise InputError(f"{pool!r} 里没有题目可以导出，请用 --pool 换一个范围。")
    written = []
    if anki is not None:
        written.append(_write(anki, study.anki(which, under)))
    if markdown is not None:
        written.append(_write(markdown, study.notebook(which, under).encode()))
    if json:
        print_json({"questions": n, "files": written})
        return
    for file in written:
        typer.echo(f"{n} 题已写入 {file}")


def _write(path: Path, data: bytes) -> str:
    try:
        path.write_bytes(data)
    except OSError as e:
        raise InputError(f"文件 {str(path)!r} 写不了（{e.strerror}），请换一个位置。") from None
    return str(path)


def import_(
    anki: Annotated[Path | None, typer.Option("--anki", metavar="FILE", help=".apkg，或以制表符分列的 .txt。")] = None,
    remove: Annotated[str, typer.Option("--remove", metavar="DECK", help="删去一副导入的卡片。")] = "",
    json: JsonFlag = False,
) -> None:
    """导入自己的卡片，之后在 a408 review 里和题目一起复习。"""
    study = open_study()
    if remove:
        removed = study.deck.remove(remove)
        if not removed:
            decks = "、".join(dict.fromkeys(c.deck for c in study.deck.all())) or "一副也没有"
            raise InputError(f"没有卡片组 {remove!r}，现有的是：{decks}。")
        if json:
            print_json({"removed": removed})
        else:
            typer.echo(f"删去了 {removed} 张卡片。")
        return
    if anki is None:
        raise InputError("请写明要导入的文件，例如 --anki 卡片.apkg。")
    from assistant408.practice.anki import MAX_BYTES, read_cards

    try:
        with anki.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as e:
        raise InputError(f"文件 {str(anki)!r} 读不了（{e.strerror}），请检查路径。") from None
    done = study.add_cards(read_cards(anki.name, data))
    if json:
        print_json(done)
        return
    typer.echo(f"导入 {done['added']} 张卡片" + (f"，另有 {done['there']} 张已经有了。" if done["there"] else "。"))
