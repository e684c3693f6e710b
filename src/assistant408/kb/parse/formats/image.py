"""Photos and screenshots: PNG, JPEG, WebP, and HEIC where `pi_heif` is installed; one page, to be recognised.

`pi_heif` is not among the dependencies: its wheels carry libheif and libde265 under the LGPL.
"""

from __future__ import annotations

from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse.images import TooLarge, open_image, png
from assistant408.kb.parse.types import Box, Document, Format, Limits, Page, Raw, Reader, Sample

__all__ = ["FORMAT"]


class _Image:
    neighbours = 0

    def __init__(self, path: Path, limits: Limits) -> None:
        data = path.read_bytes()
        if _heic(data[:16]):
            try:
                from pi_heif import register_heif_opener
            except ImportError:
                raise InputError(
                    f"文件 {path.name!r} 是 HEIC 照片，请在手机上导出为 JPEG；或运行 .venv/bin/python -m pip install pi-heif 后重试。"
                ) from None
            register_heif_opener()
        try:
            self._image = open_image(data, limits)
        except TooLarge as e:
            raise InputError(
                f"图片 {path.name!r} 有 {e} 像素，超过 {limits.pixels // 10**6} 百万像素的上限，请缩小后再添加。"
            ) from None
        except ValueError:
            raise InputError(f"图片 {path.name!r} 解不开，已损坏或没有下载完，请重新拍摄或另存为 PNG。") from None
        self._name = path.name
        self.info = Document(path.stem, FORMAT.media_type if data.startswith(b"\x89PNG") else _media_type(data), 1)

    def peek(self, number: int) -> None:
        """There is one page only."""

    def page(self, number: int) -> Raw:
        width, height = self._image.size
        return Raw(Page(1, "ocr", 0.0, (), float(width), float(height)), png(self._image))

    def render(self, number: int, dpi: float, box: Box | None) -> bytes:
        width, height = self._image.size
        x0, y0, x1, y1 = (round(v) for v in box or (0, 0, width, height))
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
        if x1 <= x0 or y1 <= y0:
            raise InputError(f"图片 {self._name!r} 上没有 {box!r} 这个区域，大小为 {width} × {height}。")
        return png(self._image.crop((x0, y0, x1, y1)))


def _heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc")


def _media_type(data: bytes) -> str:
    return "image/jpeg" if data.startswith(b"\xff\xd8") else "image/webp" if data[8:12] == b"WEBP" else "image/heic"


def _matches(sample: Sample) -> bool:
    head = sample.head
    return (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or _heic(head)
    )


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    return _Image(path, limits)


FORMAT = Format(
    "image",
    "图片（PNG、JPEG、WebP、HEIC）",
    "image/png",
    (".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif"),
    _matches,
    _open,
)
