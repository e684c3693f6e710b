"""Reading documents: pages a minute, CPU seconds a page and character errors, on generated documents with known truth.

    python benchmarks/documents.py [--keep DIR] [--seed N] [--only text|scan] [--markitdown PYTHON] [--unstructured PYTHON]

`--markitdown` and `--unstructured` name the Python of an environment in which that package is installed; it then reads the
same files in the same run. Character errors are the edit distance to the truth in reading order over its length, without
white space and Markdown signs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from made_documents import Item, Made, make

from assistant408.core.paths import content_dir
from assistant408.kb.ocr import available, load_ocr
from assistant408.kb.parse import Page, open_document

THEIRS = {
    "markitdown": "from markitdown import MarkItDown; m = MarkItDown(); read = lambda p: m.convert(p).text_content",
    "unstructured": "from unstructured.partition.auto import partition; read = lambda p: '\\n'.join(e.text for e in partition(p))",
}
LOOP = """
import json, resource, sys, time
{setup}
def cpu():
    return sum(sum(resource.getrusage(w)[:2]) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
for line in sys.stdin:
    began, used = time.perf_counter(), cpu()
    try:
        text = read(line.strip())
    except Exception as e:
        text = ""
        print(repr(e)[:200], file=sys.stderr)
    print(json.dumps({{"text": text, "wall": time.perf_counter() - began, "cpu": cpu() - used}}), flush=True)
"""


def bare(text: str) -> str:
    """Without white space, Markdown signs and what stands for raised or lowered characters."""
    return re.sub(r"[\s|`#*\\]|-{3,}|^[ \t]*[-•]\s", "", text, flags=re.M)


def distance(a: str, b: str) -> int:
    """Edit distance (Myers's bit-parallel algorithm)."""
    if not a:
        return len(b)
    where: dict[str, int] = {}
    for i, c in enumerate(a):
        where[c] = where.get(c, 0) | 1 << i
    up, down, score, last = (1 << len(a)) - 1, 0, len(a), 1 << (len(a) - 1)
    for c in b:
        eq = where.get(c, 0)
        x = eq | down
        h = (((eq & up) + up) ^ up) | eq
        plus, minus = down | ~(h | up), up & h
        score += (1 if plus & last else 0) - (1 if minus & last else 0)
        plus, minus = plus << 1 | 1, minus << 1
        up, down = (minus | ~(x | plus)) & ((1 << len(a)) - 1), plus & x & ((1 << len(a)) - 1)
    return score


def words(page: Page) -> str:
    return "\n".join(b.text for b in page.blocks if b.kind != "formula")


def structure(made: Made, pages: list[Page]) -> str:
    """What was found of the headings, table rows, listings and formulas."""
    out = []
    pairs = list(zip(made.pages, pages, strict=True))
    if wanted := [h for i in made.pages for h in i.headings]:
        found = [bare(b.text) for p in pages for b in p.blocks if b.kind == "heading"]
        right = sum(bare(h) in found for h in wanted)
        out.append(f"标题 {right}/{len(wanted)}，多认 {len(found) - right}")
    if wanted_rows := [(p, r) for i, p in pairs for r in i.rows]:
        right = sum(
            any(
                "".join(map(bare, r)) == bare(line)
                for b in p.blocks
                if b.kind == "table"
                for line in b.text.split("\n")
            )
            for p, r in wanted_rows
        )
        out.append(f"表格行 {right}/{len(wanted_rows)}")
    if code := [(p, t) for i, p in pairs for t in i.truth if "\n" in t]:
        exact = sum(any(b.kind == "code" and b.text == t for b in p.blocks) for p, t in code)
        whole = sum(
            any(b.kind == "code" and distance(bare(b.text), bare(t)) < 0.1 * len(bare(t)) for b in p.blocks)
            for p, t in code
        )
        out.append(f"代码完整 {whole}/{len(code)}，连缩进逐字相同 {exact}/{len(code)}")
    if formulas := sum(i.formulas for i in made.pages):
        out.append(f"公式截图 {sum(b.kind == 'formula' for p in pages for b in p.blocks)}/{formulas}")
    return "；".join(out)


def errors(pages: list[Item], text: str) -> tuple[int, int]:
    truth = bare("\n".join(t for i in pages for t in i.truth))
    return distance(truth, bare(text)), len(truth)


def cpu() -> float:
    return sum(sum(resource.getrusage(w)[:2]) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def report(name: str, made: Made, text: str, wall: float, used: float, note: str = "") -> None:
    wrong, total = errors(made.pages, text)
    n = len(made.pages)
    print(
        f"{name:<14}{made.name:<14}{n:>4}{60 * n / wall:>10.0f}{used / n:>9.2f}{100 * wrong / total:>9.2f}%  {note}",
        flush=True,
    )


def ours(all_made: list[Made]) -> None:
    ocr = load_ocr() if available() else None
    if ocr is not None:
        with open_document(all_made[0].path) as document:
            ocr(document.render(1, 50))  # the models are loaded before the clock runs
    for made in all_made:
        began, used = time.perf_counter(), cpu()
        with open_document(made.path, ocr=ocr) as document:
            pages = list(document)
        wall, used = time.perf_counter() - began, cpu() - used
        note = structure(made, pages)
        if made.scanned:
            note += f"；把握 {min(p.confidence for p in pages):.2f}–{max(p.confidence for p in pages):.2f}"
        report("assistant408", made, "\n".join(words(p) for p in pages), wall, used, note)


def theirs(name: str, python: str, all_made: list[Made]) -> None:
    program = LOOP.format(setup=THEIRS[name])
    began = time.perf_counter()
    process = subprocess.Popen([python, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    for made in all_made:
        process.stdin.write(f"{made.path}\n")
        process.stdin.flush()
        got = json.loads(process.stdout.readline())
        if began:
            print(f"{name}: {time.perf_counter() - began - got['wall']:.1f} s until it is imported")
            began = 0.0
        report(name, made, got["text"], got["wall"], got["cpu"])
    process.stdin.close()
    process.wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="a folder for the documents, to look at them afterwards")
    parser.add_argument(
        "--seed", type=int, default=409, help="which paragraphs; 408 is the one that the rules were tuned on"
    )
    parser.add_argument("--only", choices=["text", "scan"])
    parser.add_argument("--markitdown", metavar="PYTHON")
    parser.add_argument("--unstructured", metavar="PYTHON")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        made = [
            m for m in make(folder, content_dir(), args.seed) if args.only is None or m.scanned == (args.only == "scan")
        ]
        print(f"{sum(len(m.pages) for m in made)} pages, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"{'':<14}{'文档':<14}{'页':>4}{'页/分':>10}{'CPU s/页':>9}{'字错率':>9}")
        ours(made)
        for name in THEIRS:
            if python := getattr(args, name):
                theirs(name, python, made)


if __name__ == "__main__":
    main()
