"""What this machine and this copy of the program are."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["available_memory", "commit", "process_memory", "total_memory"]


def available_memory() -> int | None:
    """Bytes of main memory that can be had without swapping; `None` where the system doesn't say (Linux does)."""
    return _proc("/proc/meminfo", "MemAvailable:")


def total_memory() -> int | None:
    """Bytes of main memory in all; `None` where the system doesn't say (Linux does)."""
    return _proc("/proc/meminfo", "MemTotal:")


def process_memory() -> int | None:
    """Bytes of main memory that this process holds now; `None` where the system doesn't say (Linux does)."""
    return _proc("/proc/self/status", "VmRSS:")


def _proc(file: str, name: str) -> int | None:
    """A line of one of Linux's files of kilobytes, in bytes."""
    try:
        for line in Path(file).read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return None


def commit() -> str:
    """The commit of the clone that this runs from, with ``-dirty`` if it was changed; empty outside a clone."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()
