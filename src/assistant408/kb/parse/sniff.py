"""What a file really is, by its content; its name only tells kinds of plain text apart."""

from __future__ import annotations

import re
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse.encoding import decode
from assistant408.kb.parse.formats import all_formats
from assistant408.kb.parse.types import Format, Sample
from assistant408.kb.parse.ziparchive import names

__all__ = ["sniff"]

_HEAD = 8192
# text that isn't meant to be read as text
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (rb"{\\rtf", "是 RTF 文档，请用 Word 或 WPS 另存为 .docx 再添加"),
    (rb"<\?xml[^>]*>\s*(?:<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg|<svg[\s>]", "是 SVG 图，请导出成 PDF 或 PNG 再添加"),
)
# signs of what is not read, and what to do instead
_ELSE: tuple[tuple[bytes, str], ...] = (
    (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh|\xfd7zXZ", "是压缩包，请先解压，再添加里面的文档"),
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "是可执行程序，不是文档"),
    (rb"GIF8[79]a|BM.{4}\x00\x00\x00\x00|II\*\x00|MM\x00\*", "是 GIF、BMP 或 TIFF 图片，请转成 PNG 或 JPEG 再添加"),
    (rb"....ftyp(?:isom|mp4|M4|qt)|\x1a\x45\xdf\xa3|OggS|ID3|RIFF....(?:WAVE|AVI )", "是音频或视频，不是文档"),
    (rb"SQLite format 3\x00", "是数据库文件，不是文档"),
    (rb"AT&TFORM", "是 DjVu 文档，请转成 PDF 再添加"),
)


def sniff(path: Path) -> Format:
    """The format of the file at `path`.

    Raises:
        InputError: it can't be read, is empty, or is of no format that is read; says what to do.
    """
    name = path.name
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as e:
        raise InputError(f"文件 {name!r} 打不开（{e.strerror}），请检查路径和权限。") from None
    if not head:
        raise InputError(f"文件 {name!r} 是空的（0 字节），请重新下载或导出。")
    sample = _sample(path, head)
    for pattern, words in _MARKUP:
        if re.match(pattern, head.lstrip(b"\xef\xbb\xbf \t\r\n"), re.S):
            raise InputError(f"文件 {name!r} {words}。")
    for form in all_formats():
        if form.matches(sample):
            return form
    raise InputError(f"文件 {name!r} {_otherwise(sample)}。")


def _sample(path: Path, head: bytes) -> Sample:
    inside = names(path) if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else frozenset()
    return Sample(head, inside, decode(head, whole=len(head) < _HEAD), path.suffix.lower())


def _otherwise(sample: Sample) -> str:
    """What a file that is not read is, and what to do: the middle of a sentence."""
    if sample.names:
        if any(n.startswith("xl/") for n in sample.names):
            return "是 Excel 表格，请把要用的表另存为 PDF 或 Word 再添加"
        if {"content.xml", "mimetype"} <= sample.names:
            return "是 OpenDocument 文档，请另存为 .docx 或 PDF 再添加"
        return "是压缩包，请先解压，再添加里面的文档"
    for pattern, words in _ELSE:
        if re.match(pattern, sample.head, re.S):
            return words
    known = "、".join(f.label for f in all_formats() if f.suffixes)
    return f"不是能读的格式（能读：{known}），请另存为其中一种再添加"
