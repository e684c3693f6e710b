"""Practice, review, mastery and Anki from the command line."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.content.questions import Question, load_bank
from assistant408.core.paths import home
from assistant408.store.db import open_database
from assistant408.store.marks import PersonalNotes, Reports


@pytest.fixture(scope="module")
def bank(content: Path) -> dict[str, Question]:
    """The practice bank."""
    return {q.id: q for q in load_bank(content)}


@pytest.fixture
def program(a408: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A command in this process, with lines to read."""

    def run(*args: str, stdin: str = "") -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        return a408(*args)

    return run


def a_single(bank: dict[str, Question], computed: bool) -> Question:
    return next(q for q in bank.values() if q.kind == "single" and bool(q.check and q.check.solver) == computed)


def wrong(q: Question) -> str:
    return next(letter for letter in q.choices if letter not in q.answer)


def test_a_round_in_the_terminal(program: Callable[..., Any], bank: dict[str, Question]) -> None:
    args = ("practice", "--subject", "os", "--kind", "single", "--seed", "3", "-n", "4")
    drawn = [bank[q["id"]] for q in program(*args, "--json").json["questions"]]
    lines = [
        wrong(drawn[0]),
        "f",
        "n",
        "注意单位",
        "r",
        "题干少一个条件",
        "",
        "Z",
        drawn[1].answer[0].lower(),
        "",
        "?",
        "",
        "q",
    ]
    done = program(*args, stdin="\n".join(lines) + "\n")
    assert done.code == 0, done.err
    first, second, third, fourth = re.split(r"── \d / 4 ─+", done.out)[1:]
    assert f"不对，答案是 {drawn[0].answer[0]}" in first and "已收藏" in first
    assert f"{wrong(drawn[0])} ← 你选的：" in first and first.count("：") > 2, "every wrong choice has its reason"
    assert "'z'" in second.lower() and "正确。" in second, "a mistyped letter is asked for again"
    assert "不对" in third and "你的数来自" not in third, "not knowing is no number"
    assert "这一轮答了 3 题，对 1 题" in fourth and drawn[0].id in fourth and drawn[2].id in fourth
    assert {q["id"] for q in program("practice", "-p", "wrong", "--json").json["questions"]} == {
        drawn[0].id,
        drawn[2].id,
    }
    assert drawn[0].id in program("practice", "-p", "favourites", "--list").out
    engine = open_database(home())
    note = PersonalNotes(engine).get("question", drawn[0].id)
    assert note is not None and note["text"] == "注意单位"
    assert [(r["question_id"], r["text"]) for r in Reports(engine).all()] == [(drawn[0].id, "题干少一个条件")]
    engine.dispose()
    assert program("mastery", "--json").json["total"]["n"] >= 3


def test_steps_and_where_the_number_came_from(program: Callable[..., Any], bank: dict[str, Question]) -> None:
    q = bank["os-memory-0034"]
    done = program("practice", "--under", q.syllabus[0], "--kind", "single", "-n", "1", "--seed", "0", stdin=f"{wrong(q)}\nd\n\n")  # fmt: skip
    assert done.code == 0
    told = 0
    for q in bank.values():
        if q.kind == "single" and q.check and q.check.solver == "os.page_replacement":
            out = program("practice", "--answer", f"{q.id}={wrong(q)}").out
            told += "你的数来自：" in out
            assert "不对" in out
    assert told


def test_ctrl_c_keeps_what_was_answered(program: Callable[..., Any], bank: dict[str, Question]) -> None:
    drawn = program("practice", "--kind", "single", "--seed", "8", "--json").json["questions"]
    quiz = subprocess.Popen(
        [sys.executable, "-u", "-m", "assistant408", "practice", "--kind", "single", "--seed", "8"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ.copy(),
    )  # fmt: skip
    assert quiz.stdin is not None and quiz.stdout is not None
    quiz.stdin.write(f"{bank[drawn[0]['id']].answer[0]}\n".encode())
    quiz.stdin.flush()
    seen = b""
    while "回车下一题".encode() not in seen:
        seen += quiz.stdout.read(1)
    quiz.send_signal(signal.SIGINT)
    rest, _ = quiz.communicate(timeout=60)
    assert quiz.returncode == 0 and "这一轮答了 1 题，对 1 题" in rest.decode() and "Traceback" not in rest.decode()
    assert drawn[0]["id"] not in {
        q["id"] for q in program("practice", "-p", "new", "-n", "0", "--json").json["questions"]
    }


def test_big_questions_are_marked_by_the_learner(program: Callable[..., Any], bank: dict[str, Question]) -> None:
    args = ("practice", "--kind", "big", "--subject", "ds", "--seed", "1", "-n", "1")
    big = bank[program(*args, "--json").json["questions"][0]["id"]]
    lines = ["", *(["99"] if big.parts else []), *("0" for _ in big.parts), ""]
    done = program(*args, stdin="\n".join(lines) + "\n")
    assert (
        done.code == 0 and "'99' 应为 0 到" in done.out and f"得 0 / {sum(p.points for p in big.parts)} 分" in done.out
    )
    assert [q["id"] for q in program("practice", "-p", "wrong", "--json").json["questions"]] == [big.id]


def test_variants_without_end(program: Callable[..., Any]) -> None:
    args = ("practice", "--solver", "os.page_replacement", "--seed", "5")
    variants = program(*args, "--json", "-n", "3").json
    assert len(variants) == 3 and all(len(v["choices"]) == 4 for v in variants)
    bad = next(letter for letter in "ABCD" if letter != variants[0]["answer"])
    done = program(*args, "-n", "0", stdin=f"{bad}\nd\n\n{variants[1]['answer']}\n\nq\n")
    assert done.code == 0 and f"{bad} ← 你的数来自：" in done.out and "正确。" in done.out
    assert "这一轮答了 2 题，对 1 题" in done.out
    assert program("mastery", "--json").json["total"]["n"] == 0, "variants don't count"
    assert program("practice", "-g", "-s", "cn", "-n", "2", "--json").json[0]["solver"].startswith("cn.")


def test_review_plans_and_remembers_the_exam(program: Callable[..., Any], own_home: Path) -> None:
    plan = program("review", "--minutes", "10", "--exam", "2099-12-20", "--json").json
    assert plan["horizon"]["days"] == 180 and plan["tasks"]
    assert 'exam_date = "2099-12-20"' in (own_home / "settings.toml").read_text(encoding="utf-8")
    listed = program("review", "--minutes", "10", "--list")
    assert all(t["id"] in listed.out and t["why"] in listed.out for t in plan["tasks"])
    done = program("review", "--minutes", "10", stdin="?\n\nq\n")
    assert done.code == 0 and "── 1 / " in done.out and "这一轮答了 1 题，对 0 题" in done.out


def test_mastery_says_where_there_is_no_data(program: Callable[..., Any]) -> None:
    out = program("mastery").out
    assert "全卷 150 分" in out and "没有依据" in out and out.count("没有数据") > 30
    below = program("mastery", "--under", "os.memory").out
    assert "LRU" in below or "页面置换" in below


def test_export_and_import(program: Callable[..., Any], a408: Callable[..., Any], bank: dict[str, Question], tmp_path: Path) -> None:  # fmt: skip
    q = a_single(bank, computed=False)
    program("practice", "--answer", f"{q.id}={wrong(q)}")
    apkg, text = tmp_path / "错题.apkg", tmp_path / "错题.md"
    done = program("export", "--anki", str(apkg), "--markdown", str(text), "--json").json
    assert done == {"questions": 1, "files": [str(apkg), str(text)]}
    assert q.id in text.read_text(encoding="utf-8")
    assert program("import", "--anki", str(apkg), "--json").json == {"added": 1, "there": 0}
    assert "另有 1 张已经有了" in program("import", "--anki", str(apkg)).out
    plan = program("review", "--minutes", "600", "--json").json
    card = next(t["card"] for t in plan["tasks"] if t["kind"] == "card")
    assert q.answer[0] in card["back"] and card["deck"] == "408::错题"
    assert program("import", "--remove", "408::错题", "--json").json == {"removed": 1}


def test_a_card_is_rated(program: Callable[..., Any], tmp_path: Path, own_home: Path) -> None:
    from assistant408.core.settings import Settings
    from assistant408.web.services import Services
    from assistant408.web.study import Study

    cards = tmp_path / "c.txt"
    cards.write_text("TLB\t快表\n", encoding="utf-8")
    program("import", "--anki", str(cards))
    study = Study(Services(own_home, Path(), Settings()).learner)
    from assistant408.cli.quiz import Round

    lines = iter(["", "7", "3"])
    quiz = Round(study, ask=lambda _: next(lines), clock=lambda: 0.0)
    quiz.run(study.deck.all(), 1)
    assert quiz.done == [("card:1", 1.0, 0.0)] and study.cards.all()["card:1"].reps == 1


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["practice", "--pool", "x"], "'x'"),
        (["practice", "--subject", "x"], "'x'"),
        (["practice", "--under", "os.nope"], "'os.nope'"),
        (["practice", "--kind", "x"], "'x'"),
        (["practice", "--pool", "wrong"], "错题本是空的"),
        (["practice", "--pool", "due"], "没有到期"),
        (["practice", "--answer", "os-memory-0001"], "题号=答案"),
        (["practice", "--answer", "nope=A"], "'nope'"),
        (["practice", "--answer", "os-memory-0001=E"], "'E'"),
        (["practice", "--solver", "os.nope"], "'os.nope'"),
        (["review", "--exam", "明年"], "'明年'"),
        (["mastery", "--under", "x"], "'x'"),
        (["export"], "--anki"),
        (["export", "--anki", "x.apkg"], "'wrong'"),
        (["export", "--anki", "/nope/x.apkg", "--pool", "all"], "'/nope/x.apkg'"),
        (["import"], "--anki"),
        (["import", "--anki", "/nope.apkg"], "'/nope.apkg'"),
        (["import", "--remove", "x"], "'x'"),
    ],
)
def test_mistakes_are_one_sentence(a408: Callable[..., Any], args: list[str], names: str) -> None:
    assert names in a408(*args).sentence


def test_the_json_of_a_verdict(a408: Callable[..., Any], bank: dict[str, Question]) -> None:
    q = a_single(bank, computed=True)
    verdict = json.loads(a408("practice", "--answer", f"{q.id}={q.answer[0]}", "--json").out)
    assert verdict["correct"] is True and verdict["solution"]["steps"]
