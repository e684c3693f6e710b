"""One learner with the shipped bank and an empty database."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant408.core.settings import Settings
from assistant408.web.services import Services


@pytest.fixture
def services(own_home: Path, content: Path) -> Services:
    """One user's program."""
    return Services(own_home, content, Settings(embedding="none"))
