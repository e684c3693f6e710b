"""Three real processes behind one PostgreSQL, requests spread over them: one is killed, and nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from assistant408.store.db import open_database
from assistant408.store.migrations import MIGRATIONS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")]
WRITERS, WRITES = 4, 30


class Farm:
    """Several programs, each with a home of its own, and one database."""

    def __init__(self, home: Path, url: str, count: int) -> None:
        self.processes, self.addresses, self.turn, self.url = [], [], 0, url
        for n in range(count):  # all at once: each would like to migrate the empty database
            own = home.parent / f"machine{n}"
            shutil.copytree(home, own)
            environment = os.environ | {"A408_HOME": str(own), "A408_EMBEDDING": "none", "A408_DATABASE": url}
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "assistant408", "web", "--port", "0", "--no-open", "--model", "fake"],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    encoding="utf-8",
                    env=environment,
                )
            )
        for process in self.processes:
            assert process.stderr is not None
            found = next((m[0] for line in process.stderr if (m := re.search(r"http://\S+?:\d+", line))), None)
            assert found, f"a program did not start: {process.poll()}"
            self.addresses.append(found)

    def request(self, method: str, path: str, at: int | None = None, **options: Any) -> httpx.Response:
        """Asks the next program in turn, or `at`; a dead one is passed over, as a balancer does with what can be asked twice."""
        self.turn += 1
        first = self.turn
        for shift in range(len(self.addresses)):
            which = (first + shift) % len(self.addresses) if at is None else at
            try:
                return httpx.request(method, self.addresses[which] + path, trust_env=False, timeout=120, **options)
            except httpx.TransportError:
                assert self.processes[which].poll() is not None or at is None, "a living program hung up"
        raise AssertionError("nobody answers")

    def ask(self, question: str, at: int | None = None, **body: Any) -> dict[str, Any]:
        """What the stream of an answer begins and ends with."""
        text = self.request("POST", "/api/ask", at, json={"question": question, **body}).text
        found = {name: json.loads(data) for name, data in re.findall(r"event: (start|done)\r?\ndata: (.*)", text)}
        assert set(found) == {"start", "done"}, text[-500:]
        return {**found["done"], **found["start"]}

    def kill(self, which: int) -> None:
        """kill -9."""
        process = self.processes[which]
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()

    def close(self) -> None:
        for n, process in enumerate(self.processes):
            if process.poll() is None:
                self.kill(n)


@pytest.fixture
def farm(indexed_home: Path, postgres: Any) -> Iterator[Farm]:
    made = Farm(indexed_home, postgres.new(), 3)
    yield made
    made.close()


def conversations(farm: Farm, at: int) -> dict[str, int]:
    """The stored conversations by id, and how many messages each has."""
    listed = farm.request("GET", "/api/conversations", at).json()
    return {c["id"]: len(farm.request("GET", f"/api/conversations/{c['id']}", at).json()["messages"]) for c in listed}


def test_one_of_three_is_killed_under_load(farm: Farm, own_home: Path) -> None:
    engine = open_database(own_home, farm.url)
    with engine.connect() as db:
        versions = db.execute(sa.text("SELECT version FROM schema_version ORDER BY 1")).scalars().all()
    engine.dispose()
    assert versions == list(range(1, len(MIGRATIONS) + 1)), "migrated once, by whoever came first"

    question = farm.request("GET", "/api/questions", params={"limit": 1, "seed": 408}).json()["questions"][0]["id"]
    talk = farm.ask("死锁的四个必要条件是什么？", at=0)["conversation_id"]
    farm.ask("其中哪个最容易破坏？", at=1, conversation_id=talk)
    assert conversations(farm, 2) == {talk: 4}, "a conversation goes on in another program"
    wishes = {"subjects": ["os"], "choices": 3, "bigs": 1, "minutes": 30, "seed": 5}
    exam = f"/api/exams/{farm.request('POST', '/api/exams', 0, json=wishes).json()['id']}"
    assert farm.request("POST", f"{exam}/start", 1).json()["state"] == "running"
    acknowledged: list[str] = []
    asked: list[str] = []
    answered: list[int] = []
    half = threading.Barrier(WRITERS + 2)

    def write(writer: int) -> None:
        for n in range(WRITES):
            if n == WRITES // 3:
                half.wait(120)
            token = f"第 {writer} 人第 {n} 条"
            response = farm.request("POST", f"/api/questions/{question}/report", json={"part": "stem", "text": token})
            assert response.status_code == 200, response.text
            acknowledged.append(token)
        asked.append(farm.ask("什么是快表？", llm=False)["conversation_id"])

    def sit() -> None:
        for n in range(WRITES):
            if n == WRITES // 3:
                half.wait(120)
            packet = {"seq": n + 1, "item": 1, "answers": [{"number": 1, "answer": "ABCD"[n % 4]}]}
            response = farm.request("PUT", f"{exam}/answers", json=packet)
            assert response.status_code == 200, response.text
            answered.append(n)

    failed: list[BaseException] = []

    def guarded(work: Any, *args: int) -> None:
        try:
            work(*args)
        except BaseException as e:
            failed.append(e)
            half.abort()

    threads = [threading.Thread(target=guarded, args=(write, n)) for n in range(WRITERS)]
    threads.append(threading.Thread(target=guarded, args=(sit,)))
    for thread in threads:
        thread.start()
    half.wait(240)
    farm.kill(1)
    for thread in threads:
        thread.join(240)
    assert not failed, failed
    assert len(acknowledged) == WRITERS * WRITES and len(answered) == WRITES and len(asked) == WRITERS
    for alive in (0, 2):
        kept = [r["text"] for r in farm.request("GET", "/api/reports", alive).json()]
        assert set(kept) == set(acknowledged), "every acknowledged report, seen from every program"
        assert len(kept) <= len(acknowledged) + WRITERS, "asked twice at most where the answer was cut off"
        assert set(conversations(farm, alive)) >= {talk, *asked}
    view = farm.request("POST", f"{exam}/start", 2).json()
    assert view["answers"] == [{"number": 1, "part": 0, "answer": "ABCD"[(WRITES - 1) % 4]}] and view["seq"] == WRITES
    assert farm.request("POST", f"{exam}/submit", 0).json()["state"] == "closed"
    assert len(farm.request("GET", f"{exam}/report", 2).json()["questions"]) == 4
    farm.ask("第二个条件呢？", at=2, conversation_id=talk)
    assert conversations(farm, 0)[talk] == 6


def test_killed_in_the_middle_of_an_answer(farm: Farm) -> None:
    """What was asked is kept, with no answer by half; the next program answers."""
    pieces = httpx.stream(
        "POST",
        farm.addresses[0] + "/api/ask",
        json={"question": "死锁的四个必要条件是什么？"},
        trust_env=False,
        timeout=120,
    )
    with pytest.raises(httpx.RemoteProtocolError), pieces as response:  # noqa: PT012
        lines = response.iter_lines()
        assert next(lines).startswith("event:")
        farm.kill(0)
        list(lines)
        raise httpx.RemoteProtocolError("the whole answer was on its way already")
    kept = conversations(farm, 1)
    assert len(kept) == 1 and set(kept.values()) <= {1, 2}
    farm.ask("死锁怎么预防？", at=2, conversation_id=next(iter(kept)))
    assert conversations(farm, 1)[next(iter(kept))] == next(iter(kept.values())) + 2
