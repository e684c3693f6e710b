"""How the pages look: no horizontal scrolling, dark mode, accessibility, pictures for a human eye, no other host."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.web.tiny_runs import evaluate, train

pytestmark = pytest.mark.browser
QUESTION = "死锁的四个必要条件是什么？"
PAGES = {
    "book": "/book",
    "note": "/book/os/deadlock/deadlock-basics",
    "solvers": "/solve",
    "solver": "/solve/os.page_replacement",
    "practice": "/practice",
    "review": "/review",
    "mastery": "/review/mastery",
    "notebook": "/review/wrong",
    "cards": "/review/cards",
    "exams": "/exam",
    "library": "/library",
    "models": "/models",
    "bench": "/models/bench",
    "runs": "/models/runs",
    "settings": "/settings",
}

# High boxes that scroll sideways, code and tables apart, and the document itself.
OVERFLOWS = """() => [document.documentElement, document.body, ...document.querySelectorAll('main, main *')]
    .filter(e => !e.matches('pre, .scroll') && e.scrollWidth > e.clientWidth + 1 && e.clientHeight > innerHeight * 0.5
        && (e === document.documentElement || e === document.body || getComputedStyle(e).overflowX !== 'visible'))
    .map(e => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)"""
SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary)])"""


class Look:
    """Takes pictures of a page's states, and keeps what is wrong with them."""

    def __init__(self, visitor: Any, pictures: Path, axe: str, width: int, dark: bool) -> None:
        self.page, self.pictures, self.axe, self.dark = visitor.page, pictures, axe, dark
        self.kind = f"{width}-{'dark' if dark else 'light'}"
        self.found: dict[str, Any] = {}

    def __call__(self, name: str) -> None:
        page = self.page
        page.wait_for_timeout(150)  # fonts and formulas settle before the picture
        page.screenshot(path=str(self.pictures / f"{name}-{self.kind}.png"))
        if wide := page.evaluate(OVERFLOWS):
            self.found[f"{name}: scrolls sideways"] = wide
        page.evaluate(self.axe)
        if serious := page.evaluate(SERIOUS):
            self.found[f"{name}: accessibility"] = serious
        back = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
        )
        assert (sum(back) < 3 * 80) == self.dark, (name, back)


@pytest.fixture(params=[390, 1440])
def width(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dark(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_every_page(visit: Callable[..., Any], pictures: Path, axe: str, width: int, dark: bool) -> None:
    v = visit(width=width, dark=dark)
    look = Look(v, pictures, axe, width, dark)
    v.go("/")
    look("chat-empty")
    v.asked(QUESTION)
    look("chat")
    v.page.locator("button.cite").first.click()
    v.page.locator("mark").first.wait_for()
    look("chat-source")
    for name, path in PAGES.items():
        v.go(path)
        if name == "note":
            v.page.wait_for_selector("article .md h2")
        if name == "solver":
            v.page.wait_for_selector("#result .player")
        look(name)
    assert look.found == {}


def test_every_stage(visit: Callable[..., Any], site: Any, pictures: Path, axe: str, width: int, dark: bool) -> None:
    """What is seen only while something is being done: a question answered, a plan and an exam under way, a report."""
    v = visit(width=width, dark=dark)
    look = Look(v, pictures, axe, width, dark)
    page = v.go("/practice?under=os&kind=single&seed=7")
    page.locator("fieldset.options label").first.click()
    page.get_by_role("button", name="提交").click()
    page.locator("p.verdict").wait_for()
    page.get_by_role("button", name="报错").click()
    look("practice-answered")
    v.go("/review")
    page.get_by_role("button", name="开始", exact=True).click()
    page.get_by_role("heading", name="第 1 项").wait_for()
    look("review-going")
    id = site.services.learner.new_exam(5, choices=5, bigs=1)
    v.go(f"/exam/{id}")
    look("exam-cover")
    page.get_by_role("button", name="开始计时").click()
    page.get_by_role("heading", name="第 1 题").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("f")
    look("exam-desk")
    page.get_by_role("button", name="交卷").click()
    look("exam-submit")
    page.get_by_role("dialog").get_by_role("button", name="交卷").click()
    page.get_by_role("heading", name="逐题").wait_for()
    look("exam-report")
    for n in (1, 6):
        page.locator(f"#q-{n} summary").click()
    page.locator("#q-6").scroll_into_view_if_needed()
    look("exam-marked")
    v.go("/review/mastery")
    page.locator("details summary").nth(3).click()
    look("mastery-open")
    v.go("/book/os/deadlock/deadlock-basics")
    if width < 800:
        page.get_by_role("button", name="目录").first.click()
    page.locator(".tree .ball:visible").first.wait_for()
    look("book-mastery")
    runs = site.services.home / "runs"
    train(runs / "sft", 30)
    evaluate(runs / "closed", 4)
    evaluate(runs / "full", 10)
    v.go("/models/run?id=0%2Fsft")
    look("run")
    v.go("/models/compare?first=0%2Fclosed&second=0%2Ffull")
    look("compare")
    v.go("/models/bench")
    page.get_by_role("button", name="开始测量").click()
    page.get_by_role("button", name="再测一次").wait_for()
    look("bench-done")
    assert look.found == {}


def test_a_first_load_is_small(visit: Callable[..., Any]) -> None:
    """All that a browser without a cache asks for until nothing more comes, scripts and styles, gzipped."""
    for path in ("/", *PAGES.values()):
        v = visit()
        got: dict[str, int] = {}
        v.page.on(
            "requestfinished",
            lambda r, got=got: (
                got.update({r.url: len(gzip.compress(r.response().body()))})
                if r.resource_type in ("script", "stylesheet")
                else None
            ),
        )
        v.go(path)
        v.page.wait_for_load_state("networkidle")
        assert 20_000 < sum(got.values()) < 300 * 1024, (path, got)
        v.page.close()


def test_the_instruments_see_what_they_look_for(visit: Callable[..., Any], axe: str) -> None:
    v = visit()
    page = v.go("/settings")
    page.evaluate(axe)
    assert page.evaluate(SERIOUS) == [] and page.evaluate(OVERFLOWS) == []
    page.evaluate("document.querySelector('main h1, main h2').insertAdjacentHTML('afterend', '<img src=/icon.svg>')")
    assert [v[0] for v in page.evaluate(SERIOUS)] == ["image-alt"]
    page.evaluate("document.querySelector('main img').style = 'width: 3000px; display: block'")
    assert page.evaluate(OVERFLOWS) != []


def test_the_chosen_theme_holds(visit: Callable[..., Any]) -> None:
    v = visit()
    page = v.go("/settings")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("radiogroup", name="主题").get_by_text("深色").click()
    page.wait_for_function(f"light => {background} !== light", arg=light)
    dark = page.evaluate(background)
    page.reload()
    assert page.evaluate(background) == dark
    page.emulate_media(color_scheme="light")
    assert page.evaluate(background) == dark, "the choice is stronger than the system"


def test_wide_things_scroll_in_their_own_box(visit: Callable[..., Any], site: Any, width: int) -> None:
    """Every note: its tables, formulas and code never push the page sideways."""
    v = visit(width=width)
    page = v.go("/book")
    ids = list(site.services.notes)[::4]
    wide = page.evaluate(
        f"""async ids => {{
            const overflows = {OVERFLOWS}, wide = [];
            const until = async test => {{ while (!test()) await new Promise(go => setTimeout(go, 5)); }};
            for (const id of ids) {{
                const a = Object.assign(document.createElement('a'), {{href: '/book/' + id}});
                document.body.append(a);
                a.click();
                a.remove();
                const note = await (await fetch('/api/notes/' + id)).json();
                await until(() => document.querySelector('article h1')?.textContent === note.title && document.querySelector('article .md.book h2'));
                wide.push(...overflows().map(o => id + ': ' + o));
            }}
            return wide;
        }}""",
        ids,
    )
    assert wide == []


def test_with_the_network_cut(visit: Callable[..., Any]) -> None:
    """The visitor's fixture aborts and records every request to another host; all pages are used here."""
    v = visit(workers=True)
    v.go("/")
    v.asked(QUESTION)
    v.page.locator("button.cite").first.click()
    v.page.locator("mark").first.wait_for()
    for path in PAGES.values():
        v.go(path)
    v.page.wait_for_load_state("networkidle")
    resources = v.page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert resources and all(r.startswith(v.site.url + "/") for r in resources)
    assert v.foreign == []


def test_the_guard_against_other_hosts_works(visit: Callable[..., Any]) -> None:
    """The test above could not fail if requests to other hosts weren't seen."""
    v = visit()
    v.expected.extend(["Content Security Policy", "net::ERR", "Failed to fetch", "Refused to"])
    page = v.go("/")
    page.evaluate("fetch('http://example.org/x').catch(() => 0)")
    assert any("Content Security Policy" in p for p in v.problems), "the page's own policy forbids it"
    page.goto("about:blank")
    page.evaluate("fetch('http://example.org/x').catch(() => 0)")
    assert v.foreign == ["http://example.org/x"]
    v.foreign.clear()


def test_the_shell_opens_without_the_server(visit: Callable[..., Any]) -> None:
    v = visit(workers=True)
    v.expected.append("net::ERR")
    page = v.go("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.wait_for_function("async () => (await caches.keys()).length > 0")
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("heading", name="问一道 408 的题").wait_for()
    page.locator(".banner", has_text="连不上本机的服务").wait_for()
    page.context.set_offline(False)
