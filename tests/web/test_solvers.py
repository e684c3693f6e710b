"""Solvers over HTTP: every one is described, solves its examples, and draws its pictures as documented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest

BELADY = (
    "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1"  # Silberschatz, Operating System Concepts, section on page replacement
)
FAULTS = {"FIFO": 15, "OPT": 9, "LRU": 12}

text = {"type": ["string", "number", "null", "boolean"]}
string = {"type": "string"}
number = {"type": "number"}


def closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listof(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


PICTURES = {
    "table": closed(
        kind=string, columns=listof(text), rows=listof(listof(text)), marks=listof(listof({"type": "integer"})), caption=string
    ),
    "gantt": closed(
        kind=string, slices=listof(closed(lane=string, start=number, end=number, label=string)), unit=string, caption=string
    ),
    "graph": closed(
        kind=string,
        nodes=listof(closed(id=string, label=string, mark={"type": "boolean"}, note=string)),
        edges=listof(closed(source=string, target=string, label=string, mark={"type": "boolean"})),
        directed={"type": "boolean"},
        caption=string,
    ),
    "timeline": closed(
        kind=string,
        parties=listof(string),
        messages=listof(closed(source=string, target=string, start=number, end={"type": ["number", "null"]}, label=string)),
        unit=string,
        caption=string,
    ),
    "plot": closed(
        kind=string, series=listof(closed(label=string, points=listof(listof(number)))), x=string, y=string, caption=string
    ),
    "bits": closed(kind=string, fields=listof(listof(string)), caption=string),
}  # fmt: skip
TREE = {
    "$defs": {
        "tree": {
            "type": "object",
            "properties": {"kind": {"const": "tree"}, "label": string, "mark": {"type": "boolean"}, "edge": string,
                           "note": string, "children": listof({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/tree"}]})},
            "required": ["label", "children", "mark", "edge", "note"],
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/tree",
}  # fmt: skip


def test_every_solver_is_described_and_solves_its_examples(reader: httpx.Client) -> None:
    heads = reader.get("/api/solvers").json()
    leaves = {n["id"] for n in reader.get("/api/syllabus").json()}
    assert len({h["id"] for h in heads}) == len(heads) >= 100
    for head in heads:
        assert set(head) == {"id", "subject", "title", "summary", "syllabus", "keywords", "generates"}
        assert head["id"].split(".")[0] == head["subject"] in ("ds", "co", "os", "cn")
        assert all(any(leaf == s or leaf.startswith(s + ".") for leaf in leaves) for s in head["syllabus"]), head["id"]
        solver = reader.get(f"/api/solvers/{head['id']}").json()
        assert {**solver, **head} == solver
        assert set(solver) - set(head) == {"schema", "answers", "examples", "doc"}
        schema = jsonschema.Draft202012Validator(solver["schema"])
        schema.check_schema(solver["schema"])
        assert all(set(a) == {"label", "unit"} for a in solver["answers"].values())
        assert solver["examples"], head["id"]
        for example in solver["examples"]:
            schema.validate(example)
            solved = reader.post(f"/api/solvers/{head['id']}", json=example)
            assert solved.status_code == 200, (head["id"], solved.text)
            check_solution(solver, example, solved.json())


def check_solution(solver: dict[str, Any], args: dict[str, Any], solved: dict[str, Any]) -> None:
    assert set(solved) >= {"id", "args", "answer", "exact", "steps", "conventions"}
    assert solved["id"] == solver["id"] and solved["args"] == args
    assert solved["answer"] and set(solved["answer"]) <= set(solver["answers"])
    assert solved["steps"], solver["id"]
    for step in solved["steps"]:
        assert set(step) == {"why", "data", "credit", "gives"}
        assert step["why"].strip()
        if step["data"] is not None:
            kind = step["data"]["kind"]
            jsonschema.validate(step["data"], TREE if kind == "tree" else PICTURES[kind])
    given = {k: v for step in solved["steps"] for k, v in (step["gives"] or {}).items()}
    for name, value in solved["answer"].items():
        assert given.get(name) == value, f"{solver['id']}: the answer {name} comes from a step"


@pytest.mark.parametrize(("policy", "faults"), FAULTS.items())
def test_text_and_values_are_the_same_arguments(reader: httpx.Client, policy: str, faults: int) -> None:
    values = {"refs": [int(r) for r in BELADY.split(",")], "frames": 3, "policy": policy}
    typed = {"refs": BELADY, "frames": "3", "policy": policy}
    one, other = (reader.post("/api/solvers/os.page_replacement", json=a).json() for a in (values, typed))
    assert one["answer"]["faults"] == faults
    assert {**one, "args": None} == {**other, "args": None}


@pytest.mark.parametrize(
    ("id", "args", "names"),
    [
        ("os.page_replacement", {"refs": "7,x", "frames": 3}, "x"),
        ("os.page_replacement", {"refs": "7,0"}, "页框"),
        ("os.page_replacement", {"refs": "7,0", "frames": 0}, "0"),
        ("os.page_replacement", {"refs": "7,0", "frames": 3, "policy": "NOPE"}, "NOPE"),
        ("os.page_replacement", {"refs": "7,0", "frames": 3, "colour": 1}, "colour"),
        ("os.nope", {}, "os.nope"),
    ],
)
def test_bad_arguments_are_named(
    reader: httpx.Client, refused: Callable[..., str], id: str, args: dict[str, Any], names: str
) -> None:
    assert names in refused(reader.post(f"/api/solvers/{id}", json=args), 400, 404)


@pytest.mark.parametrize("body", ["[]", "3", "{", ""])
def test_arguments_must_be_an_object(reader: httpx.Client, refused: Callable[..., str], body: str) -> None:
    headers = {"Content-Type": "application/json"}
    refused(reader.post("/api/solvers/os.page_replacement", content=body, headers=headers), 400, 422)


def test_generated_questions_agree_with_their_solver(reader: httpx.Client) -> None:
    drawn = 0
    for head in reader.get("/api/solvers").json():
        if not head["generates"]:
            continue
        path = f"/api/solvers/{head['id']}"
        question = reader.post(f"{path}/generate", json={"seed": 408}).json()
        assert set(question) >= {"seed", "stem", "args", "choices", "answer", "explanations"}, (head["id"], question)
        assert question["seed"] == 408 and question["stem"]
        assert list(question["choices"]) == ["A", "B", "C", "D"]
        assert len(set(question["choices"].values())) == 4, head["id"]
        assert question["answer"] in question["choices"]
        assert set(question["explanations"]) == set(question["choices"])
        assert reader.post(f"{path}/generate", json={"seed": 408}).json() == question, "a seed fixes the question"
        assert reader.post(path, json=question["args"]).status_code == 200, head["id"]
        drawn += 1
    assert drawn >= 10


def test_generate_draws_a_new_seed_and_refuses_bad_ones(reader: httpx.Client, refused: Callable[..., str]) -> None:
    id = next(s["id"] for s in reader.get("/api/solvers").json() if s["generates"])
    seeds = {reader.post(f"/api/solvers/{id}/generate", json={}).json()["seed"] for _ in range(4)}
    assert len(seeds) > 1
    assert "difficulty" in refused(reader.post(f"/api/solvers/{id}/generate", json={"difficulty": 9}), 422)
    refused(reader.post("/api/solvers/os.nope/generate", json={}), 400, 404)
    silent = [s["id"] for s in reader.get("/api/solvers").json() if not s["generates"]]
    for id in silent[:1]:
        refused(reader.post(f"/api/solvers/{id}/generate", json={}), 400, 404)


def test_a_question_in_words_finds_its_solver(reader: httpx.Client, refused: Callable[..., str]) -> None:
    question = f"页框数为 3，访问序列 {BELADY}，用 LRU 算法，求缺页次数。"
    found = reader.post("/api/solve", json={"question": question}).json()
    assert set(found) == {"solver", "args", "missing", "confidence", "shown"}
    assert found["solver"] == "os.page_replacement" and found["missing"] == []
    assert 0 < found["confidence"] <= 1
    assert (
        reader.post(f"/api/solvers/{found['solver']}", json=found["args"]).json()["answer"]["faults"] == FAULTS["LRU"]
    )
    lacking = reader.post("/api/solve", json={"question": f"访问序列 {BELADY}，用 LRU 算法，求缺页次数。"}).json()
    assert lacking["solver"] == "os.page_replacement" and lacking["missing"] == ["frames"]
    assert reader.post("/api/solve", json={"question": "死锁的四个必要条件是什么？"}).json()["solver"] is None
    refused(reader.post("/api/solve", json={"question": ""}), 400, 422)
