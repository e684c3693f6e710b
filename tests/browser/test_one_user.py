"""Without accounts the pages show nothing of accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_one_user_sees_no_accounts(visit: Callable[..., Any]) -> None:
    v = visit()
    page = v.go("/settings")
    nav = page.get_by_role("navigation", name="主导航")
    assert nav.get_by_role("link", name="模型").count() == 1
    assert nav.get_by_role("link", name="班级").count() == nav.get_by_role("link", name="管理").count() == 0
    assert page.get_by_role("heading", name="备份与恢复").count() == 1
    for name in ("账户", "我加入的班级"):
        assert page.get_by_role("heading", name=name).count() == 0
    page.goto(v.site.url + "/class")
    page.get_by_text("多人使用时才有").wait_for()
    page.goto(v.site.url + "/join#a-code")
    page.get_by_text("没有这一页").wait_for()
