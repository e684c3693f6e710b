"""Classes: joining with a link, consent that counts at once, assignments, and what a teacher may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

NEW = "又长又好记的一句话 2026"


class Room:
    """A class with two members: 小明 consents, 小红 doesn't."""

    def __init__(self, teacher: Any, student: Any, other: Any) -> None:
        self.teacher = teacher
        self.id = teacher("POST /api/teaching/classes", json={"name": " 二班 "}).json()["id"]
        made = teacher(f"POST /api/teaching/classes/{self.id}/invites", json={}).json()
        self.code = made["code"]
        for person, consent in ((student, True), (other, False)):
            joined = person("POST /api/classes/join", json={"code": self.code, "consent": consent}).json()
            assert (joined["name"], joined["teacher"], joined["consent"]) == ("二班", "李老师", consent)

    def assign(self, **body: Any) -> Any:
        answer = self.teacher(f"POST /api/teaching/classes/{self.id}/assignments", json={"title": "作业", **body})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def results(self, id: str) -> Any:
        return self.teacher(f"GET /api/teaching/assignments/{id}").json()


@pytest.fixture
def room(teacher: Any, student: Any, other: Any) -> Room:
    return Room(teacher, student, other)


@pytest.fixture
def key_of(house: Any) -> Callable[[str], str]:
    """The right answer to a question of the bank."""
    return lambda id: str(house.services.questions[id].answer[0])


def wrong(right: str) -> str:
    return "A" if right != "A" else "B"


def test_registering_with_a_class_link_joins(house: Any, room: Room, teacher: Any) -> None:
    stranger = house.person()
    seen = stranger("POST /api/look", json={"code": room.code}).json()
    assert (seen["class"], seen["teacher"], seen["role"]) == ("二班", "李老师", "student")
    body = {"code": room.code, "name": "小刚", "password": NEW, "consent": True}
    stranger.csrf = stranger("POST /api/register", json=body).json()["csrf"]
    assert [c["name"] for c in stranger("GET /api/classes").json()["joined"]] == ["二班"]
    listed = teacher(f"GET /api/teaching/classes/{room.id}").json()
    assert {s["name"]: s["consent"] for s in listed["students"]} == {"小明": True, "小红": False, "小刚": True}
    assert listed["members"] == 3 and listed["invites"][0]["uses_left"] == 97


def test_results_of_questions(room: Room, student: Any, other: Any, key_of: Any, clock: Any, house: Any) -> None:
    drawn = room.assign(draw={"subject": "os", "kind": "single", "limit": 3, "seed": 4}, due="2026-11-25T00:00:00Z")
    seen = student(f"GET /api/assignments/{drawn['id']}").json()
    ids = [q["id"] for q in seen["questions"]]
    assert len(ids) == drawn["total"] == 3 and not any(q["answered"] for q in seen["questions"])
    assert "answer" not in seen["questions"][0]
    assert [q["id"] for q in other(f"GET /api/assignments/{drawn['id']}").json()["questions"]] == ids, (
        "the same for all"
    )
    for person in (student, other):
        person(f"POST /api/questions/{ids[0]}/answer", json={"answer": key_of(ids[0])})
        person(f"POST /api/questions/{ids[1]}/answer", json={"answer": wrong(key_of(ids[1]))})
        person(f"POST /api/questions/{ids[1]}/answer", json={"answer": key_of(ids[1])})
    found = room.results(drawn["id"])
    assert found["students"] == [
        {
            "id": student.user.id,
            "name": "小明",
            "done": 2,
            "right": 1,
            "earned": 1.0,
            "points": 2.0,
            "late": found["students"][0]["late"],
        }
    ], "the first answer counts"
    assert found["hidden"] == 1
    assert [(q["answered"], q["rate"]) for q in found["questions"]] == [(1, 1.0), (1, 0.0), (0, None)]
    assert sum(leaf["answered"] for leaf in found["leaves"]) >= 2 and all(leaf["name"] for leaf in found["leaves"])
    assert student("GET /api/assignments").json()[0]["done"] == 2
    assert "小红" not in json.dumps(found, ensure_ascii=False) and other.user.id not in json.dumps(found)


def test_consent_counts_from_the_moment_it_is_given_or_taken_back(
    room: Room, student: Any, other: Any, key_of: Any
) -> None:
    work = room.assign(draw={"kind": "single", "limit": 1, "seed": 1})
    id = student(f"GET /api/assignments/{work['id']}").json()["questions"][0]["id"]
    for person in (student, other):
        person(f"POST /api/questions/{id}/answer", json={"answer": key_of(id)})
    assert [s["name"] for s in room.results(work["id"])["students"]] == ["小明"]
    assert student(f"PATCH /api/classes/{room.id}", json={"consent": False}).json()["consent"] is False
    empty = room.results(work["id"])
    assert empty["students"] == [] and empty["hidden"] == 2
    assert [q["answered"] for q in empty["questions"]] == [0] and not any(leaf["answered"] for leaf in empty["leaves"])
    other(f"PATCH /api/classes/{room.id}", json={"consent": True})
    assert [s["name"] for s in room.results(work["id"])["students"]] == ["小红"]
    assert other(f"DELETE /api/classes/{room.id}").status_code == 200
    assert room.results(work["id"])["students"] == [] and other("GET /api/assignments").json() == []


def test_a_teacher_sees_nothing_else(room: Room, student: Any, key_of: Any, house: Any, clock: Any) -> None:
    """Neither what was answered before, nor other questions, nor exams that aren't the assignment."""
    work = room.assign(draw={"kind": "single", "limit": 2, "seed": 1})
    ids = [q["id"] for q in student(f"GET /api/assignments/{work['id']}").json()["questions"]]
    rest = [q.id for q in house.services.questions.values() if q.kind == "single" and q.id not in ids][:3]
    for id in rest:
        student(f"POST /api/questions/{id}/answer", json={"answer": key_of(id)})
    student("POST /api/exams", json={"choices": 2, "bigs": 0})
    student.learner.conversations.open("老师不该看到这句")
    found = json.dumps(room.results(work["id"]), ensure_ascii=False)
    assert not any(id in found for id in rest) and "老师不该看到" not in found
    assert room.results(work["id"])["students"][0]["done"] == 0
    clock.pass_by(days=400)  # the accounts' clock: the next assignment is given long after the answers
    house.accounts.sessions.open(room.teacher.user, "x")
    room.teacher.signed(house.accounts.sessions.open(room.teacher.user, "browser"))
    later = room.assign(questions=rest)
    assert room.results(later["id"])["students"][0]["done"] == 0, "answers of before don't count"


def test_a_paper(room: Room, student: Any, other: Any) -> None:
    work = room.assign(paper={"choices": 4, "bigs": 0, "seed": 7})
    assert work["kind"] == "paper" and work["total"] == 4
    exams = [student(f"POST /api/assignments/{work['id']}/start").json()["exam"] for _ in range(2)]
    assert exams[0] == exams[1] and len(student("GET /api/exams").json()) == 1
    theirs = other(f"POST /api/assignments/{work['id']}/start").json()["exam"]
    for person, exam in ((student, exams[0]), (other, theirs)):
        items = person(f"POST /api/exams/{exam}/start").json()["items"]
        answers = [{"number": i["number"], "answer": "A"} for i in items]
        person(f"PUT /api/exams/{exam}/answers", json={"seq": 1, "answers": answers})
    assert room.results(work["id"])["students"][0]["done"] == 0, "not before it is closed"
    for person, exam in ((student, exams[0]), (other, theirs)):
        person(f"POST /api/exams/{exam}/submit")
    found = room.results(work["id"])
    score = student("GET /api/exams").json()[0]["score"]
    assert [(s["name"], s["done"], s["earned"]) for s in found["students"]] == [("小明", 4, score["earned"])]
    assert student("GET /api/assignments").json()[0]["done"] == 4
    assert [i["stem"] for i in student(f"GET /api/exams/{exams[0]}").json()["items"]] == [
        q["stem"] for q in found["questions"]
    ]


def test_what_an_assignment_may_be(room: Room, refused: Callable[..., str]) -> None:
    def say(body: dict[str, Any], *statuses: int) -> str:
        return refused(
            room.teacher(f"POST /api/teaching/classes/{room.id}/assignments", json={"title": "x", **body}), *statuses
        )

    assert "三选一" in say({}, 400)
    assert "三选一" in say({"draw": {}, "questions": ["x"]}, 400)
    assert "no-such" in say({"questions": ["no-such"]}, 400)
    assert "没有题目" in say({"draw": {"under": "no.such"}}, 400)
    say({"draw": {"limit": 0}}, 422)
    say({"draw": {}, "due": "明天"}, 422)


def test_a_plain_invite_is_no_class_link(admin: Any, student: Any, refused: Callable[..., str]) -> None:
    code = admin("POST /api/admin/invites", json={}).json()["code"]
    refused(student("POST /api/classes/join", json={"code": code, "consent": True}), 400)
    assert admin("GET /api/admin/invites").json()[0]["uses_left"] == 1


def test_a_class_ends_with_its_teacher(house: Any, room: Room, student: Any, password: str) -> None:
    room.assign(draw={"limit": 1})
    assert room.teacher("POST /api/me/delete", json={"password": password}).status_code == 200
    assert student("GET /api/classes").json() == {"joined": [], "taught": []}
    assert student("GET /api/assignments").json() == []


def test_taking_an_assignment_back(room: Room, student: Any) -> None:
    work = room.assign(draw={"limit": 1})
    assert room.teacher(f"DELETE /api/teaching/assignments/{work['id']}").status_code == 200
    assert student(f"GET /api/assignments/{work['id']}").status_code == 400
    made = room.teacher(f"GET /api/teaching/classes/{room.id}").json()
    assert made["assignments"] == []
    assert room.teacher(f"DELETE /api/teaching/classes/{room.id}/members/{student.user.id}").status_code == 200
    assert student("GET /api/classes").json()["joined"] == []
    assert room.teacher(f"DELETE /api/teaching/invites/{made['invites'][0]['id']}").status_code == 200
    assert room.teacher(f"PATCH /api/teaching/classes/{room.id}", json={"name": "三班"}).json()["name"] == "三班"
    assert room.teacher(f"DELETE /api/teaching/classes/{room.id}").status_code == 200
