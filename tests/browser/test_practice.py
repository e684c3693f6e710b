"""Practising in the browser, with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_answer_see_why_and_find_it_in_the_notebook(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    page = v.page
    with page.expect_response("**/api/questions?*") as response:
        v.go("/practice?under=os&kind=single&seed=408")
    drawn = response.value.json()["questions"]
    assert page.locator(".dots li").count() == len(drawn) == 10
    first, second = (site.services.questions[q["id"]] for q in drawn[:2])

    wrong = next(c for c in "ABCD" if c not in first.answer)
    page.keyboard.press(wrong.lower())
    assert page.locator("fieldset input:checked").get_attribute("value") == wrong
    assert page.locator(".feedback").count() == 0, "the key isn't on the page before the answer"
    page.keyboard.press("Enter")
    verdict = page.locator("p.verdict")
    verdict.wait_for()
    assert f"不对，答案是 {'、'.join(first.answer)}" in verdict.inner_text()
    assert page.locator("label.bad input").get_attribute("value") == wrong
    assert page.locator("label.good input").get_attribute("value") in first.answer
    assert not first.traps.get(wrong) or page.locator(".trap").is_visible()
    page.get_by_role("heading", name="解析").wait_for()
    assert page.locator(".katex-error").count() == 0

    page.keyboard.press("Enter")
    page.get_by_role("heading", name="第 2 题").wait_for()
    page.keyboard.press(second.answer[0].lower())
    page.keyboard.press("Enter")
    page.locator("p.verdict.ok", has_text="答对了").wait_for()
    assert site.services.learner.attempts.wrong() == [first.id]

    page.get_by_role("button", name="结束").click()
    page.get_by_role("heading", name="这一组的结果").wait_for()
    v.go("/practice")
    page.get_by_role("link", name="错题本（1）").click()
    page.get_by_role("heading", name="第 1 题").wait_for()
    assert page.locator(".dots li").count() == 1


def test_every_question_is_drawn(visit: Callable[..., Any], site: Any) -> None:
    """All stems and choices through the page's own renderer: no formula in error, no Markdown left over."""
    v = visit()
    page = v.go("/practice")
    for subject in ("ds", "co", "os", "cn"):
        bank = [q.public() for q in site.services.questions.values() if q.id.startswith(subject)]
        for at in range(0, len(bank), 100):
            batch = bank[at : at + 100]
            drawn = {"total": len(batch), "seed": 1, "questions": batch}
            page.route("**/api/questions?*", lambda route: route.fulfill(json=drawn))  # noqa: B023
            v.go(f"/practice?under={subject}&seed=1&kind=")
            bad = page.evaluate(
                """async n => {
                    const bad = [];
                    const dots = () => [...document.querySelectorAll('.dots button')];
                    for (let i = 0; i < n; i++) {
                        dots()[i].click();
                        while (!document.querySelector('h1')?.textContent.startsWith(`第 ${i + 1} 题`) || document.querySelector('.raw')) await new Promise(go => setTimeout(go, 4));
                        await new Promise(go => setTimeout(go, 12));
                        const article = document.querySelector('.session article').cloneNode(true);
                        for (const e of article.querySelectorAll('.katex-error')) bad.push([i, 'formula', e.textContent]);
                        article.querySelectorAll('code, pre, .katex, svg').forEach(e => e.remove());
                        for (const m of article.textContent.matchAll(/\\*\\*|\\$[^$]+\\$|\\|---/g)) bad.push([i, 'markdown', article.textContent.slice(Math.max(0, m.index - 20), m.index + 30)]);
                    }
                    return bad;
                }""",
                len(batch),
            )
            assert [(batch[i]["id"], kind, text) for i, kind, text in bad] == []
            page.unroute("**/api/questions?*")
