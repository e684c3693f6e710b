from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.kb.parse.conftest import kinds, read

from assistant408.core.errors import InputError
from assistant408.kb.parse import open_document

PAGE = """<!DOCTYPE html><html><head><title>死锁 - 讲义</title><style>p{color:red}</style></head>
<body onload="steal()"><nav>首页</nav><h1>死锁</h1><p>四个<b>必要</b>条件。<script>alert('x')</script></p>
<table><tr><th>算法</th><th>异常</th></tr><tr><td>FIFO</td><td>可能</td></tr></table>
<pre><code>int x;
  int y;</code></pre><p>容量 2<sup>10</sup> B<sup>[1]</sup></p>
<p>公式 <math><semantics><mi>x</mi><annotation encoding="application/x-tex">x_1</annotation></semantics></math></p>
<img src="http://192.0.2.1/track.png" alt="图 1"><iframe src="file:///etc/passwd"></iframe></body></html>"""


def test_html_is_inert_and_structured(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    with open_document(tmp_path / "a.html") as document:
        assert document.info.title == "死锁 - 讲义"
        assert kinds(document.page(1)) == [
            ("heading", "死锁"),
            ("text", "四个**必要**条件。"),
            ("table", "| 算法 | 异常 |\n| --- | --- |\n| FIFO | 可能 |"),
            ("code", "int x;\n  int y;"),
            ("text", "容量 2^{10} B[1]"),
            ("text", "公式 $x_1$"),
            ("text", "图 1"),
        ]


@pytest.mark.parametrize(("stated", "real"), [("gb2312", "gbk"), ("utf-8", "gbk"), ("gbk", "utf-8"), ("big5", "big5")])
def test_html_that_states_its_encoding_or_a_wrong_one(tmp_path: Path, stated: str, real: str) -> None:
    text = "資料結構與演算法" if real == "big5" else "数据结构与算法，操作系统"
    page = f'<html><head><meta charset="{stated}"></head><body><p>{text}</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode(real))
    assert kinds(read(tmp_path / "a.html")[0]) == [("text", text)]


def book(archive: Callable[..., Path], **extra: str | bytes) -> Path:
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="u"><rootfiles><rootfile full-path="OEBPS/c.opf"/></rootfiles></container>',
        "OEBPS/c.opf": '<package xmlns="u"><metadata xmlns:dc="d"><dc:title>操作系统</dc:title></metadata><manifest>'
        '<item id="a" href="text/%E4%B8%80.xhtml"/><item id="b" href="b.xhtml"/><item id="n" href="n.xhtml" properties="nav"/>'
        '</manifest><spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/></spine></package>',
        "OEBPS/text/一.xhtml": '<?xml version="1.0"?><html xmlns="h"><body><h1>第2章</h1><p>进程</p></body></html>',
        "OEBPS/b.xhtml": "<html><body><h1>第1章</h1><p>概述</p></body></html>",
        "OEBPS/n.xhtml": "<html><body>目录</body></html>",
    }
    return archive("书.epub", members | extra)


def test_epub_chapters_in_the_order_of_the_spine(archive: Callable[..., Path]) -> None:
    with open_document(book(archive)) as document:
        assert document.info.title == "操作系统"
        assert [kinds(p) for p in document] == [
            [("heading", "第1章"), ("text", "概述")],
            [("heading", "第2章"), ("text", "进程")],
        ]


def test_epub_with_drm_says_so(archive: Callable[..., Path]) -> None:
    locked = '<encryption><EncryptedData><CipherReference URI="OEBPS/b.xhtml"/></EncryptedData></encryption>'
    with pytest.raises(InputError, match="DRM"):
        read(book(archive, **{"META-INF/encryption.xml": locked}))
    fonts = locked.replace("b.xhtml", "f.otf")
    assert len(read(book(archive, **{"META-INF/encryption.xml": fonts}))) == 2
