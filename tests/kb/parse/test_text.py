from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.kb.parse.conftest import kinds, only, read

from assistant408.core.errors import InputError
from assistant408.kb.parse import open_document, sniff
from assistant408.kb.parse.encoding import decode

SIMPLE = "第1章 绪论\n\n　　数据结构是相互之间存在一种或多种特定关系的数据元素的集合。\n　　算法有五个特性：有穷性、确定性、可行性、输入、输出。\n"
COMPLEX = "作業系統的死結：四個必要條件缺一不可。資料結構與演算法。記憶體管理採用分頁。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-32"])
def test_simplified_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "笔记.txt"
    file.write_bytes(SIMPLE.encode(encoding))
    (page,) = read(file)
    assert kinds(page) == [
        ("heading", "第1章 绪论"),
        ("text", "数据结构是相互之间存在一种或多种特定关系的数据元素的集合。"),
        ("text", "算法有五个特性：有穷性、确定性、可行性、输入、输出。"),
    ]


def test_big5_is_told_from_gbk() -> None:
    assert decode(COMPLEX.encode("big5")) == COMPLEX
    assert decode(COMPLEX.encode("gbk")) == COMPLEX
    assert decode(SIMPLE.encode("gbk")) == SIMPLE


def test_a_character_cut_at_the_end_of_the_head_is_no_matter() -> None:
    data = SIMPLE.encode()
    for end in range(len(data) - 6, len(data)):
        assert decode(data[:end], whole=False) is not None


def test_lines_broken_at_a_fixed_width_are_joined(tmp_path: Path) -> None:
    text = (
        "进程是资源分配的基本单位，线程是处理机调度的基本单位，同一进程内的\n"
        "各个线程共享该进程的地址空间和打开的文件，因此线程切换的开销比进程\n"
        "切换小得多，这就是引入线程的主要原因之一。\n"
        "用户级线程由用户空间的线程库管理，内核感知不到它们的存在，一个线程\n"
        "发起系统调用而阻塞时，整个进程都会阻塞。\n"
        "（1）第一点说明。\n（2）第二点说明。\n"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (page,) = read(tmp_path / "a.txt")
    assert [t for _, t in kinds(page)] == [
        "进程是资源分配的基本单位，线程是处理机调度的基本单位，同一进程内的各个线程共享该进程的地址空间和打开的文件，"
        "因此线程切换的开销比进程切换小得多，这就是引入线程的主要原因之一。",
        "用户级线程由用户空间的线程库管理，内核感知不到它们的存在，一个线程发起系统调用而阻塞时，整个进程都会阻塞。",
        "（1）第一点说明。",
        "（2）第二点说明。",
    ]


def test_code_stays_whole(tmp_path: Path) -> None:
    code = "int f(int n) {\n    if (n < 2)\n        return 1;\n\n    return n * f(n - 1);  // 递归\n}"
    (tmp_path / "a.txt").write_text(f"阶乘的递归算法如下。\n{code}\n时间复杂度为 O(n)。\n", encoding="utf-8")
    assert [b.text for b in only(read(tmp_path / "a.txt"), "code")] == [code]


def test_a_long_text_comes_in_parts(tmp_path: Path) -> None:
    chapter = "第{}章 标题\n" + "这一章讲的是数据结构中的一个基本概念。\n" * 200
    (tmp_path / "书.txt").write_text("".join(chapter.format(n) for n in range(1, 6)), encoding="utf-8")
    with open_document(tmp_path / "书.txt") as book:
        assert not book.info.paged and book.info.pages >= 5
        assert [h.title for h in book.info.outline] == [f"第{n}章 标题" for n in range(1, 6)]
        assert book.page(5).blocks == list(book)[4].blocks


def test_markdown(tmp_path: Path) -> None:
    (tmp_path / "笔记.md").write_text(
        '+++\ntitle = "页面置换"\n+++\n# 页面置换 {#os.x}\n\n- LRU\n- FIFO\n\n$$\na=b\n\nc\n$$\n\n```c\n# 不是标题\n```\n<script>alert(1)</script>\n',
        encoding="utf-8",
    )
    with open_document(tmp_path / "笔记.md") as document:
        assert document.info.title == "页面置换"
        assert kinds(document.page(1)) == [
            ("heading", "页面置换"),
            ("text", "- LRU\n- FIFO"),
            ("formula", "a=b\n\nc"),
            ("code", "# 不是标题"),
        ]


def test_the_content_decides_not_the_name(tmp_path: Path, typst: Callable[..., Path]) -> None:
    pdf = typst("= 死锁", "讲义.pdf")
    lying = pdf.rename(tmp_path / "讲义.docx")
    assert sniff(lying).name == "pdf"
    assert kinds(read(lying)[0]) == [("heading", "死锁")]
    (tmp_path / "a.pdf").write_text("其实是文本。", encoding="utf-8")
    assert sniff(tmp_path / "a.pdf").name == "text"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b"\x7fELF\x02\x01\x01\x00" * 9, "可执行"),
        (b"Rar!\x1a\x07\x01\x00", "压缩包"),
        (b"SQLite format 3\x00", "数据库"),
        (bytes(range(256)) * 4, "不是能读的格式"),
        (b"{\\rtf1 hello}", "RTF"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"></svg>', "SVG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "旧版 Office"),
    ],
)
def test_what_is_not_read_is_told_in_one_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "文件.pdf").write_bytes(data)
    with pytest.raises(InputError, match=words) as error:
        read(tmp_path / "文件.pdf")
    assert str(error.value).count("。") == 1 and "文件.pdf" in str(error.value)


def test_nothing_heavy_is_imported_before_a_document_is_read() -> None:
    code = (
        "import sys; from assistant408.kb import ocr, parse; from assistant408.kb.parse.formats import all_formats; all_formats()\n"
        "heavy = {'lxml', 'PIL', 'pypdfium2', 'pdfplumber', 'bs4', 'numpy', 'cv2', 'rapidocr', 'msoffcrypto', 'markdown_it'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
