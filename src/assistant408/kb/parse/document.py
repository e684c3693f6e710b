"""An open document: pages asked for one at a time from the process that reads it."""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant408.core.errors import InputError
from assistant408.kb.parse import scan
from assistant408.kb.parse.sniff import sniff
from assistant408.kb.parse.types import Block, Box, Document, Heading, Limits, Page, PasswordNeeded, Recognize
from assistant408.kb.parse.worker import read_frame, write_frame
from assistant408.kb.parse.ziparchive import size

__all__ = ["OpenDocument", "open_document"]

_log = logging.getLogger(__name__)
# The child sees the same packages, but neither the current folder (a document's folder may hold a "docx.py") nor the user's
# environment; it leaves no bytecode.
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from assistant408.kb.parse.worker import main; main()"
_IN_A_ROW = 5  # pages that may crash or hang one after another before the document is given up
_FRAME = 256 << 20
NO_OCR = "这一页是图片，文字还没有识别：请安装文字识别组件（python3 run.py setup --ocr），再重新识别这一页。"


def open_document(
    path: Path,
    *,
    password: str | None = None,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
    ocr: Recognize | None = None,
    formula: Callable[[bytes], str] | None = None,
    parser: str = "",
) -> OpenDocument:
    """Opens the document at `path`, whatever it is called.

    Args:
        path: a file.
        password: of a locked PDF, Word or PowerPoint document.
        limits: what it may cost.
        ocr: reads scanned pages and pictures (`assistant408.kb.ocr.load_ocr`); without it they fail, and say why.
        formula: reads the picture of a displayed formula in a PDF as LaTeX ("" if it can't), such as a vision model.
        parser: ``unstructured`` to read with that package, if it is installed; else "".

    Raises:
        PasswordNeeded: it is locked.
        InputError: it can't be read; one sentence says why and what to do.
    """
    path = Path(path)
    if parser not in ("", "unstructured"):
        raise InputError(f"解析器 {parser!r} 不存在，应为 'unstructured'，或不指定。")
    form = sniff(path)
    if (there := path.stat().st_size) > limits.file_bytes:
        raise InputError(
            f"文件 {path.name!r} 有 {size(there)}，超过 {size(limits.file_bytes)} 的上限，请拆分后再添加。"
        )
    request = {
        "do": "open",
        "path": str(path.resolve()),
        "format": form.name,
        "password": password,
        "limits": dataclasses.asdict(limits),
        "parser": parser,
        "confined": not parser,
    }
    return OpenDocument(path.name, request, limits, ocr, formula)


class OpenDocument:
    """A document being read; a context manager, to be closed. Made by `open_document`, used by one thread at a time.

    Attributes:
        info: title, number of pages, outline.
    """

    def __init__(
        self,
        name: str,
        request: dict[str, Any],
        limits: Limits,
        ocr: Recognize | None,
        formula: Callable[[bytes], str] | None,
    ) -> None:
        self._name, self._request, self._limits = name, request, limits
        self._ocr, self._formula = ocr, formula
        self._child: _Child | None = None
        self._failures = 0
        self._neighbours = 0
        self._peeked: set[int] = set()  # pages that the reading process has looked at
        self._lost: dict[int, str] = {}  # pages that made it crash or hang, and how
        self._margins = scan.Margins()
        try:
            self.info = self._start()
            if self.info.pages > limits.pages:
                raise InputError(
                    f"文件 {name!r} 有 {self.info.pages} 页，超过 {limits.pages} 页的上限，请拆分后再添加。"
                )
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> OpenDocument:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Page]:
        """All pages from the first."""
        return (self.page(n) for n in range(1, self.info.pages + 1))

    def close(self) -> None:
        """Ends the reading process."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        self._peeked.clear()

    def page(self, number: int) -> Page:
        """Page `number`, 1-based. A page that crashes or hangs the parser comes back as ``failed``, and says so.

        Raises:
            InputError: there is no such page, or too many failed one after another.
        """
        self._check(number)
        near = range(max(number - self._neighbours, 1), min(number + self._neighbours, self.info.pages) + 1)
        for other in near:
            if other not in self._peeked:
                self._try({"do": "peek", "page": other})
        reply = self._try({"do": "page", "page": number})
        if reply is None:
            self._failures += 1
            if self._failures >= _IN_A_ROW:
                raise InputError(
                    f"文件 {self._name!r} 连续 {_IN_A_ROW} 页读不出来（{self._lost[number]}），已停止；"
                    "请用别的软件打开后另存，再试。"
                )
            return Page(number, "failed", 0.0, (), note=f"这一页{self._lost[number]}，已跳过。")
        self._failures = 0
        page = _page(reply["page"])
        if reply["scan"]:
            picture = base64.b64decode(reply["scan"])
            if self._ocr is None:
                return dataclasses.replace(page, kind="failed", confidence=0.0, note=NO_OCR)
            page = scan.recognized(page, self._ocr(picture), float(reply["scale"]), self._margins)
        if self._formula is not None:
            page = dataclasses.replace(page, blocks=tuple(self._latex(page, b) for b in page.blocks))
        return page

    def render(self, number: int, dpi: float = 150, box: Box | None = None) -> bytes:
        """A PNG picture of page `number`, or of `box` on it, at `dpi` pixels an inch (an image: its own pixels at 72).

        Raises:
            InputError: there is no such page, the format has no pictures of pages, or the page can't be drawn.
        """
        self._check(number)
        try:
            reply = self._ask({"do": "render", "page": number, "dpi": dpi, "box": box})
        except _Lost as e:
            raise InputError(f"文件 {self._name!r} 第 {number} 页画不出来（{e}）。") from None
        return base64.b64decode(reply["png"])

    def _check(self, number: int) -> None:
        if not 1 <= number <= self.info.pages:
            raise InputError(f"文件 {self._name!r} 没有第 {number} 页，应为 1 到 {self.info.pages}。")

    def _latex(self, page: Page, block: Block) -> Block:
        if block.kind != "formula" or block.bbox is None or self._formula is None:
            return block
        text = self._formula(self.render(page.number, 200, block.bbox)).strip()
        return dataclasses.replace(block, text=text) if text else block

    def _start(self) -> Document:
        self._child = _Child()
        try:
            reply = self._child.ask(self._request, self._limits.seconds)
        except _Lost as e:
            raise InputError(
                f"文件 {self._name!r} 读不出来（{e}），可能已损坏；请用别的软件打开后另存，再试。"
            ) from None
        self._neighbours, info = reply["neighbours"], reply["info"]
        return Document(
            **info | {"title": clean(info["title"]), "outline": tuple(Heading(**h) for h in info["outline"])}
        )

    def _try(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The reply, or `None` if the page is lost, then or before."""
        number = request["page"]
        if number in self._lost:
            return None
        try:
            reply = self._ask(request)
        except _Lost as e:
            self._lost[number] = str(e)
            return None
        self._peeked.add(number)
        return reply

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._child is None:
            self._start()
        assert self._child is not None
        try:
            return self._child.ask(request, self._limits.seconds)
        except _Lost as e:
            if e.fatal:  # the process is gone or can't be trusted any more; the next request starts another
                self.close()
            raise


class _Lost(Exception):
    """No answer came from the reading process; the message is the middle of a Chinese sentence."""

    def __init__(self, words: str, fatal: bool) -> None:
        super().__init__(words)
        self.fatal = fatal


class _Child:
    """The reading process, and a thread that waits for its answers, since not every system can poll a pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _BOOT, json.dumps([p for p in sys.path if p])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent, which closes this one
        )
        self._replies: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while True:
            try:
                reply = read_frame(self._process.stdout, _FRAME)
            except ValueError:
                reply = None
            self._replies.put(reply)
            if reply is None:
                return

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Sends `request` and waits for the reply.

        Raises:
            InputError: the reader says that the document is at fault.
            _Lost: it crashed, hung, ran out of memory or stumbled.
        """
        assert self._process.stdin is not None
        try:
            write_frame(self._process.stdin, request)
        except OSError:
            raise _Lost("使解析器意外退出", fatal=True) from None
        try:
            reply = self._replies.get(timeout=seconds)
        except queue.Empty:
            raise _Lost(f"用了 {seconds:.0f} 秒还没有读完", fatal=True) from None
        if reply is None:
            raise _Lost("使解析器意外退出", fatal=True)
        if "error" in reply:
            raise (PasswordNeeded if reply.get("password") else InputError)(reply["error"])
        if "bug" in reply:
            _log.info("%s", reply["trace"])
            memory = reply["bug"] == "MemoryError"
            raise _Lost("要用的内存超过上限" if memory else f"使解析器出错：{reply['bug']}", fatal=memory)
        return reply

    def kill(self) -> None:
        """Ends the process at once; it holds nothing worth saving."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                _log.debug("closing a broken pipe", exc_info=True)


def _page(reply: dict[str, Any]) -> Page:
    blocks = (Block(b["kind"], clean(b["text"]), b["level"], _box(b["bbox"])) for b in reply["blocks"])
    return Page(**reply | {"blocks": tuple(b for b in blocks if b.text.strip() or b.kind in ("image", "formula"))})


def _box(values: list[float] | None) -> Box | None:
    return None if values is None else (values[0], values[1], values[2], values[3])


def clean(text: str) -> str:
    """`text` without what no store takes: lone surrogates, NUL and other control characters.

    Examples:
        >>> clean("死\\x00锁\\ud800\\n")
        '死锁\\n'
    """
    return "".join(c for c in text if c in "\n\t" or not (c < " " or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff"))
