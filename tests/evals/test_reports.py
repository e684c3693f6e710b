"""Reports of finished runs, and tasks written down for other programs."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import sys
import types
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from assistant408.core.errors import InputError
from assistant408.evals.choose import Reply
from assistant408.evals.exports.lm_eval import export_lm_eval
from assistant408.evals.exports.opencompass import export_opencompass
from assistant408.evals.items import Item
from assistant408.evals.reports.csv import write_csv
from assistant408.evals.reports.html import write_html
from assistant408.evals.reports.markdown import write_markdown
from assistant408.evals.reports.table import Run, load_runs, pairs_of
from assistant408.evals.run import run_trials
from assistant408.evals.tasks import find_task
from assistant408.evals.trials import choice_trials

TASK, _ = find_task("408-bench")


@pytest.fixture
def runs(items: list[Item], tmp_path: Path) -> list[Run]:
    """closed gets the A's right, full everything, by two scorings and in two orders."""
    about = {"task": "408-bench", "version": 1, "items": "x", "model": "qwen <1.5B>", "seed": 0, "prompt": "p"}
    only_a = lambda item: Reply("A", "letter")  # noqa: E731
    key = lambda item: Reply(item.answer, "solver")  # noqa: E731
    run_trials(list(choice_trials(TASK, items, {"letter": only_a})), tmp_path / "closed", about | {"mode": "closed"})
    both = {"letter": key, "generate": only_a}
    run_trials(list(choice_trials(TASK, items, both, orders=1)), tmp_path / "full", about | {"mode": "full"})
    return load_runs([tmp_path / "closed", tmp_path / "full"])


def test_markdown_has_the_comparison(runs: list[Run]) -> None:
    text = write_markdown(runs, pairs_of(runs))
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    overview = {row[2]: row for row in rows if row[0] == "408-bench" and row[1] == "1"}
    assert overview["qwen <1.5B> · closed"][4:7] == ["8", "25.0%", "7.1%–59.1%"]
    assert overview["qwen <1.5B> · full"][4:7] == ["8", "100.0%", "67.6%–100.0%"]
    pair = next(row for row in rows if len(row) == 9 and row[3] == "8")
    assert pair[6:] == ["0", "6", "0.0312"], "McNemar, exact: 2 / 2^6"
    assert ["数据结构", "50.0%（2/4）", "100.0%（4/4）"] in rows and [
        "操作系统",
        "0.0%（0/4）",
        "100.0%（4/4）",
    ] in rows
    assert "两种评分" in text and "选项次序" in text and "solver" in text


class Page(HTMLParser):
    """Collects addresses, and checks that tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href")]
        assert tag != "script"
        if tag not in ("meta", "line", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(runs: list[Run]) -> None:
    text = write_html(runs, pairs_of(runs))
    page = Page()
    page.feed(text)
    assert page.open == [] and page.addresses == []
    assert "prefers-color-scheme: dark" in text and "url(" not in text and "@import" not in text
    assert "qwen &lt;1.5B&gt;" in text and "<1.5B>" not in text
    (svg,) = re.findall(r"<svg.*?</svg>", text, re.S)
    root = ElementTree.fromstring(svg)
    circles = root.findall(".//{*}circle")
    assert len(circles) == 6, "two subjects and the whole, two runs each"
    right = max(float(c.attrib["cx"]) for c in circles)
    left = min(float(c.attrib["cx"]) for c in circles)
    for line in root.findall(".//{*}g/{*}line"):
        assert left - 1 <= float(line.attrib["x1"]) <= float(line.attrib["x2"]) <= right + 1
    width, height = (float(v) for v in root.attrib["viewBox"].split()[2:])
    assert all(0 < float(c.attrib["cx"]) < width and 0 < float(c.attrib["cy"]) < height for c in circles)


def test_csv_has_opencompass_columns(runs: list[Run]) -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(runs))))
    models = ["qwen <1.5B>-closed", "qwen <1.5B>-full"]
    assert list(rows[0]) == ["dataset", "version", "metric", "mode", *models]
    table = {(r["dataset"], r["mode"]): [r[m] for m in models] for r in rows}
    assert table[("408-bench", "ppl")] == ["25.00", "100.00"]
    assert table[("408-bench", "gen")] == ["-", "25.00"]
    assert table[("408-bench-ds", "ppl")] == ["50.00", "100.00"]
    assert all(re.fullmatch("[0-9a-f]{6}", r["version"]) and r["metric"] == "accuracy" for r in rows)


def test_an_unfinished_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing"):
        load_runs([tmp_path / "nothing"])


def test_runs_that_share_model_and_mode_are_told_apart(runs: list[Run]) -> None:
    twice = load_runs([runs[0].folder, runs[0].folder.parent / "full", runs[0].folder])
    assert twice[0].name.endswith("（closed）") and twice[1].name == "qwen <1.5B> · full"


# --- exports -----------------------------------------------------------------------------------------------------


def test_the_opencompass_config_runs_as_python(
    items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With stand-ins for the classes that it names: what they are given is what matters here."""
    config, *data = export_opencompass(tmp_path / "oc", "408-bench", "题", items)
    names = {
        "opencompass": [], "opencompass.datasets": ["CustomDataset"], "opencompass.datasets.custom": ["OptionSimAccEvaluator"],
        "opencompass.openicl": [], "opencompass.openicl.icl_inferencer": ["GenInferencer"],
        "opencompass.openicl.icl_prompt_template": ["PromptTemplate"], "opencompass.openicl.icl_retriever": ["ZeroRetriever"],
    }  # fmt: skip
    for module, classes in names.items():
        fake = types.ModuleType(module)
        for name in classes:
            setattr(fake, name, name)
        monkeypatch.setitem(sys.modules, module, fake)
    space: dict[str, Any] = {}
    exec(compile(config.read_text(encoding="utf-8"), str(config), "exec"), space)
    assert [d["abbr"] for d in space["datasets"]] == ["408-bench-ds", "408-bench-os"]
    for dataset, file in zip(space["datasets"], data, strict=True):
        assert dataset["path"] == str(file) and Path(dataset["path"]).is_absolute()
        rows = [json.loads(x) for x in file.read_text(encoding="utf-8").splitlines()]
        assert len(rows) == 4 and all(set(r) == {"question", *"ABCD", "answer"} for r in rows)
        prompt = dataset["infer_cfg"]["prompt_template"]["template"]["round"][0]["prompt"]
        assert "第 0 题" in prompt.format(**rows[0]) or "第 1 题" in prompt.format(**rows[0])
        assert dataset["eval_cfg"]["evaluator"]["options"] == list("ABCD")


def test_choices_that_differ_in_number_are_not_exported(items: list[Item], tmp_path: Path) -> None:
    odd = Item("odd", "os", "?", {"A": "1", "B": "2"}, "A")
    for export in (
        lambda i: export_opencompass(tmp_path, "t", "t", i),
        lambda i: export_lm_eval(tmp_path, "t", "t", 1, i),
    ):
        with pytest.raises(InputError, match="odd"):
            export([*items, odd])


@pytest.mark.filterwarnings("ignore")  # of the harness's own dependencies
def test_the_real_harness_loads_the_task_folder(
    items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("lm_eval") is None:
        pytest.skip("lm_eval is not installed: pip install lm_eval")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from lm_eval import simple_evaluate
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    class Wise(LM):
        """Gives the letter of the questions of ds the highest likelihood, and A otherwise."""

        def loglikelihood(self, requests: Any) -> list[tuple[float, bool]]:
            keys = {i.question: i.answer if i.subject == "ds" else "A" for i in items}
            return [(0.0 if keys[r.args[0].splitlines()[0]] == r.args[1].strip() else -1.0, False) for r in requests]

        def loglikelihood_rolling(self, requests: Any) -> Any:
            raise NotImplementedError

        def generate_until(self, requests: Any) -> Any:
            raise NotImplementedError

    export_lm_eval(tmp_path / "lm", "408-bench", "题", 3, items)
    manager = TaskManager(include_path=str(tmp_path / "lm"), include_defaults=False)
    done = simple_evaluate(Wise(), tasks=["408_bench"], task_manager=manager, bootstrap_iters=0)
    assert done["results"]["408_bench_ds"]["acc,none"] == 1
    assert done["results"]["408_bench_os"]["acc,none"] == 0
    assert done["results"]["408_bench"]["acc,none"] == pytest.approx(0.5)
    assert done["versions"]["408_bench_ds"] == 3
    sample = done["samples"]["408_bench_ds"][0]
    assert "A. 选项 A0" in sample["arguments"][0][0]
