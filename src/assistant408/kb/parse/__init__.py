"""Reading documents: any of the formats, page by page, in a process of its own.

with open_document(path, ocr=recognize) as document:
    print(document.info.title, document.info.pages)
    for page in document:                  # or document.page(7): pages come in any order
        print(page.number, page.kind, page.markdown)
    png = document.render(7, dpi=150, box=page.blocks[0].bbox)
"""

from assistant408.kb.parse.document import OpenDocument, open_document
from assistant408.kb.parse.folder import documents_in
from assistant408.kb.parse.sniff import sniff
from assistant408.kb.parse.types import (
    Block,
    Box,
    Document,
    Format,
    Heading,
    Limits,
    Line,
    Page,
    PasswordNeeded,
    Recognize,
)

__all__ = [
    "Block",
    "Box",
    "Document",
    "Format",
    "Heading",
    "Limits",
    "Line",
    "OpenDocument",
    "Page",
    "PasswordNeeded",
    "Recognize",
    "documents_in",
    "open_document",
    "sniff",
]
