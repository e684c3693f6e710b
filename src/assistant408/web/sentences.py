"""What the user is told when something is refused or goes wrong, as an answer over HTTP."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from assistant408.core.errors import A408Error, AccessError, BackendError, BusyError, InputError, LimitError, StoreError

__all__ = ["said"]


def said(error: A408Error) -> Response:
    """The error's sentence under the status that fits it."""
    if isinstance(error, BusyError | LimitError):
        status = 503 if isinstance(error, BusyError) else 429
        return JSONResponse({"error": str(error)}, status, {"Retry-After": str(error.retry_after)})
    if isinstance(error, AccessError):
        return JSONResponse({"error": str(error)}, error.status)
    status = 400 if isinstance(error, InputError) else 503 if isinstance(error, BackendError | StoreError) else 500
    return JSONResponse({"error": str(error)}, status)
