"""Signing in and out, registering, and what the pages know of their user."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from assistant408.store.sessions import Session
from assistant408.web.accounts.gate import set_session
from assistant408.web.accounts.wiring import accounts_of, address_of, agent_of, me, sign_in
from assistant408.web.who import signed_in

__all__ = ["Code", "Name", "Secret", "router"]

router = APIRouter()
Name = Annotated[str, Field(min_length=1, max_length=100)]
Secret = Annotated[str, Field(min_length=1, max_length=1000)]
Code = Annotated[str, Field(min_length=1, max_length=100)]


class Login(BaseModel):
    """Who signs in."""

    name: Name
    password: Secret


class Look(BaseModel):
    """A code."""

    code: Code


class Registration(BaseModel):
    """A new account; `consent` of a class link lets the teacher see the results."""

    code: Code
    name: Name
    password: Secret
    consent: bool = False


class Reset(BaseModel):
    """A new password in place of a forgotten one."""

    code: Code
    password: Secret


@router.get("/me")
def who(request: Request) -> dict[str, Any]:
    """Who is signed in, and the token for what changes anything."""
    session: Session | None = request.scope.get("state", {}).get("session")
    return me(request, session)


@router.post("/login")
def login(request: Request, response: Response, body: Login) -> dict[str, Any]:
    """Signs in."""
    session = accounts_of(request).sign_in(body.name, body.password, address_of(request), agent_of(request))
    return sign_in(request, response, session)


@router.post("/logout")
def logout(request: Request, response: Response) -> dict[str, Any]:
    """Ends the session, and has the browser forget what it kept of these pages."""
    user, session = signed_in(request), request.scope["state"]["session"]
    accounts_of(request).sessions.end(user.id, session.id)
    set_session(response, request.url.scheme, None)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return {}


@router.post("/look")
def look(request: Request, body: Look) -> dict[str, Any]:
    """What a code is for."""
    return dict(accounts_of(request).look(body.code, address_of(request)))


@router.post("/register")
def register(request: Request, response: Response, body: Registration) -> dict[str, Any]:
    """Makes an account with a code, and signs in to it."""
    session = accounts_of(request).register(
        body.code, body.name, body.password, body.consent, address_of(request), agent_of(request)
    )
    return sign_in(request, response, session)


@router.post("/reset")
def reset(request: Request, response: Response, body: Reset) -> dict[str, Any]:
    """Sets a new password with a code, and signs in."""
    session = accounts_of(request).reset(body.code, body.password, address_of(request), agent_of(request))
    return sign_in(request, response, session)
