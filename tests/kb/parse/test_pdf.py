from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.kb.parse.conftest import kinds, only, read

from assistant408.core.errors import InputError
from assistant408.kb.parse import Line, open_document

PARAGRAPHS = (
    "分页存储管理把进程的逻辑地址空间分成若干大小相等的页，把主存分成与页大小相等的页框，进程的各页可以装入不相邻的页框。",
    "页表记录页号到页框号的映射，每个进程有一张页表，由页表基址寄存器指出它在主存中的起始地址，进程切换时要更换它的内容。",
    "快表缓存最近用过的页表项，命中时不必访问主存中的页表，取一次数据只访问一次主存，未命中时才访问两次。",
    "请求分页系统在缺页时由操作系统把页从外存调入内存，修改页表中的有效位和页框号，再重新执行引起缺页的那条指令。",
)
PAGE = "#set page(width: 595pt, height: 842pt, margin: 72pt)\n#set par(justify: true, first-line-indent: (amount: 2em, all: true))\n"


def test_paragraphs_and_headings(typst: Callable[..., Path]) -> None:
    body = f"= 第3章 内存管理\n== 3.1 分页\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n== 3.2 快表\n{PARAGRAPHS[2]}"
    (page,) = read(typst(PAGE + "#set text(cjk-latin-spacing: none)\n" + body))
    assert [(b.kind, b.level, b.text) for b in page.blocks] == [
        ("heading", 1, "第3章 内存管理"),
        ("heading", 2, "3.1 分页"),
        ("text", 0, PARAGRAPHS[0]),
        ("text", 0, PARAGRAPHS[1]),
        ("heading", 2, "3.2 快表"),
        ("text", 0, PARAGRAPHS[2]),
    ]
    assert (page.width, page.height) == (595, 842)
    tops = [b.bbox[1] for b in page.blocks if b.bbox]
    assert tops == sorted(tops) and all(b.bbox and 60 < b.bbox[0] < b.bbox[2] < 535 for b in page.blocks)


def test_two_columns_are_read_one_after_the_other(typst: Callable[..., Path]) -> None:
    text = "\n\n".join(PARAGRAPHS * 2)
    setup = (
        PAGE
        + '#set page(columns: 2, height: 420pt)\n#place(top + center, scope: "parent", float: true)[= 第3章 内存管理]\n'
    )
    pages = read(typst(setup + text))
    assert [b.text for b in only(pages, "text")] == list(PARAGRAPHS * 2)


def test_running_heads_and_page_numbers_are_dropped(typst: Callable[..., Path]) -> None:
    setup = (
        PAGE + '#set page(header: [操作系统讲义 #h(1fr) 第 #context counter(page).display() 讲], numbering: "— 1 —")\n'
    )
    file = typst(setup + "\n#pagebreak()\n".join(PARAGRAPHS))
    pages = read(file)
    assert [[t for _, t in kinds(p)] for p in pages] == [[p] for p in PARAGRAPHS]
    with open_document(file) as document:  # in any order, the same
        assert [document.page(n) for n in (4, 2, 3, 1)] == [pages[k] for k in (3, 1, 2, 0)]


def test_tables_with_and_without_vertical_rules(typst: Callable[..., Path]) -> None:
    cells = "[算法],[Belady 异常],[说明],[FIFO],[可能],[最先进入的页先淘汰，不看它是否常用],[LRU],[不会],[栈式算法]"
    expected = "| 算法 | Belady 异常 | 说明 |\n| --- | --- | --- |\n| FIFO | 可能 | 最先进入的页先淘汰，不看它是否常用 |\n| LRU | 不会 | 栈式算法 |"
    for stroke, rule in (("0.5pt", ""), ("none", "table.hline(),")):
        table = f"#table(columns: (auto, auto, 8em), stroke: {stroke}, {rule} {cells}, {rule})"
        page = read(typst(f"{PAGE}{PARAGRAPHS[0]}\n\n{table}\n\n{PARAGRAPHS[1]}"))[0]
        assert [b.kind for b in page.blocks] == ["text", "table", "text"]
        assert page.blocks[1].text == expected


def test_code_keeps_its_columns(typst: Callable[..., Path]) -> None:
    code = "int find(int a[], int n) {     // 顺序查找\n    for (int i = 0; i < n; i++)\n        if (a[i] == 0) return i;\n    return -1;                 // 没有找到\n}"
    page = read(typst(f"{PAGE}{PARAGRAPHS[0]}\n\n```c\n{code}\n```\n\n{PARAGRAPHS[1]}"))[0]
    assert [b.kind for b in page.blocks] == ["text", "code", "text"]
    assert page.blocks[1].text == code


def test_formulas_are_cropped_and_may_be_read_by_a_model(typst: Callable[..., Path]) -> None:
    file = typst(f"{PAGE}{PARAGRAPHS[0]}\n$ T = alpha t_1 + (1 - alpha) 2 t_m $\n页大小为 $2^12$ B，偏移占 12 位。")
    crops: list[bytes] = []

    def model(png: bytes) -> str:
        crops.append(png)
        return r"T = \alpha t_1"

    with open_document(file, formula=model) as document:
        page = document.page(1)
        assert [b.kind for b in page.blocks] == ["text", "formula", "text"]
        assert page.blocks[1].text == r"T = \alpha t_1"
        assert "2^{12}" in page.blocks[2].text
        crop = Image.open(io.BytesIO(crops[0]))
        assert crop.width > 200 and crop.height < 150
        whole = Image.open(io.BytesIO(document.render(1, dpi=72)))
        assert whole.size == (595, 842)
        with pytest.raises(InputError, match="区域"):
            document.render(1, box=(700, 0, 800, 10))
        with pytest.raises(InputError, match="没有第 2 页"):
            document.page(2)


def test_scanned_mixed_and_empty_pages(tmp_path: Path, typst: Callable[..., Path]) -> None:
    scan = tmp_path / "scan.png"
    Image.new("L", (1240, 1754), 200).save(scan)
    file = typst(
        f'{PAGE}{PARAGRAPHS[0]}\n#pagebreak()\n#place(image("scan.png", width: 451pt))\n#pagebreak()\n#v(1pt)\n#pagebreak()\n'
        f'#image("scan.png", width: 150pt)\n{PARAGRAPHS[1]}'
    )
    assert [p.kind for p in read(file)] == ["text", "failed", "empty", "text"]

    def ocr(png: bytes) -> list[Line]:
        width, height = Image.open(io.BytesIO(png)).size
        box = (0.2 * width, 0.5 * height, 0.6 * width, 0.52 * height)
        return [Line("银行家算法用来避免死锁", box, box, 30, 0.6)]

    pages = read(file, ocr=ocr)
    assert [p.kind for p in pages] == ["text", "ocr", "empty", "text"]
    assert pages[1].confidence == 0.6 and "核对" in pages[1].note
    assert pages[1].blocks[0].bbox == pytest.approx((119, 421, 357, 437.8), abs=1)
    assert [b.kind for b in pages[3].blocks] == ["image", "text"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_that_are_turned(typst: Callable[..., Path], tmp_path: Path, turn: int) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(typst(PAGE + "\n\n".join(PARAGRAPHS[:2]))) as pdf:
        pdf[0].set_rotation(turn)
        pdf.save(tmp_path / "turned.pdf")
    page = read(tmp_path / "turned.pdf")[0]
    assert (page.width, page.height) == ((842, 595) if turn != 180 else (595, 842))
    text = "".join(b.text for b in page.blocks)
    assert all(c in text for c in "分页存储管理快表" if c in PARAGRAPHS[0])
