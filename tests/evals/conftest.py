"""Small items, and the ``/v1`` server of the backends' tests."""

from __future__ import annotations

import pytest
from tests.llm.conftest import v1

from assistant408.evals.items import Item

__all__ = ["v1"]


@pytest.fixture
def items() -> list[Item]:
    """Eight questions of two subjects, the keys A, B, C, D in turn."""
    return [
        Item(f"q{i}", "os" if i % 2 else "ds", f"第 {i} 题问什么？", {x: f"选项 {x}{i}" for x in "ABCD"}, "ABCD"[i % 4])
        for i in range(8)
    ]
