"""``content export``: every link leads somewhere, every formula is MathML, nothing runs or comes from elsewhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from assistant408.content.book import export_book
from assistant408.content.book_html import formula, note_html
from assistant408.content.notes import load_notes
from assistant408.content.syllabus import load_syllabus
from assistant408.core.errors import ContentError, InputError

VOID = {"meta", "link", "br", "hr", "img"}


class Page(HTMLParser):
    """What a test asks about a page; fails on a tag that isn't closed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.rel: dict[str, str] = {}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        assert self.open == [], path

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {k: v or "" for k, v in attrs}
        self.tags.add(tag)
        self.attributes |= set(have)
        if "id" in have:
            self.ids.append(have["id"])
        if tag == "a":
            self.links.append(have["href"])
            if "rel" in have:
                self.rel[have["rel"]] = have["href"]
        elif tag == "link":
            self.links.append(have["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """All pages of the shipped notes, by their names in the folder."""
    from assistant408.core.paths import content_dir

    folder = tmp_path_factory.mktemp("book")
    files = export_book(content_dir(), folder)
    assert sorted(files) == sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): Page(p) for p in files if p.suffix == ".html"}


def target(page: str, href: str) -> tuple[str, str]:
    path, _, anchor = href.partition("#")
    folder = page.split("/")[:-1]
    for step in path.split("/"):
        if step == "..":
            folder.pop()
        else:
            folder.append(step)
    return ("/".join(folder) if path else page), unquote(anchor)


def test_there_is_a_page_a_note_and_the_index_has_every_leaf(book: dict[str, Page], content: Path) -> None:
    tree = load_syllabus(content)
    notes = load_notes(content, list(tree.leaves))
    assert set(book) == {"index.html", *(f"{n.id}.html" for n in notes)}
    anchors = {target("index.html", href)[1] for href in book["index.html"].links}
    assert set(tree.leaves) <= anchors
    for note in notes:
        page = book[f"{note.id}.html"]
        assert {s.leaf for s in note.sections} <= set(page.ids)
        assert note.title in "".join(page.text)


def test_every_link_leads_to_a_page_and_a_place(book: dict[str, Page]) -> None:
    count = 0
    for name, page in book.items():
        assert len(page.ids) == len(set(page.ids)), name
        for href in page.links:
            if href.startswith("https:"):
                continue
            assert not re.match(r"[a-z]+:|/", href), (name, href)
            path, anchor = target(name, href)
            assert path == "book.css" or path in book, (name, href)
            assert not anchor or anchor in book[path].ids, (name, href)
            count += 1
    assert count > 1000


def test_previous_and_next_walk_through_the_whole_book(book: dict[str, Page], content: Path) -> None:
    order = [f"{n.id}.html" for n in load_notes(content, list(load_syllabus(content).leaves))]
    for before, after in itertools.pairwise(order):
        assert target(before, book[before].rel["next"])[0] == after
        assert target(after, book[after].rel["prev"])[0] == before
    assert "prev" not in book[order[0]].rel and "next" not in book[order[-1]].rel


def test_no_formula_fell_back(book: dict[str, Page], content: Path) -> None:
    for name, page in book.items():
        words = "".join(page.text)
        assert "{#" not in words, name
        assert "merror" not in page.tags, name
    for note in load_notes(content):
        html = note_html(note.markdown, lambda href: href)
        assert not any(check in html for check in note.checks), note.id
        assert 'class="tex"' not in html, note.id
        outside = re.sub(r"<math.*?</math>|<pre.*?</pre>|<code>.*?</code>", "", html, flags=re.S)
        assert not re.search(r"\$[^$\n]+\$|\*\*|\\[a-z]+", outside), (note.id, "a formula or mark stands as text")
        inside = "".join(re.findall(r"<math.*?</math>", html, re.S))
        assert "\\" not in inside and "pt]" not in inside, note.id


def test_nothing_runs_and_nothing_is_fetched(book: dict[str, Page]) -> None:
    css = (Path(__file__).resolve().parents[2] / "src" / "assistant408" / "content" / "book.css").read_text("utf-8")
    assert "url(" not in css and "@import" not in css
    for name, page in book.items():
        assert not page.tags & {"script", "iframe", "img", "object", "embed", "form", "video", "audio", "base"}, name
        assert not {a for a in page.attributes if a.startswith("on") or a in ("src", "srcset", "style")}, name


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**LRU（least）**用", "<p><strong>LRU（least）</strong>用</p>\n"),
        ("是**“页”**，**a.**b", "<p>是<strong>“页”</strong>，**a.**b</p>\n"),
        ("a * b * c", "<p>a * b * c</p>\n"),
        ("价 $5 和 $6", "<p>价 $5 和 $6</p>\n"),
        ("`$x$`", "<p><code>$x$</code></p>\n"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>\n"),
        ("## 题 {#os.a.b}", '<h2 id="os.a.b">题</h2>\n'),
        ("### 易错\n### 例题", '<section class="trap">\n<h3>易错</h3>\n</section>\n<section class="example">\n<h3>例题</h3>\n</section>\n'),
        ("```mermaid\na-->b\n```", '<pre class="mermaid"><code>a--&gt;b\n</code></pre>\n'),
        ("![x](http://a/b.png)", "<p>［图：x］</p>\n"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>\n"),
    ],
)  # fmt: skip
def test_markdown(markdown: str, html: str) -> None:
    assert note_html(markdown, lambda href: href) == html


def test_formulas_inline_and_on_lines_of_their_own() -> None:
    assert note_html("有 $n$ 个", str) == f"<p>有 {formula('n')} 个</p>\n"
    tex = "- a\n\n+ b"
    block = note_html(f"式：\n$$\n{tex}\n$$\n", str)
    assert block == f'<p>式：</p>\n<p class="formula">{formula(tex, True)}</p>\n'
    assert 'display="block"' in block and "<li>" not in block


def test_a_broken_formula_and_a_broken_link(make_content: Callable[..., Path], tmp_path: Path) -> None:
    assert formula(r"\nope{<}") == r'<code class="tex">\nope{&lt;}</code>'
    export_book(make_content(), tmp_path / "a")
    broken = make_content(note=make_content.note.replace("leaf:os.memory.fifo", "leaf:os.memory.opt"))  # type: ignore[attr-defined]
    with pytest.raises(ContentError, match=r"leaf:os\.memory\.opt"):
        export_book(broken, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_folder_with_something_else_is_left_alone(content: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="别的文件"):
        export_book(content, tmp_path)
    with pytest.raises(InputError, match="不是文件夹"):
        export_book(content, tmp_path / "mine")
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_the_command_may_be_repeated(content: Path, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    from assistant408.cli import main

    for _ in range(2):
        monkeypatch.setattr("sys.argv", ["a408", "content", "export", str(tmp_path / "book"), "--json"])
        with pytest.raises(SystemExit) as end:
            main()
        assert not end.value.code
    assert '"files"' in capsys.readouterr().out and (tmp_path / "book" / "index.html").is_file()


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}", r"\text{<script>alert(1)</script>}", r"\mbox{<img src=x onerror=alert(1)>}",
        r"\text{{<svg onload=alert(1)>}}", r"\style{background:url(//x)}{y}", r"\class{a}{y}", r"\url{javascript:x}",
        r'\color{red" onload="x}y', r'\textcolor{"onclick="x}{y}', r"\text{</mtext><script>x</script>}", "<script>x</script>",
    ],
)  # fmt: skip
def test_no_formula_runs_or_leads_anywhere(tex: str) -> None:
    """What a page would run or follow is shown as it was written, or as text."""
    html = note_html(f"公式 $${tex}$$ 完", lambda href: href)
    seen: list[tuple[str, str | None]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, None))
            seen.extend((name, value) for name, value in attrs)

    Parser().feed(html)
    names = {name for name, _ in seen}
    assert names.isdisjoint({"script", "img", "svg", "a", "href", "style", "onload", "onerror", "onclick"}), html
    assert not any(name == "class" and value not in ("tex", "long") for name, value in seen), html
