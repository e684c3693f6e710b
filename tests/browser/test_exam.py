"""A mock exam in the browser: taken by keyboard, cut off twice, handed in, marked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
PAPER = """# 自测
时间：20 分钟

## 1. [os] 2 分
一加一等于（ ）。
A. 一
B. 二
答案：B

## 2. [cn] 2 分
二加二等于（ ）。
A. 四
B. 五
答案：A

## 3. [os] 5 分
三个进程的周转时间为 3、4、5 ms。
### (1) 5 分
说明平均周转时间怎么求，并求出它。
答案：4 ms
评分：3 分 说明求法
评分：2 分 平均周转时间 4 ms
"""


def saved(site: Any, id: str) -> dict[str, str]:
    """What the server holds."""
    return {f"{a['number']}.{a['part']}": a["answer"] for a in site.services.learner.exams.view(id)["answers"]}


def test_an_exam_from_its_file_to_its_report(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    page = v.go("/exam")
    page.get_by_label("导入自己的试卷").set_input_files(
        {"name": "自测.md", "mimeType": "text/markdown", "buffer": PAPER.encode()}
    )
    page.get_by_role("heading", name="自测").wait_for()
    id = page.url.rsplit("/", 1)[1]
    assert "一加一" not in page.locator("main").inner_text(), "no question before the start"
    page.get_by_role("button", name="开始计时").click()
    page.get_by_role("heading", name="第 1 题").wait_for()
    assert page.locator("time").inner_text().startswith(("20:00", "19:5"))

    page.keyboard.press("b")
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name="第 2 题").wait_for()
    page.keyboard.press("2")
    palette = page.get_by_role("complementary", name="题号面板")
    assert palette.get_by_role("button", name="第 1 题，操作系统，已答，有标记").is_visible()
    page.locator(".saved", has_text="已保存").wait_for()
    page.wait_for_function("() => document.querySelector('.saved').textContent.trim() === '已保存'")
    assert saved(site, id) == {"1.0": "B", "2.0": "B"}

    # The server goes: what is written stays in the browser, also over a reload, and comes home with it.
    v.expected.extend(["net::ERR", "Failed to load"])
    page.route("**/api/exams/*/answers", lambda route: route.abort())
    palette.get_by_role("button", name="第 3 题").click()
    page.locator("textarea").fill("三个数相加除以三，得 4 ms")
    page.locator(".saved.pen").wait_for()
    page.unroute("**/api/exams/*/answers")
    page.reload()
    page.get_by_role("heading", name="题 / 3").wait_for()
    page.wait_for_function("() => document.querySelector('.saved').textContent.trim() === '已保存'")
    assert saved(site, id)["3.1"] == "三个数相加除以三，得 4 ms"

    page.get_by_role("button", name="暂停").click()
    page.get_by_text("已暂停").wait_for()
    assert "周转时间" not in page.locator("main").inner_text()
    page.get_by_role("button", name="继续考试").click()
    page.get_by_role("button", name="交卷").click()
    dialog = page.get_by_role("dialog")
    assert "题都答了" in dialog.inner_text() and "标记过的：第 1 题" in dialog.inner_text()
    dialog.get_by_role("button", name="交卷").click()

    page.get_by_role("heading", name="逐题").wait_for()
    assert page.locator(".score").inner_text() == "2 / 9 分"
    assert "还有 5 分待评" in page.locator(".pending").inner_text() and "非连续" in page.locator("main").inner_text()
    page.locator("#q-3 summary").click()
    page.get_by_label("第 3 题第 1 问第 1 条的得分").select_option("3")
    page.locator(".score", has_text="5 / 9").wait_for()
    page.get_by_label("第 3 题第 1 问第 2 条的得分").select_option("2")
    page.locator(".score", has_text="7 / 9").wait_for()
    assert page.locator(".pending").count() == 0
    assert page.locator("#q-3 .by", has_text="自评").count() == 2
    page.locator("#q-2 summary").click()
    assert page.locator("#q-2 label.bad input").get_attribute("value") == "B"
    v.go("/exam")
    assert "7 / 9" in page.locator("a", has_text="自测").inner_text()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_paper_of_one_s_own_size(visit: Callable[..., Any], site: Any, width: int) -> None:
    v = visit(width=width)
    page = v.go("/exam")
    page.get_by_text("自己定").click()
    page.get_by_role("group", name="科目").get_by_role("button", name="网络").click()
    page.get_by_role("spinbutton", name="选择题").fill("3")
    page.get_by_role("spinbutton", name="大题").fill("0")
    page.get_by_role("spinbutton", name="限时").fill("7")
    page.get_by_role("button", name="组卷").click()
    page.get_by_role("button", name="开始计时").click()
    page.get_by_role("heading", name="第 1 题 / 3").wait_for()
    view = site.services.learner.exams.view(page.url.rsplit("/", 1)[1])
    assert view["minutes"] == 7 and {i["subject"] for i in view["items"]} == {"cn"}
    if width == 390:
        page.get_by_role("button", name="题号").click()
        page.get_by_role("dialog", name="题号").get_by_role("button", name="第 3 题").click()
        page.get_by_role("heading", name="第 3 题 / 3").wait_for()
