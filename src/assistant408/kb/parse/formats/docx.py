"""Word documents (DOCX, also with macros, which are never touched): text, headings, tables, formulas, listings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant408.kb.parse.headings import heading_level
from assistant408.kb.parse.layout import markdown_table
from assistant408.kb.parse.office import Package
from assistant408.kb.parse.omml import latex
from assistant408.kb.parse.parts import Parts, cut
from assistant408.kb.parse.types import Block, Format, Limits, Reader, Sample
from assistant408.kb.parse.xml import attribute, child, children, local

__all__ = ["FORMAT", "read"]

_MONO = re.compile(r"mono|courier|consol|menlo|code", re.I)
_CODE_STYLE = re.compile(r"code|代码|程序|source|plain ?text", re.I)
_LOOKED_THROUGH = frozenset(
    {"hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo", "customXml", "bdo", "dir"}
)


def read(path: Path, limits: Limits, data: IO[bytes] | None = None) -> Reader:
    """A reader of the document at `path`, or of its decrypted `data`."""
    package = Package(path, limits, data)
    main = package.main
    styles = _styles(package.part(next((t for k, t in package.links(main).values() if k == "styles"), "")))
    writer = _Writer(styles)
    for element in children(child(package.part(main), "body")):
        writer.add(element)
    writer.end_code()
    pages = writer.pages if writer.rendered else cut(b for page in writer.pages for b in page)
    pictures = sum(b.kind == "image" for page in pages for b in page)
    note = f"文档里有 {pictures} 张图片，图中的文字没有读取。" if pictures else ""
    return Parts(path.name, package.title, FORMAT.media_type, pages, paged=writer.rendered, note=note)


@dataclass(frozen=True)
class _Style:
    name: str
    level: int  # of a heading, else 0
    code: bool
    bold: bool
    listed: bool = False


def _styles(root: Any) -> dict[str, _Style]:
    """Styles by id, with what they inherit."""
    found = {attribute(s, "styleId"): s for s in children(root) if local(s) == "style"}
    out: dict[str, _Style] = {}

    def resolve(key: str, depth: int = 0) -> _Style:
        if key in out:
            return out[key]
        style = found.get(key)
        if style is None or depth > 20:
            return _Style("", 0, False, False)
        parent = resolve(attribute(child(style, "basedOn"), "val"), depth + 1)
        name = attribute(child(style, "name"), "val")
        run = child(style, "rPr")
        outlined = attribute(child(child(style, "pPr"), "outlineLvl"), "val")
        numbered = re.match(r"(?:heading|标题)\s*([1-9])", name, re.I)
        level = (
            int(numbered[1])
            if numbered
            else int(outlined) + 1
            if outlined.isdigit() and int(outlined) < 9
            else parent.level
        )
        if re.fullmatch(r"title|文档标题|标题", name, re.I):
            level = 1
        code = parent.code or bool(_CODE_STYLE.search(name) or _MONO.search(attribute(child(run, "rFonts"), "ascii")))
        listed = parent.listed or child(child(style, "pPr"), "numPr") is not None
        out[key] = _Style(name, min(level, 6), code, _on(child(run, "b")) or parent.bold, listed)
        return out[key]

    for key in found:
        resolve(key)
    return out


def _on(element: Any) -> bool:
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


@dataclass
class _Text:
    """A paragraph's words while they are gathered."""

    words: str = ""
    bold: int = 0
    mono: int = 0
    turns: int = 0  # pages that end within it: it stays whole on the first


class _Writer:
    """Turns elements into blocks on pages."""

    def __init__(self, styles: dict[str, _Style]) -> None:
        self._styles = styles
        self._code: list[str] = []
        self.pages: list[list[Block]] = [[]]
        self.rendered = False  # whether Word left a mark where each page began

    def add(self, element: Any) -> None:
        name = local(element)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self.end_code()
            rows = [[self._cell(c) for c in _cells(r)] for r in children(element) if local(r) in ("tr", "sdt")]
            rows = [r for r in rows if any(r)]
            if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text
                self.pages[-1].append(Block("text", rows[0][0]))
            elif rows:
                self.pages[-1].append(Block("table", markdown_table(rows)))
            for mark in element.iter():
                if local(mark) == "lastRenderedPageBreak":
                    self._turn()
        elif name == "oMathPara":
            self._formulas(element)
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            for inner in children(element):
                self.add(inner)

    def end_code(self) -> None:
        """Writes the listing gathered so far."""
        text = "\n".join(self._code).strip("\n")
        self._code = []
        if text:
            self.pages[-1].append(Block("code", text))

    def _paragraph(self, p: Any) -> None:
        text = _Text()
        self._runs(p, text)
        self._write(p, text)
        for _ in range(text.turns):
            self._turn()

    def _write(self, p: Any, text: _Text) -> None:
        properties = child(p, "pPr")
        style = self._styles.get(attribute(child(properties, "pStyle"), "val"), _Style("", 0, False, False))
        words = text.words.strip("\n")
        outlined = attribute(child(properties, "outlineLvl"), "val")
        level = style.level or (int(outlined) + 1 if outlined.isdigit() and int(outlined) < 6 else 0)
        bold = style.bold or text.bold * 2 > len(words)
        if words.strip() and (style.code or text.mono * 10 > len(words.strip()) * 9) and not level:
            self._code += words.split("\n")
            return
        self.end_code()
        words = words.strip()
        if not level and bold and "\n" not in words:
            level = heading_level(words)
        if words and level:
            self.pages[-1].append(Block("heading", " ".join(words.split()), level))
        elif words:
            numbers = child(properties, "numPr")
            depth = attribute(child(numbers, "ilvl"), "val")
            mark = "  " * int(depth or 0) + "- " if style.listed or numbers is not None else ""
            words = re.sub(r"^(#{1,6}\s)", r"\\\1", words)
            if mark and self.pages[-1] and re.match(r"\s*- ", self.pages[-1][-1].text):
                self.pages[-1][-1] = Block("text", f"{self.pages[-1][-1].text}\n{mark}{words}")
            else:
                self.pages[-1].append(Block("text", mark + words))
        for e in p.iter():
            if local(e) == "oMathPara":
                self._formulas(e)
            elif local(e) in ("blip", "imagedata"):
                self.pages[-1].append(Block("image", ""))
            elif local(e) == "txbxContent" and not any(local(a) == "Fallback" for a in e.iterancestors()):
                for inner in children(e):
                    self.add(inner)

    def _formulas(self, element: Any) -> None:
        self.end_code()
        for formula in element.iter():
            if local(formula) == "oMath" and (text := latex(formula)):
                self.pages[-1].append(Block("formula", text))

    def _runs(self, element: Any, text: _Text) -> None:
        for item in children(element):
            name = local(item)
            if name == "r":
                self._run(item, text)
            elif name == "oMath":
                if formula := latex(item):
                    text.words += f"${formula}$"
            elif name in _LOOKED_THROUGH:
                self._runs(item, text)

    def _run(self, run: Any, text: _Text) -> None:
        properties = child(run, "rPr")
        if _on(child(properties, "vanish")):
            return
        words = ""
        for item in children(run):
            name = local(item)
            if name == "t":
                words += item.text or ""
            elif name == "tab":
                words += "\t"
            elif name == "noBreakHyphen":
                words += "-"
            elif name == "br" and attribute(item, "type") != "page":
                words += "\n"
            elif name == "lastRenderedPageBreak":
                if text.words.strip() or words.strip():
                    text.turns += 1
                else:
                    self._turn()
        raised = attribute(child(properties, "vertAlign"), "val")
        if words.strip() and raised in ("superscript", "subscript"):
            words = ("^" if raised == "superscript" else "_") + (words if len(words) == 1 else f"{{{words}}}")
        text.words += words
        text.bold += len(words) if _on(child(properties, "b")) else 0
        text.mono += len(words.strip()) if _MONO.search(attribute(child(properties, "rFonts"), "ascii")) else 0

    def _turn(self) -> None:
        self.rendered = True
        self.end_code()
        self.pages.append([])

    def _cell(self, cell: Any) -> str:
        parts = []
        for item in children(cell):
            if local(item) == "p":
                text = _Text()
                self._runs(item, text)
                parts.append(text.words.strip())
            elif local(item) == "tbl":
                parts += [self._cell(c) for r in children(item) for c in _cells(r)]
        return " ".join(filter(None, parts))


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row; a merged one is followed by empty ones, so that columns stay under each other."""
    for cell in children(row):
        if local(cell) in ("sdt", "sdtContent"):
            yield from _cells(cell)
        elif local(cell) == "tc":
            yield cell
            span = attribute(child(child(cell, "tcPr"), "gridSpan"), "val")
            yield from [None] * (min(int(span), 100) - 1 if span.isdigit() else 0)


def _matches(sample: Sample) -> bool:
    return "[Content_Types].xml" in sample.names and any(n.startswith("word/") for n in sample.names)


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    return read(path, limits)


FORMAT = Format(
    "docx",
    "Word（.docx）",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx", ".docm"),
    _matches,
    _open,
)
