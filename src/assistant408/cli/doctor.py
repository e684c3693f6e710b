"""``a408 doctor``: what is installed, which model, how fast, and what to do about each problem."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
import time
from typing import Any

import typer

from assistant408 import __version__
from assistant408.cli.common import JsonFlag, open_services, print_json
from assistant408.core.errors import A408Error, StoreError
from assistant408.core.paths import content_dir, home


def doctor(json: JsonFlag = False) -> None:
    """检查安装、模型、知识库与速度。"""
    findings: list[dict[str, Any]] = []

    def note(name: str, ok: bool, value: str, todo: str = "") -> None:
        findings.append({"check": name, "ok": ok, "value": value, "todo": "" if ok else todo})
        if not json:
            typer.echo(f"{'✓' if ok else '✗'} {name}：{value}" + (f"  → {todo}" if todo and not ok else ""))

    note("版本", True, f"assistant408 {__version__}，Python {platform.python_version()}，{platform.platform()}")
    note("Python", sys.version_info >= (3, 10), platform.python_version(), "请安装 Python 3.10 或更新的版本。")
    note("内容", (content_dir() / "syllabus.toml").is_file(), str(content_dir()), "请重新安装。")
    place = home()
    place.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place).free
    note("数据目录", free > 2 << 30, f"{place}，可用 {free >> 30} GB", "请清理磁盘，或用 A408_HOME 换到别的盘。")
    engine = importlib.util.find_spec("xllamacpp") is not None
    note("推理引擎", engine, "xllamacpp" if engine else "没有", "请重新运行 python3 run.py。")
    try:
        from assistant408.store.db import health

        note("学习记录", True, health(open_services().database))
    except A408Error as e:
        note("学习记录", False, str(e), "按提示处理后重试；数据都还在原处。")
    ocr = importlib.util.find_spec("rapidocr") is not None and importlib.util.find_spec("onnxruntime") is not None
    note("文字识别", True, "rapidocr" if ocr else "没有（读扫描件和照片才需要：python3 run.py setup --ocr）")
    try:
        services = open_services()
        start = time.perf_counter()
        kb = services.ensure_index()
        built = time.perf_counter() - start
        chunks = sum(kb.store.count().values())
        note("知识库", chunks > 0, f"{chunks} 个片段，检查用时 {built:.2f} s", "请运行 a408 kb rebuild。")
        kb.search("预热")
        start = time.perf_counter()
        kb.search("死锁的四个必要条件")
        note("检索", True, f"{(time.perf_counter() - start) * 1000:.0f} ms（{services.settings.store}）")
        embedding = kb.embedder.name if kb.embedder else "无，仅关键词"
        note("向量模型", kb.embedder is not None, embedding, "这个系统没有现成的 e5 轮子，可用 A408_EMBEDDING 指定。")
        start = time.perf_counter()
        backend = services.backend()
        note("模型", True, f"{backend.name}，载入 {time.perf_counter() - start:.1f} s")
        note("速度", True, _speed(backend))
        backend.close()
    except StoreError as e:
        note("知识库", False, str(e), "按提示处理后重试。")
    except A408Error as e:
        note("模型", False, str(e), "按提示处理后重试；不用模型也可以：a408 ask --no-llm。")
    if json:
        print_json(findings)
    if not all(f["ok"] for f in findings):
        raise typer.Exit(1)


def _speed(backend: Any) -> str:
    from assistant408.llm.types import Message, Options, Request

    text = "死锁是一组进程因竞争资源而互相等待、都不能推进的状态。" * 10
    start = time.perf_counter()
    first = 0.0
    n = 0
    for _ in backend.stream(Request((Message("user", text + "请复述。"),)), Options(max_tokens=32)):
        first = first or time.perf_counter() - start
        n += 1
    total = time.perf_counter() - start
    rate = n / (total - first) if total > first else 0.0
    return f"读约 {len(text)} 字用 {first:.1f} s，每秒写 {rate:.0f} 个词元"
