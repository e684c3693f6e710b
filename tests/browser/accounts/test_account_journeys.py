"""From the setup link to a class's results, each person at a browser of his own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browser.accounts.conftest import PASSWORD, come, made_link, open_nav, register, sign_in

from assistant408.store.accounts import join_class
from assistant408.store.users import User
from assistant408.web.accounts.desk import Accounts

pytestmark = pytest.mark.browser
QUESTION = "死锁的四个必要条件是什么？"


def test_from_the_setup_link_to_the_results_of_a_class(
    visit: Callable[..., Any], accounts: Accounts, width: int
) -> None:
    admin, teacher, student, shy = (visit(width=width) for _ in range(4))
    page = admin.page
    page.goto(admin.site.url + "/")
    page.get_by_text("还没有管理员").wait_for()
    page = register(admin, f"/join#{accounts.setup_code()}", "校长")
    page = admin.go("/admin/invites")
    page.get_by_label("身份").select_option("teacher")
    page.get_by_role("button", name="生成链接").click()
    link = made_link(page)

    page = register(teacher, link, "李老师")
    open_nav(page, "班级")
    page.get_by_label("新班级的名字").fill("操作系统一班")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="操作系统一班").wait_for()
    page.get_by_role("button", name="生成链接").click()
    link = made_link(page)
    page.get_by_text("布置作业", exact=True).click()
    page.get_by_label("范围").select_option("os")
    page.get_by_label("题型").select_option("single")
    page.get_by_label("题数").fill("2")
    page.get_by_label("标题").fill("第一次作业")
    page.get_by_role("button", name="布置", exact=True).click()
    page.get_by_role("link", name="第一次作业", exact=False).first.wait_for()

    page = register(shy, link, "小红", "注册并加入")
    page.get_by_role("link", name="第一次作业").wait_for()
    page = register(student, link, "小明", "注册并加入", consent=True)
    page.get_by_role("link", name="第一次作业").click()
    page.get_by_role("link", name="开始做").click()
    for n in (1, 2):
        page.get_by_role("heading", name=f"第 {n} 题").wait_for()
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        page.locator("p.verdict").wait_for()
        page.keyboard.press("Enter")
    page.get_by_role("link", name="回到作业").click()
    page.get_by_text("都做完了").wait_for()
    student.go("/")
    student.asked(QUESTION)

    page = teacher.page
    page.get_by_role("link", name="看结果：第一次作业").click()
    page.get_by_role("cell", name="小明").wait_for()
    assert page.get_by_role("row", name="小明").get_by_text("2 / 2").count() >= 1
    assert page.get_by_text("小红").count() == 0
    page.get_by_text("另有 1 人没有同意").wait_for()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="下载 CSV").click()
    table = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    assert "小明,2,2," in table and "小红" not in table

    page = student.go("/settings")
    page.get_by_role("switch", name="让李老师看我的作业结果").uncheck()
    page.get_by_text("李老师看不到你的结果了").wait_for()
    teacher.page.get_by_role("button", name="刷新").click()
    teacher.page.get_by_text("还没有学生同意你看结果").wait_for()
    assert teacher.page.get_by_role("cell", name="小明").count() == 0


def test_a_paper_is_sat_by_all_alike(
    visit: Callable[..., Any], accounts: Accounts, person: Callable[..., User], width: int
) -> None:
    teacher, ming = person("李老师", "teacher"), person("acdc")
    room = accounts.classes.add(teacher.id, "一班")
    join_class(accounts.engine, accounts.invites.join("student", 1, timedelta(1), room)[0], ming.id, True, accounts.now)
    his = visit(width=width)
    his.expected.append("status of 401")
    page = come(visit(width=width), "李老师", f"/class/t/{room}")
    page.get_by_role("radio", name="模拟卷").check()
    page.get_by_label("科目").select_option("cn")
    page.get_by_label("种子").fill("7")
    page.get_by_role("button", name="布置", exact=True).click()
    page.get_by_role("link", name="计算机网络模拟卷").first.wait_for()
    student = come(his, "acdc", "/class")
    student.get_by_role("link", name="计算机网络模拟卷").click()
    student.get_by_role("button", name="开始考试").click()
    student.get_by_role("button", name="开始计时").click()
    student.get_by_role("heading", name="第 1 题").wait_for()
    student.keyboard.press("a")
    accounts.sessions.end_all(ming.id)  # in the middle of it
    student.keyboard.press("ArrowRight")
    student.keyboard.press("b")
    student.get_by_label("用户名").press_sequentially("acdc")  # keys that mean options behind the door
    student.get_by_label("密码").fill(PASSWORD)
    student.keyboard.press("Enter")
    student.locator(".door").wait_for(state="detached")
    student.get_by_text("已保存").wait_for()
    student.get_by_role("button", name="交卷").click()
    student.get_by_role("dialog").get_by_role("button", name="交卷").click()
    student.get_by_role("heading", name="逐题").wait_for()
    for n, option in ((1, "A"), (2, "B")):
        student.locator(f"#q-{n} summary").click()
        student.locator(f"#q-{n} input[value={option}]:checked").wait_for(state="attached")
    page.get_by_role("link", name="看结果：计算机网络模拟卷").click()
    page.get_by_role("cell", name="acdc").wait_for()


def test_the_wrong_role_reads_a_sentence(
    visit: Callable[..., Any], accounts: Accounts, person: Callable[..., User], width: int
) -> None:
    teacher = person("李老师", "teacher")
    person("小明")
    room = accounts.classes.add(teacher.id, "一班")
    v = visit(width=width)
    v.expected.append("status of 403")
    page = come(v, "小明")
    nav = page.get_by_role("navigation", name="主导航")
    assert nav.get_by_role("link", name="管理").count() == nav.get_by_role("link", name="模型").count() == 0
    for path in ("/admin", "/admin/log", "/models"):
        page.goto(v.site.url + path)
        page.get_by_text("你的账户没有这个权限").wait_for()
    page.goto(f"{v.site.url}/class/t/{room}")
    page.get_by_text("只有老师能用").wait_for()
    other = visit(width=width)
    other.expected.append("status of 400")
    person("王老师", "teacher")
    page = come(other, "王老师")
    page.goto(f"{other.site.url}/class/t/{room}")
    page.get_by_text("打不开这个班").wait_for()


def test_a_lost_session_loses_no_text(
    visit: Callable[..., Any], accounts: Accounts, person: Callable[..., User], width: int
) -> None:
    ming = person("小明")
    v = visit(width=width)
    v.expected += ["status of 401", "status of 400"]
    page = come(v, "小明", "/solve/os.page_replacement")
    open_nav(page, "问答")
    box = page.get_by_label("问题", exact=True)
    box.fill("写了一半的问题")
    accounts.sessions.end_all(ming.id)
    page.evaluate("history.replaceState(null, '', location.pathname + '?here=1')")
    page.keyboard.press("Enter")
    page.get_by_text("登录已经过期").wait_for()
    assert not page.get_by_role("navigation", name="主导航").is_visible()
    sign_in(page, "小明", "wrong password here")
    page.get_by_text("用户名或密码不对").wait_for()
    assert page.get_by_label("用户名").input_value() == "小明"
    sign_in(page, "小明")
    page.locator(".door").wait_for(state="detached")
    assert "写了一半的问题" in page.evaluate(
        "document.querySelector('main').textContent + [...document.querySelectorAll('textarea')].map(t => t.value)"
    )
    assert "here=1" in page.url

    # Another person at the same browser finds nothing of it.
    person("小红")
    page.get_by_label("问题", exact=True).fill("小明的草稿")
    accounts.sessions.end_all(ming.id)
    page.goto(v.site.url + "/")
    sign_in(page, "小红")
    page.get_by_role("heading", name="问一道 408 的题").wait_for()
    assert page.get_by_label("问题", exact=True).input_value() == ""
    assert "小明" not in page.evaluate("JSON.stringify({...localStorage})")


def test_one_s_own_account(
    visit: Callable[..., Any], accounts: Accounts, person: Callable[..., User], width: int
) -> None:
    person("校长", "admin")
    person("小明")
    v = visit(width=width)
    v.expected += ["status of 400", "status of 401"]
    page = come(v, "小明", "/settings")
    page.get_by_text("今天还能问").wait_for()
    page.get_by_label("用户名").fill("大明")
    page.get_by_role("button", name="改名").click()
    page.get_by_text("登录为“大明”").wait_for()

    page.get_by_text("API 密钥", exact=True).click()
    page.get_by_label("给什么用").fill("脚本")
    page.get_by_role("button", name="生成密钥").click()
    key = page.get_by_role("group", name="密钥“脚本”").locator("input").input_value()
    assert accounts.keys.find(key) is not None
    page.get_by_role("button", name="作废密钥 脚本").click()
    page.get_by_role("dialog").get_by_role("button", name="作废").click()
    page.get_by_text("还没有密钥").wait_for()
    assert accounts.keys.find(key) is None

    page.get_by_text("改密码", exact=True).first.click()
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).last.fill("短的")
    page.get_by_text("还差 8 个字符").wait_for()
    page.get_by_label("新密码", exact=True).last.fill("另一句也很好记的话")
    page.get_by_text("还差 1 个字符").wait_for()
    page.get_by_label("新密码", exact=True).last.fill("另一句也很好记的话啊")
    page.get_by_label("再输入一次").fill("不一样的")
    page.keyboard.press("Tab")
    page.get_by_text("两次输入的不一样").wait_for()
    page.get_by_label("再输入一次").fill("另一句也很好记的话啊")
    page.get_by_role("button", name="改密码").click()
    page.get_by_text("密码已改").wait_for()

    page.get_by_text("我的数据", exact=True).click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="导出我的数据").click()
    assert Path(downloading.value.path()).read_bytes()[:2] == b"PK"

    page.get_by_text("删除账户", exact=True).click()
    page.get_by_role("button", name="删除我的账户").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("密码").fill("另一句也很好记的话啊")
    assert dialog.get_by_role("button", name="永远删除").is_disabled()
    dialog.get_by_label("输入“大明”以确认").fill("大明")
    dialog.get_by_role("button", name="永远删除").click()
    page.get_by_role("heading", name="登录").wait_for()
    assert [u.name for u in accounts.users.all()] == ["校长"]


def test_administration(visit: Callable[..., Any], accounts: Accounts, person: Callable[..., User], width: int) -> None:
    person("校长", "admin")
    ming = person("小明")
    v = visit(width=width)
    page = come(v, "校长", "/admin")
    page.get_by_label("查找").fill("明")
    page.get_by_text("2 人中找到 1 人").wait_for()
    page.locator("details.card summary", has_text="小明").click()
    page.locator("details.card").get_by_label("身份").select_option("teacher")
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销").wait_for()
    assert accounts.known(ming.id).role == "student"
    page.get_by_role("button", name="停用").click()
    page.get_by_text("“小明”已停用").wait_for()
    assert accounts.known(ming.id).disabled
    page.get_by_role("button", name="恢复使用").click()
    page.locator("details.card").get_by_label("每天提问").fill("7")
    page.locator("details.card").get_by_role("button", name="保存").click()
    page.get_by_text("额度已改").wait_for()
    assert accounts.quotas.of(ming.id).questions_day == 7
    page.get_by_role("button", name="重设密码的链接").click()
    page.get_by_role("dialog").get_by_role("button", name="生成链接").click()
    link = page.get_by_role("group", name="请把这个链接交给").locator("input").input_value()
    page.get_by_role("button", name="删除…").click()
    assert page.get_by_role("button", name="永远删除").is_disabled()
    page.keyboard.press("Escape")
    assert accounts.known(ming.id).name == "小明"

    his = visit(width=width)
    his.page.goto(link)
    his.page.get_by_label("新密码", exact=True).last.fill("全新的一句好记的话")
    his.page.get_by_label("再输入一次").fill("全新的一句好记的话")
    assert his.page.get_by_role("button", name="保存并登录").is_disabled(), "nine characters"
    for label in ("新密码", "再输入一次"):
        his.page.get_by_label(label, exact=True).last.fill("全新的一句好记的话啦")
    his.page.get_by_role("button", name="保存并登录").click()
    his.page.get_by_role("heading", name="问一道 408 的题").wait_for()

    page = v.go("/admin/log")
    log = page.get_by_role("region", name="管理记录").inner_text()
    assert "校长" in log and "重设密码" in log and "小明" in log and "#" not in log
