"""Whose request it is. With accounts, whoever forgets to sign in is nobody: nothing falls back to the shared rows."""

from __future__ import annotations

from fastapi import Request
from starlette.types import Scope

from assistant408.core.errors import AccessError
from assistant408.store.users import User
from assistant408.web.guard import client_of
from assistant408.web.learner import Learner
from assistant408.web.services import Services

__all__ = ["client_name", "learner_of", "owner_in", "services_of", "signed_in"]

SIGN_IN = "还没有登录，请先登录。"


def services_of(request: Request) -> Services:
    """The rooms that all share."""
    services: Services = request.app.state.services
    return services


def owner_in(scope: Scope) -> str:
    """The id of the account that a request comes from; empty where there are no accounts.

    Raises:
        AccessError: there are accounts, and nobody is signed in.
    """
    state = scope.get("state", {})
    if "accounts" not in state:
        return ""
    user: User | None = state.get("user")
    if user is None:
        raise AccessError(SIGN_IN, 401)
    return user.id


def signed_in(request: Request) -> User:
    """The account that a request comes from.

    Raises:
        AccessError: there is none.
    """
    user: User | None = request.scope.get("state", {}).get("user")
    if user is None:
        raise AccessError(SIGN_IN, 401)
    return user


def learner_of(request: Request) -> Learner:
    """The view of whoever sent a request."""
    services, owner = services_of(request), owner_in(request.scope)
    return Learner(services, owner) if owner else services.learner


def client_name(scope: Scope) -> str:
    """Whose turn it is in the line: the account, or the address where there are none."""
    return owner_in(scope) or client_of(scope)
