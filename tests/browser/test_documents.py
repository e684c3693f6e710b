"""The user's documents in the browser: taken in, looked at page by page, set right, asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
TEXT = "# 我的讲义\n\n## 闪电置换\n\n闪电置换算法每次淘汰编号最小的页，由张三在课上提出。\n"


@pytest.mark.parametrize("width", [390, 1440])
def test_upload_edit_and_ask(visit: Callable[..., Any], site: Any, width: int) -> None:
    v = visit(width=width)
    page = v.go("/library")
    page.get_by_text("还没有自己的资料").wait_for()
    page.get_by_label("放进哪个分组").fill("讲义")
    page.get_by_label("拖文件到这里").set_input_files(
        {"name": "我的讲义.md", "mimeType": "text/markdown", "buffer": TEXT.encode()}
    )
    row = page.locator("li.card")
    row.wait_for()
    page.wait_for_function("() => !document.querySelector('li.card progress')", timeout=60_000)
    (entry,) = site.services.ingest.library.entries()
    assert entry.collection == "讲义"
    row.get_by_role("link").click()
    page.locator("section .md", has_text="编号最小的页").wait_for()
    page.get_by_role("button", name="改文字").click()
    box = page.get_by_role("textbox")
    box.fill(box.input_value().replace("编号最小", "编号最大"))
    page.get_by_role("button", name="保存").click()
    page.locator("section .md", has_text="编号最大的页").wait_for()
    page.wait_for_function(
        "async id => { const d = await (await fetch(`/api/documents/${id}`)).json(); return !d.job }", arg=entry.id
    )

    v.go("/")
    v.asked("闪电置换算法每次淘汰哪一页？")
    page.locator(".source", has_text="我的讲义").first.click()
    page.get_by_role("link", name="在知识库中打开").click()
    page.get_by_role("heading", name="我的讲义").first.wait_for()

    v.go("/library")
    page.get_by_role("button", name="删除“我的讲义”").click()
    page.get_by_role("button", name="确定删除").click()
    page.get_by_text("还没有自己的资料").wait_for()
    assert site.services.ingest.library.entries() == []


def test_what_cannot_be_read_is_said(visit: Callable[..., Any]) -> None:
    v = visit()
    v.expected.append("400 (Bad Request)")
    page = v.go("/library")
    page.get_by_label("拖文件到这里").set_input_files(
        {"name": "坏的.pdf", "mimeType": "application/pdf", "buffer": b"\x00\x01\x02"}
    )
    failed = page.locator(".up", has_text="坏的.pdf")
    failed.get_by_role("button", name="不要了").wait_for()
    assert "Error" not in failed.inner_text()
    failed.get_by_role("button", name="不要了").click()
    failed.wait_for(state="detached")
