"""What is installed beside this program: pinned, hashed, and under a licence that lets everybody pass it on."""

from __future__ import annotations

import importlib.metadata
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-ocr.lock")
FREE = (  # SPDX ids and how the packages' own metadata spells them, in small letters
    "0bsd", "apache 2.0", "apache software license", "apache-2.0", "apache license 2.0", "bsd", "bsd license", "bsd-2-clause", "bsd-3-clause",
    "3-clause bsd license", "bsd 2-clause license", "bsd 3-clause license", "cc0-1.0", "isc", "isc license (iscl)", "mit", "mit license", "mit-0",
    "mit-cmu", "mozilla public license 2.0 (mpl 2.0)", "mpl-2.0", "psf-2.0", "psfl", "python software foundation license", "python-2.0",
    "unlicense", "zlib", "blueoak-1.0.0", "cc-by-4.0",
)  # fmt: skip
NOT_SAID = {"khroma": "MIT", "pypdfium2": "BSD-3-Clause"}  # read by hand: the metadata has no field, or a free text
PLACES = {"osi approved", "dfsg approved"}  # classifiers that name no licence


def locked(lock: str) -> list[tuple[str, str, list[str]]]:
    """Name, rest of the line, and hashes of every entry of a lock."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = []
    for line in lines:
        name = re.match(r"[A-Za-z0-9._-]+", line)
        assert name, f"{lock}: {line[:80]!r} names no package"
        found.append((name[0], line[name.end() :], re.findall(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)", line)))
    return found


def terms(expression: str) -> list[list[str]]:
    """A licence expression as alternatives, each a list of what must hold together; parentheses are of no account here."""
    bare = expression.strip().lower().replace("(the)", "")
    if bare.startswith("(") and bare.endswith(")") and bare.count("(") == 1:
        bare = bare[1:-1]
    return [re.split(r"\s+and\s+", either) for either in re.split(r"\s+or\s+", bare)]


def is_free(expression: str) -> bool:
    """Whether one alternative is free throughout."""
    return any(all(term.strip() in FREE for term in each) for each in terms(expression))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_its_hashes(lock: str) -> None:
    entries = locked(lock)
    assert len(entries) > 10
    for name, rest, hashes in entries:
        assert re.match(r"==\d[\w.!+]*(\s|$)", rest), f"{lock}: {name} is not pinned to one version"
        assert hashes and len(hashes) == rest.count("--hash="), f"{lock}: {name} has no sha256, or another hash"
        assert not re.search(r"==\d[\d.]*(\.?dev|a|b|rc)\d", rest), f"{lock}: {name} is a version before its release"
        assert "://" not in rest and " @ " not in rest, f"{lock}: {name} comes from an address"


def test_every_installed_package_is_free() -> None:
    names = {name for lock in LOCKS for name, _, _ in locked(lock)}
    checked = 0
    for name in sorted(names):
        try:
            told = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:  # of another platform, or an extra that isn't here
            continue
        classifiers = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
        classifiers = [c for c in classifiers if c.lower() not in PLACES]
        first_line = (told.get("License") or "").strip().split("\n")[0]
        said = told.get("License-Expression") or " AND ".join(classifiers) or first_line
        said = NOT_SAID.get(name, said)
        assert said, f"{name} says no licence: read it and write it down in NOT_SAID"
        assert is_free(said), f"{name} is under {said!r}, which is not on the list of free licences"
        checked += 1
    assert checked > 50


def test_the_pages_packages() -> None:
    lock = json.loads((ROOT / "webapp" / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((ROOT / "webapp" / "package.json").read_text(encoding="utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version), f"{name} {version} is not one version"
    packages = {path.rpartition("node_modules/")[2]: p for path, p in lock["packages"].items() if path}
    assert len(packages) > 100
    for name, package in packages.items():
        assert package.get("integrity", "").startswith("sha512-"), f"{name} has no sha512"
        assert "deprecated" not in package, f"{name} is deprecated: {package['deprecated']}"
        said = package.get("license") or NOT_SAID.get(name, "")
        assert is_free(said), f"{name} is under {said!r}, which is not on the list of free licences"


@pytest.mark.parametrize(
    ("expression", "free"),
    [("GPL-3.0", False), ("MIT AND GPL-2.0-only", False), ("AGPL-3.0-or-later OR MIT", True), ("(MIT OR CC0-1.0)", True), ("", False),
     ("LGPL-2.1", False), ("Apache-2.0 AND BSD-2-Clause", True)],
)  # fmt: skip
def test_what_counts_as_free(expression: str, free: bool) -> None:
    assert is_free(expression) == free
