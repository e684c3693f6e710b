from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Pt
from docxlatex import Document as Oracle
from tests.kb.parse.conftest import MATH, kinds, read

from assistant408.kb.parse import PasswordNeeded
from assistant408.kb.parse.omml import latex
from assistant408.kb.parse.xml import parse

R = "<m:r><m:t>{}</m:t></m:r>"


def omml(body: str) -> str:
    return f'<m:oMath xmlns:m="{MATH}">{body}</m:oMath>'


def r(text: str) -> str:
    return R.format(text)


CASES = [
    (f"<m:sSup><m:e>{r('2')}</m:e><m:sup>{r('10')}</m:sup></m:sSup>", "2^{10}"),
    (f"<m:sSub><m:e>{r('t')}</m:e><m:sub>{r('m')}</m:sub></m:sSub>{r('+b')}", "t_{m}+b"),
    (f"<m:f><m:num>{r('1')}</m:num><m:den>{r('n+1')}</m:den></m:f>", r"\frac{1}{n+1}"),
    (f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{r('n')}</m:e></m:rad>", r"\sqrt{n}"),
    (f"<m:rad><m:deg>{r('3')}</m:deg><m:e>{r('n')}</m:e></m:rad>", r"\sqrt[3]{n}"),
    (
        f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{r('i=1')}</m:sub><m:sup>{r('n')}</m:sup><m:e>{r('i')}</m:e></m:nary>",
        r"\sum_{i=1}^{n} i",
    ),
    (
        f"<m:d><m:dPr><m:begChr m:val='⌈'/><m:endChr m:val='⌉'/></m:dPr><m:e>{r('x')}</m:e></m:d>",
        r"\left\lceil x \right\rceil",
    ),
    (f"<m:func><m:fName>{r('log')}</m:fName><m:e>{r('n')}</m:e></m:func>", r"\log n"),
    (
        f"<m:m><m:mr><m:e>{r('1')}</m:e><m:e>{r('0')}</m:e></m:mr><m:mr><m:e>{r('0')}</m:e><m:e>{r('1')}</m:e></m:mr></m:m>",
        r"\begin{matrix} 1 & 0 \\ 0 & 1 \end{matrix}",
    ),
    (r("αβ≤x"), r"\alpha\beta\le x"),
    (f"<m:bar><m:barPr><m:pos m:val='top'/></m:barPr><m:e>{r('A')}</m:e></m:bar>", r"\overline{A}"),
    ("<m:r><m:rPr><m:nor/></m:rPr><m:t>命中率</m:t></m:r>", r"\text{命中率}"),
]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_formulas(body: str, expected: str) -> None:
    assert latex(parse(omml(body).encode())) == expected


@pytest.mark.parametrize("body", [CASES[i][0] for i in (0, 1, 2, 4)])
def test_formulas_agree_with_docxlatex(body: str, tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph()._p.append(parse_xml(omml(body)))
    made.save(tmp_path / "f.docx")
    theirs = Oracle(str(tmp_path / "f.docx")).get_text().strip().strip("$")
    ours = latex(parse(omml(body).encode()))

    def bare(text: str) -> str:
        return text.replace("{", "").replace("}", "").replace(" ", "")

    assert bare(ours) == bare(theirs)


@pytest.fixture
def lecture(tmp_path: Path) -> Path:
    made = docx.Document()
    made.core_properties.title = "操作系统讲义"
    made.add_heading("第3章 内存管理", 1)
    made.add_heading("3.1 分页", 2)
    p = made.add_paragraph("页大小为 ")
    p._p.append(parse_xml(omml(CASES[0][0])))
    p.add_run(" B，共 2")
    p.add_run("20").font.superscript = True
    p.add_run(" 页。")
    p = made.add_paragraph()
    p._p.append(parse_xml(f'<m:oMathPara xmlns:m="{MATH}"><m:oMath>{CASES[5][0]}</m:oMath></m:oMathPara>'))
    table = made.add_table(3, 2)
    for i, row in enumerate((("页号", "页框号"), ("0", "5"), ("1", "a|b"))):
        for k, text in enumerate(row):
            table.cell(i, k).text = text
    for line in ("int main(void) {", "    return 0;", "}"):
        run = made.add_paragraph().add_run(line)
        run.font.name = "Consolas"
        run.font.size = Pt(9)
    made.add_paragraph("互斥", style="List Bullet")
    made.add_paragraph("请求并保持", style="List Bullet")
    made.save(tmp_path / "讲义.docx")
    return tmp_path / "讲义.docx"


def test_structure(lecture: Path) -> None:
    (page,) = read(lecture)
    assert kinds(page) == [
        ("heading", "第3章 内存管理"),
        ("heading", "3.1 分页"),
        ("text", "页大小为 $2^{10}$ B，共 2^{20} 页。"),
        ("formula", r"\sum_{i=1}^{n} i"),
        ("table", "| 页号 | 页框号 |\n| --- | --- |\n| 0 | 5 |\n| 1 | a\\|b |"),
        ("code", "int main(void) {\n    return 0;\n}"),
        ("text", "- 互斥\n- 请求并保持"),
    ]
    assert [b.level for b in page.blocks[:2]] == [1, 2]
    assert page.kind == "text" and page.confidence == 1


def test_pages_where_word_left_marks(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("第一页。")
    p = made.add_paragraph()
    p._p.append(
        parse_xml(
            '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:lastRenderedPageBreak/><w:t>第二页。</w:t></w:r>'
        )
    )
    made.save(tmp_path / "p.docx")
    assert [kinds(p) for p in read(tmp_path / "p.docx")] == [[("text", "第一页。")], [("text", "第二页。")]]


def test_password(lecture: Path, tmp_path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = tmp_path / "锁.docx"
    with lecture.open("rb") as plain, locked.open("wb") as out:
        OOXMLFile(plain).encrypt("408", out)
    with pytest.raises(PasswordNeeded, match="有密码"):
        read(locked)
    with pytest.raises(PasswordNeeded, match="不对"):
        read(locked, password="409")
    assert kinds(read(locked, password="408")[0])[0] == ("heading", "第3章 内存管理")
