"""Questions in Chinese: the solver, its arguments, what is missing, and the sentence that answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.registry import all_solvers
from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.backends.llama_cpp import LlamaCppBackend
from assistant408.llm.types import Options, Request
from assistant408.tutor.choose import split_choices
from assistant408.tutor.extract import Reader
from assistant408.tutor.fill import fill, said
from assistant408.tutor.hints import asks_of, hints_of, sign_of
from assistant408.tutor.solve import solve_question
from assistant408.tutor.understand import understand

SOLVERS = all_solvers()
CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "某进程分得三个页框，页面走向为 3、1、4、2、5、3、1、2，按先进先出置换，问缺页多少次",
        "os.page_replacement",
        {"refs": [3, 1, 4, 2, 5, 3, 1, 2], "frames": 3, "policy": "FIFO"},
    ),
    (
        "程序 P 的指令中 A 类占 60%，CPI 为 1，B 类占 40%，CPI 为 3，主频 2GHz，求平均 CPI",
        "co.cpu_performance",
        {
            "classes": [{"name": "A", "share": "60%", "cpi": 1}, {"name": "B", "share": "40%", "cpi": 3}],
            "clock_mhz": 2000,
        },
    ),
    ("一棵二叉树先序为 ABCDEF，中序为 CBDAFE，写出后序", "ds.binary_tree_rebuild", {"preorder": list("ABCDEF")}),
    (
        "主机 IP 为 172.20.77.9，子网掩码 255.255.240.0，它所在的网络地址是多少？",
        "cn.subnet",
        {"address": "172.20.77.9", "mask": "255.255.240.0"},
    ),
]


@pytest.mark.parametrize(("question", "id", "args"), CASES, ids=[c[1] for c in CASES])
def test_reads_solver_and_arguments(question: str, id: str, args: dict[str, Any]) -> None:
    u = understand(question)
    assert u is not None and u.complete
    assert u.solver == id
    assert {k: u.args[k] for k in args} == args


@pytest.mark.parametrize(
    "question",
    [
        "什么是虚拟存储器？它为什么能让程序比内存大？",
        "LRU 算法需要什么硬件支持？和 FIFO 有什么区别？",
        "下列关于 TCP 拥塞控制的叙述中，正确的是（ ）。 A. 慢开始每轮翻倍 B. 门限不变 C. 丢包无影响 D. 只有超时",
        "一棵 5 阶 B 树为什么根结点可以只有 1 个关键字？",
        "你好",
        "",
    ],
)
def test_leaves_other_questions_alone(question: str) -> None:
    assert understand(question) is None
    assert solve_question(question) is None


def test_asks_for_what_is_missing() -> None:
    s = solve_question("磁头在 90 号磁道，请求 SSTF 调度，求移动的磁道总数")
    assert s is not None
    assert [m["name"] for m in s["missing"]] == ["requests"]
    assert s["answer"] == {} and "还缺" in s["summary"]


def test_a_choice_and_a_claim() -> None:
    s = solve_question(
        "3 个页框，访问序列 2,3,2,1,5,2,4,5,3,2,5,2，LRU 缺页次数是（ ）。A. 6 B. 7 C. 8 D. 9 我选B，对吗？"
    )
    assert s is not None
    assert s["choice"] == "B" and s["diagnosis"]["right"] is True
    json.dumps(s)


def test_units_are_brought_together() -> None:
    s = solve_question("访问内存 200ns，缺页处理 4ms，缺页率 0.1%，求有效访问时间")
    assert s is not None and s["args"]["memory_time"] == 200
    assert "ns" in s["summary"]


def test_a_markdown_table_of_processes() -> None:
    s = solve_question(
        "四个进程如下表，采用先来先服务，平均周转时间是多少？\n\n| 进程 | A | B | C |\n|---|---|---|---|\n"
        "| 到达时刻 | 0 | 1 | 3 |\n| 运行时间 | 5 | 2 | 4 |"
    )
    assert s is not None and s["missing"] == []
    assert s["args"]["processes"][2] == {"name": "C", "arrival": 3, "burst": 4}


def test_statements_to_be_judged_are_left_alone() -> None:
    assert solve_question("程序段 `for (int i = 1; i <= n; i++) i = i * 2;` 的时间复杂度为 $O(n)$。") is None
    assert solve_question("基数排序（最低位优先）每一趟的分配与收集必须采用稳定的方法，理由是（ ）。") is None


def test_choices_of_an_item() -> None:
    stem, choices = split_choices("结果是（ ）。\nA．12\nB．13\nC．14\nD．15")
    assert stem.endswith("。") and choices == {"A": "12", "B": "13", "C": "14", "D": "15"}


def test_every_hint_names_a_parameter_and_reads_anything() -> None:
    from assistant408.tutor.hints import _tables

    hints, asks, signs = _tables()
    assert set(hints) | set(asks) | set(signs) <= set(SOLVERS)
    for id, solver in SOLVERS.items():
        assert set(hints.get(id, {})) <= {f.name for f in solver.fields}, id
        assert set(asks_of(solver)) <= set(solver.answers), id
        assert isinstance(sign_of(solver), str)
        for hint in hints_of(solver).values():
            for text in ("", "。", "1", "a,b,c", "1,2,3;4,5,6", "0x1F、3KB,(1,2)->3"):
                hint(Reader(text))


class Scripted(FakeBackend):
    """Gives the same JSON to every schema."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        assert options.schema is not None
        yield json.dumps(self.answer)


def test_the_model_may_only_repeat_numbers_of_the_question() -> None:
    solver = SOLVERS["os.page_replacement"]
    wanted = [f for f in solver.fields if f.name in ("frames", "refs")]
    question = "依次访问页 7 页 0 页 1，框子有 3 个"
    got = fill(solver, wanted, question, Scripted({"frames": 3, "refs": [7, 0, 1]}))
    assert got == {"frames": 3, "refs": [7, 0, 1]}
    assert fill(solver, wanted, question, Scripted({"frames": 4, "refs": [7, 0, 2]})) == {}
    assert said({"a": [7, "3"]}, question) and not said({"a": 9}, question)


def test_a_question_filled_by_the_model() -> None:
    question = "用 LRU，缺页多少次？访问的页先是七号，后面 3 个页框，再是 7、0、1"
    u = understand(question, Scripted({"refs": None, "frames": None}))
    assert u is None or u.filled == ()


@pytest.mark.model
def test_the_real_model_keeps_to_the_schema(small_model: Path) -> None:
    backend = LlamaCppBackend(small_model, threads=2)
    try:
        solver = SOLVERS["os.page_replacement"]
        wanted = [f for f in solver.fields if f.name == "frames"]
        got = fill(solver, wanted, "系统给进程的页框有 3 个，采用 LRU。", backend)
    finally:
        backend.close()
    assert got in ({}, {"frames": 3})
