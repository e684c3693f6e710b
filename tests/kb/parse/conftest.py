"""Documents made on the spot."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant408.kb.parse import Block, Page, open_document

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def read(path: Path, **options: object) -> list[Page]:
    """All pages of a document."""
    with open_document(path, **options) as document:  # type: ignore[arg-type]
        return list(document)


def kinds(page: Page) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(b.kind, b.text) for b in page.blocks]


def only(pages: list[Page], kind: str) -> list[Block]:
    """The blocks of a kind."""
    return [b for p in pages for b in p.blocks if b.kind == kind]


@pytest.fixture
def typst(tmp_path: Path) -> Callable[..., Path]:
    """``typst(source, name)`` sets a page in Typst with Chinese fonts; gives the PDF."""
    import typst

    def make(source: str, name: str = "made.pdf") -> Path:
        head = '#set text(font: ("Libertinus Serif", "Noto Serif CJK SC"), size: 10.5pt, lang: "zh")\n'
        file = tmp_path / "made.typ"
        file.write_text(head + source, encoding="utf-8")
        typst.compile(str(file), output=str(tmp_path / name))
        return tmp_path / name

    return make


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """``archive(name, {member: content})`` writes a ZIP file."""

    def make(name: str, members: dict[str, str | bytes]) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as out:
            for member, content in members.items():
                out.writestr(member, content)
        return tmp_path / name

    return make
