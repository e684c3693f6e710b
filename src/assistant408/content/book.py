"""The notes as a folder of pages that any browser reads: no script, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from posixpath import dirname, relpath

from assistant408.content.book_html import note_html
from assistant408.content.notes import Note, load_notes
from assistant408.content.syllabus import SUBJECTS, Node, Syllabus, load_syllabus
from assistant408.core.errors import ContentError, InputError

__all__ = ["export_book"]

_STYLE, _INDEX = "book.css", "index.html"
_LICENCE = "assistant408 的笔记，许可 CC BY-SA 4.0。"


def export_book(content: Path, folder: Path) -> list[Path]:
    """Writes ``index.html``, ``book.css`` and a page a note (``os/memory/page-replacement.html``) under `folder`.

    Returns:
        The files, the index first, then the notes in the order of the syllabus.

    Raises:
        InputError: the folder holds something else, or can't be written.
        ContentError: a note or the syllabus breaks the format, or a link leads nowhere.
    """
    tree = load_syllabus(content)
    notes = load_notes(content, list(tree.leaves))
    book = _Book(tree, notes)
    pages = {_INDEX: book.index()} | {_page(n.id): book.note(i) for i, n in enumerate(notes)}
    pages[_STYLE] = Path(__file__).with_name(_STYLE).read_text(encoding="utf-8")
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / _STYLE).is_file():
            raise InputError(f"文件夹 {str(folder)!r} 里有别的文件，请给一个空的或新的文件夹。")
        for name, text in pages.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as e:
        why = {FileExistsError: "它或它的上级不是文件夹", NotADirectoryError: "它或它的上级不是文件夹",
               PermissionError: "不允许写"}.get(type(e), e.strerror or str(e))  # fmt: skip
        raise InputError(f"书写不进文件夹 {str(folder)!r}：{why}。请换一个可写的文件夹。") from None
    return [folder / name for name in pages]


def _page(note: str) -> str:
    return f"{note}.html"


class _Book:
    """What the pages need to know of each other."""

    def __init__(self, tree: Syllabus, notes: Sequence[Note]) -> None:
        self.tree, self.notes = tree, notes
        self.titles = {n.id: n.title for n in notes}
        self.leaves = {s.leaf: n.id for n in notes for s in n.sections}

    def link(self, href: str, page: str) -> str:
        """Where an address of a note leads to, from `page`."""
        kind, _, name = href.partition(":")
        if kind == "note":
            id, _, part = name.partition("#")
            if id not in self.titles:
                raise ContentError(f"{page} 里的链接 {href!r} 没有这篇笔记。")
            return _from(page, _page(id)) + (f"#{part}" if part else "")
        if kind == "leaf":
            if name not in self.leaves:
                raise ContentError(f"{page} 里的链接 {href!r} 没有笔记讲这个考点。")
            return f"{_from(page, _page(self.leaves[name]))}#{name}"
        return href

    def note(self, i: int) -> str:
        """The page of note number `i`."""
        n = self.notes[i]
        page = _page(n.id)
        body = note_html(n.markdown, lambda href: self.link(href, page))
        chapter = self.tree.nodes[".".join(n.syllabus[0].split(".")[:2])]
        top = _from(page, _INDEX)
        way = [f'<a href="{top}">目录</a>', f'<a href="{top}#{n.subject}">{SUBJECTS[n.subject]}</a>',
               f'<a href="{top}#{chapter.id}">{escape(chapter.name)}</a>']  # fmt: skip
        about = [f"又叫：{escape('、'.join(n.aliases))}"] if n.aliases else []
        if n.prerequisites:
            links = (f'<a href="{_from(page, _page(p))}">{escape(self.titles[p])}</a>' for p in n.prerequisites)
            about.append(f"先读：{'、'.join(links)}")
        if n.solvers:
            about.append("解题器：" + "、".join(f"<code>a408 solve {escape(s)}</code>" for s in n.solvers))
        turn = "".join(
            f'<a href="{_from(page, _page(self.notes[k].id))}" rel="{rel}">{arrow.format(escape(self.notes[k].title))}</a>'
            for k, rel, arrow in ((i - 1, "prev", "← {}"), (i + 1, "next", "{} →"))
            if 0 <= k < len(self.notes)
        )
        main = [f"<h1>{escape(n.title)}</h1>", *(f'<p class="about">{line}</p>' for line in about), body,
                f'<p class="sources">参考：{escape("；".join(n.sources))}</p>', f'<nav class="turn">{turn}</nav>']  # fmt: skip
        return _html(n.title, page, f"<nav>{' › '.join(way)}</nav>", main)

    def index(self) -> str:
        """The syllabus tree; each leaf leads to its section."""
        main = ["<h1>408 考点与笔记</h1>",
                f'<p class="about">{len(self.notes)} 篇笔记，{len(self.tree.leaves)} 个考点；点的个数是历年出现的频度。</p>']  # fmt: skip
        children: dict[str, list[Node]] = {}
        for node in self.tree.nodes.values():
            children.setdefault(node.parent, []).append(node)
        for subject in children[""]:
            main.append(f'<h2 id="{subject.id}">{escape(subject.name)}</h2>')
            main.append(self._branch(children[subject.id], children, "tree"))
        return _html("目录", _INDEX, "", main, "index")

    def _branch(self, nodes: Sequence[Node], children: dict[str, list[Node]], kind: str = "") -> str:
        items = []
        for node in nodes:
            name = escape(node.name)
            if node.id in children:
                items.append(f'<li id="{node.id}">{name}{self._branch(children[node.id], children)}</li>')
                continue
            if note := self.leaves.get(node.id):
                name = f'<a href="{_page(note)}#{node.id}">{name}</a>'
            dots = f'<span class="weight" title="频度 {node.weight}/5">{"●" * node.weight}</span>'
            items.append(f"<li>{name}{dots}</li>")
        return f"<ul{f' class={kind!r}' if kind else ''}>{''.join(items)}</ul>"


def _from(page: str, target: str) -> str:
    """A relative address, so that the folder works wherever it lies."""
    return relpath(target, dirname(page) or ".")


def _html(title: str, page: str, top: str, main: Sequence[str], kind: str = "") -> str:
    head = (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · 408</title>\n"
        f'<link rel="stylesheet" href="{_from(page, _STYLE)}">\n</head>\n'
    )
    body = f"<body{f' class={kind!r}' if kind else ''}>\n{top}\n<main>\n"
    end = f"\n</main>\n<footer>{_LICENCE}</footer>\n</body>\n</html>\n"
    return head + body + "\n".join(main) + end
