from __future__ import annotations

import io
from pathlib import Path

import pptx
import pytest
from PIL import Image
from pptx.util import Inches
from tests.kb.parse.conftest import kinds, read

from assistant408.kb.parse import Line


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "死锁"
    body = slide.placeholders[1].text_frame
    body.text = "四个必要条件"
    item = body.add_paragraph()
    item.text, item.level = "互斥", 1
    low = slide.shapes.add_textbox(Inches(1), Inches(6), Inches(3), Inches(1))
    low.text_frame.text = "在下面"
    right = slide.shapes.add_textbox(Inches(5), Inches(5), Inches(3), Inches(1))
    right.text_frame.text = "右"
    left = slide.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1))
    left.text_frame.text = "左"
    slide.notes_slide.notes_text_frame.text = "这里常考"
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "页表"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for i, row in enumerate((("页号", "页框号"), ("0", "5"))):
        for k, text in enumerate(row):
            table.cell(i, k).text = text
    slide = made.slides.add_slide(made.slide_layouts[6])
    picture = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(picture, "PNG")
    picture.seek(0)
    slide.shapes.add_picture(picture, Inches(1), Inches(1))
    made.save(tmp_path / "课件.pptx")
    return tmp_path / "课件.pptx"


def test_slides_in_reading_order(slides: Path) -> None:
    pages = read(slides)
    assert kinds(pages[0]) == [
        ("heading", "死锁"),
        ("text", "- 四个必要条件\n  - 互斥"),
        ("text", "左"),
        ("text", "右"),
        ("text", "在下面"),
        ("text", "备注：这里常考"),
    ]
    assert kinds(pages[1]) == [("heading", "页表"), ("table", "| 页号 | 页框号 |\n| --- | --- |\n| 0 | 5 |")]


def test_a_slide_that_is_a_picture_is_recognised(slides: Path) -> None:
    seen: list[tuple[int, int]] = []

    def ocr(png: bytes) -> list[Line]:
        seen.append(Image.open(io.BytesIO(png)).size)
        return [Line("银行家算法", (10, 10, 90, 30), (10, 10, 90, 30), 16, 0.9)]

    page = read(slides, ocr=ocr)[2]
    assert seen == [(400, 200)]
    assert (page.kind, page.confidence) == ("ocr", 0.9)
    assert ("text", "银行家算法") in kinds(page)
    failed = read(slides)[2]
    assert failed.kind == "failed" and "文字识别" in failed.note
