"""Every check and test, in the order in which they fail fastest; the test runner's summary comes last.

Run by ``python3 run.py test``. Needs the network once, for the 0.5B model, (as root on Debian) for Chromium and
PostgreSQL, and for the pages' packages where there is Node.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SMALL = "qwen2.5-coder-0.5b"
NODE = (20, 19)  # what Vite asks for


def step(name: str, command: list[str], folder: Path = ROOT, **environment: str) -> None:
    """Runs a command, and stops everything if it fails."""
    start = time.time()
    print(f"— {name}", flush=True)
    done = subprocess.run(command, cwd=folder, env=os.environ | environment)
    if done.returncode:
        print(f"✗ {name}：退出码 {done.returncode}", flush=True)
        sys.exit(done.returncode)
    print(f"  {time.time() - start:.0f} s", flush=True)


def chromium() -> str:
    """Chromium's path; installed from Debian's packages where that is allowed. Empty where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    debian("Chromium", "chromium", "fonts-noto-cjk")
    return shutil.which("chromium") or ""


def postgres() -> None:
    """PostgreSQL's programs, installed likewise; the tests start a server of their own (tests/conftest.py)."""
    if not shutil.which("pg_ctl") and not any(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")):
        debian("PostgreSQL", "postgresql")


def debian(name: str, *packages: str) -> None:
    """Installs Debian packages where that is allowed."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        step("apt-get update", ["apt-get", "update", "-qq"], **quiet)
        step(name, ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)


def pages() -> None:
    """The shipped pages come from their source: checked, tested, rebuilt in a copy and compared byte for byte."""
    npm, node = shutil.which("npm"), shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout if node else ""
    if not npm or tuple(map(int, re.findall(r"\d+", version)[:2])) < NODE:
        print(f"— 网页：没有 Node {'.'.join(map(str, NODE))} 或更新的版本，不重建", flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "webapp"
        shutil.copytree(ROOT / "webapp", copy, ignore=shutil.ignore_patterns("node_modules"))
        print("— 网页：安装", flush=True)
        if subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=copy).returncode:
            print("✗ npm 装不上网页的依赖，不重建（可用 npm config set registry … 换镜像）", flush=True)
            return sys.exit(1) if os.environ.get("CI") else None
        step("网页：接口", [npm, "run", "--silent", "api", "--", "--check"], copy, A408_PYTHON=sys.executable)
        step("网页：类型", [npm, "run", "--silent", "check"], copy)
        step("网页：测试", [npm, "test", "--silent"], copy)
        formulas(copy)
        step("网页：构建", [npm, "run", "--silent", "build"], copy)
        built, shipped = (files(base / "src" / "assistant408" / "web" / "static") for base in (Path(folder), ROOT))
        if differ := sorted(name for name in built.keys() | shipped.keys() if built.get(name) != shipped.get(name)):
            print(
                f"✗ src/assistant408/web/static 不是由 webapp/ 构建的，请运行 make web-build：{'、'.join(differ[:8])}"
            )
            sys.exit(1)
        axe = Path("node_modules") / "axe-core"  # tests/browser looks for it there
        if not (ROOT / "webapp" / axe).exists():
            shutil.copytree(copy / axe, ROOT / "webapp" / axe)


def formulas(webapp: Path) -> None:
    """The formulas and diagrams of the content, as the KaTeX and the Mermaid of the pages read them."""
    if (node := shutil.which("node")) and (webapp / "node_modules").is_dir():
        step("公式与示意图", [node, "scripts/check-content.mjs", str(ROOT / "content")], webapp)


def advisories() -> None:
    """Known holes in what is locked, where `pip-audit` is installed and its service answers; said plainly where not."""
    tool = shutil.which("pip-audit") or str(BIN / "pip-audit")
    if not Path(tool).is_file():
        print(
            "— 依赖审计：没有 pip-audit，没有审计（pip install pip-audit；许可与哈希由 tests/test_dependencies.py 检查）",
            flush=True,
        )
        return
    print("— 依赖审计", flush=True)
    for lock in ("requirements.lock", "requirements-ocr.lock", "requirements-dev.lock"):
        command = [tool, "--disable-pip", "--progress-spinner", "off", "-r", str(ROOT / lock)]
        done = subprocess.run(command, capture_output=True, text=True)
        if re.search(r"Found \d+ known vulnerabilit", done.stdout + done.stderr):
            print(f"✗ {lock} 里有已知漏洞：\n{done.stdout}{done.stderr}", flush=True)
            sys.exit(1)
        last = (done.stderr.strip().splitlines() or ["没有说明"])[-1][:200]
        print(
            f"  {lock}：{'没有已知漏洞' if done.returncode == 0 else f'查询服务连不上，没有审计（{last}）'}", flush=True
        )


def files(folder: Path) -> dict[str, bytes]:
    """The bytes of every file under a folder, by path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def main() -> None:
    """Lint, types, import rules, content, then all tests."""
    tool = lambda name: str(BIN / name)  # noqa: E731
    sources = ["src", "tests", "benchmarks", "run.py"]
    step("格式", [tool("ruff"), "format", "--check", "-q", *sources])
    step("规则", [tool("ruff"), "check", "-q", *sources])
    step("类型", [tool("mypy")])
    step("导入方向", [tool("lint-imports"), "--no-cache"])
    step("内容", [tool("a408"), "content", "check"])
    advisories()
    pages()
    step("0.5B 模型", [tool("a408"), "model", "pull", SMALL])
    postgres()
    browser = chromium()
    environment = {"A408_CHROMIUM": browser} if browser else {}
    pytest = [tool("pytest"), "-p", "no:cacheprovider", *sys.argv[1:]]
    print("— 测试", flush=True)
    sys.exit(subprocess.run(pytest, cwd=ROOT, env=os.environ | environment).returncode)


if __name__ == "__main__":
    main()
