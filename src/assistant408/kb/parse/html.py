"""HTML as blocks: through Markdown, with scripts, styles and navigation left out and formulas as LaTeX."""

from __future__ import annotations

import re
from typing import Any

from assistant408.kb.parse import markdown
from assistant408.kb.parse.types import Block

__all__ = ["blocks", "title"]

_DROPPED = (
    "script", "style", "noscript", "template", "nav", "aside", "form", "button", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "link", "meta", "input", "select", "textarea",
)  # fmt: skip


def _soup(source: str | bytes) -> Any:
    import warnings

    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", XMLParsedAsHTMLWarning
        )  # EPUB chapters are XHTML; read as HTML they survive mistakes
        return BeautifulSoup(source, "lxml")


def title(source: str) -> str:
    """The page's title, or ""."""
    found = _soup(source).title
    return " ".join(found.get_text().split()) if found else ""


def blocks(source: str) -> list[Block]:
    """Headings, paragraphs, lists, tables and code of a page; nothing in it runs or is fetched.

    Examples:
        >>> [(b.kind, b.text) for b in blocks("<h2>死锁</h2><script>x()</script><p>四个<b>条件</b></p><pre>int x;</pre>")]
        [('heading', '死锁'), ('text', '四个**条件**'), ('code', 'int x;')]
    """
    from markdownify import MarkdownConverter

    soup = _soup(source)
    _formulas(soup)
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    for tag in soup.find_all("img"):
        tag.replace_with(tag.get("alt") or "")
    for tag in soup.find_all(["sup", "sub"]):
        words = tag.get_text()
        if (words.strip() and not re.fullmatch(r"\s*\[?\d*[\]†‡*]?\s*", words)) or tag.name == "sub" or _power(tag):
            tag.replace_with(("^" if tag.name == "sup" else "_") + (words if len(words) == 1 else f"{{{words}}}"))
    body = soup.body or soup
    text = MarkdownConverter(
        heading_style="ATX",
        table_infer_header=True,
        bullets="-",
        strip=["a"],
        escape_underscores=False,
        escape_asterisks=False,
        escape_misc=False,
    ).convert_soup(body)
    return markdown.blocks(re.sub(r"\n{3,}", "\n\n", text))


def _power(tag: Any) -> bool:
    """Whether a raised number stands on a number or letter (2¹⁰), not on a word (a footnote)."""
    if re.search(r"[\[\]†‡*]", tag.get_text()):
        return False
    before = tag.previous_sibling
    return bool(re.search(r"(?:^|[^A-Za-z])[0-9A-Za-z)]$|[0-9)]$", str(before or "").rstrip()))


def _formulas(soup: Any) -> None:
    """KaTeX, MathJax and MathML formulas as LaTeX in dollar signs, where they carry their source."""
    for tag in soup.find_all(class_="katex-html"):
        tag.decompose()
    for tag in soup.find_all("script", type=re.compile(r"^math/tex")):
        mark = "$$" if "display" in tag["type"] else "$"
        tag.replace_with(f"{mark}{tag.get_text().strip()}{mark}")
    for tag in soup.find_all("math"):
        note = tag.find("annotation", encoding=re.compile("tex", re.I))
        words = note.get_text().strip() if note else " ".join(tag.get_text().split())
        mark = "$$" if tag.get("display") == "block" else "$"
        tag.replace_with(f"{mark}{words}{mark}" if note else words)
