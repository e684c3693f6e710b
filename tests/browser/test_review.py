"""Reviewing in the browser: the plan of the day, mastery, the notebook, the settings of the plan, backup and restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_plan_is_done_and_fills_the_notebook(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    page = v.page
    with page.expect_response("**/api/review/plan?*") as response:
        v.go("/review")
    tasks = response.value.json()["tasks"]
    assert page.get_by_role("list", name="今天的计划").locator("li").count() == len(tasks) > 1
    page.get_by_role("button", name="开始", exact=True).click()
    wrong = []
    for n, task in enumerate(tasks[:4], 1):
        page.get_by_role("heading", name=f"第 {n} 项").wait_for()
        q = site.services.questions[task["id"]]
        if q.kind in ("single", "judge"):
            options = list(q.choices) or ["对", "错"]
            bad = next(o for o in options if o not in q.answer)
            page.keyboard.press(str(options.index(bad) + 1))
            page.keyboard.press("Enter")
            page.locator("p.verdict", has_text="不对").wait_for()
            wrong.append(q.id)
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="跳过").click()
    assert wrong and set(site.services.learner.attempts.wrong()) == set(wrong)
    page.get_by_role("button", name="结束").click()
    page.get_by_role("list", name="今天的计划").wait_for()

    v.go("/review/wrong")
    assert page.locator("details.card").count() == len(wrong)
    first = page.locator("details.card").first
    first.locator("summary").click()
    stem = first.locator(".stem").last
    q = next(site.services.questions[id] for id in wrong if stem.inner_text()[:6] in site.services.questions[id].stem)
    first.locator(f"input[value='{q.answer[0]}']").check(force=True)
    first.get_by_role("button", name="提交").click()
    first.locator("p.verdict.ok").wait_for()
    first.get_by_role("button", name="收藏").click()
    first.get_by_role("button", name="已收藏").wait_for()
    first.get_by_role("button", name="记笔记").click()
    first.get_by_label("这道题的笔记").fill("看清题再选")
    first.get_by_role("button", name="保存").click()
    first.locator(".note", has_text="看清题再选").wait_for()
    assert [f["question_id"] for f in site.services.learner.favourites.all()] == [q.id]
    assert site.services.learner.personal_notes.get("question", q.id)["text"] == "看清题再选"
    page.get_by_role("button", name="收藏", exact=True).first.click()
    page.wait_for_function("() => document.querySelectorAll('details.card').length === 1")

    v.go("/review/mastery")
    page.get_by_text("次作答").first.wait_for()
    assert page.get_by_role("img").get_attribute("aria-label").startswith("各科的掌握：数据结构")
    page.get_by_role("button", name="网络").click()
    page.locator("summary", has_text="数据链路层").click()
    link = page.get_by_role("link", name="练CSMA/CD").first
    link.click()
    page.get_by_role("heading", name="第 1 题").wait_for()
    assert "under=cn." in page.url


def test_cards_of_one_s_own_are_imported_and_reviewed(visit: Callable[..., Any], site: Any) -> None:
    v = visit(width=390)
    page = v.go("/review/cards")
    page.get_by_label("导入卡片").set_input_files(
        {"name": "我的.txt", "mimeType": "text/plain", "buffer": "快表\tTLB\n页框\tpage frame\n".encode()}
    )
    page.locator("summary", has_text="2 张").wait_for()
    plan = page.request.get(f"{site.url}/api/review/plan?minutes=600").json()
    place = next(i for i, t in enumerate(plan["tasks"]) if t["kind"] == "card")
    plan["tasks"] = plan["tasks"][place:][:1]
    page.route("**/api/review/plan?*", lambda route: route.fulfill(json=plan))  # the card first
    v.go("/review")
    page.get_by_role("button", name="开始", exact=True).click()
    back = plan["tasks"][0]["card"]["back"]
    page.get_by_role("button", name="看背面").wait_for()
    assert back not in page.locator("article").inner_text()
    page.get_by_role("heading", name="第 1 项").wait_for()
    page.keyboard.press(" ")
    page.get_by_text(back, exact=True).wait_for()
    with page.expect_response("**/api/cards/*/review") as done:
        page.keyboard.press("3")
    assert done.value.json()["due"]
    page.get_by_role("heading", name="今天的做完了").wait_for()


def test_the_date_changes_the_plan_and_a_backup_comes_back(
    visit: Callable[..., Any], site: Any, tmp_path: Path
) -> None:
    v = visit()
    page = v.go("/settings")
    page.get_by_label("考试日期").fill("2099-12-20")
    page.get_by_text("还有").first.wait_for()
    page.get_by_label("每天的分钟数").fill("15")
    page.keyboard.press("Tab")
    page.wait_for_function("async () => (await (await fetch('/api/settings')).json()).daily_minutes === 15")
    assert site.services.settings.exam_date == "2099-12-20"
    v.go("/review")
    assert page.get_by_label("今天用").input_value() == "15"

    site.services.learner.favourites.add("x")
    v.go("/settings")
    with page.expect_download() as download:
        page.get_by_role("link", name="备份").click()
    file = tmp_path / "backup.zip"
    download.value.save_as(file)
    site.services.learner.favourites.remove("x")
    page.get_by_label("从备份恢复").set_input_files(file)
    page.get_by_role("button", name="恢复", exact=True).click()
    page.get_by_text("已恢复").wait_for()
    assert [f["question_id"] for f in site.services.learner.favourites.all()] == ["x"]

    v.expected.append("400 (Bad Request)")
    page.get_by_label("从备份恢复").set_input_files(
        {"name": "坏的.zip", "mimeType": "application/zip", "buffer": b"PK"}
    )
    page.get_by_role("button", name="恢复", exact=True).click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "备份" in alert.inner_text()
