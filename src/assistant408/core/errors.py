"""The exception tree.

A408Error                 everything the project raises on purpose; the message is one sentence for the user
├── InputError            what the user typed or sent (exit code 2)
├── ContentError          a note, question or syllabus entry that breaks the format
├── BackendError          a language or embedding model: missing, unreachable, out of memory, context too long
├── AccessError           whoever asks isn't signed in, or may not; `status` says which, as HTTP does
├── LimitError            one's own share is used up, or too many tries; come again after `retry_after` seconds
├── BusyError             too many others are being served; come again after `retry_after` seconds
├── StoreError            the study database or the knowledge base
└── IngestError           a document that can't be read

A message names the value with ``!r``, says what was expected, and what to do next.
"""

__all__ = [
    "A408Error",
    "AccessError",
    "BackendError",
    "BusyError",
    "ContentError",
    "IngestError",
    "InputError",
    "LimitError",
    "StoreError",
]


class A408Error(Exception):
    """Base of the tree; its message is fit to be shown to the user as it is."""


class InputError(A408Error):
    """The user's input is outside what was asked for."""


class ContentError(A408Error):
    """Shipped or imported content breaks its format."""


class BackendError(A408Error):
    """A model can't be loaded or can't answer; a `transient` failure may pass if it is tried again."""

    def __init__(self, message: str, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class AccessError(A408Error):
    """Whoever asks isn't signed in (`status` 401), may not (403), or what he asks for isn't there (404)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class LimitError(A408Error):
    """One's own share is used up, or there were too many tries."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BusyError(A408Error):
    """Too many others are being served."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreError(A408Error):
    """A database can't be opened, read or written."""


class IngestError(A408Error):
    """A document can't be turned into text."""
