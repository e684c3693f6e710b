"""``a408 user``: accounts, for the administrator at the shell. What is done here is in the log under 终端."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from assistant408.cli.common import JsonFlag, console, open_services, print_json
from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.web.accounts.desk import Accounts

app = typer.Typer(help="账户：新建、停用、重设密码、邀请。", no_args_is_help=True)
RoleName = Literal["student", "teacher", "admin"]
RoleOption = Annotated[RoleName, typer.Option("--role", help="student、teacher 或 admin。")]
NameArgument = Annotated[str, typer.Argument(help="用户名。")]
ROLES = {"student": "学生", "teacher": "老师", "admin": "管理员"}
SHELL = "终端"


def _accounts() -> Accounts:
    from assistant408.web.accounts.desk import Accounts

    return Accounts(open_services().database)


@app.command("add")
def add(name: NameArgument, role: RoleOption = "student", json: JsonFlag = False) -> None:
    """新建账户，给出设密码的一次性链接。"""
    accounts = _accounts()
    user = accounts.users.add(name, role)
    accounts.audit.add(SHELL, "新建用户", user.name, ROLES[role])
    _tell_code({"id": user.id, "name": user.name, "role": role}, "reset", accounts.new_password_code(user), json)


@app.command("list")
def list_(json: JsonFlag = False) -> None:
    """列出全部账户。"""
    accounts = _accounts()
    seen = accounts.sessions.last_seen()
    rows = [
        {
            "id": u.id,
            "name": u.name,
            "role": u.role,
            "created_at": u.created_at,
            "last_seen": seen.get(u.id),
            "disabled": u.disabled,
            "ready": u.ready,
        }
        for u in accounts.users.all()
    ]
    if json:
        print_json(rows)
        return
    if not rows:
        typer.echo("还没有账户。a408 web --accounts 启动时会给出管理员的链接。")
    for row in rows:
        state = "已停用" if row["disabled"] else "" if row["ready"] else "还没有设密码"
        typer.echo(f"{row['name']}\t{ROLES[cast(str, row['role'])]}\t{state}".rstrip())


@app.command("disable")
def disable(name: NameArgument, json: JsonFlag = False) -> None:
    """停用账户；立刻退出登录，数据保留。"""
    _change(name, "停用", json, disabled=True)


@app.command("enable")
def enable(name: NameArgument, json: JsonFlag = False) -> None:
    """恢复停用的账户。"""
    _change(name, "恢复使用", json, disabled=False)


@app.command("role")
def role(
    name: NameArgument,
    role: Annotated[RoleName, typer.Argument(help="student、teacher 或 admin。")],
    json: JsonFlag = False,
) -> None:
    """改变账户的身份。"""
    _change(name, ROLES[role], json, role=role)


@app.command("reset")
def reset(name: NameArgument, json: JsonFlag = False) -> None:
    """给出重设密码的一次性链接；他在各处的登录都会退出。"""
    accounts = _accounts()
    user = accounts.users.find(name)
    accounts.audit.add(SHELL, "重设密码", user.name)
    _tell_code({"id": user.id, "name": user.name, "role": user.role}, "reset", accounts.new_password_code(user), json)


@app.command("invite")
def invite(
    role: RoleOption = "student",
    uses: Annotated[int, typer.Option(min=1, max=500, help="可以注册几个人。")] = 1,
    days: Annotated[int, typer.Option(min=1, max=90, help="几天内有效。")] = 7,
    json: JsonFlag = False,
) -> None:
    """发出邀请链接，拿到的人自己注册。"""
    accounts = _accounts()
    code = accounts.invite(role, uses, timedelta(days=days))
    accounts.audit.add(SHELL, "发出邀请", "", f"{ROLES[role]}，{uses} 人，{days} 天")
    _tell_code({"role": role, "uses": uses, "days": days}, "join", code, json)


@app.command("delete")
def delete(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。")] = False,
    json: JsonFlag = False,
) -> None:
    """删除账户和他的全部数据。"""
    from assistant408.store.accounts import delete_user
    from assistant408.web.accounts.desk import Accounts
    from assistant408.web.learner import Learner
    from assistant408.web.takeout import forget_documents

    services = open_services()
    accounts = Accounts(services.database)
    user = accounts.users.find(name)
    if not yes and not typer.confirm(f"删除 {user.name!r} 和他的全部记录、对话与资料，不能恢复，确定吗？", err=True):
        raise InputError("没有删除。")
    delete_user(services.database, user.id)
    forget_documents(Learner(services, user.id))
    accounts.audit.add(SHELL, "删除用户", user.name)
    _done({"id": user.id, "name": user.name, "deleted": True}, f"已删除 {user.name}。", json)


@app.command("adopt")
def adopt(name: NameArgument, json: JsonFlag = False) -> None:
    """把没有账户时的学习记录交给一个账户。"""
    from assistant408.store import owned
    from assistant408.web.accounts.desk import Accounts
    from assistant408.web.learner import Learner

    services = open_services()
    accounts = Accounts(services.database)
    user = accounts.users.find(name)
    with services.database.begin() as db:
        owned.adopt(db, user.id)
    plan = services.learner
    Learner(services, user.id).set_plan(exam_date=plan.exam_date, daily_minutes=plan.daily_minutes)
    accounts.audit.add(SHELL, "接管单人使用时的记录", user.name)
    shown = {"id": user.id, "name": user.name, "adopted": True}
    _done(shown, f"学习记录、对话与考试已归 {user.name}；自己的资料请登录后重新上传。", json)


@app.command("audit")
def audit(limit: Annotated[int, typer.Option(min=1, max=500, help="最近几条。")] = 50, json: JsonFlag = False) -> None:
    """看管理操作的记录。"""
    rows = _accounts().audit.all(limit)
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo("\t".join(row[k] for k in ("at", "actor", "action", "target", "detail")).rstrip())


def _change(name: str, said: str, json: bool, **changes: Any) -> None:
    accounts = _accounts()
    user = accounts.users.find(name)
    user = accounts.users.change(user.id, **changes)
    accounts.audit.add(SHELL, "修改用户", user.name, said)
    shown = {"id": user.id, "name": user.name, "role": user.role, "disabled": user.disabled}
    _done(shown, f"{user.name}：{said}。", json)


def _tell_code(what: dict[str, Any], kind: str, code: str, json: bool) -> None:
    path = f"/{kind}#{code}"
    _done({**what, "code": code, "path": path}, f"把这个链接发给他（前面加上网页的地址，用一次就失效）：{path}", json)
    if not json:
        console().print("链接就是凭证：请私下发送。", markup=False)


def _done(value: dict[str, Any], said: str, json: bool) -> None:
    if json:
        print_json(value)
    else:
        typer.echo(said)
