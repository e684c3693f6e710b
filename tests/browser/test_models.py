"""The page of the models: this machine measured, a /v1 server connected, runs watched and compared."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.web.tiny_runs import evaluate, train

from assistant408.core.settings import Settings
from assistant408.web.app import create_api
from assistant408.web.services import Services

pytestmark = pytest.mark.browser
KEY = "sk-0123456789abcdef"


@pytest.fixture
def other(tmp_path: Path, content: Path, keyword_index: Path, serve: Callable[[Any], str]) -> str:
    """The address of another program's ``/v1``, which demands a key."""
    home = tmp_path / "other"
    (home / "kb").mkdir(parents=True)
    shutil.copy(keyword_index, home / "kb" / "kb.db")
    services = Services(home, content, Settings(embedding="none"), model="fake")
    return serve(create_api(services, prime=False, key=KEY)) + "/v1"


@pytest.mark.parametrize("width", [390, 1440])
def test_this_machine_is_measured_and_the_result_stays(visit: Callable[..., Any], site: Any, width: int) -> None:
    v = visit(width=width)
    page = v.go("/models/bench")
    site.model.gate.clear()
    page.get_by_role("button", name="开始测量").click()
    page.get_by_role("status").filter(has_text="第 1 次").wait_for()
    page.get_by_role("button", name="取消").click()
    page.get_by_text("已取消").wait_for()
    site.model.gate.set()
    page.get_by_role("button", name="开始测量").click()
    page.get_by_role("button", name="再测一次").wait_for()
    assert page.get_by_text("字/秒", exact=False).count() >= 2, "characters, since the engine counts no tokens"
    assert page.locator(".advice").inner_text().endswith("。")
    page.reload()
    page.get_by_role("button", name="再测一次").wait_for()


def test_a_server_is_tried_out_used_and_left(visit: Callable[..., Any], site: Any, other: str) -> None:
    site.services.model_override = ""
    v = visit()
    page = v.go("/models")
    page.get_by_label("地址").fill("http://169.254.169.254/v1")
    page.get_by_role("button", name="测试").click()
    page.locator("li.bad", has_text="不能连接").wait_for()
    page.get_by_label("地址").fill(other)
    page.get_by_role("button", name="测试").click()
    page.locator("li.bad", has_text="需要密钥").wait_for()
    page.get_by_label("只在这次运行中用").check()
    page.get_by_label("密钥", exact=True).fill(KEY)
    page.get_by_role("button", name="测试").click()
    page.locator("ol li", has_text="列出").wait_for()
    name = page.locator("#server-models option").first.get_attribute("value")
    page.get_by_role("combobox", name="模型").fill(str(name))
    page.get_by_role("button", name="测试").click()
    page.locator("ol li", has_text="首字用了").wait_for()
    page.locator("form").get_by_role("button", name="使用").click()
    page.get_by_role("note").get_by_text("回答时会把问题发给").wait_for()
    v.go("/")
    page.get_by_role("note").get_by_text(other.split("/")[2]).wait_for()
    v.go("/settings")
    page.locator(".remote", has_text=other.split("/")[2]).wait_for()
    v.go("/models")
    page.get_by_role("button", name="断开").click()
    page.get_by_role("note").wait_for(state="detached")
    assert KEY not in (site.services.home / "settings.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [390, 1440])
def test_runs_are_watched_and_compared(visit: Callable[..., Any], site: Any, width: int) -> None:
    folder = site.services.home / "runs"
    go_on = train(folder / "live", 6, done=False)
    train(folder / "before", 12, rate=0.1)
    evaluate(folder / "weak", 3)
    evaluate(folder / "strong", 11)
    v = visit(width=width)
    page = v.go("/models/runs")
    page.get_by_role("link", name="live").click()
    chart = page.get_by_role("img", name="损失曲线")
    chart.wait_for()
    assert "第 6 步" in str(chart.get_attribute("aria-label"))
    go_on(6)
    page.get_by_role("img", name="第 12 步").wait_for()  # it asks again by itself
    v.go("/models/runs")
    for name in ("live", "before"):
        page.get_by_label(f"比较 {name}").check()
    page.get_by_role("link", name="比较选中的两个").click()
    page.get_by_role("img", name="before").wait_for()
    assert page.locator("polyline").count() == 2
    v.go("/models/runs")
    for name in ("weak", "strong"):
        page.get_by_label(f"比较 {name}").check()
    page.get_by_role("link", name="比较选中的两个").click()
    page.get_by_text("差别显著").wait_for()
    assert page.locator(".bars .interval").count() == 10, "two runs, in all and in four subjects"
    with page.expect_download() as download:
        page.get_by_role("link", name="存为 Markdown").click()
    assert "# 评测报告" in Path(download.value.path()).read_text(encoding="utf-8")
