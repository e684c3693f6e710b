"""A file with a question, and where a question is looked for, in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
TEXT = "# 调度\n\n闪电置换算法每次淘汰编号最大的页，由张三在课上提出。\n"
QUESTION = "闪电置换算法每次淘汰哪一页？"


def file(name: str, text: str) -> Any:
    return {"name": name, "mimeType": "text/markdown", "buffer": text.encode()}


@pytest.mark.parametrize("width", [390, 1440])
def test_a_file_serves_one_question(visit: Callable[..., Any], site: Any, width: int) -> None:
    v = visit(width=width)
    page = v.go("/")
    page.get_by_label("给这个问题附文件").set_input_files([file("讲义.md", TEXT), file("别的.md", "别的内容。\n")])
    page.locator("form .file", has_text="别的.md").wait_for()
    page.get_by_role("button", name="去掉附件 别的.md").click()
    page.locator("form .file.reading").wait_for(state="detached")
    v.asked(QUESTION)
    assert page.locator("form .file").count() == 0, "it went with the question"
    page.locator(".turn .chip", has_text="讲义.md").wait_for()
    page.locator(".source", has_text="讲义.md").first.click()
    page.get_by_text("附件只用于这一问").wait_for()
    assert page.locator("mark").first.inner_text() in TEXT
    if width < 800:
        page.keyboard.press("Escape")
    page.reload()
    page.locator(".turn .chip", has_text="讲义.md").wait_for()
    assert site.services.ingest.library.entries() == []


def test_a_file_that_cannot_be_read(visit: Callable[..., Any]) -> None:
    v = visit()
    v.expected.append("400 (Bad Request)")
    page = v.go("/")
    page.get_by_label("给这个问题附文件").set_input_files(
        {"name": "坏的.pdf", "mimeType": "application/pdf", "buffer": b"\x00\x01\x02"}
    )
    page.locator("[role=status], .toast").filter(has_text="坏的.pdf").first.wait_for()
    page.locator("form .file").wait_for(state="detached")


def test_where_to_look_is_kept_with_the_conversation(visit: Callable[..., Any], site: Any, tmp_path: Any) -> None:
    services = site.services
    (tmp_path / "讲义.md").write_text(TEXT, encoding="utf-8")
    services.ingest.add(tmp_path / "讲义.md", "我的课", None, source="")
    services.worker.wake()
    v = visit()
    page = v.go("/library")
    page.wait_for_function("() => document.querySelector('li.card') && !document.querySelector('li.card progress')")
    v.go("/")
    scope = page.get_by_role("button", name="在哪些资料里找")
    scope.click()
    panel = page.get_by_role("group", name="在哪些资料里找")
    panel.get_by_label("自带笔记").uncheck()
    assert panel.get_by_label("我的课").is_disabled(), "one is left"
    page.keyboard.press("Escape")
    v.asked(QUESTION)
    assert page.locator(".turn .with").inner_text() == "只在“我的课”里找"
    assert page.locator(".source").count() == 1
    page.get_by_role("link", name="新会话").first.click()
    page.get_by_role("button", name="在哪些资料里找：全部资料").wait_for()
    page.locator(".list li a", has_text=QUESTION).click()
    page.get_by_role("button", name="在哪些资料里找：我的课").wait_for()


def test_by_the_keyboard_alone_and_back(visit: Callable[..., Any], site: Any) -> None:
    """What the keyboard opened, Escape closes, and the focus is where it was."""
    v = visit()
    page = v.go("/")
    focused = "document.activeElement.getAttribute('aria-label')"
    page.get_by_label("问题", exact=True).focus()
    page.keyboard.press("Tab")
    for _ in range(8):
        if page.evaluate(focused) == "给这个问题附文件":
            break
        page.keyboard.press("Tab")
    assert page.evaluate(focused) == "给这个问题附文件"
    page.get_by_role("button", name="回答的设置").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog", name="回答的设置").count() == 0
    assert page.evaluate(focused) == "回答的设置"
    v.asked(QUESTION)
    page.get_by_role("button", name="修改这个问题").focus()
    page.keyboard.press("Enter")
    page.get_by_label("修改问题").wait_for()
    page.keyboard.press("Escape")
    page.get_by_label("修改问题").wait_for(state="detached")
    assert page.evaluate(focused) == "修改这个问题"
