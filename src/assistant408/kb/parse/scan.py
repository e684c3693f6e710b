"""From recognised lines to a page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assistant408.kb.parse.layout import arrange
from assistant408.kb.parse.margins import Margins
from assistant408.kb.parse.types import Box, Line, Page

__all__ = ["Margins", "recognized"]

_DOUBTFUL = 0.85


def recognized(page: Page, lines: Sequence[Line], scale: float, margins: Margins) -> Page:
    """`page` with what OCR saw on its picture.

    Args:
        page: with its size; blocks it already has (the title of a slide, say) stay in front.
        lines: in pixels of the picture.
        scale: pixels per unit of the page.
        margins: the running heads seen so far in this document; updated.
    """
    lines = [_scaled(line, scale) for line in lines if line.text.strip()]
    letters = sum(len(line.text) for line in lines)
    if not letters:
        return dataclasses.replace(page, kind="text" if page.blocks else "empty", confidence=1.0)
    confidence = round(sum(line.score * len(line.text) for line in lines) / letters, 3)
    height = max(page.height, *(line.flow[3] for line in lines))  # of the upright page, should it lie on its side
    kept = margins.strip(page.number, lines, height)
    note = f"识别把握只有 {confidence:.0%}，请对照原图核对。" if confidence < _DOUBTFUL else ""
    return dataclasses.replace(
        page, kind="ocr", confidence=confidence, blocks=page.blocks + tuple(arrange(kept, page.width)), note=note
    )


def _scaled(line: Line, scale: float) -> Line:
    return dataclasses.replace(line, box=_box(line.box, scale), flow=_box(line.flow, scale), size=line.size / scale)


def _box(box: Box, scale: float) -> Box:
    return (box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale)
