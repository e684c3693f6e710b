"""Pictures from untrusted files, decoded within bounds and handed on as PNG."""

from __future__ import annotations

import io
from typing import Any

from assistant408.kb.parse.types import Limits

__all__ = ["TooLarge", "open_image", "png", "to_png"]


class TooLarge(ValueError):
    """The picture has more pixels than allowed; the message gives width × height."""


def open_image(data: bytes, limits: Limits) -> Any:
    """A `PIL.Image.Image`, turned as its EXIF says, without transparency.

    Raises:
        TooLarge: it has more pixels than `limits` allow; nothing was decoded.
        ValueError: it can't be decoded.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limit below is checked before a pixel is decoded
    try:
        file = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "HEIF"))
        if file.width * file.height > limits.pixels:
            raise TooLarge(f"{file.width} × {file.height}")
        file.draft("RGB", (4000, 4000))  # a JPEG is decoded at half the size or less if it is much larger
        image: Image.Image = ImageOps.exif_transpose(file)
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image)
        return image.convert("L" if image.mode in ("1", "L", "I;16") else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError, EOFError, KeyError) as e:
        raise ValueError(str(e)) from None


def to_png(data: bytes, limits: Limits) -> bytes | None:
    """A picture inside a document as PNG, `None` if it can't be decoded (a drawing, say)."""
    try:
        return png(open_image(data, limits))
    except ValueError:
        return None


def png(image: Any) -> bytes:
    """The bytes of a `PIL.Image.Image` as PNG, packed for speed."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
