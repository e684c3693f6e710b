"""Who may use which route, all of them in one table. A route without a rule doesn't exist once there are accounts.

=============  ========================================================================================================
``public``     anybody, also who isn't signed in
``student``    whoever is signed in; sees only what is his own
``teacher``    teachers and administrators; of a class only who teaches it
``admin``      administrators; what they do is written into the log under the phrase beside it
``key``        a program with a key: `A408_SERVER_KEY`, or for ``/v1`` a user's own
=============  ========================================================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant408.store.users import ROLES, User

__all__ = ["RULES", "Rule", "allowed", "rule_of"]

Who = Literal["public", "student", "teacher", "admin", "key"]

_PUBLIC = """
GET /healthz
GET /readyz
GET /api/me
POST /api/login
POST /api/look
POST /api/register
POST /api/reset
"""
_STUDENT = """
GET /api/openapi.json
GET /api/status
POST /api/warm
POST /api/ask
GET /api/models
GET /api/conversations
GET /api/conversations/{id}
PATCH /api/conversations/{id}
DELETE /api/conversations/{id}
POST /api/conversations/{id}/restore
DELETE /api/conversations/{id}/messages/{message}
GET /api/syllabus
GET /api/syllabus/{leaf}/note
PUT /api/syllabus/{leaf}/note
DELETE /api/syllabus/{leaf}/note
POST /api/syllabus/{leaf}/note/restore
GET /api/notes
GET /api/notes/{id:path}
GET /api/search
GET /api/solvers
GET /api/solvers/{id}
POST /api/solvers/{id}
POST /api/solvers/{id}/generate
POST /api/solve
GET /api/questions
GET /api/questions/{id}
POST /api/questions/{id}/answer
POST /api/questions/{id}/self-mark
GET /api/questions/{id}/note
PUT /api/questions/{id}/note
DELETE /api/questions/{id}/note
POST /api/questions/{id}/note/restore
POST /api/questions/{id}/report
GET /api/reports
DELETE /api/reports/{number}
POST /api/reports/{number}/restore
GET /api/favourites
PUT /api/favourites/{id}
DELETE /api/favourites/{id}
GET /api/notebook
GET /api/practice/summary
GET /api/mastery
GET /api/review/plan
GET /api/cards
POST /api/cards/import
POST /api/cards/{id}/review
DELETE /api/cards
GET /api/export/anki
GET /api/export/notebook
GET /api/settings
PATCH /api/settings
GET /api/exams
POST /api/exams
POST /api/exams/import
GET /api/exams/{id}
POST /api/exams/{id}/start
POST /api/exams/{id}/pause
PUT /api/exams/{id}/answers
POST /api/exams/{id}/submit
GET /api/exams/{id}/report
POST /api/exams/{id}/override
POST /api/exams/{id}/judge
GET /api/exams/{id}/paper
GET /api/documents
POST /api/documents
GET /api/documents/collections
GET /api/documents/progress
GET /api/documents/{id}
PATCH /api/documents/{id}
DELETE /api/documents/{id}
POST /api/documents/{id}/pause
POST /api/documents/{id}/resume
POST /api/documents/{id}/cancel
PUT /api/documents/{id}/pages/{number}
POST /api/documents/{id}/pages/{number}/ocr
GET /api/documents/{id}/pages/{number}.png
POST /api/photo
POST /api/attachments
POST /api/logout
PATCH /api/me
POST /api/me/password
POST /api/me/delete
GET /api/me/quota
GET /api/me/sessions
DELETE /api/me/sessions/{id}
GET /api/me/keys
POST /api/me/keys
DELETE /api/me/keys/{id}
GET /api/me/export
GET /api/classes
POST /api/classes/join
PATCH /api/classes/{id}
DELETE /api/classes/{id}
GET /api/assignments
GET /api/assignments/{id}
POST /api/assignments/{id}/start
"""
_TEACHER = """
POST /api/teaching/classes
GET /api/teaching/classes/{id}
PATCH /api/teaching/classes/{id}
DELETE /api/teaching/classes/{id}
DELETE /api/teaching/classes/{id}/members/{user}
POST /api/teaching/classes/{id}/invites
POST /api/teaching/classes/{id}/assignments
DELETE /api/teaching/invites/{id}
GET /api/teaching/assignments/{id}
DELETE /api/teaching/assignments/{id}
"""
_ADMIN = """
POST /api/models/{id}/select 换模型
POST /api/models/{id}/pull 下载模型
DELETE /api/models/{id} 删除模型
GET /api/server
PUT /api/server 连接模型服务
DELETE /api/server 断开模型服务
POST /api/server/test 测试模型服务
GET /api/benchmark
POST /api/benchmark 给这台机器测速
GET /api/runs
GET /api/runs/compare
GET /api/runs/folders
GET /api/runs/{id:path}
GET /api/backup 备份全部数据
POST /api/restore 从备份恢复
GET /api/admin/users
POST /api/admin/users 新建用户
PATCH /api/admin/users/{id} 修改用户
DELETE /api/admin/users/{id} 删除用户
POST /api/admin/users/{id}/reset 重设密码
GET /api/admin/invites
POST /api/admin/invites 发出邀请
DELETE /api/admin/invites/{id} 收回邀请
GET /api/admin/quota
PATCH /api/admin/quota 修改配额
GET /api/admin/audit
"""


@dataclass(frozen=True)
class Rule:
    """Who may use a route; `phrase` is what the log says of it, empty where it says nothing."""

    who: Who
    route: str
    phrase: str = ""


def _pattern(path: str) -> re.Pattern[str]:
    """What a path with ``{name}`` for a segment and ``{name:path}`` for several matches, as the router has it."""
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.sub(r"\\\{\w+:path\\\}", ".*", re.escape(path))))


def _rules() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    tables: tuple[tuple[Who, str], ...] = (
        ("public", _PUBLIC),
        ("student", _STUDENT),
        ("teacher", _TEACHER),
        ("admin", _ADMIN),
    )
    for who, text in tables:
        for line in text.strip().splitlines():
            method, path, *phrase = line.split(" ", 2)
            found[f"{method} {path}"] = Rule(who, path, " ".join(phrase))
    return found


RULES = _rules()
"""By method and path."""

_BY_METHOD: dict[str, list[tuple[re.Pattern[str], Rule]]] = {}
for _route in sorted(RULES, key=lambda r: (r.count("{"), r)):  # a fixed path before one with a name in it
    _BY_METHOD.setdefault(_route.split(" ")[0], []).append((_pattern(RULES[_route].route), RULES[_route]))


def rule_of(method: str, path: str) -> Rule | None:
    """The rule of a request; `None` where there is no such route.

    Examples:
        >>> rule_of("GET", "/api/notes/os/memory/tlb").who, rule_of("HEAD", "/").who, rule_of("POST", "/v1/embeddings").who
        ('student', 'public', 'key')
        >>> rule_of("DELETE", "/api/models/x").phrase, rule_of("GET", "/api/nothing")
        ('删除模型', None)
    """
    method = "GET" if method == "HEAD" else method
    for pattern, rule in _BY_METHOD.get(method, ()):
        if pattern.fullmatch(path):
            return rule
    if path == "/metrics" or path == "/v1" or path.startswith("/v1/"):
        return Rule("key", path)
    if path.startswith("/api/") or path == "/api" or method != "GET":
        return None
    return Rule("public", "/{path:path}")  # the pages, which hold nothing of anybody's


def allowed(rule: Rule, user: User) -> bool:
    """Whether a role is enough for a rule.

    Examples:
        >>> teacher = User("u1", "李老师", "teacher", "")
        >>> [allowed(Rule(who, ""), teacher) for who in ("student", "teacher", "admin")]
        [True, True, False]
    """
    ranks: tuple[str, ...] = ROLES
    return rule.who in ranks and ranks.index(user.role) >= ranks.index(rule.who)
