"""The command line in process, and as a real program where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from assistant408.cli import main


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one line that a user's mistake gives."""
        assert self.code == 2, (self.code, self.out, self.err)
        assert self.out == ""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1 and lines[0].endswith("。"), self.err
        return lines[0]


@pytest.fixture
def a408(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """``a408("kb", "status")`` runs a command in this process."""

    def run(*args: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["a408", *args])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return run


@pytest.fixture
def program() -> Callable[..., Done]:
    """The same as a program of its own, with this test's ``$A408_HOME``."""

    def run(*args: str, stdin: str = "") -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "assistant408", *args],
            input=stdin, capture_output=True, encoding="utf-8", env=os.environ.copy(), timeout=120,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    return run
