"""What `assistant408.kb.documents` keeps, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Entry", "File", "Job", "JobState"]

JobState = Literal["queued", "paused", "failed"]


@dataclass(frozen=True)
class File:
    """A file that was kept; `paged` is whether its page numbers are those a reader sees.

    `sha256` is that of its content, or, where there are accounts, of its owner and its content: two users' files are two
    files, even if they are the same.
    """

    sha256: str
    suffix: str
    bytes: int
    title: str
    media_type: str
    pages: int
    paged: bool
    password: str | None = None


@dataclass(frozen=True)
class Job:
    """Work that is left on a document.

    Attributes:
        doc: the document's id.
        sha256: of the file that is to be indexed.
        state: ``queued`` (also while at work), ``paused``, or ``failed``, and then `error` says why.
        stage: ``read`` pages or ``index`` chunks.
        done: of `total`, pages or chunks.
        eta_s: seconds left, as far as is known.
        turn: grows whenever more work is asked for, so that what came in between isn't taken for done.
    """

    doc: str
    sha256: str
    state: JobState
    stage: Literal["read", "index"]
    done: int
    total: int
    eta_s: float | None
    error: str
    turn: int


@dataclass(frozen=True)
class Entry:
    """A document of the user's.

    Attributes:
        id: ``d`` and a number, never used again.
        name: its file's name.
        source: where it was added from.
        indexed: whether what `sha256` names can be searched.
        chunks: passages of it that can be found.
        embedding: the setting under which it was indexed.
        owner: who alone sees it; "" for the one user of a program without accounts.
    """

    id: str
    title: str
    name: str
    source: str
    collection: str
    sha256: str
    indexed: bool
    chunks: int
    added_at: str
    embedding: str
    owner: str
