"""How the pages for accounts look: pictures for a human eye, accessibility, nothing over another, nothing too wide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browser.accounts.conftest import come
from tests.browser.test_layout import COVERED, LONG_LINES, MEASURE, SPILLED
from tests.browser.test_look import Look

from assistant408.store.accounts import join_class
from assistant408.store.users import User
from assistant408.web.accounts.desk import Accounts
from assistant408.web.learner import Learner

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_how_it_looks(
    visit: Callable[..., Any],
    accounts: Accounts,
    person: Callable[..., User],
    pictures: Path,
    axe: str,
    width: int,
    dark: bool,
) -> None:
    found: dict[str, Any] = {}

    def careful(look: Look) -> Callable[[str], None]:
        """Looks at what lies over what, too, and at what doesn't fit."""
        layout = {"covered": (COVERED, None), "long lines": (LONG_LINES, MEASURE), "spilled": (SPILLED, None)}

        def at(name: str) -> None:
            look(name)
            found.update(look.found)
            for what, (script, argument) in layout.items():
                if seen := look.page.evaluate(script, argument):
                    found[f"{name}: {what}"] = seen

        return at

    setup = accounts.setup_code()
    v = visit(width=width, dark=dark)
    v.expected.append("status of 400")
    look = careful(Look(v, pictures, axe, width, dark))
    page = v.page
    page.goto(f"{v.site.url}/join#{setup}")
    page.get_by_label("密码", exact=True).fill("短")
    look("account-setup")
    page.goto(v.site.url + "/join#wrong-code")
    page.reload()
    page.get_by_text("这个链接用不了").wait_for()
    look("account-bad-link")
    boss, teacher = person("校长", "admin"), person("李老师", "teacher")
    room = accounts.classes.add(boss.id, "操作系统一班")
    code, _ = accounts.invites.join("student", 30, timedelta(days=7), room)
    page.goto(f"{v.site.url}/join#{code}")
    page.reload()
    page.get_by_text("加入“操作系统一班”").wait_for()
    look("account-join")
    page.goto(v.site.url + "/")
    page.get_by_label("用户名").wait_for()
    look("account-sign-in")
    names = ["小明", "欧阳一个名字起得特别特别长的同学", "Alexander Wang", "小红"]
    students = [person(n) for n in names]
    for n, s in enumerate(students):
        join_class(accounts.engine, code, s.id, n < 3, accounts.now)
    bank = sorted(q.id for q in v.site.services.questions.values() if q.subject == "os" and q.kind == "single")[:6]
    task = accounts.assignments.add(boss.id, room, "第一周：进程与死锁", bank, None, "2026-11-01T20:00:00+08:00")
    accounts.assignments.add(teacher.id, accounts.classes.add(teacher.id, "二班"), "别班", bank, None, None)
    for n, s in enumerate(students[:3]):
        own = Learner(v.site.services, s.id)
        for i, q in enumerate(bank[: 6 - 2 * n]):
            right = (i + n) % 3 != 0
            own.attempts.add(q, "A", right, 20, float(right))
    page = come(v, "校长", "/admin")
    look("admin-users")
    page.locator("details.card summary", has_text="小明").click()
    look("admin-user")
    page.get_by_role("button", name="停用").click()
    page.get_by_role("button", name="删除…").click()
    look("admin-delete")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="恢复使用").click()
    page.get_by_text("可以登录了").wait_for()
    page = v.go("/admin/invites")
    page.get_by_role("button", name="生成链接").click()
    page.get_by_role("group", name="邀请链接").wait_for()
    look("admin-invites")
    for name in ("quota", "log"):
        v.go(f"/admin/{name}")
        look(f"admin-{name}")
    v.go("/class")
    look("class-home")
    page = v.go(f"/class/t/{room}")
    page.get_by_text("布置作业", exact=True).click()
    look("class-teacher")
    page.get_by_role("heading", name="邀请链接").scroll_into_view_if_needed()
    look("class-teacher-end")
    page = v.go(f"/class/r/{task}")
    look("class-results")
    page.get_by_role("heading", name="按题目").scroll_into_view_if_needed()
    look("class-results-end")
    page = v.go("/settings")
    page.get_by_text("API 密钥", exact=True).click()
    page.get_by_label("给什么用").fill("脚本")
    page.get_by_role("button", name="生成密钥").click()
    page.get_by_role("group", name="密钥“脚本”").wait_for()
    look("account-settings")
    page.get_by_text("登录过的地方").click()
    page.get_by_text("改密码", exact=True).first.click()
    page.get_by_label("现在的密码").scroll_into_view_if_needed()
    look("account-settings-open")

    student = visit(width=width, dark=dark)
    look_on = careful(Look(student, pictures, axe, width, dark))
    come(student, "小明", "/class")
    look_on("class-student")
    student.go(f"/class/a/{task}")
    look_on("class-task")
    student.go("/")
    look_on("chat-student")
    student.go("/settings")
    look_on("account-student")
    assert found == {}
