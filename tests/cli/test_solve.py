"""``a408 solve``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.registry import all_solvers

BELADY = "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1"  # Silberschatz, Operating System Concepts, page replacement


def test_list(a408: Callable[..., Any]) -> None:
    rows = a408("solve", "--list", "--json").json
    assert [r["id"] for r in rows] == list(all_solvers())
    assert all(set(r) == {"id", "title", "summary"} for r in rows)
    lines = a408("solve", "--list").out.splitlines()
    assert [line.split()[0] for line in lines] == [r["id"] for r in rows]


@pytest.mark.parametrize("args", [["--frames", "3"], ["--frames=3"]])
def test_json(a408: Callable[..., Any], args: list[str]) -> None:
    solved = a408("solve", "os.page_replacement", "--refs", BELADY, *args, "--policy", "LRU", "--json").json
    assert set(solved) >= {"id", "args", "answer", "exact", "steps", "conventions"}
    assert solved["answer"]["faults"] == 12
    assert all(set(s) == {"why", "data", "credit", "gives"} for s in solved["steps"])


def test_text_shows_steps_and_the_answer(a408: Callable[..., Any]) -> None:
    done = a408("solve", "os.page_replacement", "--refs", BELADY, "--frames", "3", "--policy", "FIFO")
    assert done.code == 0 and done.err == ""
    answer = done.out.split("答案")[-1]
    assert re.search(r"：15\b", answer)
    assert re.search(r"^1\. ", done.out, re.M)


def test_every_solver_prints_its_example(a408: Callable[..., Any]) -> None:
    for id, solver in all_solvers().items():
        done = a408("solve", id)
        assert done.code == 0, (id, done.err)
        for name in solver(**solver.examples[0]).answer:
            assert solver.answers[name].label in done.out, (id, name)


def test_a_question_in_words(a408: Callable[..., Any]) -> None:
    question = f"页框数为 3，访问序列 {BELADY}，用 FIFO 算法，求缺页次数。"
    solved = a408("solve", question, "--json").json
    assert solved["id"] == "os.page_replacement" and solved["answer"]["faults"] == 15
    assert a408("solve", "死锁的四个必要条件是什么？").sentence


def test_svg(a408: Callable[..., Any], tmp_path: Path) -> None:
    from xml.etree import ElementTree

    assert a408("solve", "ds.avl", "--svg", str(tmp_path / "avl.svg")).code == 0
    root = ElementTree.parse(tmp_path / "avl.svg").getroot()
    assert root.tag.endswith("svg") and len(list(root.iter())) > 5


def test_help_of_a_solver_names_its_arguments(a408: Callable[..., Any]) -> None:
    done = a408("solve", "os.page_replacement", "--help")
    assert done.code == 0
    for field in all_solvers()["os.page_replacement"].fields:
        assert f"--{field.name}" in done.out


@pytest.mark.parametrize(
    ("args", "names"),
    [
        ([], "--list"),
        (["os.nope"], "os.nope"),
        (["os.page_replacement", "--refs", "7,x", "--frames", "3"], "x"),
        (["os.page_replacement", "--refs", "7,0"], "页框"),
        (["os.page_replacement", "--refs", "7,0", "--frames", "-1"], "-1"),
        (["os.page_replacement", "--refs", "7,0", "--frames", "1.5"], "1.5"),
        (["os.page_replacement", "--refs", "7,0", "--frames", "3", "--policy", "BEST"], "BEST"),
        (["os.page_replacement", "--refs", "7,0", "--frames", "3", "--colour", "red"], "colour"),
        (["os.page_replacement", "7,0", "3"], "7,0"),
        (["os.page_replacement", "--refs", "", "--frames", "3"], "序列"),
        (["cn.subnet", "--address", "300.1.1.1/24"], "300"),
    ],
)
def test_bad_input_is_one_sentence(a408: Callable[..., Any], args: list[str], names: str) -> None:
    assert names in a408("solve", *args).sentence
    assert names in a408("solve", *args, "--json").sentence
