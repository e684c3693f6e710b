"""`unstructured` itself weighs gigabytes; a package of its name with its interface stands in, in a real reading process."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.kb.parse.conftest import kinds, read

from assistant408.core.errors import InputError
from assistant408.kb.parse import open_document

STAND_IN = """
from types import SimpleNamespace as Of
def partition(filename):
    if filename.endswith("broken.html"):
        raise ImportError("partition_x is not available")
    def element(category, text, page, **more):
        return Of(category=category, text=text, metadata=Of(page_number=page, **more))
    return [
        element("Title", "死锁", 1, category_depth=1), element("NarrativeText", "四个条件。", 1), element("ListItem", "互斥", 3),
        element("Table", "a b", 3, text_as_html="<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"),
    ]
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "a.html").write_text("<html><p>x</p></html>", encoding="utf-8")
    return tmp_path / "a.html"


def test_its_elements_become_blocks_on_pages(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site" / "unstructured" / "partition").mkdir(parents=True)
    (tmp_path / "site" / "unstructured" / "partition" / "auto.py").write_text(STAND_IN, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with open_document(page, parser="unstructured") as document:
        assert document.info.paged and document.info.outline[0].title == "死锁"
        assert [kinds(p) for p in document] == [
            [("heading", "死锁"), ("text", "四个条件。")],
            [],
            [("text", "- 互斥"), ("table", "| a |\n| --- |\n| b |")],
        ]
    with pytest.raises(InputError, match="缺少组件"):
        read(page.rename(tmp_path / "broken.html"), parser="unstructured")


def test_without_it_one_sentence_says_so(page: Path) -> None:
    with pytest.raises(InputError, match="没有安装 unstructured"):
        read(page, parser="unstructured")
    with pytest.raises(InputError, match="'docling' 不存在"):
        read(page, parser="docling")
