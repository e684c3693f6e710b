"""The exam date and the minutes of a day over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from assistant408.core.settings import load_settings
from assistant408.web.services import Services


def test_they_are_changed_kept_and_removed(api: httpx.Client, services: Services, refused: Callable[..., str]) -> None:
    path = "/api/settings"
    assert api.get(path).json() == {"exam_date": None, "daily_minutes": 30}
    assert api.patch(path, json={"daily_minutes": 45}).json() == {"exam_date": None, "daily_minutes": 45}
    both = {"exam_date": "2026-12-20", "daily_minutes": 45}
    assert api.patch(path, json={"exam_date": "2026-12-20"}).json() == both == api.get(path).json()
    assert api.get("/api/status").json()["exam_date"] == "2026-12-20"
    assert load_settings(services.home, {}).daily_minutes == 45
    assert "12 月" in refused(api.patch(path, json={"exam_date": "12 月"}), 400)
    assert "daily_minutes" in refused(api.patch(path, json={"daily_minutes": 0}), 422)
    assert api.get(path).json() == both
    assert api.patch(path, json={"exam_date": ""}).json()["exam_date"] is None
