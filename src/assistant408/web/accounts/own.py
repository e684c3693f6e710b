"""One's own account: name, password, sessions, keys, quota, all of one's data, and leaving."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from assistant408.store.sessions import Session
from assistant408.web.accounts.gate import set_session
from assistant408.web.accounts.login import Name, Secret
from assistant408.web.accounts.wiring import accounts_of, agent_of, found, me, sign_in
from assistant408.web.takeout import forget_documents, write_takeout
from assistant408.web.who import learner_of, signed_in

__all__ = ["router"]

router = APIRouter(prefix="/me")


class Renamed(BaseModel):
    """A new name."""

    name: Name


class NewPassword(BaseModel):
    """A new password in place of the old one."""

    old: Secret
    new: Secret


class Leave(BaseModel):
    """What it takes to leave for good."""

    password: Secret


class NewKey(BaseModel):
    """What a key is for."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


@router.patch("")
def rename(request: Request, body: Renamed) -> dict[str, Any]:
    """Changes one's name."""
    user, session = signed_in(request), request.scope["state"]["session"]
    accounts = accounts_of(request)
    accounts.users.rename(user.id, body.name)
    return me(request, Session(session.id, accounts.known(user.id), session.csrf))


@router.post("/password")
def change_password(request: Request, response: Response, body: NewPassword) -> dict[str, Any]:
    """Changes the password; every other session ends."""
    session = accounts_of(request).change_password(signed_in(request), body.old, body.new, agent_of(request))
    return sign_in(request, response, session)


@router.get("/quota")
def quota(request: Request) -> dict[str, Any]:
    """What one may use, and what is used."""
    user, quotas = signed_in(request), accounts_of(request).quotas
    limit = quotas.of(user.id)
    return {
        "questions": {
            "used": quotas.used(user.id),
            "limit": limit.questions_day,
            "renews_at": quotas.renews_at().isoformat(),
        },
        "documents": {"used_bytes": learner_of(request).document_bytes(), "limit_bytes": limit.documents_mb << 20},
        "upload_bytes": limit.upload_mb << 20,
        "streams": limit.streams,
    }


@router.get("/sessions")
def sessions(request: Request) -> list[dict[str, Any]]:
    """Where one is signed in."""
    kept = accounts_of(request).sessions.all(signed_in(request).id)
    current = request.scope["state"]["session"].id
    return [{**s, "current": s["id"] == current} for s in kept]


@router.delete("/sessions/{id}")
def end_session(request: Request, id: str) -> dict[str, Any]:
    """Signs out there."""
    ended = accounts_of(request).sessions.end(signed_in(request).id, id)
    return found(ended, f"没有登录 {id!r}，它可能已经退出。")


@router.get("/keys")
def keys(request: Request) -> list[dict[str, Any]]:
    """One's keys for ``/v1``, without the keys themselves."""
    return accounts_of(request).keys.all(signed_in(request).id)


@router.post("/keys")
def add_key(request: Request, body: NewKey) -> dict[str, str]:
    """A new key, shown this once."""
    id, key = accounts_of(request).keys.add(signed_in(request).id, body.name)
    return {"id": id, "name": body.name, "key": key}


@router.delete("/keys/{id}")
def remove_key(request: Request, id: str) -> dict[str, Any]:
    """Takes a key back."""
    return found(accounts_of(request).keys.remove(signed_in(request).id, id), f"没有密钥 {id!r}，它可能已经删除。")


@router.get("/export", response_class=FileResponse)
def export(request: Request) -> FileResponse:
    """All that is one's own as a zip file."""
    user, accounts = signed_in(request), accounts_of(request)
    folder = Path(tempfile.mkdtemp(prefix="a408-export-"))
    clean = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    try:
        write_takeout(learner_of(request), accounts, user, folder / "export.zip")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name = f"a408-{user.id}.zip"
    return FileResponse(folder / "export.zip", media_type="application/zip", filename=name, background=clean)


@router.post("/delete")
def leave(request: Request, response: Response, body: Leave) -> dict[str, Any]:
    """Deletes one's account and all that is one's own."""
    accounts_of(request).delete(signed_in(request), body.password)
    forget_documents(learner_of(request))
    set_session(response, request.url.scheme, None)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return {}
