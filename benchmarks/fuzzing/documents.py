"""Documents of every format, bent: in this process for speed, and in the confined process as the program reads them."""

from __future__ import annotations

import io
import random
import re
import shutil
import tempfile
import zipfile
from functools import cached_property
from pathlib import Path

from PIL import Image

from assistant408.content.notes import load_notes
from assistant408.content.syllabus import load_syllabus
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir
from assistant408.kb.parse import Limits, open_document
from assistant408.kb.parse.formats import all_formats
from assistant408.kb.parse.sniff import sniff
from fuzzing.mutate import bytes_of, text_of
from fuzzing.solvers import sentence

__all__ = ["Formats", "Sandboxed", "whole_documents"]

HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>死锁</title></head><body><h1>死锁</h1><p>四个<b>必要</b>条件。</p>
<table><tr><th>算法</th><th>异常</th></tr><tr><td>FIFO</td><td rowspan=2 colspan="3">可能</td></tr></table><pre><code>int x;</code></pre>
<p>2<sup>10</sup> <math><semantics><mi>x</mi><annotation encoding="application/x-tex">x_1</annotation></semantics></math></p>
<ul><li>互斥<ul><li>不可剥夺</li></ul></li></ul><img src="x.png" alt="图"></body></html>"""
CONTAINER = '<container xmlns="u"><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>'
PACKAGE = (
    '<package xmlns="u"><metadata xmlns:dc="d"><dc:title>操作系统</dc:title></metadata><manifest><item id="a" href="a.xhtml"/>'
    '<item id="b" href="b.xhtml"/></manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>'
)


def whole_documents() -> dict[str, bytes]:
    """A right document of each format, by name."""
    import docx
    import pptx
    from reportlab.pdfgen.canvas import Canvas

    note = next(iter(load_notes(content_dir(), list(load_syllabus(content_dir()).leaves)))).markdown
    out = {"a.md": note.encode(), "a.html": HTML.encode(), "b.html": HTML.replace("utf-8", "gbk").encode("gbk")}
    out["a.txt"] = re.sub(r"[#*|`$]", "", note).encode("gb18030")
    word = docx.Document()
    word.add_heading("死锁", 1)
    word.add_paragraph("四个必要条件。", style="List Bullet")
    table = word.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "算法", "FIFO"
    out["a.docx"] = _saved(word)
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "死锁"
    slide.placeholders[1].text_frame.text = "互斥"
    slide.notes_slide.notes_text_frame.text = "常考"
    out["a.pptx"] = _saved(slides)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as z:
        z.writestr("mimetype", "application/epub+zip")
        for name, text in (
            ("META-INF/container.xml", CONTAINER),
            ("c.opf", PACKAGE),
            ("a.xhtml", HTML),
            ("b.xhtml", HTML),
        ):
            z.writestr(name, text)
    out["a.epub"] = book.getvalue()
    pdf = io.BytesIO()
    canvas = Canvas(pdf, pageCompression=0, invariant=True)
    for n in range(3):
        canvas.bookmarkPage(str(n))
        canvas.addOutlineEntry(f"chapter {n}", str(n))
        for row in range(8):
            canvas.drawString(72 + 200 * (row % 2), 700 - 14 * row, f"page {n} row {row} is about deadlock and paging")
        canvas.grid([72, 172, 272], [300, 320, 340])
        canvas.showPage()
    canvas.save()
    out["a.pdf"] = pdf.getvalue()
    picture = Image.new("RGB", (120, 60), "white")
    for name, form in (("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.bmp", "BMP"), ("a.webp", "WEBP"), ("a.tiff", "TIFF")):
        held = io.BytesIO()
        picture.save(held, form)
        out[name] = held.getvalue()
    return out


def _saved(document: object) -> bytes:
    held = io.BytesIO()
    document.save(held)  # type: ignore[attr-defined]
    return held.getvalue()


class Formats:
    """Opened and read in this process. A parser may stumble (the confined process says so of its page); it may not
    hang, and what it gives must be pages."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="a408-fuzz-"))
        self.limits = Limits(seconds=10)
        self.last = ""

    @cached_property
    def whole(self) -> dict[str, bytes]:
        """The documents that are bent."""
        return whole_documents()

    def bent(self, rng: random.Random) -> Path:
        """One of them, bent, as a file."""
        name = rng.choice(sorted(self.whole))
        data, other = self.whole[name], self.whole[rng.choice(sorted(self.whole))]
        if name.endswith((".md", ".html", ".txt")) and rng.random() < 0.7:
            encoding = "gb18030" if name == "a.txt" else "utf-8"
            data = text_of(rng, [data.decode("utf-8" if name != "a.txt" else encoding, "replace")]).encode(
                encoding, "replace"
            )
        elif data[:2] == b"PK" and rng.random() < 0.8:
            data = self._member(rng, data)
        else:
            data = bytes_of(rng, data, other)
        path = self.folder / name
        path.write_bytes(data)
        self.last = name
        return path

    def _member(self, rng: random.Random, data: bytes) -> bytes:
        """An archive with one member bent, as XML text or as bytes."""
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            members = {i.filename: z.read(i) for i in z.infolist()}
        main = [n for n in members if re.search(r"document|slide1\.|opf|xhtml|styles|notesSlide1|rels$", n)]
        name = rng.choice(main if rng.random() < 0.8 else sorted(members))
        text = rng.random() < 0.6
        members[name] = text_of(rng, [members[name].decode("utf-8", "replace")]).encode("utf-8", "replace") if text else bytes_of(rng, members[name])  # fmt: skip
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            for member, content in members.items():
                z.writestr(member, content)
        return out.getvalue()

    def run(self, rng: random.Random) -> str:
        """One document."""
        path = self.bent(rng)
        try:
            form = sniff(path)
        except InputError as e:
            return sentence(str(e))
        try:
            reader = next(f for f in all_formats() if f.name == form.name).open(path, None, self.limits)
            for number in range(1, min(reader.info.pages, 3) + 1):
                reader.peek(number)
                reader.page(number)
        except InputError as e:
            return sentence(str(e))
        except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as e:
            return f"stumbled: {type(e).__name__}"
        except Exception as e:
            if type(e).__module__.partition(".")[0] in (
                "lxml",
                "pdfminer",
                "pypdfium2",
                "zipfile",
                "zlib",
                "PIL",
                "msoffcrypto",
            ):
                return f"stumbled: {type(e).__name__}"
            raise
        return "read"

    def shown(self) -> str:
        """The last document."""
        return self.last

    def close(self) -> None:
        """Removes the files."""
        shutil.rmtree(self.folder)


class Sandboxed(Formats):
    """As the program reads them: every page in a confined process, which may die without harm."""

    def run(self, rng: random.Random) -> str:
        """One document."""
        path = self.bent(rng)
        try:
            with open_document(path, limits=self.limits) as document:
                pages = [document.page(n) for n in range(1, min(document.info.pages, 3) + 1)]
        except InputError as e:
            text = str(e)
            sentence(text)
            found = re.search(r"意外退出|还没有读完|内存超过上限|使解析器出错", text)
            return f"refused: {found[0]}" if found else "refused"
        assert not any("\x00" in b.text or "\ud800" in b.text for p in pages for b in p.blocks)
        return "read" if all(p.kind != "failed" or p.note for p in pages) else "failed without a word"
