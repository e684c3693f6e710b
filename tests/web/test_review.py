"""Memory over HTTP: the plan, mastery, marking oneself, cards of one's own, Anki."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.web.services import Services


def test_the_plan_has_questions_without_keys(reader: httpx.Client) -> None:
    plan = reader.get("/api/review/plan", params={"minutes": 20}).json()
    assert set(plan) == {"budget", "minutes", "gain", "due", "left_over", "horizon", "tasks"}
    assert plan["budget"] == 20 and 0 < plan["minutes"] < 30 and "没有设置考试日期" in plan["horizon"]["note"]
    assert sum(t["gain"] for t in plan["tasks"]) == pytest.approx(plan["gain"])
    for task in plan["tasks"]:
        assert task["kind"] == "question" and task["reason"] == "new" and task["recall"] is None and task["why"]
        assert set(task["question"]) == {"id", "kind", "syllabus", "difficulty", "stem", "choices", "points", "parts"}


def test_mastery_is_a_tree_with_numbers(reader: httpx.Client) -> None:
    found = reader.get("/api/mastery").json()
    tree = {n["id"]: n for n in reader.get("/api/syllabus").json()}
    assert {n["id"] for n in found["nodes"]} == set(tree)
    for node in [found["total"], *found["nodes"]]:
        assert 0 <= node["low"] < node["mean"] < node["high"] <= 1 and node["n"] == 0
    assert {n["id"]: n["marks"] for n in found["nodes"] if not n["parent"]} == {"ds": 45, "co": 45, "os": 35, "cn": 25}


def pool(api: httpx.Client, name: str) -> list[str]:
    return [q["id"] for q in api.get("/api/questions", params={"pool": name, "limit": 100}).json()["questions"]]


def test_marking_oneself_makes_a_big_question_count(api: httpx.Client, refused: Callable[..., str]) -> None:
    q = api.get("/api/questions", params={"kind": "big", "seed": 1, "limit": 1}).json()["questions"][0]
    verdict = api.post(f"/api/questions/{q['id']}/answer", json={"answer": "解"}).json()
    assert verdict["correct"] is None and len(verdict["parts"]) == len(q["parts"])
    path = f"/api/questions/{q['id']}/self-mark"
    points = [p["points"] for p in q["parts"]]
    assert api.post(path, json={"points": points, "seconds": 600}).json() == {"score": 1}
    assert api.get("/api/practice/summary").json()["nodes"][q["id"].split("-")[0]]["answered"] == 1
    assert api.post(path, json={"points": [0] * len(points)}).json() == {"score": 0}
    assert pool(api, "wrong") == [q["id"]]
    assert "自评分" in refused(api.post(path, json={"points": [999] * len(points)}), 400)
    assert "points" in refused(api.post(path, json={"points": []}), 422)
    assert "nope" in refused(api.post("/api/questions/nope/self-mark", json={"points": [1]}), 400)


def test_answers_move_pools_plan_and_mastery(api: httpx.Client, services: Services) -> None:
    wrong = [q for q in services.questions.values() if q.kind == "single" and q.syllabus[0].startswith("os.memory")][:6]
    for q in wrong:
        letter = next(c for c in q.choices if c not in q.answer)
        api.post(f"/api/questions/{q.id}/answer", json={"answer": letter, "seconds": 30})
    nodes = {n["id"]: n for n in api.get("/api/mastery").json()["nodes"]}
    assert nodes["os.memory"]["n"] >= 6 and nodes["os.memory"]["mean"] < nodes["cn"]["mean"] - 0.1
    assert set(pool(api, "weak")) >= {q.id for q in wrong}
    assert pool(api, "due") == [], "not on the same day"
    api.put(f"/api/favourites/{wrong[0].id}")
    assert pool(api, "favourites") == [wrong[0].id]
    planned = {t["id"] for t in api.get("/api/review/plan", params={"minutes": 600}).json()["tasks"]}
    assert planned and not planned & {q.id for q in wrong}


def test_a_computed_question_is_explained_by_its_solver(api: httpx.Client, services: Services) -> None:
    q = next(q for q in services.questions.values() if q.kind == "single" and q.check and q.check.solver)
    verdict = api.post(f"/api/questions/{q.id}/answer", json={"answer": q.answer[0]}).json()
    assert verdict["correct"] and verdict["diagnosis"] is None
    assert verdict["solution"]["id"] == q.check.solver and verdict["solution"]["steps"]  # type: ignore[union-attr]
    assert q.check.value.split(".")[0] in verdict["solution"]["labels"]  # type: ignore[union-attr]


def test_cards_of_one_s_own(api: httpx.Client, refused: Callable[..., str]) -> None:
    def load(name: str, data: bytes) -> httpx.Response:
        return api.post("/api/cards/import", files={"file": (name, data)})

    assert load("词.txt", "TLB\t快表\nPCB\t进程控制块\n".encode()).json() == {"added": 2, "there": 0}
    assert load("词.txt", "TLB\t快表\n".encode()).json() == {"added": 0, "there": 1}
    cards = api.get("/api/cards").json()
    assert [(c["deck"], c["front"], c["back"]) for c in cards] == [("词", "TLB", "快表"), ("词", "PCB", "进程控制块")]
    path = f"/api/cards/{cards[0]['id']}/review"
    assert api.post(path, json={"rating": 3}).json()["due"] > "2026"
    assert "rating" in refused(api.post(path, json={"rating": 5}), 422)
    assert "999" in refused(api.post("/api/cards/999/review", json={"rating": 3}), 400)
    for name, data, says in (("a.apkg", b"PK", "Anki"), ("a.exe", b"x\ty", "a.exe"), ("a.txt", b"\xff\xfe", "UTF-8")):
        assert says in refused(load(name, data), 400)
    assert api.request("DELETE", "/api/cards", params={"deck": "词"}).json() == {"removed": 2}
    assert api.get("/api/cards").json() == []


def test_exports(api: httpx.Client, services: Services, refused: Callable[..., str], tmp_path: Path) -> None:
    assert "wrong" in refused(api.get("/api/export/anki", params={"pool": "wrong"}), 400)
    response = api.get("/api/export/anki", params={"under": "os.memory"})
    assert "408.apkg" in response.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        package.extract("collection.anki2", tmp_path)
    expected = sum(any(s.startswith("os.memory.") for s in q.syllabus) for q in services.questions.values())
    db = sqlite3.connect(tmp_path / "collection.anki2")
    assert db.execute("SELECT count(*) FROM notes").fetchone()[0] == expected > 0
    db.close()
    text = api.get("/api/export/notebook", params={"pool": "all", "under": "os.memory"}).text
    assert text.startswith("# 题目") and f"共 {expected} 题" in text


@pytest.mark.parametrize(("path", "params"), [("/api/review/plan", {"minutes": 0}), ("/api/review/plan", {"minutes": "x"}), ("/api/export/anki", {"pool": "x"}), ("/api/cards", {"deck": ""})])  # fmt: skip
def test_bad_requests_are_named(
    api: httpx.Client, refused: Callable[..., str], path: str, params: dict[str, Any]
) -> None:
    method = "DELETE" if path == "/api/cards" else "GET"
    assert next(iter(params)) in refused(api.request(method, path, params=params), 422)
