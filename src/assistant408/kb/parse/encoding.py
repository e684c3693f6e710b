"""Plain text in the encodings that Chinese files come in."""

from __future__ import annotations

import codecs

__all__ = ["decode"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = frozenset(map(chr, [*range(9), 11, *range(14, 27), *range(28, 32), 127]))


def decode(data: bytes, whole: bool = True) -> str | None:
    """The text of `data` without its byte-order mark, or `None` if it isn't text.

    Tried in turn: the byte-order mark, UTF-8, then GB18030 or Big5, whichever finds more of its characters among the
    commonest half of its table (level 1).

    Args:
        data: the bytes.
        whole: `False` for the beginning of a longer text, whose last character may be cut.

    Examples:
        >>> decode("死锁".encode("gb18030")), decode("作業系統的死結".encode("big5"))
        ('死锁', '作業系統的死結')
        >>> decode(b"\\x7fELF\\x00\\x01") is None
        True
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _plain(_decode(data[len(mark) :], encoding, whole))
    if b"\0" in data:
        return None
    text = _decode(data, "utf-8", whole)
    if text is None:
        order = sorted(("gb18030", "big5"), key=lambda e: -_share(data, e))
        text = next((t for e in order if (t := _decode(data, e, whole)) is not None), None)
    return _plain(text)


def _decode(data: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=whole)
    except UnicodeDecodeError:
        return None


def _plain(text: str | None) -> str | None:
    """`text` unless control characters say that it isn't any."""
    if text is None or sum(c in _CONTROLS for c in text[:4096]) * 100 > min(len(text), 4096):
        return None
    return text


def _share(data: bytes, encoding: str) -> float:
    """Of the double bytes in `data`, the share in level 1 of the encoding: GB2312's rows B0–D7, Big5's A4–C6."""
    total = common = i = 0
    while i + 1 < len(data):
        lead, trail = data[i], data[i + 1]
        if lead < 0x81:
            i += 1
            continue
        total += 1
        if encoding == "big5":
            common += 0xA4 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1)
        else:
            common += 0xB0 <= lead <= 0xD7 and trail >= 0xA1
        i += 2
    return common / total if total else 0.0
