"""The book and the solvers in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
BELADY = "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1"  # Silberschatz, Operating System Concepts, page replacement


def test_every_note_is_drawn(visit: Callable[..., Any], site: Any) -> None:
    """Formulas without an error, tables and code as such, no Markdown left over, no dead link or picture."""
    v = visit()
    page = v.go("/book")
    ids = list(site.services.notes)
    bad = page.evaluate(
        """async ids => {
            const bad = [];
            const syllabus = await (await fetch('/api/syllabus')).json();
            const known = new Set(syllabus.map(l => l.id));
            const written = new Set(syllabus.filter(l => l.note).map(l => l.id));
            let formulas = 0;
            const until = async test => { while (!test()) await new Promise(go => setTimeout(go, 5)); };
            for (const id of ids) {
                const a = document.createElement('a');
                a.href = '/book/' + id;
                document.body.append(a);
                a.click();
                a.remove();
                const note = await (await fetch('/api/notes/' + id)).json();
                await until(() => document.querySelector('article h1')?.textContent === note.title && document.querySelector('article .md.book h2'));
                const wants = /\\$[^$]+\\$/.test(note.markdown);
                await until(() => !wants || document.querySelector('article .katex'));
                const md = document.querySelector('article .md');
                formulas += md.querySelectorAll('.katex').length;
                for (const e of md.querySelectorAll('.katex-error')) bad.push([id, 'formula', e.textContent]);
                for (const leaf of note.syllabus) if (!document.getElementById(leaf)) bad.push([id, 'anchor', leaf]);
                const copy = md.cloneNode(true);
                copy.querySelectorAll('code, pre, .katex, svg').forEach(e => e.remove());
                for (const m of copy.textContent.matchAll(/\\*\\*|\\$|\\|---|\\{#/g)) bad.push([id, 'markdown', copy.textContent.slice(Math.max(0, m.index - 30), m.index + 30)]);
                for (const a of md.querySelectorAll('a[href]')) {
                    const to = a.getAttribute('href');
                    const leaf = /^[/]book[?]leaf=(.+)/.exec(to)?.[1];
                    if (leaf && !written.has(leaf)) bad.push([id, 'dead link', to]);
                    const ok = leaf || /^https:/.test(to) || to.startsWith('#') || /^[/](book|solve)[/]/.test(to) || known.has(/^[/]practice[?]under=(.+)/.exec(to)?.[1]);
                    if (!ok) bad.push([id, 'link', to]);
                    const other = /^[/]book[/]([^#]+)/.exec(to)?.[1];
                    if (other && !ids.includes(other)) bad.push([id, 'dead link', to]);
                }
            }
            return {bad, formulas};
        }""",
        ids,
    )
    assert bad["bad"] == []
    assert bad["formulas"] > 1000


def test_tree_contents_and_search(visit: Callable[..., Any]) -> None:
    v = visit()
    page = v.go("/book")
    for subject in ("数据结构", "计算机组成原理", "操作系统", "计算机网络"):
        assert page.get_by_role("heading", name=subject).first.is_visible()
    page.locator(".tree summary", has_text="操作系统").click()
    page.locator(".tree summary", has_text="死锁").first.wait_for()
    page.get_by_label("在教材中搜索").fill("银行家算法")
    hit = page.locator(".hits a").first
    hit.wait_for()
    assert "银行家算法" in hit.locator("mark").first.inner_text()
    to = hit.get_attribute("href") or ""
    hit.click()
    page.wait_for_url(f"**{to}")
    page.wait_for_selector("article .md h2")
    page.get_by_label("在教材中搜索").fill("")
    current = page.locator(".tree [aria-current=location]")
    current.wait_for()
    assert (current.get_attribute("href") or "").startswith("/book/os/deadlock/"), "the tree shows where one reads"
    toc = page.get_by_role("complementary", name="本篇目录").locator("a")
    assert toc.count() >= 2
    toc.last.click()
    page.wait_for_function("() => decodeURIComponent(location.hash).length > 1")
    page.locator("a[rel=next]").click()
    page.wait_for_function("to => location.pathname !== to", arg=to.split("#")[0])


def test_formulas_use_the_fonts_that_are_shipped(visit: Callable[..., Any]) -> None:
    v = visit()
    page = v.go("/book/ds/intro/concepts")
    page.wait_for_selector(".katex")
    page.evaluate("document.fonts.ready.then(() => 1)")
    assert (
        page.evaluate("[...document.fonts].filter(f => f.family.startsWith('KaTeX') && f.status === 'loaded').length")
        > 0
    )
    assert page.evaluate("[...document.fonts].filter(f => f.status === 'error').map(f => f.family)") == []


def field(page: Any, solver: dict[str, Any], name: str) -> Any:
    return page.get_by_label(solver["schema"]["properties"][name]["title"], exact=True)


def test_fill_solve_and_step(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    page = v.go("/solve")
    page.get_by_label("筛选解题器").fill("缺页")
    page.locator("a[href='/solve/os.page_replacement']").click()
    page.wait_for_selector("#result .answer")
    solver = page.request.get(f"{site.url}/api/solvers/os.page_replacement").json()
    field(page, solver, "refs").fill(BELADY)
    field(page, solver, "frames").fill("3")
    page.locator(".choices label", has_text="FIFO").first.click()
    page.get_by_role("button", name="求解").click()
    page.locator("#result .answer .first .value", has_text="15").wait_for()
    assert "frames=3" in page.url and "FIFO" in page.url, "the address holds the question"

    steps = page.locator(".player .count")
    total = int(steps.inner_text().split("/")[1])
    assert total > 1 and steps.inner_text() == f"1 / {total}"
    first = page.locator(".player .one").inner_text()
    page.get_by_role("button", name="下一步").click()
    assert steps.inner_text() == f"2 / {total}" and page.locator(".player .one").inner_text() != first
    page.locator("main").click(position={"x": 5, "y": 5})
    page.keyboard.press("End")
    assert steps.inner_text() == f"{total} / {total}" and page.get_by_role("button", name="下一步").is_disabled()
    page.keyboard.press("ArrowLeft")
    assert steps.inner_text() == f"{total - 1} / {total}"
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    page.wait_for_function("() => !document.querySelector('.player .count').textContent.startsWith('1 ')")
    page.get_by_role("button", name="暂停").click()
    page.get_by_role("button", name="全部列出").click()
    assert page.locator(".player ol.all > li").count() == total

    page.reload()
    page.locator("#result .answer .first .value", has_text="15").wait_for()
    assert field(page, solver, "refs").input_value().replace(" ", "") == BELADY


def test_bad_and_missing_arguments_are_pointed_at(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    v.expected.append("400 (Bad Request)")
    page = v.go("/solve/os.page_replacement")
    solver = page.request.get(f"{site.url}/api/solvers/os.page_replacement").json()
    frames = field(page, solver, "frames")
    frames.fill("")
    page.get_by_role("button", name="求解").click()
    page.get_by_text("这一项要填").wait_for()
    assert frames.get_attribute("aria-invalid") == "true"
    frames.fill("零")
    page.get_by_role("button", name="求解").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "零" in alert.inner_text() and "Error" not in alert.inner_text()


def test_practice_marks_an_answer_and_explains(visit: Callable[..., Any], site: Any) -> None:
    v = visit()
    page = v.go("/solve/os.page_replacement")
    for pick_right in (False, True):
        with page.expect_response("**/generate") as response:
            page.get_by_role("button", name="出一道").click()
        question = response.value.json()
        choices = page.get_by_role("list", name="选项").get_by_role("button")
        page.wait_for_function("() => document.querySelectorAll('.practice li button:not(:disabled)').length === 4")
        letters = list(question["choices"])
        letter = next(c for c in letters if (c == question["answer"]) == pick_right)
        choices.nth(letters.index(letter)).click()
        verdict = page.locator(".verdict")
        verdict.wait_for()
        assert ("答对了" in verdict.inner_text()) == pick_right
        assert pick_right or f"正确答案是 {question['answer']}" in verdict.inner_text()
        assert page.locator(".practice li.right").count() == 1
        assert page.locator(".practice li .why").count() >= 3, "each wrong choice says which mistake it is"
        page.get_by_role("button", name="再出一道").wait_for()
    page.get_by_role("button", name="看完整步骤").click()
    page.wait_for_selector("#result .player")


def test_every_picture_is_drawn(visit: Callable[..., Any], site: Any) -> None:
    """One solver for each kind of picture, its example on the page."""
    v = visit()
    wanted = {"table", "gantt", "tree", "graph", "timeline", "plot", "bits"}
    first: dict[str, str] = {}
    from assistant408.core.registry import all_solvers

    for s in all_solvers().values():
        for step in s(**s.examples[0]).to_json()["steps"]:
            if step["data"]:
                first.setdefault(step["data"]["kind"], s.id)
    assert set(first) == wanted
    for kind, id in first.items():
        page = v.go(f"/solve/{id}")
        page.get_by_role("button", name="全部列出").click()
        picture = page.locator(".player ol.all").locator("table" if kind in ("table", "bits") else "svg").first
        picture.wait_for()
        box = picture.bounding_box()
        assert box and box["width"] > 20 and box["height"] > 10, (kind, id)


def test_moving_between_pages_asks_for_nothing_wrong(visit: Callable[..., Any]) -> None:
    """A page that is left must not take the next page's address for its own; the visitor notes every error."""
    v = visit()
    page = v.go("/")
    main = page.get_by_role("navigation", name="主导航")
    v.asked("死锁的四个必要条件是什么？")
    for path, name in (("/book/os/deadlock/deadlock-basics", "教材"), ("/solve/os.page_replacement", "解题器")):
        main.get_by_role("link", name=name).click()
        page.locator(f"main a[href^='{path}']").first.click()
        page.wait_for_url(f"**{path}*")
        for other in ("问答", name, "设置", name):
            main.get_by_role("link", name=other).click()
            page.wait_for_selector("main :is(h1, h2)")
        page.go_back()
        page.go_back()
        page.wait_for_load_state("networkidle")
    main.get_by_role("link", name="问答").click()
    page.wait_for_selector(".turn .answer")


def test_the_tree_says_what_is_mastered(visit: Callable[..., Any], site: Any) -> None:
    """In shapes, in words for who doesn't see them, and with a legend; before any answer it says how to get there."""
    v = visit()
    page = v.go("/book")
    page.get_by_text("这里就标出每个考点掌握得怎样").wait_for()
    assert page.locator(".tree .ball").count() == 0
    asked = next(q for q in site.services.questions.values() if q.kind == "single" and q.subject == "os")
    for _ in range(3):
        done = page.request.post(f"{site.url}/api/questions/{asked.id}/answer", data={"answer": "A", "seconds": 20})
        assert done.ok, done.text()
    page.reload()
    page.get_by_role("note", name="掌握程度的图例").wait_for()
    summary = page.locator(".tree summary", has_text="操作系统")
    assert re.search(r"掌握 \d+%（\d+%～\d+%），3 次作答", summary.inner_text())
    summary.locator(".ball path, .ball circle").first.wait_for()
    assert "还没有做过题" in page.locator(".tree summary", has_text="计算机网络").inner_text()
