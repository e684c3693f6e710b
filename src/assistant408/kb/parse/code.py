"""Telling program text from prose where no typeface tells."""

from __future__ import annotations

import re

__all__ = ["looks_like_code"]

_SIGNS = re.compile(
    r"[{};]\s*(?://.*|/\*.*)?$|^\s*(?:#\s?include\b|#define\b|//|/\*|\}|(?:if|for|while|switch)\s*\(|else\b|return\b"
    r"|(?:int|char|void|float|double|struct|typedef|unsigned|bool)\s+[\w*]|case\s[^:]{1,30}:"
    r"|(?:mov|add|sub|push|pop|jmp|lw|sw|addi)\s+[\w$%\[(])"
)
_COMMENT = re.compile(r"//.*|/\*.*")
_HAN = re.compile(r"[\u3400-\u9fff]")


def looks_like_code(line: str) -> bool:
    """Whether `line` reads like C or assembly; Chinese may stand in its comment only.

    Examples:
        >>> [looks_like_code(t) for t in ("int n = 0;  // 元素个数", "while (p != NULL) {", "互斥；请求并保持；", "栈是线性表")]
        [True, True, False, False]
    """
    return bool(_SIGNS.search(line)) and len(_HAN.findall(_COMMENT.sub("", line))) < 4
