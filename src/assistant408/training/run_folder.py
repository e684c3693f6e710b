"""The folder of a run: what it was made of, what it logged, and nothing half-written under a final name."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.machine import commit
from assistant408.training.formats import write_text

__all__ = ["Journal", "environment", "plot_losses", "read_json", "stamp", "whole_folder", "write_json"]

_PACKAGES = (
    "torch",
    "transformers",
    "peft",
    "trl",
    "datasets",
    "accelerate",
    "bitsandbytes",
    "gguf",
    "numpy",
    "xllamacpp",
)


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which gets its name when all is in it; what stood there before is replaced."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    yield part
    if folder.exists():
        shutil.rmtree(folder)
    os.replace(part, folder)


def write_json(path: Path, value: object) -> None:
    """A JSON file, there whole or not at all."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def read_json(path: Path) -> Any:
    """What `write_json` wrote; `None` if there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def environment() -> dict[str, Any]:
    """Versions of what computes, and of this program."""
    versions = {}
    for name in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cpus",
        "commit": commit(),
        "packages": versions,
    }


def stamp(out: Path, made_of: Mapping[str, Any]) -> bool:
    """Writes ``run.json`` at the start of a run; says whether the same run was there before.

    Raises:
        InputError: the folder holds a run over other things.
    """
    out.mkdir(parents=True, exist_ok=True)
    before = read_json(out / "run.json")
    if before is not None:
        changed = [k for k, v in made_of.items() if before["made_of"].get(k) != v]
        if changed:
            raise InputError(
                f"{str(out)!r} 里是另一次训练（{'、'.join(changed)} 不同），请换一个 --out 文件夹，或恢复原来的设置。"
            )
        return True
    write_json(out / "run.json", {"made_of": dict(made_of), "environment": environment()})
    return False


class Journal:
    """A JSONL file that grows while a run does; each row has a ``step``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[dict[str, Any]]:
        """What is in it; a line cut short by a kill is left out."""
        out = []
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else ():
            with contextlib.suppress(json.JSONDecodeError):
                out.append(json.loads(line))
        return out

    def rewind(self, step: int) -> None:
        """Forgets what came after a step, since the run goes on from there."""
        self._write(r for r in self.rows() if r["step"] <= step)

    def add(self, row: Mapping[str, Any]) -> None:
        """One more row, on disk when this returns."""
        with self.path.open("a", encoding="utf-8") as f:
            f.write(json.dumps(dict(row), ensure_ascii=False) + "\n")

    def _write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        write_text(self.path, "".join(json.dumps(dict(r), ensure_ascii=False) + "\n" for r in rows))


def plot_losses(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """The loss curve as a PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), dpi=120)
    for key, label in (("loss", "training"), ("eval_loss", "validation")):
        points = [(r["step"], r[key]) for r in rows if key in r]
        if points:
            axes.plot(
                *zip(*points, strict=True), label=label, marker="o" if key == "eval_loss" else None, linewidth=1.2
            )
    axes.set(xlabel="step", ylabel="loss (nats per answer token)")
    axes.grid(alpha=0.3)
    if axes.lines:
        axes.legend()
    part = path.with_name(path.name + ".part")
    figure.savefig(part, format="png", bbox_inches="tight")
    pyplot.close(figure)
    os.replace(part, path)
