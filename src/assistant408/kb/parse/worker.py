"""The process that reads a document: whatever a hostile file does to a parser, it does here.

It obeys one request a time on its standard input and answers on its standard output; both are frames of a 4-byte
big-endian length and a JSON object. It may not write a byte to disk, nor use more memory and time than `Limits` say.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import sys
import traceback
from pathlib import Path
from typing import IO, Any

from assistant408.core.errors import InputError
from assistant408.kb.parse.formats import all_formats
from assistant408.kb.parse.types import Limits, PasswordNeeded, Reader

__all__ = ["main", "read_frame", "write_frame"]


def main() -> None:
    """Serves until the standard input closes."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the frames
    reader: Reader | None = None
    limits = Limits()
    while (request := read_frame(requests)) is not None:
        try:
            if request["do"] == "open":
                limits = Limits(**request["limits"])
                confine(limits, bool(request["confined"]))
                reader = _open(request, limits)
                reply: dict[str, Any] = {"info": dataclasses.asdict(reader.info), "neighbours": reader.neighbours}
            else:
                assert reader is not None, "open comes first"
                grant(limits)
                reply = _serve(reader, request)
        except PasswordNeeded as e:
            reply = {"error": str(e), "password": True}
        except InputError as e:
            reply = {"error": str(e)}
        except MemoryError:
            reply = {"bug": "MemoryError", "trace": ""}
        except Exception as e:
            reply = {"bug": type(e).__name__, "trace": traceback.format_exc(limit=-8)}
        write_frame(replies, reply)


def _open(request: dict[str, Any], limits: Limits) -> Reader:
    path = Path(request["path"])
    if request["parser"]:
        from assistant408.kb.parse.unstructured import read

        return read(path, limits)
    form = next(f for f in all_formats() if f.name == request["format"])
    return form.open(path, request["password"], limits)


def _serve(reader: Reader, request: dict[str, Any]) -> dict[str, Any]:
    number = int(request["page"])
    if request["do"] == "peek":
        reader.peek(number)
        return {}
    if request["do"] == "render":
        box = tuple(request["box"]) if request["box"] else None
        return {"png": _text(reader.render(number, float(request["dpi"]), box))}
    raw = reader.page(number)
    return {"page": dataclasses.asdict(raw.page), "scan": raw.scan and _text(raw.scan), "scale": raw.scale}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def confine(limits: Limits, confined: bool) -> None:
    """Sets the limits that last for the life of the process; does nothing where the system has none to set."""
    try:
        import resource
    except ImportError:  # Windows: the parent's deadline alone
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if confined:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        if sys.platform.startswith("linux"):
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    grant(limits)


def grant(limits: Limits) -> None:
    """Allows `limits.seconds` of processor time from now on: a reader whose parent is gone can't run for ever."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + limits.seconds * 2) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def read_frame(stream: IO[bytes], limit: int = 1 << 30) -> dict[str, Any] | None:
    """The next frame, or `None` at the end of the stream or if it is longer than `limit` bytes."""
    head = stream.read(4)
    if len(head) < 4 or (length := int.from_bytes(head, "big")) > limit:
        return None
    body = stream.read(length)
    if len(body) < length:
        return None
    frame = json.loads(body)
    return frame if isinstance(frame, dict) else None


def write_frame(stream: IO[bytes], frame: dict[str, Any]) -> None:
    """Writes a frame and flushes."""
    body = json.dumps(frame, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(len(body).to_bytes(4, "big") + body)
    stream.flush()
