"""How the pages look: no horizontal scrolling, dark mode, accessibility, pictures for a human eye, no other host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
QUESTION = "死锁的四个必要条件是什么？"
PAGES = {
    "book": "/book",
    "note": "/book/os/deadlock/deadlock-basics",
    "solvers": "/solve",
    "solver": "/solve/os.page_replacement",
    "practice": "/practice",
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


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page(visit: Callable[..., Any], pictures: Path, axe: str, width: int, dark: bool) -> None:
    v = visit(width=width, dark=dark)
    found: dict[str, Any] = {}

    def look(name: str) -> None:
        page = v.page
        page.wait_for_timeout(150)  # fonts and formulas settle before the picture
        page.screenshot(path=str(pictures / f"{name}-{width}-{'dark' if dark else 'light'}.png"))
        if wide := page.evaluate(OVERFLOWS):
            found[f"{name}: scrolls sideways"] = wide
        page.evaluate(axe)
        if serious := page.evaluate(SERIOUS):
            found[f"{name}: accessibility"] = serious
        back = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
        )
        assert (sum(back) < 3 * 80) == dark, (name, back)

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
    assert found == {}


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


@pytest.mark.parametrize("width", [390, 1440])
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
