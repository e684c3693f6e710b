"""A tiny content folder that passes every check, for tests to break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SYLLABUS = """
[[node]]
id = "os"
name = "操作系统"

[[node]]
id = "os.memory"
name = "内存管理"
parent = "os"

[[node]]
id = "os.memory.lru"
name = "LRU 页面置换"
parent = "os.memory"
weight = 4

[[node]]
id = "os.memory.fifo"
name = "FIFO 页面置换"
parent = "os.memory"
weight = 1
"""

NOTE = """+++
id = "os/memory/replacement"
title = "页面置换"
syllabus = ["os.memory.lru", "os.memory.fifo"]
aliases = ["换页"]
solvers = ["os.page_replacement"]
sources = ["汤小丹《计算机操作系统》第5章"]
+++

## LRU 页面置换 {#os.memory.lru}

### 考点
LRU 淘汰最长时间未被访问的页。

### 讲解
LRU 用最近的过去预测最近的将来，不会出现 Belady 异常，其时间代价为 $O(n)$，公式见

$$
f = 1
$$

见 [FIFO](leaf:os.memory.fifo) 与 [本篇](note:os/memory/replacement)。FILL1

### 易错
- 命中时也要更新访问次序。

### 例题
访问 1、2、1，缺页几次？

```python check
assert len({1, 2, 1}) == 2
```

## FIFO 页面置换 {#os.memory.fifo}

### 考点
FIFO 淘汰最先调入的页。

### 讲解
FIFO 可能出现 Belady 异常。FILL2

### 易错
- 命中时不改变队列。
"""

QUESTIONS = """
[[question]]
id = "os-memory-0001"
kind = "single"
syllabus = ["os.memory.lru"]
difficulty = 3
stem = "3 个页框，访问 1,2,3,4，LRU 缺页几次（ ）。"
choices = { A = "1", B = "2", C = "3", D = "4" }
answer = "D"
explanation = "四页都缺。"
traps = { A = "甲", B = "乙", C = "丙" }
check = { solver = "os.page_replacement", args = { refs = [1, 2, 3, 4], frames = 3, policy = "LRU" }, value = "faults", equals = 4 }

[[question]]
id = "os-memory-0002"
kind = "judge"
syllabus = ["os.memory.fifo"]
difficulty = 1
stem = "FIFO 可能出现 Belady 异常。"
answer = "对"
explanation = "见笔记。"
evidence = [{ note = "os/memory/replacement", quote = "FIFO 可能出现 Belady 异常。" }]

[[question]]
id = "os-memory-0003"
kind = "blank"
syllabus = ["os.memory.lru"]
difficulty = 2
stem = "1、2、1 中不同的页有几个？"
answer = ["2", "两个"]
explanation = "1 和 2。"
check = { python = "assert len({1, 2, 1}) == 2" }

[[question]]
id = "os-memory-0004"
kind = "big"
syllabus = ["os.memory.lru"]
difficulty = 5
stem = "某系统采用 LRU。"
points = 8

[[question.parts]]
prompt = "缺页几次？"
points = 3
answer = "4"
rubric = [{ points = 1, text = "写出页框" }, { points = 2, text = "缺页次数" }]
check = { solver = "os.page_replacement", args = { refs = [1, 2, 3, 4], frames = 3 }, value = "faults", equals = 4 }

[[question.parts]]
prompt = "为什么？"
points = 5
answer = "淘汰最长时间未被访问的页"
rubric = [{ points = 5, text = "说出依据" }]
evidence = [{ note = "os/memory/replacement", quote = "LRU 淘汰最长时间未被访问的页。" }]
"""

GLOSSARY = """
[[term]]
zh = "快表"
en = "translation lookaside buffer"
aliases = ["TLB", "相联存储器"]
leaf = "os.memory.lru"

[[term]]
zh = "缺页"
leaf = "os.memory.fifo"
"""

ASKED = '"os.memory.lru" = ["LRU 淘汰谁？", "最久未用怎么实现？"]\n'


def _filler(seed: int) -> str:
    """300 Chinese characters in which no sentence of 18 characters stands twice, here or under another seed."""
    return "".join(chr(0x4E00 + seed * 400 + i) + ("。" if i % 12 == 11 else "") for i in range(300))


@pytest.fixture
def make_content(tmp_path: Path) -> Callable[..., Path]:
    """``make_content(syllabus, note, questions, glossary, asked)`` writes the files and gives the folder."""

    def make(
        syllabus: str = SYLLABUS,
        note: str = NOTE,
        questions: str = QUESTIONS,
        glossary: str = GLOSSARY,
        asked: str = ASKED,
    ) -> Path:
        content = tmp_path / "content"
        for name in ("notes/os/memory", "questions/os", "bench/408", "asked"):
            (content / name).mkdir(parents=True, exist_ok=True)
        (content / "syllabus.toml").write_text(syllabus, encoding="utf-8")
        text = note.replace("FILL1", _filler(1)).replace("FILL2", _filler(2))
        (content / "notes/os/memory/replacement.md").write_text(text, encoding="utf-8")
        (content / "questions/os/memory.toml").write_text(questions, encoding="utf-8")
        (content / "glossary.toml").write_text(glossary, encoding="utf-8")
        (content / "asked/os.toml").write_text(asked, encoding="utf-8")
        return content

    make.syllabus, make.note, make.questions, make.glossary = SYLLABUS, NOTE, QUESTIONS, GLOSSARY
    return make
