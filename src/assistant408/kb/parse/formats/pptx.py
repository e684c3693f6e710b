"""Slides (PPTX): one page each, with title, text in reading order, tables, formulas and notes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any

from assistant408.kb.parse.images import to_png
from assistant408.kb.parse.layout import markdown_table
from assistant408.kb.parse.office import Package
from assistant408.kb.parse.omml import latex
from assistant408.kb.parse.parts import Parts
from assistant408.kb.parse.types import Block, Document, Format, Limits, Raw, Reader, Sample
from assistant408.kb.parse.xml import attribute, child, children, local

__all__ = ["FORMAT", "read"]

_FEW = 20  # characters on a slide whose words must be in its picture
_DROPPED = frozenset({"dt", "ftr", "sldNum", "hdr"})  # date, foot and number of the slide


class _Slides(Parts):
    """Slides whose words are in a picture hand it over to be recognised."""

    def __init__(self, path: Path, limits: Limits, data: IO[bytes] | None) -> None:
        self._package = Package(path, limits, data)
        self._limits = limits
        main = self._package.main
        links = self._package.links(main)
        listed = child(self._package.part(main), "sldIdLst")
        self._slides = [links[k][1] for s in children(listed) if (k := _link(s)) in links]
        super().__init__(
            path.name, self._package.title, FORMAT.media_type, [self._blocks(s) for s in self._slides], paged=True
        )
        if self.info.title == path.stem and self._slides:
            first = next((b.text for b in self._pages[0] if b.kind == "heading"), "")
            self.info = Document(
                first or path.stem, *[getattr(self.info, k) for k in ("media_type", "pages", "outline", "paged")]
            )

    def page(self, number: int) -> Raw:
        """Slide `number`."""
        raw = super().page(number)
        pictures = [b for b in raw.page.blocks if b.kind == "image"]
        if not pictures or sum(len(b.text) for b in raw.page.blocks) > _FEW:
            return raw
        images = [
            self._package.read(t) for k, t in self._package.links(self._slides[number - 1]).values() if k == "image"
        ]
        largest = max(images, key=len, default=b"")
        picture = to_png(largest, self._limits) if largest else None
        return Raw(raw.page, picture) if picture else raw

    def _blocks(self, name: str) -> list[Block]:
        tree = child(child(self._package.part(name), "cSld"), "spTree")
        shapes = sorted(_shapes(tree), key=_place)
        blocks = [b for shape in shapes for b in _content(shape)]
        for kind, target in self._package.links(name).values():
            if kind == "notesSlide":
                notes = child(child(self._package.part(target), "cSld"), "spTree")
                words = " ".join(
                    _words(child(s, "txBody")) for s in _shapes(notes) if _placeholder(s) == "body"
                ).strip()
                if words:
                    blocks.append(Block("text", f"备注：{words}"))
        return blocks


def read(path: Path, limits: Limits, data: IO[bytes] | None = None) -> Reader:
    """A reader of the slides at `path`, or of their decrypted `data`."""
    return _Slides(path, limits, data)


def _link(element: Any) -> str:
    """The relationship id (``r:id``) beside an element's own ``id``."""
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")


def _shapes(tree: Any) -> list[Any]:
    """Shapes, pictures and tables, those in groups too."""
    out = []
    for e in children(tree):
        name = local(e)
        if name == "grpSp":
            out += _shapes(e)
        elif name == "AlternateContent":
            out += _shapes(child(e, "Choice"))
        elif name in ("sp", "pic", "graphicFrame", "cxnSp"):
            out.append(e)
    return out


def _placeholder(shape: Any) -> str:
    """What the shape holds the place of: ``title``, ``body``…; "" for none."""
    inner = next((c for c in children(shape) if local(c).startswith("nv")), None)
    mark = child(child(inner, "nvPr"), "ph")
    return "" if mark is None else attribute(mark, "type") or "body"


def _place(shape: Any) -> tuple[int, float, float]:
    """Titles first, then from the top by bands of a quarter inch, then from the left."""
    if _placeholder(shape) in ("title", "ctrTitle"):
        return 0, 0, 0
    frame = child(child(shape, "spPr"), "xfrm")
    frame = frame if frame is not None else child(shape, "xfrm")
    offset = child(frame, "off")
    if offset is None:
        return 1, 0, 0
    x, y = attribute(offset, "x"), attribute(offset, "y")
    return 1, int(y or 0) // 228_600, int(x or 0)


def _content(shape: Any) -> list[Block]:
    kind = _placeholder(shape)
    if kind in _DROPPED:
        return []
    if local(shape) == "pic":
        return [Block("image", "")]
    if table := next((e for e in shape.iter() if local(e) == "tbl"), None):
        rows = [[_words(c) for c in children(r) if local(c) == "tc"] for r in children(table) if local(r) == "tr"]
        return [Block("table", markdown_table(rows))] if rows else []
    body = child(shape, "txBody")
    if body is None:
        return []
    if kind in ("title", "ctrTitle"):
        words = " ".join(_words(body).split())
        return [Block("heading", words, 2)] if words else []
    out: list[Block] = []
    items: list[str] = []
    for p in children(body):
        formulas = [e for e in p.iter() if local(e) == "oMathPara"] if local(p) == "p" else []
        if local(p) != "p" or not (words := _paragraph(p, displayed=False)).strip():
            words = ""
        level = attribute(child(p, "pPr"), "lvl")
        if words:
            bullet = kind == "body" or child(child(p, "pPr"), "buChar") is not None
            mark = "  " * int(level or 0) + "- " if bullet else ""
            items.append(mark + re.sub(r"^(#{1,6}\s)", r"\\\1", words.strip()))
        for f in formulas:
            if items:
                out.append(Block("text", "\n".join(items)))
                items = []
            out.append(Block("formula", latex(f)))
    return [*out, Block("text", "\n".join(items))] if items else out


def _words(body: Any) -> str:
    body = child(body, "txBody") if local(body) == "tc" else body
    return " ".join(filter(None, (_paragraph(p, displayed=True).strip() for p in children(body) if local(p) == "p")))


def _paragraph(p: Any, displayed: bool) -> str:
    """The words of a paragraph, with formulas in dollar signs; displayed ones only if asked for."""
    out = ""
    for e in children(p):
        name = local(e)
        if name in ("r", "fld"):
            words = child(e, "t")
            text = (words.text or "") if words is not None else ""
            shift = int(attribute(child(e, "rPr"), "baseline") or 0)
            if text.strip() and shift:
                text = ("^" if shift > 0 else "_") + (text if len(text) == 1 else f"{{{text}}}")
            out += text
        elif name == "br":
            out += "\n"
        elif name in ("AlternateContent", "Choice", "m"):
            out += _paragraph(child(e, "Choice") if name == "AlternateContent" else e, displayed)
        elif name == "oMath" or (name == "oMathPara" and displayed):
            out += f"${latex(e)}$"
    return out


def _matches(sample: Sample) -> bool:
    return "[Content_Types].xml" in sample.names and any(n.startswith("ppt/") for n in sample.names)


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    return read(path, limits)


FORMAT = Format(
    "pptx",
    "PowerPoint（.pptx）",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    (".pptx", ".pptm", ".ppsx"),
    _matches,
    _open,
)
