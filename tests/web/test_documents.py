"""Documents over HTTP: uploaded, watched, looked at, edited, removed; and the photo of an exercise."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from assistant408.kb.parse import Line
from assistant408.web.services import Services

BOOK = "# 拥塞控制\n\n自编教材说慢开始门限记作zhoumen值，超时后减半。\n"


@pytest.fixture
def upload(api: httpx.Client, eventually: Callable[..., None]) -> Callable[..., dict[str, Any]]:
    """Uploads a file and waits until all work is done; the document."""

    def run(name: str, data: bytes, **form: str) -> dict[str, Any]:
        made = api.post("/api/documents", files={"file": (name, data)}, data=form)
        assert made.status_code == 200, made.text
        id = made.json()["id"]
        eventually(lambda: api.get(f"/api/documents/{id}").json()["job"] is None)
        document: dict[str, Any] = api.get(f"/api/documents/{id}").json()
        return document

    return run


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def eyes(services: Services) -> None:
    """An OCR that reads one line from whatever it is shown."""

    def see(_: bytes) -> Sequence[Line]:
        box = (20.0, 40.0, 300.0, 60.0)
        return [Line("什么是死锁的循环等待条件？", box, box, 18.0, 0.93)]

    services.__dict__["ocr"] = see


def test_an_uploaded_book_is_found_and_cited(
    api: httpx.Client, upload: Callable[..., dict[str, Any]], ask: Callable[..., Any]
) -> None:
    document = upload("计网.md", BOOK.encode(), collection="计网课")
    assert (document["state"], document["collection"], document["chunks"]) == ("ready", "计网课", 1)
    assert document["page_list"][0]["kind"] == "text" and "zhoumen" in document["page_list"][0]["text"]
    hits = api.get("/api/search", params={"q": "zhoumen 门限"}).json()
    assert hits[0]["doc"] == document["id"]
    only = api.get("/api/search", params={"q": "死锁的必要条件", "collection": "计网课"}).json()
    assert {h["doc"] for h in only} <= {document["id"]}
    events = ask("慢开始门限zhoumen值超时后怎样？", llm=False, collections=["计网课"])
    done = events[-1][1]
    assert not done["refused"] and {c["doc"] for c in done["citations"]} == {document["id"]}
    assert api.get("/api/documents/collections").json()[1:] == [{"id": "计网课", "name": "计网课", "documents": 1}]


def test_the_same_file_again_and_progress_to_the_end(
    api: httpx.Client, upload: Callable[..., dict[str, Any]], sse: Callable[..., Any]
) -> None:
    document = upload("a.md", BOOK.encode())
    again = api.post("/api/documents", files={"file": ("b.md", BOOK.encode())}).json()
    assert (again["what"], again["id"]) == ("same", document["id"])
    events = sse(api.get("/api/documents/progress"))
    assert events[-1] == ("done", {}) and events[0][0] == "progress"
    assert [d["id"] for d in api.get("/api/documents").json()] == [document["id"]]


def test_work_that_nobody_is_at_is_done_while_one_watches(
    api: httpx.Client, services: Services, sse: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "left.md").write_text(BOOK, encoding="utf-8")
    added = services.ingest.add(tmp_path / "left.md", source="")  # queued, and no worker told of it
    events = sse(api.get("/api/documents/progress"))
    assert events[-1] == ("done", {}) and api.get(f"/api/documents/{added.id}").json()["job"] is None


def test_a_page_is_edited_and_the_document_moved_and_removed(
    api: httpx.Client, upload: Callable[..., dict[str, Any]], eventually: Callable[..., None],
    refused: Callable[..., str], services: Services,
) -> None:  # fmt: skip
    id = upload("a.md", BOOK.encode())["id"]
    assert api.put(f"/api/documents/{id}/pages/1", json={"text": "改写成xinzi词。"}).status_code == 200
    assert api.patch(f"/api/documents/{id}", json={"title": "新名", "collection": "别处"}).status_code == 200
    eventually(lambda: api.get(f"/api/documents/{id}").json()["job"] is None)
    hit = api.get("/api/search", params={"q": "xinzi词"}).json()[0]
    assert (hit["doc"], hit["title"], hit["text"]) == (id, "新名", "改写成xinzi词。")
    assert api.get(f"/api/documents/{id}").json()["page_list"][0]["edited"] is True
    assert api.delete(f"/api/documents/{id}").json() == {}
    assert id not in {h["doc"] for h in api.get("/api/search", params={"q": "xinzi词"}).json()}
    assert list((services.home / "kb" / "files").iterdir()) == []
    for response in (
        api.get(f"/api/documents/{id}"),
        api.delete(f"/api/documents/{id}"),
        api.post(f"/api/documents/{id}/pause"),
    ):
        assert id in refused(response, 400)


def test_a_scan_is_recognised_and_its_picture_shown(
    api: httpx.Client, eyes: None, upload: Callable[..., dict[str, Any]], refused: Callable[..., str]
) -> None:
    document = upload("扫描.png", picture())
    assert (document["state"], document["pages"]["ocr"], document["confidence"]) == ("ready", 1, 0.93)
    page = api.get(f"/api/documents/{document['id']}/pages/1.png", params={"box": "20,40,300,60"})
    assert page.headers["content-type"] == "image/png" and Image.open(io.BytesIO(page.content)).size == (280, 20)
    again = api.post(f"/api/documents/{document['id']}/pages/1/ocr")
    assert again.status_code == 200
    for box in ("1,2,3", "a,b,c,d"):
        refused(api.get(f"/api/documents/{document['id']}/pages/1.png", params={"box": box}), 400)
    refused(api.get(f"/api/documents/{document['id']}/pages/7.png"), 400)


def test_what_cannot_be_read_is_one_sentence(
    api: httpx.Client, refused: Callable[..., str], services: Services
) -> None:
    for name, data in (("坏.pdf", b"%PDF-1.4 nothing"), ("空.txt", b""), ("../../x.zip", b"PK\x05\x06" + b"\0" * 18)):
        sentence = refused(api.post("/api/documents", files={"file": (name, data)}), 400)
        assert name.rsplit("/")[-1] in sentence and ".." not in sentence
    reserved = api.post("/api/documents", files={"file": ("a.md", BOOK.encode())}, data={"collection": "notes"})
    assert "notes" in refused(reserved, 400)
    assert api.get("/api/documents").json() == [] and list((services.home / "kb" / "files").glob("*")) == []


def test_what_is_too_large_is_refused_before_it_is_taken(api: httpx.Client, refused: Callable[..., str]) -> None:
    for path, size, limit in (("/api/documents", 3 << 30, "2048 MB"), ("/api/photo", 40 << 20, "30 MB")):
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        with socket.create_connection((api.base_url.host, api.base_url.port), timeout=30) as s:
            s.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode())
            got = b""
            while b"}" not in got and (more := s.recv(65536)):  # the body may come after the head
                got += more
        answer = got.decode()
        assert answer.startswith("HTTP/1.1 400") and limit in answer, answer
    assert "file" in refused(api.post("/api/documents", files={"other": ("a.md", b"x")}), 400)
    assert "Content-Length" in refused(api.post("/api/documents", content=iter([b"x"])), 400)


def test_a_photo_becomes_a_question(api: httpx.Client, eyes: None, refused: Callable[..., str]) -> None:
    read = api.post("/api/photo", files={"file": ("题.png", picture())}).json()
    assert (read["question"], read["confidence"]) == ("什么是死锁的循环等待条件？", 0.93)
    assert "不是图片" in refused(api.post("/api/photo", files={"file": ("a.md", BOOK.encode())}), 400)


def test_a_photo_without_ocr_says_what_to_install(
    api: httpx.Client, services: Services, refused: Callable[..., str]
) -> None:
    services.__dict__["ocr"] = None
    assert "setup --ocr" in refused(api.post("/api/photo", files={"file": ("题.png", picture())}), 400)


def test_paused_work_waits_and_cancelled_work_goes(
    api: httpx.Client, services: Services, tmp_path: Path, refused: Callable[..., str]
) -> None:
    (tmp_path / "a.md").write_text(BOOK, encoding="utf-8")
    id = services.ingest.add(tmp_path / "a.md").id  # nobody has woken the worker
    assert api.post(f"/api/documents/{id}/pause").json()["state"] == "paused"
    assert services.worker.run() and services.ingest.library.job(id) is not None
    assert api.post(f"/api/documents/{id}/cancel").json() == {}
    refused(api.get(f"/api/documents/{id}"), 400)
