"""Documents with known truth for `documents.py`: set in Typst from the shipped notes, then scanned, tilted, photographed.

Needs the packages of the group ``dev`` (typst, Pillow, numpy) and the font Noto Serif CJK (Debian: fonts-noto-cjk).
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pypdfium2
import typst
from PIL import Image, ImageDraw, ImageFilter

HEAD = """
#set page(width: 595pt, height: 842pt, margin: (x: 72pt, y: 80pt), numbering: "— 1 —",
  header: [#set text(9pt); 408 考研讲义 #h(1fr) 自编教材])
#set text(font: ("Libertinus Serif", "Noto Serif CJK SC"), size: 10.5pt, lang: "zh", cjk-latin-spacing: none)
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.8em, spacing: 0.9em)
#show raw: set text(font: ("DejaVu Sans Mono", "Noto Sans CJK SC"), size: 9pt)
"""
FORMULAS = (
    "T = alpha (t_1 + t_m) + (1 - alpha) (t_1 + 2 t_m)",
    "sum_(i=1)^n i = (n (n+1)) / 2",
    "U = (T_D) / (T_D + R T T + T_A)",
    "C = W log_2 (1 + S / N)",
    "A S L = 1/n sum_(i=1)^n c_i",
    "T(n) = 2 T(n/2) + O(n)",
)


@dataclass
class Item:
    """One page: its Typst source, and what a reader must get from it in order."""

    source: str = ""
    truth: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    formulas: int = 0

    def add(self, source: str, *truth: str) -> None:
        self.source += source + "\n\n"
        self.truth += truth


@dataclass
class Made:
    """A file and the truth of each of its pages."""

    name: str
    path: Path
    pages: list[Item]
    scanned: bool


class Source:
    """Plain paragraphs, headings, tables and listings of the notes, in a fixed random order."""

    def __init__(self, content: Path, rng: random.Random) -> None:
        text = [f.read_text(encoding="utf-8") for f in sorted((content / "notes").rglob("*.md"))]
        prose: list[str] = []
        tables: list[list[list[str]]] = []
        code: list[str] = []
        for note in text:
            code += [
                c.strip("\n")
                for c in re.findall(r"^```(?:c|cpp)\n(.*?)^```", note, re.M | re.S)
                if 4 < c.count("\n") < 16
            ]
            for block in re.split(r"\n\s*\n", re.sub(r"^```.*?^```", "", note, flags=re.M | re.S)):
                lines = block.strip().split("\n")
                if len(lines) > 3 and all(line.startswith("|") for line in lines):
                    grid = [
                        [c.strip() for c in line.strip("|").split("|")]
                        for line in lines
                        if not re.match(r"\|[\s:|-]+$", line)
                    ]
                    if (
                        not re.search(r"[$`*\\]", block)
                        and len({len(r) for r in grid}) == 1
                        and all(all(r) for r in grid)
                    ):
                        tables.append(grid)
                elif (
                    not re.search(r"[$`*|#\[\]\\<>{}~_^]|\+\+\+|^\s*(?:[-+>]|\d+[.、])", block, re.M)
                    and 60 < len(block) < 220
                ):
                    prose.append(re.sub(r"\s*\n\s*", "", block.strip()))
        headings = re.findall(r"^##\s+([\u4e00-\u9fff]{4,12})\s*(?:\{|$)", "\n".join(text), re.M)
        for pool in (prose, tables, code, headings):
            rng.shuffle(pool)
        self.prose, self.tables, self.code, self.headings = map(iter, (prose, tables, code, headings))


def quoted(text: str) -> str:
    return "#" + json.dumps(text, ensure_ascii=False)


def prose_page(source: Source, number: int, paragraphs: int) -> Item:
    item = Item()
    for part in range(2):
        title = f"{number}.{part + 1} {next(source.headings)}"
        item.headings.append(title)
        item.add(f'#text(14pt, weight: "bold")[#par(first-line-indent: 0em)[{title}]]', title)
        for _ in range(paragraphs // 2):
            text = next(source.prose)
            item.add(quoted(text), text)
    return item


def table_page(source: Source, ruled: bool) -> Item:
    item = Item()
    for _ in range(2):
        text, grid = next(source.prose), next(source.tables)
        item.add(quoted(text), text)
        cells = ", ".join(f"[{quoted(c)}]" for row in grid for c in row)
        stroke = "0.5pt" if ruled else "none"
        lines = "" if ruled else "table.hline(), "
        item.add(
            f"#align(center)[#set par(first-line-indent: 0em)\n#table(columns: {len(grid[0])}, stroke: {stroke}, align: left, {lines}{cells}, {lines})]",
            *(" ".join(row) for row in grid),
        )
        item.rows += grid
    return item


def code_page(source: Source) -> Item:
    item = Item()
    for _ in range(2):
        text, code = next(source.prose), next(source.code)
        item.add(quoted(text), text)
        item.add(f"```c\n{code}\n```", code)
    return item


def formula_page(source: Source, rng: random.Random) -> Item:
    item = Item()
    for formula in rng.sample(FORMULAS, 3):
        text = next(source.prose)
        item.add(quoted(text), text)
        item.add(f"$ {formula} $")
        item.formulas += 1
    return item


def make(folder: Path, content: Path, seed: int) -> Iterator[Made]:
    """Writes the documents into `folder`, each described when it is there."""
    rng = random.Random(seed)
    source = Source(content, rng)
    text = [prose_page(source, n, 6) for n in range(1, 11)]
    two = [prose_page(source, n, 8) for n in range(11, 19)]
    tables = [table_page(source, ruled=n % 2 == 0) for n in range(6)]
    code = [code_page(source) for _ in range(6)]
    formulas = [formula_page(source, rng) for _ in range(4)]
    made = {
        "单栏": _typeset(folder / "text.pdf", text),
        "双栏": _typeset(folder / "two.pdf", two, "#set page(columns: 2)\n#set text(size: 9pt)\n"),
        "表格": _typeset(folder / "tables.pdf", tables),
        "代码": _typeset(folder / "code.pdf", code),
        "公式": _typeset(folder / "formulas.pdf", formulas),
    }
    pages = {"单栏": text, "双栏": two, "表格": tables, "代码": code, "公式": formulas}
    for name, path in made.items():
        yield Made(name, path, pages[name], scanned=False)
    noise = np.random.default_rng(seed)
    views = {
        "扫描": ("单栏", range(6), lambda p: p),
        "扫描，双栏": ("双栏", range(4), lambda p: p),
        "扫描，代码": ("代码", range(4), lambda p: p),
        "扫描，噪点，斜 1.5°": ("单栏", range(4, 8), lambda p: _noisy(_tilted(p, 1.5), noise)),
        "扫描，斜 5°": ("单栏", range(8, 10), lambda p: _tilted(p, -5)),
        "扫描，双栏，斜 3°": ("双栏", range(4, 6), lambda p: _tilted(p, 3)),
        "扫描，转 90° 和 180°": ("单栏", range(2), None),
        "手机照片": ("单栏", range(2, 8), lambda p: _photo(p, noise)),
    }
    for number, (name, (kind, chosen, view)) in enumerate(views.items()):
        pictures = [_rendered(made[kind], n) for n in chosen]
        if view is None:
            pictures = [p.rotate(90 * (k + 1), expand=True, fillcolor="white") for k, p in enumerate(pictures)]
        else:
            pictures = [view(p) for p in pictures]
        path = folder / f"scan{number}.pdf"
        quality = 60 if name == "手机照片" else 85
        pictures[0].save(path, save_all=True, append_images=pictures[1:], resolution=200, quality=quality)
        yield Made(name, path, [pages[kind][n] for n in chosen], scanned=True)


def _typeset(path: Path, items: list[Item], setup: str = "") -> Path:
    source = path.with_suffix(".typ")
    body = "\n#pagebreak()\n".join(item.source for item in items)
    source.write_text(HEAD + setup + body, encoding="utf-8")
    typst.compile(str(source), output=str(path))
    count = len(pypdfium2.PdfDocument(path))
    assert count == len(items), f"{path.name}: {count} pages of {len(items)}"
    return path


def _rendered(path: Path, page: int) -> Image.Image:
    return pypdfium2.PdfDocument(path)[page].render(scale=200 / 72, grayscale=True).to_pil().convert("L")


def _tilted(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def _noisy(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    pixels = np.asarray(page.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    pixels = pixels * 0.9 + rng.normal(0, 14, pixels.shape)
    specks = rng.random(pixels.shape)
    pixels[specks < 0.001] = 30
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _photo(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Seen from an angle, with a shadow, a yellow light, blur and the table around it."""
    w, h = page.size
    pad = 120
    canvas = Image.new("RGB", (w + 2 * pad, h + 2 * pad), (92, 78, 66))
    canvas.paste(page.convert("RGB"), (pad, pad))
    big, tall = canvas.size
    shift = [float(v) for v in rng.uniform(10, 70, 8)]
    corners = (shift[0], shift[1], shift[2], tall - shift[3], big - shift[4], tall - shift[5], big - shift[6], shift[7])
    canvas = canvas.transform((big, tall), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    light = np.linspace(1.0, 0.62, big, dtype=np.float32)[None, :, None] * np.array([1.0, 0.96, 0.86], dtype=np.float32)
    pixels = np.asarray(canvas, dtype=np.float32) * light + rng.normal(0, 5, (tall, big, 1))
    out = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.9))
    ImageDraw.Draw(out).ellipse((big - 260, tall - 180, big + 60, tall + 90), fill=(60, 50, 44))
    buffer = io.BytesIO()
    out.save(buffer, "JPEG", quality=60)
    return Image.open(buffer).convert("RGB")
