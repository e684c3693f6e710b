"""The main job, end to end, with nothing replaced: a question in the browser, the real index and the 0.5B model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.settings import Settings
from assistant408.web.app import create_app
from assistant408.web.services import Services

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture
def site(own_home: Path, content: Path, small_model: Path, serve: Callable[[Any], str]) -> Any:
    """The app as a user has it, in place of the scripted one."""
    services = Services(own_home, content, Settings(model=str(small_model)))
    services.ensure_index()

    class Real:
        url = serve(create_app(services))

    Real.services = services  # type: ignore[attr-defined]
    yield Real
    services.unload()


def test_a_cited_answer_appears(
    visit: Callable[..., Any], site: Any, content: Path, letters: Callable[[str], str]
) -> None:
    v = visit()
    page = v.go("/")
    v.ask("死锁的四个必要条件是什么")
    page.wait_for_selector(".source", timeout=120_000)
    page.wait_for_selector(".stats", timeout=240_000)
    answer = page.locator(".answer")
    assert page.locator(".failed, .unknown, .badge").count() == 0, "the model wrote it"
    text = answer.inner_text()
    assert "互斥" in text and "循环等待" in text
    cites = answer.locator("button.cite")
    assert cites.count() >= 1
    cites.first.click()
    pane = page.get_by_role("complementary", name="出处")
    pane.locator("mark").first.wait_for()
    result = site.services.learner.conversations.get(site.services.learner.conversations.recent()[0]["id"])["messages"][
        1
    ]["result"]
    assert result["model"] and result["refused"] is False
    for c in result["citations"]:
        assert c["doc"].startswith("os/deadlock/")
        assert c["quote"] in (content / "notes" / f"{c['doc']}.md").read_text(encoding="utf-8")
    page.screenshot(path=str(_pictures() / "real-model.png"))


def _pictures() -> Path:
    folder = Path(__file__).parents[2] / "artifacts" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
