"""Plain text (TXT), in the encodings that Chinese files come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse.code import looks_like_code
from assistant408.kb.parse.encoding import decode
from assistant408.kb.parse.headings import continues, heading_level, join
from assistant408.kb.parse.parts import Parts, cut
from assistant408.kb.parse.types import Block, Format, Limits, Reader

__all__ = ["FORMAT", "blocks", "read_text"]


def read_text(path: Path) -> str:
    """The text of a file, with ``\\n`` for every line end.

    Raises:
        InputError: it is in none of the encodings.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise InputError(
            f"文件 {path.name!r} 的编码认不出来（试过 UTF-8、UTF-16、GB18030、Big5），请用文本编辑器另存为 UTF-8。"
        )
    return re.sub(r"\r\n?|[\x0b\x85\u2028]", "\n", text)


def blocks(text: str) -> Iterator[Block]:
    """Headings, paragraphs and listings; lines broken at a fixed width are put together.

    Examples:
        >>> [(b.kind, b.text) for b in blocks("第1章 绪论\\n\\n　　数据结构是计算机\\n　　算法有五个特性。")]
        [('heading', '第1章 绪论'), ('text', '数据结构是计算机'), ('text', '算法有五个特性。')]
    """
    lines = text.replace("\f", "\n\n").split("\n")
    width = _wrapped(lines)
    i = 0
    while i < len(lines):
        line = lines[i]
        end = i + 1
        if not line.strip():
            pass
        elif level := heading_level(line):
            yield Block("heading", line.strip(), level)
        elif (stop := _code(lines, i)) > i:
            end = stop
            yield Block("code", "\n".join(lines[i:stop]).rstrip())
        else:
            held = line.strip()
            while (
                end < len(lines)
                and len(lines[end - 1].strip()) >= width
                and not re.match(r"[　 \t]", lines[end])
                and not heading_level(lines[end])
                and continues(held, lines[end].strip())
            ):
                held = join(held, lines[end].strip())
                end += 1
            yield Block("text", re.sub(r"^(#{1,6}\s)", r"\\\1", held))
        i = end


def _wrapped(lines: list[str]) -> int:
    """From what length on a line was broken only because it was full; beyond any length where lines are whole paragraphs."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    full = lengths[len(lengths) * 9 // 10] if lengths else 0
    near = sum(full * 0.85 <= n <= full * 1.1 for n in lengths)
    return round(full * 0.8) if 15 <= full <= 100 and near * 4 > len(lengths) else 1 << 30


def _code(lines: list[str], i: int) -> int:
    """Where the listing that begins at line `i` ends; `i` if it has fewer than three lines that look like code."""
    end, seen = i, 0
    while end < len(lines):
        code = looks_like_code(lines[end])
        between = seen > 0 and end + 1 < len(lines) and looks_like_code(lines[end + 1])
        if not code and not between:
            break
        seen += code
        end += 1
    return end if seen >= 3 else i


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    return Parts(path.name, "", FORMAT.media_type, cut(blocks(read_text(path))))


FORMAT = Format("text", "TXT", "text/plain", (".txt",), lambda sample: sample.text is not None, _open, rank=9)
