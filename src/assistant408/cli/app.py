"""The command tree."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from assistant408 import __version__
from assistant408.cli import (
    anki,
    ask,
    backup,
    content,
    doctor,
    evals,
    exam,
    kb,
    model,
    practice,
    serve,
    solve,
    train,
    user,
    web,
)

app = typer.Typer(
    help="assistant408：离线的 408 考研辅导助手。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="显示运行日志。")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """Options of every command."""
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    if not verbose:
        logging.getLogger("httpx").setLevel(logging.WARNING)


app.command("ask")(ask.ask)
app.command("chat")(ask.chat)
app.command(
    "solve", add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)(solve.solve)
app.add_typer(kb.app, name="kb")
app.add_typer(model.app, name="model")
app.add_typer(content.app, name="content")
app.add_typer(evals.app, name="eval")
app.add_typer(train.app, name="train")
app.add_typer(exam.app, name="exam")
app.command("practice")(practice.practice)
app.command("review")(practice.review)
app.command("mastery")(practice.mastery)
app.command("export")(anki.export)
app.command("import")(anki.import_)
app.command("doctor")(doctor.doctor)
app.command("web")(web.web)
app.add_typer(user.app, name="user")
app.command("serve")(serve.serve)
app.command("mcp")(serve.mcp)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
