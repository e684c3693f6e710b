"""Asking in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
QUESTION = "死锁的四个必要条件是什么？"


def test_from_question_to_the_book(visit: Callable[..., Any], site: Any, letters: Callable[[str], str]) -> None:
    v = visit()
    site.model.gate.clear()
    page = v.go("/")
    v.ask(QUESTION)
    page.wait_for_selector(".source")
    assert page.locator(".source").count() >= 2, "passages are there before the answer"
    page.wait_for_selector(".answer.running")
    early = page.locator(".answer").inner_text()
    assert page.locator(".cite").count() == 0, "provisional text has no citation"
    site.model.gate.set()
    page.wait_for_selector(".stats")
    answer = page.locator(".answer")
    assert len(answer.inner_text()) > len(early), "it grew while it was read"
    assert "fake" in page.locator(".stats").inner_text()
    assert re.fullmatch(r"/c/[\w-]+", page.evaluate("location.pathname"))

    cite = answer.locator("button.cite").first
    n = int(cite.get_attribute("data-n") or 0)
    conversation = site.services.learner.conversations.recent()[0]["id"]
    result = site.services.learner.conversations.get(conversation)["messages"][1]["result"]
    citation = next(c for c in result["citations"] if c["n"] == n)
    cite.click()
    pane = page.get_by_role("complementary", name="出处")
    # Exactly the quote is highlighted; a redrawing takes the marks off for a moment.
    page.wait_for_function(
        """quote => [...document.querySelectorAll('.source .pane mark, .source .pane .marked annotation')]
            .map(e => e.textContent).join('').replace(/[\\s*_`~$|\\\\#<>[\\](){}:：-]/g, '') === quote""",
        arg=letters(citation["quote"]),
    )
    assert pane.locator("mark").first.is_visible()
    assert pane.locator("h2").inner_text() == citation["title"]

    pane.get_by_role("link", name="在教材中读上下文").click()
    page.wait_for_url(f"**/book/{citation['doc']}#{citation['anchor']}")
    heading = page.locator(f'[id="{citation["anchor"]}"]')
    heading.wait_for()
    page.wait_for_function(
        "id => { const y = document.getElementById(id).getBoundingClientRect().top; return y >= 0 && y < innerHeight / 2; }",
        arg=citation["anchor"],
    )
    page.go_back()
    assert page.locator(".turn h2").inner_text() == QUESTION


def test_a_conversation_comes_back_after_a_reload(visit: Callable[..., Any]) -> None:
    v = visit()
    v.go("/")
    page = v.asked(QUESTION)
    before = page.locator(".answer").inner_text()
    page.reload()
    page.wait_for_selector("button.cite")
    assert page.locator(".answer").inner_text() == before
    page.locator("button.cite").first.click()
    page.get_by_role("complementary", name="出处").locator("mark").first.wait_for()
    assert page.locator(".list li a").all_inner_texts() == [QUESTION]


def test_stop_keeps_what_was_said_and_frees_the_model(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    site.model.endless = True
    page = v.go("/")
    v.ask(QUESTION)
    page.wait_for_selector("button.cite, .answer:has-text('[1]'), .answer:has-text('又又')")
    page.keyboard.press("Escape")
    page.get_by_text("（已停止）").wait_for()
    assert page.get_by_role("button", name="发送").is_visible()
    while site.model.open_streams:  # the endless model ends only when it is cancelled; else pytest's timeout speaks
        page.wait_for_timeout(20)
    site.model.endless = False
    page.reload()
    page.wait_for_selector(".answer")
    kept = page.locator(".turn").inner_text()
    assert "（已停止）" in kept and "又" not in kept
    v.asked("什么是快速排序？")
    assert page.locator(".turn").count() == 2


def test_follow_up_edit_and_new_conversation(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    page = v.go("/")
    v.asked(QUESTION)
    v.asked("其中哪个最容易破坏？")
    assert page.locator(".turn").count() == 2
    page.get_by_role("button", name="修改这个问题").first.click()
    box = page.get_by_label("修改问题")
    box.fill("什么是银行家算法？")
    box.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.turn').length === 1")
    page.wait_for_selector(".stats")
    assert page.locator(".turn h2").all_inner_texts() == ["什么是银行家算法？"]
    conversation = site.services.learner.conversations.recent()
    assert len(conversation) == 1 and conversation[0]["messages"] == 2, "what came after is gone on the server too"
    page.get_by_role("link", name="新会话").first.click()
    page.get_by_role("heading", name="问一道 408 的题").wait_for()


def test_delete_and_undo(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    v.go("/")
    page = v.asked(QUESTION)
    item = page.locator(".list li").first
    item.hover()
    item.get_by_role("button", name="删除").click()
    page.get_by_text("已删除").wait_for()
    assert page.locator(".list li").count() == 0 and site.services.learner.conversations.recent() == []
    page.get_by_role("button", name="撤销").click()
    page.locator(".list li").first.wait_for()
    page.locator(".list li a").first.click()
    page.wait_for_selector(".turn .answer")
    assert page.locator(".turn h2").inner_text() == QUESTION


def test_rename_and_search_conversations(visit: Callable[..., Any]) -> None:
    v = visit()
    v.go("/")
    page = v.asked(QUESTION)
    item = page.locator(".list li").first
    item.hover()
    item.get_by_role("button", name="重命名").click()
    page.get_by_label("会话的新名字").fill("复习死锁")
    page.keyboard.press("Enter")
    page.locator(".list li a", has_text="复习死锁").wait_for()
    page.get_by_label("搜索会话").fill("没有这样的")
    page.get_by_text("没有找到这样的会话").wait_for()
    page.get_by_label("搜索会话").fill("必要条件")
    page.locator(".list li a", has_text="复习死锁").wait_for()


def test_what_is_not_known_is_said(visit: Callable[..., Any]) -> None:
    v = visit()
    v.go("/")
    page = v.asked("红烧肉怎么炖才香？")
    page.locator(".unknown strong", has_text="不知道").wait_for()
    assert page.locator("button.cite").count() == 0


def test_without_a_model_the_answer_is_marked(
    visit: Callable[..., Any], site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant408.core.errors import BackendError

    def absent(*_: Any) -> None:
        raise BackendError("模型还没有下载，请运行 a408 model pull。")

    monkeypatch.setattr("assistant408.llm.open.open_backend", absent)
    v = visit()
    v.go("/")
    page = v.asked(QUESTION)
    assert page.get_by_text("没有用语言模型，以下是原文要点").is_visible()
    assert page.locator("button.cite").count() >= 1


def test_a_failure_is_one_sentence_and_can_be_retried(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    site.model.broken = True
    page = v.go("/")
    v.ask(QUESTION)
    page.get_by_role("alert").get_by_text("程序出错了").wait_for()
    site.model.broken = False
    page.get_by_role("button", name="重试").click()
    page.wait_for_selector("button.cite")
    assert page.locator(".turn").count() == 1


def test_a_lost_server_is_said_and_found_again(visit: Callable[..., Any]) -> None:
    v = visit()
    v.expected.append("net::ERR_FAILED")
    page = v.go("/")
    page.route("**/api/**", lambda route: route.abort())
    v.ask(QUESTION)
    page.get_by_text("连不上本机的服务，正在自动重试").wait_for()
    page.unroute("**/api/**")
    # It asks again by itself; "现在重试" only spares the wait.
    page.wait_for_function("() => !document.querySelector('.banner')")
    page.get_by_role("log").get_by_role("button", name="重试").click()
    page.wait_for_selector("button.cite")


def test_text_of_the_model_and_the_asker_is_never_code(visit: Callable[..., Any], site: Any) -> None:
    evil = (
        '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><a href="javascript:window.pwned=1">点</a> '
    )
    v = visit()
    site.model.before = evil
    site.model.gate.clear()
    page = v.go("/")
    v.ask(f"死锁的四个必要条件是什么？{evil}")
    page.wait_for_selector(".answer.running")
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") is None
    assert page.locator(".turn h2 img, .answer [onerror], .answer script, .answer a[href^=javascript]").count() == 0
    site.model.gate.set()
    page.wait_for_selector(".stats")
    assert page.evaluate("window.pwned") is None


def test_keyboard_alone(visit: Callable[..., Any]) -> None:
    v = visit()
    page = v.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "question"
    page.keyboard.type("死锁的四个必要条件")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("是什么？")
    assert "\n" in page.get_by_label("问题", exact=True).input_value()
    page.keyboard.press("Enter")
    page.wait_for_selector("button.cite")
    page.locator("button.cite").first.focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "the focus can be seen"
    page.keyboard.press("Enter")
    page.get_by_role("complementary", name="出处").locator("mark").first.wait_for()


def test_on_a_phone_the_source_is_a_sheet_that_gives_the_focus_back(visit: Callable[..., Any]) -> None:
    v = visit(width=390)
    v.go("/")
    page = v.asked(QUESTION)
    cite = page.locator("button.cite").first
    cite.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="出处")
    sheet.locator("mark").first.wait_for()
    assert sheet.locator("mark").first.is_visible()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    assert page.evaluate("document.activeElement.className").startswith("cite")
    page.get_by_role("button", name="会话列表").click()
    page.get_by_role("dialog", name="会话").locator("li a", has_text=QUESTION).wait_for()
