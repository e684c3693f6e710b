"""Mock exams over HTTP: a whole sitting, keys kept back, a server that is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.llm.types import Request


def new(api: httpx.Client, **wishes: Any) -> str:
    body = {"subjects": ["os"], "choices": 3, "bigs": 1, "minutes": 30, "seed": 5, **wishes}
    response = api.post("/api/exams", json=body)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def test_a_whole_sitting(api: httpx.Client, refused: Callable[..., str], model: Any) -> None:
    id = new(api)
    path = f"/api/exams/{id}"
    assert "stem" not in api.get(path).json()["items"][0]
    assert "还没有开始" in refused(api.put(f"{path}/answers", json={"seq": 1}), 400)
    view = api.post(f"{path}/start").json()
    assert view["state"] == "running" and view["items"][0]["stem"] and view["left_s"] <= 1800
    assert "交卷" in refused(api.get(f"{path}/report"), 400)
    assert "交卷" in refused(api.get(f"{path}/paper", params={"keys": "with"}), 400)
    packet = {
        "seq": 2,
        "item": 4,
        "answers": [{"number": 1, "answer": "A"}, {"number": 2, "answer": "B", "flag": True}],
    }
    for _ in range(2):
        assert api.put(f"{path}/answers", json=packet).status_code == 200
    api.put(f"{path}/answers", json={"seq": 1, "answers": [{"number": 1, "answer": "D"}]})
    api.put(f"{path}/answers", json={"seq": 3, "answers": [{"number": 4, "part": 1, "answer": "我写的是互斥"}]})
    view = api.get(path).json()
    assert {(a["number"], a["part"]): a["answer"] for a in view["answers"]}[1, 0] == "A"
    assert view["flags"] == [2] and view["item"] == 4 and view["seq"] == 3
    before = json.dumps(view, ensure_ascii=False)
    assert api.post(f"{path}/pause").json()["state"] == "paused"
    assert "暂停" in refused(api.put(f"{path}/answers", json={"seq": 9}), 400)
    api.post(f"{path}/start")
    assert api.post(f"{path}/submit").json()["state"] == "closed"
    data = api.get(f"{path}/report").json()
    assert not data["continuous"] and len(data["questions"]) == 4 and data["score"]["points"] > 6
    for q in data["questions"]:
        assert not q["explanation"] or q["explanation"] not in before
    assert api.get(f"{path}/report", params={"format": "md"}).text.startswith("# ")
    assert "答案" in api.get(f"{path}/paper", params={"keys": "only"}).text
    page = api.get(f"{path}/paper", params={"format": "html"})
    assert page.headers["content-disposition"].startswith("attachment") and "<script" not in page.text
    assert api.get("/api/exams").json()[0]["score"]["earned"] == data["score"]["earned"]

    def quote(request: Request) -> Iterator[str]:
        count = int(re.findall(r"输出 (\d+) 条", request.messages[-1].content)[-1])
        yield json.dumps({"lines": [{"full": True, "quote": "互斥"}] * count})

    model.script = quote
    judged = api.post(f"{path}/judge", json={"number": 4}).json()
    lines = [line for p in judged["parts"] for line in p["lines"]]
    assert all(line["earned"] is not None for line in lines)
    own = api.post(f"{path}/override", json={"number": 4, "part": 1, "line": 1, "points": 0, "reason": "没写全"})
    assert own.json()["parts"][0]["lines"][0]["by"] == "self"
    assert api.get(f"{path}/report").json()["overrides"][0]["reason"] == "没写全"


def test_what_is_wrong_is_one_sentence(api: httpx.Client, refused: Callable[..., str]) -> None:
    assert "'nope'" in refused(api.get("/api/exams/nope"), 400)
    assert "subjects" in refused(api.post("/api/exams", json={"subjects": ["xx"]}), 422)
    id = new(api)
    path = f"/api/exams/{id}"
    assert "还没有开始" in refused(api.post(f"{path}/submit"), 400)
    api.post(f"{path}/start")
    assert "'Z'" in refused(api.put(f"{path}/answers", json={"seq": 1, "answers": [{"number": 1, "answer": "Z"}]}), 400)
    assert "seq" in refused(api.put(f"{path}/answers", json={"seq": -1}), 422)
    lone = b'{"seq": 1, "answers": [{"number": 4, "part": 1, "answer": "\\ud800"}]}'
    refused(api.put(f"{path}/answers", content=lone, headers={"content-type": "application/json"}), 400, 422)
    assert "第 1 行" in refused(api.post("/api/exams/import", json={"name": "x.json", "text": "{"}), 400)


def test_a_paper_of_ones_own(api: httpx.Client) -> None:
    text = "# 我的卷子\n## 1. [os] 2 分\n<script>x</script>\nA. 1\nB. 2\n答案：A\n"
    summary = api.post("/api/exams/import", json={"name": "a.md", "text": text}).json()
    assert summary["title"] == "我的卷子" and summary["source"] == "imported" and summary["points"] == 2
    path = f"/api/exams/{summary['id']}"
    api.post(f"{path}/start")
    api.put(f"{path}/answers", json={"seq": 1, "answers": [{"number": 1, "answer": "a"}]})
    api.post(f"{path}/submit")
    assert api.get(f"{path}/report").json()["score"]["earned"] == 2


@pytest.mark.slow
def test_a_killed_server_loses_no_answer(indexed_home: Path) -> None:
    """Each acknowledged packet survives kill -9, and the clock goes on from the last contact."""

    def serve() -> tuple[subprocess.Popen[str], httpx.Client]:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant408", "web", "--port", "0", "--no-open", "--model", "fake"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8", env=os.environ.copy(),
        )  # fmt: skip
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+:\d+", line)))
        return process, httpx.Client(base_url=address, trust_env=False, timeout=60)

    process, api = serve()
    id = new(api)
    api.post(f"/api/exams/{id}/start")
    letters = "ABCD"
    left = 1800.0
    for n in range(2):
        body = {"seq": n + 1, "item": 2, "answers": [{"number": 1, "answer": letters[n]}]}
        left = api.put(f"/api/exams/{id}/answers", json=body).json()["left_s"]
        process.send_signal(signal.SIGKILL)
        process.communicate()
        api.close()
        process, api = serve()
        view = api.post(f"/api/exams/{id}/start").json()
        assert view["answers"] == [{"number": 1, "part": 0, "answer": letters[n]}]
        assert abs(left - view["left_s"]) < 1 and view["item"] == 2 and not view["continuous"]
    process.kill()
    process.communicate()
    api.close()
