"""PDF: its text with places through pdfium; pages without any are handed over as pictures."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.kb.parse.booktabs import lined_tables
from assistant408.kb.parse.layout import arrange
from assistant408.kb.parse.margins import NEIGHBOURS, Margins
from assistant408.kb.parse.pdf_page import PageContent, look
from assistant408.kb.parse.ruled import ruled_tables
from assistant408.kb.parse.types import Block, Box, Document, Format, Heading, Limits, Page, PasswordNeeded, Raw, Reader

__all__ = ["FORMAT"]

SCAN_DPI = 150  # what OCR reads as well as 200, with a quarter less work (docs/decisions/0005)
_FEW = 12  # characters on a page whose words must be in its pictures
_PIXELS = 40_000_000  # of one rendering
_LOCKED = 4  # pdfium's code for a missing or wrong password
_DISPLAYED = 6.0  # points around a formula's characters in its crop


class _Pdf:
    neighbours = NEIGHBOURS

    def __init__(self, path: Path, password: str | None, limits: Limits) -> None:
        import pypdfium2

        self._path, self._password = path, password
        try:
            self._pdf = pypdfium2.PdfDocument(path, password=password)
        except pypdfium2.PdfiumError as e:
            if e.err_code == _LOCKED:
                raise PasswordNeeded(
                    f"文件 {path.name!r} 有密码，请给出打开密码再添加。"
                    if password is None
                    else f"文件 {path.name!r} 的密码不对，请重新输入。"
                ) from None
            raise InputError(f"文件 {path.name!r} 不是完整的 PDF，已损坏或没有下载完，请重新下载。") from None
        title = self._pdf.get_metadata_value("Title").strip()
        self.info = Document(
            title if _telling(title) else path.stem, FORMAT.media_type, len(self._pdf), _outline(self._pdf)
        )
        self._bookmarks = {(h.page, _bare(h.title)): h.level for h in self.info.outline}
        self._margins = Margins()
        self._look = lru_cache(maxsize=4 * NEIGHBOURS)(self._look_at)

    def peek(self, number: int) -> None:
        """Notes the running heads of page `number`, to which those of its neighbours are compared."""
        if not self._margins.knows(number):
            page = self._look(number)
            self._margins.note(number, page.lines, page.height)

    def page(self, number: int) -> Raw:
        seen = self._look(number)
        words = seen.letters - seen.unmapped
        page = Page(number, "text", 1.0, (), seen.width, seen.height)
        unread = words <= _FEW or seen.unmapped > 0.2 * seen.letters
        if unread and (seen.pictured > 0.2 or seen.letters > _FEW or seen.drawn > 60):
            dpi = self._bounded(seen, SCAN_DPI)
            return Raw(page, self._png(number, dpi, None, gray=True), dpi / 72)
        lines = self._margins.strip(number, seen.lines, seen.height)
        seen = PageContent(**vars(seen) | {"lines": lines})
        tables, rest = ruled_tables(self._path, self._password, number, seen)
        lined, rest = lined_tables(rest, seen.level, seen.height)
        tables += lined
        blocks = _between(arrange(rest, seen.width), tables)
        blocks = [self._bookmarked(b, number) for b in blocks]
        blocks = _between(blocks, [Block("image", "", 0, b) for b in seen.pictures if _shows(b, seen)])
        blocks = [_widened(b, seen) if b.kind == "formula" else b for b in blocks]
        if not blocks:
            return Raw(Page(number, "empty", 1.0, (), seen.width, seen.height))
        note = ""
        if seen.pictured > 0.85 and words > _FEW:
            note = "这一页是扫描图，文字取自文件自带的识别结果，可能有错；可以重新识别。"
        return Raw(Page(number, "text", 1.0, tuple(blocks), seen.width, seen.height, note))

    def render(self, number: int, dpi: float, box: Box | None) -> bytes:
        return self._png(number, dpi, box, gray=False)

    def _bookmarked(self, block: Block, number: int) -> Block:
        """A line that a bookmark leads to is a heading of the bookmark's level."""
        level = self._bookmarks.get((number, _bare(block.text))) if block.kind in ("text", "heading") else None
        return Block("heading", block.text, min(level, 6), block.bbox) if level else block

    def _look_at(self, number: int) -> PageContent:
        page = self._pdf[number - 1]
        try:
            return look(page)
        finally:
            page.close()

    def _bounded(self, seen: PageContent, dpi: float) -> float:
        return min(dpi, 72 * math.sqrt(_PIXELS / max(seen.width * seen.height, 1)))

    def _png(self, number: int, dpi: float, box: Box | None, gray: bool) -> bytes:
        page = self._pdf[number - 1]
        width, height = page.get_size()
        x0, y0, x1, y1 = box or (0, 0, width, height)
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
        if x1 - x0 < 1 or y1 - y0 < 1:
            raise InputError(
                f"文件 {self._path.name!r} 第 {number} 页上没有 {box!r} 这个区域，页面大小为 {width:.0f} × {height:.0f}。"
            )
        scale = min(dpi / 72, (_PIXELS / ((x1 - x0) * (y1 - y0))) ** 0.5)
        crop = (x0, height - y1, width - x1, y0)  # left, bottom, right, top
        picture = page.render(scale=scale, crop=crop, grayscale=gray, may_draw_forms=False).to_pil()
        page.close()
        out = io.BytesIO()
        picture.save(out, "PNG", compress_level=1)
        return out.getvalue()


def _bare(text: str) -> str:
    return "".join(text.split())


def _telling(title: str) -> bool:
    """Whether a title in the file's properties is one, not what a program left there."""
    return (
        len(title) > 1 and not title.lower().startswith(("microsoft", "untitled", "无标题")) and "." not in title[-5:]
    )


def _outline(pdf: Any) -> tuple[Heading, ...]:
    out = []
    for entry in pdf.get_toc(max_depth=6):
        target = entry.get_dest()
        page = target.get_index() if target is not None else None
        out.append(Heading(entry.level + 1, entry.get_title().strip(), 0 if page is None or page < 0 else page + 1))
        if len(out) >= 5000:
            break
    return tuple(h for h in out if h.title)


def _shows(box: Box, page: PageContent) -> bool:
    """Whether a picture is big enough to be a figure, and not the paper under the text."""
    share = (box[2] - box[0]) * (box[3] - box[1]) / (page.width * page.height)
    return 0.01 < share < 0.85


def _between(blocks: list[Block], others: list[Block]) -> list[Block]:
    """`others` put into the reading order of `blocks`: each before the first block that lies below its top."""
    for other in others:
        assert other.bbox is not None
        x0, y0, x1, _ = other.bbox
        place = len(blocks)
        for i, block in enumerate(blocks):
            if block.bbox and block.bbox[1] >= y0 - 1 and block.bbox[0] < x1 and block.bbox[2] > x0:
                place = i
                break
        else:
            above = [
                i for i, b in enumerate(blocks) if b.bbox and b.bbox[3] <= y0 + 1 and b.bbox[0] < x1 and b.bbox[2] > x0
            ]
            place = above[-1] + 1 if above else len(blocks)
        blocks = [*blocks[:place], other, *blocks[place:]]
    return blocks


def _widened(block: Block, page: PageContent) -> Block:
    assert block.bbox is not None
    x0, y0, x1, y1 = block.bbox
    d = _DISPLAYED
    return Block(
        block.kind, block.text, 0, (max(x0 - d, 0), max(y0 - d, 0), min(x1 + d, page.width), min(y1 + d, page.height))
    )


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    return _Pdf(path, password, limits)


FORMAT = Format("pdf", "PDF", "application/pdf", (".pdf",), lambda s: b"%PDF-" in s.head[:1024], _open)
