"""The real recogniser on pictures made here; about three seconds of CPU a picture."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image
from tests.kb.parse.conftest import only, read

from assistant408.kb import ocr as engine
from assistant408.kb.parse import Line, Recognize, open_document
from assistant408.kb.parse.layout import arrange

TEXT = (
    "银行家算法用来避免死锁，每次分配前检查系统是否处于安全状态。",
    "若找不到安全序列，就让进程等待，暂不分配它请求的资源。",
)


@pytest.fixture(scope="module")
def recognize() -> Recognize:
    if not engine.available():
        pytest.skip("the extra ocr is not installed")
    return engine.load_ocr()


@pytest.fixture
def photo(typst: Callable[..., Path]) -> Image.Image:
    """A picture of four lines, 600 × 260 points at 150 dots an inch."""
    import pypdfium2

    setup = "#set page(width: 430pt, height: 170pt, margin: 30pt)\n#set par(spacing: 1em)\n"
    with pypdfium2.PdfDocument(typst(setup + f"= 3.4 死锁的避免\n{TEXT[0]}\n\n{TEXT[1]}")) as pdf:
        return pdf[0].render(scale=150 / 72).to_pil().convert("RGB")


def seen(picture: Image.Image, recognize: Recognize) -> Sequence[Line]:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return recognize(out.getvalue())


def text(lines: Sequence[Line]) -> str:
    return "".join(b.text for b in arrange(lines, 900)).replace(" ", "")


def test_a_clean_a_turned_and_a_tilted_picture_read_the_same(photo: Image.Image, recognize: Recognize) -> None:
    expected = "3.4死锁的避免" + "".join(TEXT)
    flat = seen(photo, recognize)
    assert text(flat) == expected
    tilted = seen(photo.rotate(4, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC), recognize)
    assert text(tilted) == expected
    over = seen(photo.rotate(180), recognize)
    assert text(over) == expected
    top = min(k.box[1] for k in flat)
    assert max(k.box[3] for k in over) == pytest.approx(photo.height - top, abs=8)


def test_a_photo_is_a_document(photo: Image.Image, recognize: Recognize, tmp_path: Path) -> None:
    photo.save(tmp_path / "拍照.jpg", quality=70)
    with open_document(tmp_path / "拍照.jpg", ocr=recognize) as document:
        page = document.page(1)
        assert page.kind == "ocr" and page.confidence > 0.9
        box = next(b.bbox for b in page.blocks if b.text.startswith("银行家"))
        crop = Image.open(io.BytesIO(document.render(1, box=box)))
        assert box is not None and crop.size == (round(box[2]) - round(box[0]), round(box[3]) - round(box[1]))


def test_a_blank_photo_is_empty(recognize: Recognize, tmp_path: Path) -> None:
    Image.new("RGB", (600, 400), "white").save(tmp_path / "空.png")
    (page,) = read(tmp_path / "空.png", ocr=recognize)
    assert (page.kind, page.blocks) == ("empty", ())


def test_without_the_extra_the_page_says_how_to_get_it(tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "white").save(tmp_path / "a.webp")
    (page,) = read(tmp_path / "a.webp")
    assert page.kind == "failed" and "run.py setup --ocr" in page.note and only([page], "text") == []


def test_a_sideways_photo_is_turned_by_its_exif(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40), "white").save(tmp_path / "a.jpg", exif=exif)
    with open_document(tmp_path / "a.jpg") as document:
        page = document.page(1)
        assert (page.width, page.height) == (40, 60)


@pytest.mark.skipif(importlib.util.find_spec("pi_heif") is not None, reason="its decoder is installed")
def test_heic_without_its_decoder_says_what_to_do(tmp_path: Path) -> None:
    from assistant408.core.errors import InputError

    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    with pytest.raises(InputError, match="HEIC"):
        read(tmp_path / "a.heic")
