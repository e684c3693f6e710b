"""What reading a document gives: pages of blocks with their places, and what became of each page.

Lengths on a page are in its own unit, from the top left corner: points (1/72 inch) in a PDF, pixels in an image; formats
without pages (``Document.paged`` is false) have parts instead, of no size and without boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from assistant408.core.errors import InputError

__all__ = [
    "Block",
    "BlockKind",
    "Box",
    "Document",
    "Format",
    "Heading",
    "Limits",
    "Line",
    "Page",
    "PageKind",
    "PasswordNeeded",
    "Raw",
    "Reader",
    "Recognize",
    "Sample",
]

Box = tuple[float, float, float, float]  # left, top, right, bottom
BlockKind = Literal["heading", "text", "table", "code", "formula", "image"]
PageKind = Literal["text", "ocr", "empty", "failed"]


class PasswordNeeded(InputError):
    """The document is locked: it needs a password, or another one than was given."""


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, table, listing, displayed formula or picture, whole.

    Attributes:
        kind: what it is.
        text: a heading's words; prose as Markdown; a table as a Markdown table; code without its fence; a formula in LaTeX
            (or, from a PDF, the scrambled characters: show the crop); a picture's caption, often "".
        level: 1–6 of a heading, else 0.
        bbox: its place on the page, `None` where the format has none.
    """

    kind: BlockKind
    text: str
    level: int = 0
    bbox: Box | None = None

    @property
    def markdown(self) -> str:
        """The block as Markdown, with which `assistant408.kb.chunk` cuts along headings.

        Examples:
            >>> Block("heading", "死锁", 2).markdown
            '## 死锁'
            >>> Block("code", "int x;").markdown
            '```\\nint x;\\n```'
        """
        if self.kind == "heading":
            return f"{'#' * max(self.level, 1)} {' '.join(self.text.split())}"
        if self.kind == "code":
            fence = "```" if "```" not in self.text else "~~~~"
            return f"{fence}\n{self.text}\n{fence}"
        if self.kind == "formula" and "$$" not in self.text:
            return f"$$\n{self.text}\n$$" if self.text else ""
        return self.text


@dataclass(frozen=True)
class Page:
    """A page, or a part of a document without pages.

    Attributes:
        number: 1-based.
        kind: ``text`` was there as text; ``ocr`` was recognised; ``empty`` has nothing on it; ``failed`` was not read.
        confidence: 1 for text, the mean score of the characters for OCR (0–1), 0 for a page that failed.
        blocks: in reading order.
        width: in the page's unit; 0 where pages have no size.
        height: likewise.
        note: a Chinese sentence on what was lost or why it failed, else "".
    """

    number: int
    kind: PageKind
    confidence: float
    blocks: tuple[Block, ...]
    width: float = 0.0
    height: float = 0.0
    note: str = ""

    @property
    def markdown(self) -> str:
        """The blocks as one Markdown text."""
        return "\n\n".join(m for b in self.blocks if (m := b.markdown))


@dataclass(frozen=True)
class Heading:
    """An entry of a document's own table of contents (bookmarks); `page` is 1-based, 0 where it leads nowhere."""

    level: int
    title: str
    page: int


@dataclass(frozen=True)
class Document:
    """What is known once a document is open.

    Attributes:
        title: its own title, else the file's name without suffix.
        media_type: of the content, whatever the file is called.
        pages: how many pages, slides, chapters or parts there are.
        outline: the table of contents it carries.
        paged: whether the page numbers are those a reader sees, fit for a citation.
    """

    title: str
    media_type: str
    pages: int
    outline: tuple[Heading, ...] = ()
    paged: bool = True


@dataclass(frozen=True)
class Limits:
    """How much one document may cost before it is refused.

    Attributes:
        file_bytes: size of the file.
        pages: number of pages.
        unpacked_bytes: size of what a ZIP container holds.
        pixels: of one image.
        memory_bytes: address space of the process that reads (Linux; elsewhere not enforced).
        seconds: for opening, and again for each page.
    """

    file_bytes: int = 2 << 30
    pages: int = 3000
    unpacked_bytes: int = 512 << 20
    pixels: int = 150_000_000
    memory_bytes: int = 2 << 30
    seconds: float = 60.0


@dataclass(frozen=True)
class Line:
    """A run of characters on one line, as a PDF holds it or OCR saw it.

    Attributes:
        text: its characters.
        box: where it is on the page.
        flow: where it would be if the page were upright and level; what reading order goes by.
        size: of the characters, in the page's unit.
        score: of the recognition, 0–1.
        bold: heavier than the text around it.
        mono: in a typewriter face.
        math: in a formula face.
    """

    text: str
    box: Box
    flow: Box
    size: float
    score: float = 1.0
    bold: bool = False
    mono: bool = False
    math: bool = False


Recognize = Callable[[bytes], Sequence[Line]]  # a PNG picture → the lines on it, in pixels, in any order


@dataclass(frozen=True)
class Raw:
    """A page as a reader gives it.

    Attributes:
        page: what could be read as text.
        scan: a PNG picture that has to be recognised to know what the page says, else `None`.
        scale: pixels of `scan` per unit of the page.
    """

    page: Page
    scan: bytes | None = None
    scale: float = 1.0


class Reader(Protocol):
    """An open document of one format; used in the reading process only."""

    @property
    def neighbours(self) -> int:
        """How many pages before and after one are to be peeked at before it is read; 0 where pages stand for themselves."""
        ...

    @property
    def info(self) -> Document:
        """Title, pages, outline."""
        ...

    def peek(self, number: int) -> None:
        """Looks at a neighbour of the page that will be read."""
        ...

    def page(self, number: int) -> Raw:
        """Page `number`, 1-based."""
        ...

    def render(self, number: int, dpi: float, box: Box | None) -> bytes:
        """A PNG picture of the page, or of `box` on it.

        Raises:
            InputError: the format has no pictures of its pages.
        """
        ...


@dataclass(frozen=True)
class Sample:
    """What `sniff` looks at: the first bytes, the names in a ZIP, the text if it is text, and the suffix as a last resort."""

    head: bytes
    names: frozenset[str] = frozenset()
    text: str | None = None
    suffix: str = ""


@dataclass(frozen=True)
class Format:
    """A document format: the one thing that a file in `formats` adds, under the name ``FORMAT``.

    Attributes:
        name: short name, as in ``pdf``.
        label: the Chinese name for sentences.
        media_type: the registered one.
        suffixes: lower case, with the dot; what a walk through a folder picks up; none if it only opens other formats.
        matches: whether a file's content is of this format.
        open: path, password and limits → a reader.
        rank: formats that match by less certain signs come later.
    """

    name: str
    label: str
    media_type: str
    suffixes: tuple[str, ...]
    matches: Callable[[Sample], bool]
    open: Callable[[Path, str | None, Limits], Reader]
    rank: int = 0
