"""Administration: users, invites, quotas, the log. The gate lets nobody else in, and writes the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assistant408.store.accounts import delete_user
from assistant408.store.invites import Invite
from assistant408.store.users import Role, User
from assistant408.web.accounts.desk import CODE_LIFE, Accounts
from assistant408.web.accounts.login import Name
from assistant408.web.accounts.wiring import accounts_of, found, link, note, public
from assistant408.web.learner import Learner
from assistant408.web.takeout import forget_documents
from assistant408.web.who import services_of

__all__ = ["NewInvite", "invite_json", "router"]

router = APIRouter(prefix="/admin")
ROLE_NAMES = {"student": "学生", "teacher": "老师", "admin": "管理员"}


class NewUser(BaseModel):
    """An account to be made."""

    name: Name
    role: Role = "student"


class QuotaChange(BaseModel):
    """Numbers to be set; `null` goes back to the default."""

    questions_day: Annotated[int | None, Field(ge=0, le=100_000)] = None
    upload_mb: Annotated[int | None, Field(ge=0, le=200)] = None
    documents_mb: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    streams: Annotated[int | None, Field(ge=1, le=64)] = None

    def changes(self) -> dict[str, int | None]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class UserChange(BaseModel):
    """What to change of an account."""

    role: Role | None = None
    disabled: bool | None = None
    quota: QuotaChange | None = None


class NewInvite(BaseModel):
    """How often and how long a link is good."""

    role: Role = "student"
    uses: Annotated[int, Field(ge=1, le=500)] = 1
    days: Annotated[int, Field(ge=1, le=90)] = 7


@router.get("/users")
def users(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> list[dict[str, Any]]:
    """All accounts in whose name `q` occurs, by age."""
    accounts = accounts_of(request)
    seen, used = accounts.sessions.last_seen(), accounts.quotas.used_today()
    wanted = q.strip().casefold()
    return [_shown(accounts, u, seen, used) for u in accounts.users.all() if wanted in u.name.casefold()]


@router.post("/users")
def add(request: Request, body: NewUser) -> dict[str, Any]:
    """Makes an account; with the code its owner sets a password."""
    accounts = accounts_of(request)
    user = accounts.users.add(body.name, body.role)
    note(request, user.name, ROLE_NAMES[body.role])
    return {"user": public(user), **_code(accounts, user)}


@router.patch("/users/{id}")
def change(request: Request, id: str, body: UserChange) -> dict[str, Any]:
    """Changes role, quota, or whether the account may be used."""
    accounts = accounts_of(request)
    user = accounts.known(id)
    done = []
    if body.role is not None or body.disabled is not None:
        accounts.users.change(id, body.role, body.disabled)
        if body.role is not None:
            done.append(f"{ROLE_NAMES[user.role]}→{ROLE_NAMES[body.role]}")
        if body.disabled is not None:
            done.append("停用" if body.disabled else "恢复使用")
    if body.quota is not None:
        accounts.quotas.change(id, body.quota.changes())
        done.append(_said(body.quota))
    note(request, user.name, "，".join(done))
    return _shown(accounts, accounts.known(id), accounts.sessions.last_seen(), accounts.quotas.used_today())


@router.post("/users/{id}/reset")
def reset(request: Request, id: str) -> dict[str, Any]:
    """A code for a new password; the account's sessions end."""
    accounts = accounts_of(request)
    user = accounts.known(id)
    note(request, user.name)
    return _code(accounts, user)


@router.delete("/users/{id}")
def delete(request: Request, id: str) -> dict[str, str]:
    """Deletes an account and all that belongs to it."""
    accounts = accounts_of(request)
    user = accounts.known(id)
    delete_user(accounts.engine, id)
    forget_documents(Learner(services_of(request), id))
    note(request, user.name)
    return {}


@router.get("/invites")
def invites(request: Request) -> list[dict[str, Any]]:
    """The links that are still good."""
    accounts = accounts_of(request)
    return [invite_json(accounts, invite) for invite in accounts.invites.all()]


@router.post("/invites")
def invite(request: Request, body: NewInvite) -> dict[str, Any]:
    """A link with which people register."""
    accounts = accounts_of(request)
    code, made = accounts.invites.join(body.role, body.uses, timedelta(days=body.days))
    note(request, made.id, f"{ROLE_NAMES[body.role]}，{body.uses} 人，{body.days} 天")
    return {**invite_json(accounts, made), **link("join", code)}


@router.delete("/invites/{id}")
def withdraw(request: Request, id: str) -> dict[str, Any]:
    """Takes a link back."""
    return found(accounts_of(request).invites.remove(id), f"没有邀请 {id!r}，它可能已经用完或过期。")


@router.get("/quota")
def quota(request: Request) -> dict[str, Any]:
    """What an account may use for which nothing else is set."""
    return dict(vars(accounts_of(request).quotas.defaults()))


@router.patch("/quota")
def change_quota(request: Request, body: QuotaChange) -> dict[str, Any]:
    """Changes that."""
    quotas = accounts_of(request).quotas
    quotas.change("", body.changes())
    note(request, "默认", _said(body))
    return dict(vars(quotas.defaults()))


@router.get("/audit")
def audit(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> list[dict[str, Any]]:
    """Who administered what, the newest first."""
    return accounts_of(request).audit.all(limit, before)


def invite_json(accounts: Accounts, invite: Invite) -> dict[str, Any]:
    """An invite without its code."""
    return {
        "id": invite.id,
        "role": invite.role,
        "class": accounts.classes.about(invite.class_id)[0] if invite.class_id else None,
        "uses_left": invite.uses_left,
        "expires_at": invite.expires_at,
        "created_at": invite.created_at,
    }


def _shown(accounts: Accounts, user: User, seen: dict[str, str], used: dict[str, int]) -> dict[str, Any]:
    return {
        **public(user),
        "created_at": user.created_at,
        "last_seen": seen.get(user.id),
        "disabled": user.disabled,
        "ready": user.ready,
        "quota": accounts.quotas.own(user.id),
        "questions_today": used.get(user.id, 0),
    }


def _code(accounts: Accounts, user: User) -> dict[str, Any]:
    code = accounts.new_password_code(user)
    return {**link("reset", code), "expires_at": (accounts.now() + CODE_LIFE).isoformat()}


def _said(change: QuotaChange) -> str:
    names = {
        "questions_day": "每天提问",
        "upload_mb": "单个文件 MB",
        "documents_mb": "资料共 MB",
        "streams": "同时回答",
    }
    return "，".join(f"{names[k]} {'默认' if v is None else v}" for k, v in change.changes().items())
