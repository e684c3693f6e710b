"""What one account may use, and whose turn it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

QUESTION = {"question": "死锁的四个必要条件是什么？", "llm": False}


@pytest.fixture
def limit(house: Any) -> Callable[..., None]:
    """``limit(person, questions_day=2)``"""
    return lambda person, **changes: house.accounts.quotas.change(person.user.id if person else "", changes)


def test_questions_of_a_day(student: Any, other: Any, limit: Callable[..., None], refused: Callable[..., str]) -> None:
    limit(student, questions_day=2)
    for used in (1, 2):
        assert student("POST /api/ask", json=QUESTION).status_code == 200
        assert student("GET /api/me/quota").json()["questions"]["used"] == used
    answer = student("POST /api/ask", json=QUESTION)
    sentence = refused(answer, 429)
    assert "2 个问题" in sentence and "明天 0 点" in sentence
    assert 0 < int(answer.headers["retry-after"]) <= 86_400
    assert student("GET /api/conversations").json().__len__() == 2, "what was refused is not written down"
    assert other("POST /api/ask", json=QUESTION).status_code == 200
    assert student("GET /api/search", params={"q": "死锁"}).status_code == 200, "the book needs no model"


def test_none_at_all_and_all_for_everybody(student: Any, other: Any, admin: Any, refused: Callable[..., str]) -> None:
    assert admin("PATCH /api/admin/quota", json={"questions_day": 0}).json()["questions_day"] == 0
    refused(student("POST /api/ask", json=QUESTION), 429)
    shown = admin(f"PATCH /api/admin/users/{other.user.id}", json={"quota": {"questions_day": 1}}).json()
    assert shown["quota"] == {"questions_day": 1}
    assert other("POST /api/ask", json=QUESTION).status_code == 200
    assert admin("GET /api/admin/users", params={"q": "小红"}).json()[0]["questions_today"] == 1
    admin(f"PATCH /api/admin/users/{other.user.id}", json={"quota": {"questions_day": None}})
    refused(other("POST /api/ask", json=QUESTION), 429)
    refused(admin("PATCH /api/admin/quota", json={"questions_day": -1}), 422)


def test_many_at_once_do_not_pass_the_limit(house: Any, student: Any, limit: Callable[..., None]) -> None:
    limit(student, questions_day=3, streams=64)
    statuses: list[int] = []

    def ask() -> None:
        with httpx.Client(
            base_url=house.url, cookies=student.client.cookies, trust_env=False, timeout=60, verify=False
        ) as client:
            statuses.append(client.post("/api/ask", json=QUESTION, headers={"x-a408-csrf": student.csrf}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(statuses) == [200] * 3 + [429] * 5


def test_answers_at_the_same_time(
    house: Any,
    student: Any,
    other: Any,
    limit: Callable[..., None],
    model: Any,
    refused: Callable[..., str],
    eventually: Callable[..., None],
) -> None:
    limit(student, streams=1)
    go_on = threading.Event()

    def slowly(_: Any) -> Iterator[str]:
        go_on.wait(60)
        yield "好。"

    model.script = slowly
    asked = {"question": "两次握手为什么不行？"}
    held = threading.Thread(target=lambda: student("POST /api/ask", json=asked))
    held.start()
    eventually(lambda: house.services.queue.inside == 1)
    with httpx.Client(
        base_url=house.url, cookies=student.client.cookies, trust_env=False, timeout=60, verify=False
    ) as client:
        second = client.post("/api/ask", json=asked, headers={"x-a408-csrf": student.csrf})
    assert "1 个问题" in refused(second, 429)
    assert house.accounts.quotas.used(student.user.id) == 1, "one that wasn't let in isn't counted"
    waiting = threading.Thread(target=lambda: other("POST /api/ask", json=asked))
    waiting.start()
    eventually(lambda: house.services.queue.inside == 2)
    go_on.set()
    held.join(60)
    waiting.join(60)
    eventually(lambda: house.services.queue.inside == 0)
    assert student("POST /api/ask", json=QUESTION).status_code == 200


def test_files(
    student: Any, limit: Callable[..., None], refused: Callable[..., str], eventually: Callable[..., None]
) -> None:
    limit(student, upload_mb=1, documents_mb=2)

    def upload(name: str, size: int) -> httpx.Response:
        answer: httpx.Response = student("POST /api/documents", files={"file": (name, (name * size)[:size].encode())})
        return answer

    assert "1 MB" in refused(upload("a.txt", (1 << 20) + (1 << 17)), 400)
    for name in ("a.txt", "b.txt"):
        assert upload(name, 900_000).status_code == 200
    used = student("GET /api/me/quota").json()["documents"]
    assert used == {"used_bytes": 1_800_000, "limit_bytes": 2 << 20}
    sentence = refused(upload("c.txt", 900_000), 400)
    assert "1.7 MB" in sentence and "2 MB" in sentence
    student(f"DELETE /api/documents/{student('GET /api/documents').json()[0]['id']}")
    assert upload("c.txt", 900_000).status_code == 200


def test_the_plan_is_each_ones_own(student: Any, other: Any, house: Any) -> None:
    student("PATCH /api/settings", json={"exam_date": "2027-12-25", "daily_minutes": 45})
    assert other("GET /api/settings").json() == {"exam_date": None, "daily_minutes": 30}
    assert student("GET /api/settings").json() == {"exam_date": "2027-12-25", "daily_minutes": 45}
    assert student("GET /api/status").json()["exam_date"] == "2027-12-25"
    assert other("GET /api/status").json()["exam_date"] is None
    assert student("GET /api/mastery").json()["horizon"] != other("GET /api/mastery").json()["horizon"]
    assert not (house.services.home / "settings.toml").exists()
