"""Time to the first passage and the first token, against stuffing four chunks before the question.

    python benchmarks/answer.py [--model qwen2.5-coder-1.5b] [--questions 8]

The baseline is what a first RAG program does: the four best chunks, 500 characters each, then the question, sent to the
same model in the same engine with nothing cached. Ours is measured twice: cold (only the system prompt's state is
stored), and on a section whose state is stored.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

from assistant408.core.paths import content_dir, home
from assistant408.core.settings import Settings
from assistant408.kb.chunk import chunk_markdown
from assistant408.llm.backends.llama_cpp import LlamaCppBackend
from assistant408.llm.models import default_model, find_model
from assistant408.llm.pull import model_path
from assistant408.llm.types import Message, Options, Request
from assistant408.tutor.answer import Tutor
from assistant408.tutor.events import Passages, Token
from assistant408.tutor.prompts import load_prompt
from assistant408.web.prime import IdlePrimer
from assistant408.web.services import Services

QUESTIONS = [
    "死锁的四个必要条件是什么？",
    "TCP 建立连接为什么要三次握手？",
    "堆排序的时间复杂度是多少，稳定吗？",
    "快表命中时还要不要访问页表？",
    "写回法和写直达法有什么区别？",
    "CSMA/CD 的最短帧长由什么决定？",
    "中断隐指令完成哪些操作？",
    "LRU 会不会出现 Belady 异常？",
]


def naive_prompt(services: Services, question: str) -> Request:
    """Four chunks of 500 characters, stuffed."""
    sections = list(dict.fromkeys(h.chunk.doc for h in services.kb.search(question, limit=6)))
    text = "".join(c.text for doc in sections for c in chunk_markdown(doc, "", services.notes[doc].markdown))
    stuffed = "\n\n".join(text[i * 500 : (i + 1) * 500] for i in range(4))
    return Request((Message("user", f"已知信息：\n{stuffed}\n\n根据以上信息回答问题：{question}"),))


def first_token(tutor: Tutor, question: str) -> tuple[float, float]:
    """Seconds to the passages and to the first token; the rest is cancelled."""
    start = time.perf_counter()
    shown = 0.0
    events = tutor.answer(question)
    try:
        for event in events:
            if isinstance(event, Passages):
                shown = time.perf_counter() - start
            if isinstance(event, Token):
                return shown, time.perf_counter() - start
    finally:
        events.close()  # type: ignore[attr-defined]
    return shown, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="")
    parser.add_argument("--questions", type=int, default=len(QUESTIONS))
    args = parser.parse_args()
    model = find_model(home(), args.model) if args.model else default_model(home())
    path = model_path(home(), model)
    questions = QUESTIONS[: args.questions]
    with tempfile.TemporaryDirectory() as scratch:
        services = Services(Path(scratch), content_dir(), Settings())
        start = time.perf_counter()
        kb = services.ensure_index()
        index_s = time.perf_counter() - start
        kb.search("预热")

        naive = LlamaCppBackend(path)
        baseline = []
        for question in questions:
            start = time.perf_counter()
            stream = naive.stream(naive_prompt(services, question), Options(max_tokens=8))
            next(stream)
            baseline.append(time.perf_counter() - start)
            stream.close()
            list(naive.stream(Request((Message("user", "清空。"),)), Options(max_tokens=1)))
        naive.close()

        backend = LlamaCppBackend(path, states=Path(scratch) / "kv")
        services._backend = backend
        tutor = services.tutor
        primer = IdlePrimer(services)
        cold, passages = [], []
        backend.prime(Request((Message("system", load_prompt("answer")["system"]), Message("user", ""))))
        for question in questions:
            list(backend.stream(Request((Message("user", "清空。"),)), Options(max_tokens=1)))
            shown, token = first_token(tutor, question)
            passages.append(shown)
            cold.append(token)
        stored = []
        for question in questions:
            chunk = kb.search(question, limit=1)[0].chunk
            primer.prime(chunk.doc, chunk.anchor)
            list(backend.stream(Request((Message("user", "清空。"),)), Options(max_tokens=1)))
            stored.append(first_token(tutor, question)[1])
        start = time.perf_counter()
        pieces = list(backend.stream(Request((Message("user", "用五句话介绍操作系统。"),)), Options(max_tokens=96)))
        rate = len(pieces) / (time.perf_counter() - start)
        backend.close()
    base = statistics.median(baseline)
    print(f"模型 {model.id}，{len(questions)} 个问题，中位数；索引（向量已随附）{index_s:.2f} s\n")
    print(f"{'':<26}{'秒':>8}{'快多少倍':>10}")
    print(f"{'基线：塞入四段 500 字':<20}{base:>10.2f}{1:>10.1f}")
    for name, values in (
        ("首个资料片段", passages),
        ("冷：首个词元", cold),
        ("已存状态：首个词元", stored),
    ):
        value = statistics.median(values)
        print(f"{name:<22}{value:>10.3f}{base / value:>10.1f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n每秒写 {rate:.1f} 个词元；峰值内存 {memory:.0f} MB（含基线所载的模型）")


if __name__ == "__main__":
    main()
