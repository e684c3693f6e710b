"""The pages in real Chromium, on the real app under uvicorn. No name resolves in this browser but loopback."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.types import Options, Request
from assistant408.web.app import create_app
from assistant408.web.services import Services

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

ROOT = Path(__file__).parents[2]


def evidence(request: Request) -> str:
    """The first sentence of the material in a prompt, which the grounding check therefore accepts."""
    found = re.search(r"《[^》]+》\s*([^。；\n]+[。；])", request.messages[-1].content)
    return found[1] if found else "资料里没有。"


class Model(FakeBackend):
    """Repeats a sentence of the material; waits for `gate` after the first piece; `endless` never ends by itself."""

    def __init__(self) -> None:
        super().__init__(evidence)
        self.gate = threading.Event()
        self.gate.set()
        self.endless = False
        self.before = ""
        self.broken = False

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        if self.broken:
            raise ZeroDivisionError("a bug")
        if self.before:
            yield self.before
        for n, piece in enumerate(super().stream(request, options)):
            if n == 1:
                assert self.gate.wait(120)
            yield piece
        self.open_streams += 1
        try:
            pause = threading.Event()
            while self.endless:
                pause.wait(0.01)
                yield "又"
        finally:
            self.open_streams -= 1


@dataclass
class Site:
    """A running app."""

    url: str
    services: Services
    model: Model


@dataclass
class Visitor:
    """A page and what went on in it."""

    page: Page
    site: Site
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Opens a page and waits until it has drawn itself."""
        self.page.goto(self.site.url + path)
        self.page.wait_for_selector("main :is(h1, h2)")
        self.page.wait_for_function("() => !document.querySelector('[aria-busy=true], .skeleton')")
        return self.page

    def ask(self, question: str) -> Page:
        """Types a question and sends it with Enter."""
        self.page.get_by_label("问题", exact=True).fill(question)
        self.page.keyboard.press("Enter")
        return self.page

    def asked(self, question: str) -> Page:
        """The same, and waits for the end of the answer."""
        self.ask(question)
        self.page.wait_for_selector(".turn:last-of-type .stats")
        return self.page


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        running = p.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield running
        running.close()


@pytest.fixture
def site(
    indexed_home: Path, content: Path, serve: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """The app with a scripted model and an index of keywords alone."""
    model = Model()
    monkeypatch.setattr("assistant408.llm.open.open_backend", lambda *_: model)
    services = Services(indexed_home, content, model="fake")
    services.ensure_index()
    yield Site(serve(create_app(services)), services, model)
    model.endless = False
    model.gate.set()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """``visit(width=1440, dark=False, …)``: a visitor; its page must log no error and ask no other host for anything."""
    visitors: list[tuple[BrowserContext, Visitor]] = []

    def come(
        width: int = 1440, dark: bool = False, workers: bool = False, height: int = 0, scale: float = 1
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height or (844 if width < 800 else 900)},
            device_scale_factor=scale,
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            reduced_motion="reduce",
            has_touch=width < 800 and scale == 1,
            service_workers="allow" if workers else "block",
        )
        context.set_default_timeout(30_000)
        visitor = Visitor(context.new_page(), site)
        context.on("request", lambda r: foreign(visitor, r.url))
        context.route(lambda url: is_foreign(site.url, url), lambda route: route.abort())
        visitor.page.on("pageerror", lambda e: visitor.problems.append(str(e)))
        visitor.page.on("console", lambda m: visitor.problems.append(said(m)) if m.type == "error" else None)
        visitors.append((context, visitor))
        return visitor

    yield come
    for context, visitor in visitors:
        context.close()
        assert visitor.foreign == []
        unexpected = [p for p in visitor.problems if not any(e in p for e in visitor.expected)]
        assert unexpected == []


def said(message: ConsoleMessage) -> str:
    return f"{message.text} ({message.location.get('url', '')})"


def is_foreign(own: str, url: str) -> bool:
    """Whether a request leaves for another host."""
    return not url.startswith((own + "/", "data:", "blob:", "about:"))


def foreign(visitor: Visitor, url: str) -> None:
    if is_foreign(visitor.site.url, url):
        visitor.foreign.append(url)


@pytest.fixture
def letters() -> Callable[[str], str]:
    """What is left of Markdown or of a page's text when marks and blanks are gone, for comparing the two."""
    return lambda text: re.sub(r"[\s*_`~$|\\#<>\[\](){}:：-]", "", text)


@pytest.fixture
def pictures() -> Path:
    """Where screenshots go; git ignores it."""
    folder = ROOT / "artifacts" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source, from the pages' development dependencies."""
    file = ROOT / "webapp" / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.skip("no axe-core: npm ci in webapp (tests/run_all.py does it where there is Node)")
    return file.read_text(encoding="utf-8")
