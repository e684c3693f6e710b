"""Practice over HTTP: questions without their keys, marking, what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

PUBLIC = {"id", "kind", "syllabus", "difficulty", "stem", "choices", "points", "parts"}
VERDICT = {"correct", "key", "explanation", "trap", "traps", "evidence", "parts", "solution", "diagnosis"}


def test_questions_are_drawn_without_their_answers(reader: httpx.Client) -> None:
    drawn = reader.get("/api/questions", params={"limit": 100, "seed": 1}).json()
    assert set(drawn) == {"total", "seed", "questions"} and drawn["seed"] == 1
    assert len(drawn["questions"]) == min(100, drawn["total"]) > 0
    leaves = {n["id"] for n in reader.get("/api/syllabus").json()}
    for q in drawn["questions"]:
        assert set(q) == PUBLIC, "and so neither answer nor explanation"
        assert set(q["syllabus"]) <= leaves and q["stem"]
        assert (len(q["choices"]) == 4) == (q["kind"] == "single")
        assert all(set(p) == {"prompt", "points"} for p in q["parts"])
        assert reader.get(f"/api/questions/{q['id']}").json() == q
    again = reader.get("/api/questions", params={"limit": 100, "seed": 1}).json()
    assert again == drawn, "a seed fixes the draw"
    other = reader.get("/api/questions", params={"limit": 100, "seed": 2}).json()
    assert [q["id"] for q in other["questions"]] != [q["id"] for q in drawn["questions"]]


def test_filters(reader: httpx.Client) -> None:
    everything = reader.get("/api/questions").json()
    for subject in ("ds", "co", "os", "cn"):
        found = reader.get("/api/questions", params={"subject": subject, "limit": 100}).json()
        assert all(any(s.startswith(subject + ".") for s in q["syllabus"]) for q in found["questions"])
    leaf = everything["questions"][0]["syllabus"][0]
    under = reader.get("/api/questions", params={"under": leaf, "limit": 100}).json()
    assert under["questions"] and all(leaf in q["syllabus"] for q in under["questions"])
    kind = everything["questions"][0]["kind"]
    found = reader.get("/api/questions", params={"kind": kind, "limit": 100}).json()
    assert {q["kind"] for q in found["questions"]} == {kind}
    assert reader.get("/api/questions", params={"under": "os.nope"}).json()["questions"] == []


def a_single(api: httpx.Client) -> dict[str, Any]:
    question: dict[str, Any] = api.get("/api/questions", params={"kind": "single", "seed": 408, "limit": 1}).json()[
        "questions"
    ][0]
    return question


def test_marking_is_remembered(api: httpx.Client, content: Path) -> None:
    q = a_single(api)
    path = f"/api/questions/{q['id']}/answer"
    verdicts = {letter: api.post(path, json={"answer": letter, "seconds": 3}).json() for letter in q["choices"]}
    assert all(set(v) == VERDICT for v in verdicts.values())
    right = [letter for letter, v in verdicts.items() if v["correct"]]
    assert right and len(right) < 4 and all(v["key"] for v in verdicts.values())
    for letter, v in verdicts.items():
        assert v["trap"] == ("" if v["correct"] else v["traps"].get(letter, ""))
        for e in v["evidence"]:
            assert e["quote"] in (content / "notes" / f"{e['note']}.md").read_text(encoding="utf-8")

    def pool(name: str) -> list[str]:
        return [x["id"] for x in api.get("/api/questions", params={"pool": name, "limit": 100}).json()["questions"]]

    wrong = next(letter for letter in q["choices"] if letter not in right)
    api.post(path, json={"answer": wrong})
    assert pool("wrong") == [q["id"]] and q["id"] not in pool("new")
    summary = api.get("/api/practice/summary").json()
    assert set(summary) == {"total", "wrong", "nodes"} and summary["wrong"] == 1
    subject = q["id"].split("-")[0]
    assert {k: summary["nodes"][subject][k] for k in ("answered", "right")} == {"answered": 1, "right": 0}
    api.post(path, json={"answer": right[0].lower()})
    assert pool("wrong") == [], "the last attempt counts"
    summary = api.get("/api/practice/summary").json()
    assert summary["wrong"] == 0 and summary["nodes"][subject]["right"] == 1
    assert sum(n["total"] for id, n in summary["nodes"].items() if "." not in id) == summary["total"]


def test_bad_answers_are_named_and_not_remembered(api: httpx.Client, refused: Callable[..., str]) -> None:
    q = a_single(api)
    path = f"/api/questions/{q['id']}/answer"
    assert "'E'" in refused(api.post(path, json={"answer": "E"}), 400)
    assert "answer" in refused(api.post(path, json={}), 422)
    assert "seconds" in refused(api.post(path, json={"answer": "A", "seconds": -1}), 422)
    assert "nope" in refused(api.post("/api/questions/nope/answer", json={"answer": "A"}), 400, 404)
    assert "nope" in refused(api.get("/api/questions/nope"), 400, 404)
    assert all(n["answered"] == 0 for n in api.get("/api/practice/summary").json()["nodes"].values())


@pytest.mark.parametrize(("params", "name"), [({"subject": "x"}, "subject"), ({"kind": "x"}, "kind"), ({"pool": "x"}, "pool"), ({"limit": 0}, "limit")])  # fmt: skip
def test_bad_filters_are_named(
    reader: httpx.Client, refused: Callable[..., str], params: dict[str, Any], name: str
) -> None:
    assert name in refused(reader.get("/api/questions", params=params), 422)
