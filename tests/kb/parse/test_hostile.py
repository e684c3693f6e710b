"""Files made to do harm: each gets one sentence, within bounded memory and time."""

from __future__ import annotations

import io
import os
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.kb.parse.conftest import kinds, only, read

from assistant408.core.errors import InputError
from assistant408.kb.parse import Limits, PasswordNeeded, documents_in, open_document
from assistant408.kb.parse import document as parent
from assistant408.kb.parse.ziparchive import open_archive

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def refused(path: Path, words: str, **options: object) -> str:
    """The one sentence with which `path` is refused."""
    with pytest.raises(InputError, match=words) as error:
        read(path, **options)
    sentence = str(error.value)
    assert sentence.endswith("。") and sentence.count("。") == 1 and repr(path.name) in sentence
    return sentence


def word(archive: Callable[..., Path], body: str, **extra: str | bytes) -> Path:
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": body,
    }
    return archive("a.docx", members | extra)


def paragraph(text: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'


def pdf_of(pages: int, path: Path, **options: object) -> Path:
    canvas = Canvas(str(path), **options)
    for n in range(1, pages + 1):
        canvas.drawString(72, 700, f"page {n} is about deadlock")
        canvas.showPage()
    canvas.save()
    return path


@pytest.mark.parametrize("keep", [0.3, 0.7])
@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_broken_file(tmp_path: Path, archive: Callable[..., Path], name: str, keep: float) -> None:
    whole = pdf_of(1, tmp_path / "a.pdf") if name == "a.pdf" else word(archive, paragraph("x" * 99))
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * keep)])
    refused(whole, "损坏")


def test_a_locked_pdf(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = pdf_of(2, tmp_path / "锁.pdf", encrypt=StandardEncryption("408", canPrint=0))
    with pytest.raises(PasswordNeeded, match="有密码"):
        read(locked)
    with pytest.raises(PasswordNeeded, match="不对"):
        read(locked, password="1")
    assert kinds(read(locked, password="408")[1]) == [("text", "page 2 is about deadlock")]
    with open_document(locked, password="408") as document:
        assert document.render(1).startswith(b"\x89PNG")


def test_five_thousand_pages(tmp_path: Path) -> None:
    long = pdf_of(5000, tmp_path / "长.pdf")
    assert "5000 页" in refused(long, "3000 页的上限")
    with open_document(long, limits=Limits(pages=6000)) as document:
        assert kinds(document.page(4999)) == [("text", "page 4999 is about deadlock")]


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    refused(pdf_of(1, tmp_path / "a.pdf"), "上限", limits=Limits(file_bytes=100))


def test_zip_bombs(archive: Callable[..., Path]) -> None:
    refused(word(archive, paragraph("0" * 60_000_000)), "压缩炸弹")
    many = {f"word/{n}.xml": os.urandom(8) for n in range(20_001)}
    refused(word(archive, paragraph("x"), **many), "20000 个")
    big = {f"word/{n}.bin": bytes(3_000_000) for n in range(5)}
    refused(word(archive, paragraph("x"), **big), "上限", limits=Limits(unpacked_bytes=10 << 20))


def test_a_zip_that_lies_about_its_sizes(archive: Callable[..., Path]) -> None:
    bomb = word(archive, paragraph("0" * 3_000_000))
    data = bytearray(bomb.read_bytes())
    real = struct.pack("<I", len(paragraph("0" * 3_000_000)))
    assert data.count(real) == 2
    bomb.write_bytes(bytes(data).replace(real, struct.pack("<I", 100)))
    refused(bomb, "损坏|出错")


def test_paths_that_leave_the_archive(tmp_path: Path, archive: Callable[..., Path]) -> None:
    for name in ("../../evil.txt", "/etc/evil", "..\\evil.txt", "C:/evil"):
        refused(word(archive, paragraph("x"), **{name: "evil"}), "文件夹之外")
    assert {p.name for p in tmp_path.iterdir()} == {"a.docx", "home"} - (
        {"home"} - {p.name for p in tmp_path.iterdir()}
    )


def test_billion_laughs_and_outside_entities(tmp_path: Path, archive: Callable[..., Path]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>' + paragraph("&l9;")
    for body in (bomb, f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + paragraph("&x;")):
        try:
            text = "".join(p.markdown for p in read(word(archive, body)))
        except InputError:
            text = ""
        assert "ha" not in text and "SECRET" not in text


def test_deep_nesting(tmp_path: Path, archive: Callable[..., Path]) -> None:
    deep = f'<w:document xmlns:w="{W}"><w:body>' + "<w:sdt>" * 20_000 + "</w:sdt>" * 20_000 + "</w:body></w:document>"
    refused(word(archive, deep), "损坏")
    (tmp_path / "a.html").write_text("<html><body>" + "<div>" * 20_000 + "死锁" + "</div>" * 20_000, encoding="utf-8")
    refused(tmp_path / "a.html", "嵌套太深")
    (tmp_path / "a.md").write_text(">" * 50_000 + " 死锁\n" + "[" * 50_000, encoding="utf-8")
    read(tmp_path / "a.md")


def test_image_bombs(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + chunk(b"IEND", b"")
    )
    (tmp_path / "炸.png").write_bytes(bomb)
    assert "60000 × 60000" in refused(tmp_path / "炸.png", "像素")
    (tmp_path / "坏.jpg").write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(500))
    refused(tmp_path / "坏.jpg", "解不开")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as z:
        z.writestr("a", "b")
    assert open_archive(tmp_path / "x.zip", Limits()).namelist() == ["a"]


def test_macros_are_never_touched(archive: Callable[..., Path]) -> None:
    pages = read(word(archive, paragraph("正文"), **{"word/vbaProject.bin": os.urandom(5000)}))
    assert kinds(pages[0]) == [("text", "正文")]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds the address space")
def test_memory_is_bounded(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9000, 9000), "white").save(picture, "PNG")
    (tmp_path / "大.png").write_bytes(picture.getvalue())
    refused(tmp_path / "大.png", "内存超过上限", limits=Limits(memory_bytes=300 << 20))


@pytest.mark.skipif(os.name == "nt", reason="named pipes are of Unix")
def test_a_parser_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pdf_of(8, tmp_path / "a.pdf")
    boot = (
        "import time; from assistant408.kb.parse.formats import pdf; read = pdf._Pdf._look_at\n"
        "def slow(self, n):\n    if n in (3, 4): time.sleep(60)\n    return read(self, n)\n"
        "pdf._Pdf._look_at = slow\n"
    )
    monkeypatch.setattr(
        parent,
        "_BOOT",
        parent._BOOT.replace("from assistant408.kb.parse.worker", boot + "from assistant408.kb.parse.worker", 1),
    )
    began = time.monotonic()
    pages = read(path, limits=Limits(seconds=3))
    assert [p.number for p in pages if p.kind == "failed"] == [3, 4]
    assert "没有读完" in pages[2].note
    assert [p.kind for p in pages if p.number not in (3, 4)] == ["text"] * 6
    assert time.monotonic() - began < 100  # it would sleep for two minutes


def test_a_parser_that_crashes_loses_its_page_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pdf_of(12, tmp_path / "a.pdf")
    boot = (
        "import os; from assistant408.kb.parse.formats import pdf; read = pdf._Pdf._look_at\n"
        "def crash(self, n):\n    if n == 2 or n > 6: os.abort()\n    return read(self, n)\n"
        "pdf._Pdf._look_at = crash\n"
    )
    monkeypatch.setattr(
        parent,
        "_BOOT",
        parent._BOOT.replace("from assistant408.kb.parse.worker", boot + "from assistant408.kb.parse.worker", 1),
    )
    with open_document(path) as document:
        assert [document.page(n).kind for n in range(1, 11)] == ["text", "failed", *["text"] * 4, *["failed"] * 4]
        with pytest.raises(InputError, match="连续 5 页"):
            document.page(11)


def test_the_reading_process_cannot_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith(("linux", "darwin")):
        pytest.skip("no limits to set")
    target = tmp_path / "written.txt"
    boot = (
        "from assistant408.kb.parse.formats import pdf; start = pdf._open\n"
        f"def write(*a):\n    f = open({str(target)!r}, 'wb', 0); f.write(b'x')\n    return start(*a)\n"
        "import dataclasses, assistant408.kb.parse.formats as f\n"
        "pdf.FORMAT = dataclasses.replace(pdf.FORMAT, open=write)\n"
    )
    monkeypatch.setattr(
        parent,
        "_BOOT",
        parent._BOOT.replace("from assistant408.kb.parse.worker", boot + "from assistant408.kb.parse.worker", 1),
    )
    with pytest.raises(InputError, match="OSError"):
        read(pdf_of(1, tmp_path / "a.pdf"))
    assert target.read_bytes() == b""


def test_a_module_beside_the_document_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lxml.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    (tmp_path / "a.html").write_text("<html><p>死锁</p></html>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert only(read(Path("a.html")), "text")[0].text == "死锁"
    assert not (tmp_path / "ran").exists()


def test_folders(tmp_path: Path) -> None:
    for name in ("b/二.md", "b/.hidden.md", "a/一.txt", "a/~$讲义.docx", "a/x.exe", ".git/c.md", "0.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "out.md").symlink_to("/etc/hostname")
    found = documents_in([tmp_path, tmp_path / "a" / "一.txt", tmp_path / "a" / "x.exe"])
    assert [p.name for p in found] == ["0.pdf", "一.txt", "二.md", "x.exe"]
    with pytest.raises(InputError, match="不存在"):
        list(documents_in([tmp_path / "没有"]))
