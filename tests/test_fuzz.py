"""A slice of the fuzz campaign (`benchmarks/fuzz.py`), and what the whole one found."""

from __future__ import annotations

import importlib
import io
import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.datastructures import UploadFile

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.core.settings import load_settings
from assistant408.store.attempts import Attempts
from assistant408.store.marks import Reports
from assistant408.training.formats import read_conversations
from assistant408.tutor.solve import solve_question
from assistant408.tutor.symbols import evaluate
from assistant408.tutor.understand import read_args
from assistant408.web.upload import on_disk

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SLICE = {"solvers": 1500, "questions": 25, "files": 400, "formats": 60, "documents": 8, "http": 40}


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The campaign as a module."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    return importlib.import_module("fuzz")


@pytest.mark.parametrize("target", SLICE)
def test_a_slice_of_the_campaign(fuzz: Any, target: str) -> None:
    report = fuzz.campaign(target, SLICE[target], seed=1)
    assert report["findings"] == []
    assert sum(report["outcomes"].values()) == SLICE[target] and len(report["outcomes"]) > 1, report


def test_an_input_is_made_of_seed_and_number_alone(fuzz: Any) -> None:
    whole, last = fuzz.campaign("solvers", 30, seed=3), fuzz.campaign("solvers", 10, seed=3, start=20)
    first = fuzz.campaign("solvers", 20, seed=3)
    count = {k: first["outcomes"].get(k, 0) + last["outcomes"].get(k, 0) for k in whole["outcomes"]}
    assert count == whole["outcomes"]


def test_a_finding_is_found(fuzz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def run(self, rng: Any) -> str:
            while rng.random() < 0.5:
                time.sleep(0)
            return str(1 // 0) if rng.random() < 0.3 else "result"

        def shown(self) -> str:
            return "x"

    monkeypatch.setitem(fuzz.TARGETS, "broken", ("broken_target:Broken", 1.0))
    module = type(sys)("broken_target")
    module.Broken = Broken  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "broken_target", module)
    found = fuzz.campaign("broken", 30, seed=1)
    assert [f["what"] for f in found["findings"]] == ["ZeroDivisionError "] and found["outcomes"]["finding"] > 1
    with pytest.raises(fuzz.Slow), fuzz.bounded(0.2):
        for _ in itertools.count():
            pass


# --- what it found -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("solver", "args"),
    [
        ("co.c_program", {"code": "int x = 1;", "expressions": "9" * 5000}),
        ("co.c_program", {"code": "int x = 1;", "expressions": "(" * 300 + "x" + ")" * 300}),
        ("ds.huffman", {"weights": [3, 2, 1], "symbols": ["a", "", "c"]}),
        (
            "ds.recursive_call",
            {"code": "int f(int n){ return " + "(" * 300 + "n" + ")" * 300 + "; }", "arguments": [1]},
        ),
        ("ds.loop_count", {"code": "i=0; s=0" + "(" * 300 + "; while(i<n) i++;"}),
        ("ds.loop_count", {"code": "i=" + "- " * 400 + "1; while(i<n) i++;"}),
        ("co.async_serial", {"data_bits": 7, "characters_per_s": 480, "stop_bits": "9" * 30}),
    ],
)
def test_arguments_that_broke_a_solver(solver: str, args: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"。$"):
        get_solver(solver)(**args)


def test_no_mistakes_are_named_where_the_answer_is_a_formula() -> None:
    s = get_solver("ds.merge_lists")
    args: dict[str, Any] = {"first_keys": [1, 4, 9], "second_keys": []}
    assert s(**args).answer["max_comparisons"] == "2n-1" and s.mistakes(**args) == []


def test_a_sorted_result_without_its_keys_has_mistakes() -> None:
    assert get_solver("ds.sort_identify").mistakes(keys=[], result=[2, 5, 10, 12], after=3)


def test_an_answer_too_large_for_a_float_is_shown() -> None:
    args: dict[str, Any] = {
        "base_cpi": 4,
        "accesses_per_instruction": "13/10",
        "miss_rate": "1/100",
        "penalty_cycles": 40,
    }
    solved = get_solver("co.memory_stall")(**args, clock_mhz=500, block_bytes=1e308)
    json.dumps(solved.to_json(), allow_nan=False)


@pytest.mark.parametrize("text", ["threads = " + "9" * 5000, "threads = " + "[" * 5000])
def test_settings_that_are_no_toml(own_home: Path, text: str) -> None:
    own_home.mkdir()
    (own_home / "settings.toml").write_text(text)
    with pytest.raises(InputError, match="不是合法的 TOML"):
        load_settings(own_home)


@pytest.mark.parametrize("row", [{"conversations": [{"from": ["a"], "value": "x"}]}, {"messages": [], "questions": 5}])
def test_conversations_of_another_shape(tmp_path: Path, row: dict[str, Any]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    with pytest.raises(InputError, match="处错误"):
        read_conversations(tmp_path / "a.jsonl")


@pytest.mark.parametrize("name", ["操作系统" * 40 + ".md", "\ud83d\udc69\u200d" * 60, "a\x00b.md"])
def test_an_upload_may_have_a_long_name(name: str) -> None:
    """A hundred Chinese characters are three hundred bytes, which no file system takes: it was a status of 500."""
    with on_disk(UploadFile(io.BytesIO(b"x"), filename=name)) as path:
        assert path.read_bytes() == b"x" and (not name.endswith(".md") or path.suffix == ".md")


def test_a_fully_associative_buffer_of_any_size_has_mistakes() -> None:
    args: dict[str, Any] = {"virtual_bits": 32, "page_size": "4KB", "entries": 63, "ways": 0, "physical_bits": 24}
    assert get_solver("co.tlb_fields").mistakes(**args)


@pytest.mark.parametrize(
    "formula", ["(" * 300 + "1" + ")" * 300, "-" * 900 + "1", "(((2^60)^60)^60)^60", "2^2^2^2^2^2"]
)
def test_formulas_nobody_means_are_none(formula: str) -> None:
    assert evaluate(formula, {}) is None


def test_a_vertex_may_bear_a_superscript() -> None:
    edges = [{"u": "²", "v": "A", "weight": 1}, {"u": "A", "v": "B", "weight": 2}]
    assert get_solver("ds.mst")(edges=edges).answer


def test_the_last_block_may_be_allocated() -> None:
    args: dict[str, Any] = {"stack": [338, 368, 369], "operations": [132, 0, 0, 0, 0], "groups": [], "group_size": 5}
    s = get_solver("os.grouped_free_list")
    assert s(**args).answer and s.mistakes(**args)


def test_a_constant_may_have_leading_zeros() -> None:
    assert get_solver("co.c_program")(code="int x = 1;", expressions="0" * 50 + "7").answer["results"] == [7]


@pytest.mark.parametrize("text", ["1" * 60 + " 帧", "1 " * 1500, "0" * 3000, "1 号帧、" * 500])
def test_reading_frame_numbers_takes_no_exponential_time(text: str) -> None:
    """It was 2^n in the number of digits: a question of forty digits held the whole program up."""
    for id in ("cn.arq_timeline", "cn.arq_resend"):
        read_args(get_solver(id), text)


@pytest.mark.parametrize("number", ["1e99999999", "1/" + "9" * 900, "10^" + "9" * 900, "9" * 900, "1e-" + "9" * 70])
def test_numbers_that_no_question_means(number: str) -> None:
    """`1e99999999` took minutes; five thousand digits were a traceback."""
    solve_question(f"信道的数据率为 {number} b/s，往返时延 {number} ms，帧长 {number} KB，求利用率。")
    solve_question(
        f"内存空闲区依次为：(0, 120 KB)、({number} KB, 300 KB)、(600 KB, 256 KB)。依次请求 32 KB、280 KB，采用最坏适应，始址为多少？"
    )


def test_what_no_database_can_keep_is_the_users_mistake(engine: sa.Engine) -> None:
    for broken in (lambda: Reports(engine).remove(2**63), lambda: Attempts(engine).add("\ud800", "A", True, 1)):
        with pytest.raises(InputError, match="存不下"):
            broken()
