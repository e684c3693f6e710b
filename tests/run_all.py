"""Every check and test, in the order in which they fail fastest; the test runner's summary comes last.

Run by ``python3 run.py test``. Needs the network once, for the 0.5B model and (as root on Debian) for Chromium.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SMALL = "qwen2.5-coder-0.5b"


def step(name: str, command: list[str], **environment: str) -> None:
    """Runs a command, and stops everything if it fails."""
    start = time.time()
    print(f"— {name}", flush=True)
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment)
    if done.returncode:
        print(f"✗ {name}：退出码 {done.returncode}", flush=True)
        sys.exit(done.returncode)
    print(f"  {time.time() - start:.0f} s", flush=True)


def chromium() -> str:
    """Chromium's path; installed from Debian's packages where that is allowed. Empty where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        step("apt-get update", ["apt-get", "update", "-qq"], **quiet)
        packages = ["chromium", "fonts-noto-cjk"]
        step("Chromium", ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)
        return shutil.which("chromium") or ""
    return ""


def main() -> None:
    """Lint, types, import rules, content, then all tests."""
    tool = lambda name: str(BIN / name)  # noqa: E731
    sources = ["src", "tests", "benchmarks", "run.py"]
    step("格式", [tool("ruff"), "format", "--check", "-q", *sources])
    step("规则", [tool("ruff"), "check", "-q", *sources])
    step("类型", [tool("mypy")])
    step("导入方向", [tool("lint-imports"), "--no-cache"])
    step("内容", [tool("a408"), "content", "check"])
    step("0.5B 模型", [tool("a408"), "model", "pull", SMALL])
    browser = chromium()
    environment = {"A408_CHROMIUM": browser} if browser else {}
    pytest = [tool("pytest"), "-p", "no:cacheprovider", *sys.argv[1:]]
    print("— 测试", flush=True)
    sys.exit(subprocess.run(pytest, cwd=ROOT, env=os.environ | environment).returncode)


if __name__ == "__main__":
    main()
