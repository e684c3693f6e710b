"""Every test has a home of its own; the real model and the browser are found here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant408.core.paths import content_dir, home
from assistant408.llm.models import find_model
from assistant408.llm.pull import installed, model_path

REAL_HOME = home()
CONTENT = content_dir()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``$A408_HOME``, and no setting from outside."""
    for name in list(os.environ):
        if name.startswith("A408_") and name != "A408_CHROMIUM":
            monkeypatch.delenv(name)
    monkeypatch.setenv("A408_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def content() -> Path:
    """The shipped content."""
    return CONTENT


@pytest.fixture(scope="session")
def small_model() -> Path:
    """The 0.5B model's file; fails in CI, skips elsewhere, if it isn't installed."""
    model = find_model(REAL_HOME, "qwen2.5-coder-0.5b")
    if not installed(REAL_HOME, model):
        if os.environ.get("CI"):
            pytest.fail("the 0.5B model is not installed: a408 model pull qwen2.5-coder-0.5b")
        pytest.skip("the 0.5B model is not installed: a408 model pull qwen2.5-coder-0.5b")
    return model_path(REAL_HOME, model)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path; fails in CI, skips elsewhere, if there is none."""
    import shutil

    path = os.environ.get("A408_CHROMIUM") or shutil.which("chromium") or ""
    if not path:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium")
    return path
