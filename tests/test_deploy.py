"""The files of ``deploy/`` agree with the program and with each other; nothing here needs a container engine."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from assistant408.cli.app import app
from assistant408.core.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
SERVE: Any = typer.main.get_command(app).commands["serve"]  # type: ignore[attr-defined]


def options(words: list[str]) -> dict[str, Any]:
    """What ``a408 serve …`` understands of a command line; refuses what it doesn't know."""
    assert words[0].split("/")[-1] == "a408" and words[1] == "serve"
    return dict(SERVE.make_context("serve", words[2:]).params)


@pytest.mark.parametrize("name", ["Dockerfile", "space/Dockerfile"])
def test_the_image_starts_the_server_on_the_port_that_it_exposes_and_checks(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    command = options(json.loads(re.findall(r"^CMD (\[.*\])$", text, re.M)[-1]))
    ports = set(re.findall(r"EXPOSE (\d+)", text)) | set(re.findall(r"127\.0\.0\.1:(\d+)/readyz", text))
    assert ports == {str(command["port"])} and command["host"] == "0.0.0.0"
    assert re.search(r"^USER (?!root)\w+$", text, re.M)
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        assert all((DEPLOY.parent / one).exists() for one in source.split())


def test_a_space_differs_in_its_port_and_user_only() -> None:
    ours, theirs = ((DEPLOY / n).read_text(encoding="utf-8").splitlines() for n in ("Dockerfile", "space/Dockerfile"))
    changed = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b and not a.startswith("#")]
    assert all(re.search(r"4081|serve|uid", a) for a, _ in changed)
    port = re.search(r"app_port: (\d+)", (DEPLOY / "space/README.md").read_text(encoding="utf-8"))
    assert port is not None and f"EXPOSE {port[1]}" in theirs


def test_compose_sets_only_what_the_program_reads() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    known = {f"A408_{name.upper()}" for name in Settings.__dataclass_fields__} | {"A408_SERVER_KEY"}
    assert set(re.findall(r"^      (A408_\w+):", text, re.M)) <= known
    assert f'"127.0.0.1:{options(["a408", "serve"])["port"]}:' in text, "published on this machine only"


def test_the_unit_starts_the_server_on_this_machine_only() -> None:
    text = (DEPLOY / "assistant408.service").read_text(encoding="utf-8")
    command = re.search(r"^ExecStart=(.*)$", text, re.M)
    assert command is not None and options(shlex.split(command[1]))["host"] == "127.0.0.1"
