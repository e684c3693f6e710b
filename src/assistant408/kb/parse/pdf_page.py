"""What is on a page of a PDF: runs of characters with their faces, rulings and pictures, in points from the top left."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant408.kb.parse.types import Box, Line

__all__ = ["PageContent", "look"]

_MONO = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|fixed|code|inconsolata|simplifiedarabicfixed", re.I)
_MATH = re.compile(r"math|cmmi|cmsy|cmex|msam|msbm|symbol|stix|euler|rsfs|mtextra|mtsy", re.I)
_BOLD = re.compile(r"bold|black|heavy|heiti|simhei|黑体|cmbx|semibold|medium$", re.I)
_FIXED_PITCH, _FORCE_BOLD = 1, 1 << 18
_OBJECTS = 20_000  # objects of a page that are looked at for rulings and pictures
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5  # kinds of page objects


@dataclass(frozen=True)
class _Face:
    size: float
    bold: bool
    mono: bool
    math: bool


@dataclass
class PageContent:
    """A page taken apart.

    Attributes:
        lines: runs of characters; diagonal ones, which are watermarks, left out.
        letters: how many characters there are.
        unmapped: how many of them say nothing, since the font doesn't tell its code.
        pictures: places of images.
        level: horizontal rulings as boxes.
        upright: vertical ones.
        drawn: number of vector drawings.
    """

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    letters: int = 0
    unmapped: int = 0
    pictures: list[Box] = field(default_factory=list)
    level: list[Box] = field(default_factory=list)
    upright: list[Box] = field(default_factory=list)
    drawn: int = 0

    @property
    def pictured(self) -> float:
        """Share of the page under images, 0–1."""
        area = sum((b[2] - b[0]) * (b[3] - b[1]) for b in self.pictures)
        return min(area / (self.width * self.height), 1.0) if self.width and self.height else 0.0


def look(page: Any) -> PageContent:
    """Takes a `pypdfium2.PdfPage` apart."""
    width, height = page.get_size()
    out = PageContent(width, height)
    turn = _Turn(page.get_bbox(), page.get_rotation())
    _characters(page, turn, out)
    _objects(page, turn, out)
    return out


class _Turn:
    """From PDF space (up from the bottom left, not rotated) to the page as it is seen."""

    def __init__(self, bounds: tuple[float, float, float, float], rotation: int) -> None:
        self.left, self.bottom, self.right, self.top = bounds
        self.rotation = rotation

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _characters(page: Any, turn: _Turn, out: PageContent) -> None:
    import pypdfium2.raw as c

    text = page.get_textpage()
    rect, x, y = c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    faces: dict[int, _Face] = {}
    run = _Run()
    owner = face = None
    high = 0
    for i in range(c.FPDFText_CountChars(text)):
        code = c.FPDFText_GetUnicode(text, i)
        if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the first plane
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
        if code in (13, 10):
            run.flush(out)
            continue
        if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code <= 0xF8FF:
            out.letters += 1
            out.unmapped += 1
            continue
        if code in (32, 160, 0x3000, 9):
            run.space(" " if code != 0x3000 else "　")
            continue
        if code < 32 or 0x200B <= code <= 0x200F or code in (0xAD, 2):
            run.text += "-" if code == 2 and run.text else ""  # pdfium's sign for a hyphen at a line's end
            continue
        handle = c.FPDFText_GetTextObject(text, i)
        address = ctypes.cast(handle, ctypes.c_void_p).value or 0
        if address != owner or face is None:
            owner = address
            if address not in faces:
                faces[address] = _face(c, text, i, handle)
            face = faces[address]
        c.FPDFText_GetLooseCharBox(text, i, rect)
        c.FPDFText_GetCharOrigin(text, i, x, y)
        size = face.size
        if turn.rotation in (90, 270):
            tall = rect.right - rect.left
            box = turn.box(x.value - 0.2 * tall, rect.bottom, x.value + 0.85 * tall, rect.top)
            size = min(size, tall) or tall
        else:
            box = turn.box(rect.left, y.value - 0.2 * size, rect.right, y.value + 0.85 * size)
        out.letters += 1
        if run.breaks(box, size, face):
            run.flush(out)
        if not run.text:
            angle = math.degrees(c.FPDFText_GetCharAngle(text, i)) % 90
            run.start(face, size, slanted=4 < angle < 86)
        run.add(_plain(code), box)
    run.flush(out)
    text.close()


def _plain(code: int) -> str:
    """The character, in its common form where the code is of a radical, a compatibility form, a ligature or a math letter.

    Examples:
        >>> _plain(0x2F00), _plain(0x1D447), _plain(0xFB01)
        ('一', 'T', 'fi')
    """
    if any(a <= code <= b for a, b in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0x1D400, 0x1D7FF))):
        return unicodedata.normalize("NFKC", chr(code))
    return chr(code)


class _Run:
    """Characters of one face and size that stand next to each other."""

    def __init__(self) -> None:
        self.text = ""
        self.boxes: list[Box] = []
        self.face: _Face | None = None
        self.size = 0.0
        self.slanted = False

    def start(self, face: _Face, size: float, slanted: bool) -> None:
        self.face, self.size, self.slanted = face, size, slanted

    def add(self, char: str, box: Box) -> None:
        self.text += char
        self.boxes.append(box)

    def space(self, char: str) -> None:
        if self.text:
            self.text += char

    def breaks(self, box: Box, size: float, face: _Face) -> bool:
        if not self.boxes or self.face is None:
            return False
        last = self.boxes[-1]
        gap = box[0] - last[2]
        return (
            not -0.6 * size < gap < 0.4 * max(size, self.size)
            or abs(box[3] - last[3]) > 0.15 * max(size, self.size)
            or abs(size - self.size) > 0.12 * self.size
            or (face.mono, face.bold) != (self.face.mono, self.face.bold)
            or face.math != self.face.math
        )

    def flush(self, out: PageContent) -> None:
        if self.text.strip() and self.face is not None and not self.slanted:
            box = (
                min(b[0] for b in self.boxes),
                min(b[1] for b in self.boxes),
                max(b[2] for b in self.boxes),
                max(b[3] for b in self.boxes),
            )
            f = self.face
            out.lines.append(Line(self.text, box, box, self.size, 1.0, f.bold, f.mono, f.math))
        self.text = ""
        self.boxes = []


def _face(c: Any, text: Any, i: int, handle: Any) -> _Face:
    """The typeface of character `i`; its size in points on the page."""
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    c.FPDFText_GetFontInfo(text, i, buffer, 128, flags)
    name = buffer.value.decode("utf-8", "replace")
    size = c.FPDFText_GetFontSize(text, i)
    matrix = c.FS_MATRIX()
    if handle and c.FPDFPageObj_GetMatrix(handle, matrix):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
    rect = c.FS_RECTF()
    c.FPDFText_GetLooseCharBox(text, i, rect)
    tall = max(rect.top - rect.bottom, 0.1)
    if not 0.5 * size < tall < 2.5 * size:  # a matrix around the object that isn't seen from here
        size = tall * 0.8
    weight = c.FPDFText_GetFontWeight(text, i)
    bold = bool(_BOLD.search(name)) or weight >= 600 or bool(flags.value & _FORCE_BOLD)
    mono = bool(_MONO.search(name)) or bool(
        flags.value & _FIXED_PITCH and not re.search(r"song|sun|ming|kai|hei|cjk", name, re.I)
    )
    return _Face(round(size, 2), bold, mono, bool(_MATH.search(name)))


def _objects(page: Any, turn: _Turn, out: PageContent) -> None:
    import pypdfium2.raw as c

    bounds = [ctypes.c_float() for _ in range(4)]

    def box_of(thing: Any) -> Box | None:
        if not c.FPDFPageObj_GetBounds(thing, *bounds):
            return None
        left, bottom, right, top = (b.value for b in bounds)
        x0, y0, x1, y1 = turn.box(left, bottom, right, top)
        return max(x0, 0.0), max(y0, 0.0), min(x1, out.width), min(y1, out.height)

    for i in range(min(c.FPDFPage_CountObjects(page), _OBJECTS)):
        thing = c.FPDFPage_GetObject(page, i)
        kind = c.FPDFPageObj_GetType(thing)
        if kind == _FORM:
            inner = [c.FPDFFormObj_GetObject(thing, k) for k in range(min(c.FPDFFormObj_CountObjects(thing), 200))]
            kinds = {c.FPDFPageObj_GetType(k) for k in inner}
            kind = _IMAGE if _IMAGE in kinds else kind
            out.drawn += len(inner) if _PATH in kinds else 0
        if (
            kind not in (_IMAGE, _PATH)
            or (box := box_of(thing)) is None
            or box[2] <= box[0] - 1
            or box[3] <= box[1] - 1
        ):
            continue
        if kind == _IMAGE:
            if box[2] - box[0] > 8 and box[3] - box[1] > 8:
                out.pictures.append(box)
            continue
        out.drawn += 1
        for ruling in _rulings(c, thing, box):
            (out.level if ruling[2] - ruling[0] > ruling[3] - ruling[1] else out.upright).append(ruling)


def _rulings(c: Any, thing: Any, box: Box) -> Iterator[Box]:
    """The straight thin lines that a drawing is, or whose four sides it has."""
    wide, tall = box[2] - box[0], box[3] - box[1]
    if (wide > 15 and tall < 2.5) or (tall > 6 and wide < 2.5):
        yield box
    elif wide > 15 and tall > 6 and 4 <= c.FPDFPath_CountSegments(thing) <= 6:
        x0, y0, x1, y1 = box
        yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
