#!/usr/bin/env python3
"""Sets up and starts assistant408 with nothing but Python 3.10+ and pip.

    python3 run.py             set up if needed, fetch the model, open the pages
    python3 run.py test        set up for development and run every check and test
    python3 run.py setup       only set up (--ocr: with recognition of scans and photos; --dev: with the developers' tools)
    python3 run.py ARGS...     the same as .venv/bin/a408 ARGS...

The environment is made in .venv by uv, which is fetched with pip into .venv/uv; locked, hashed requirements only.
pip's own settings (index, mirrors, certificates) are handed on to uv.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
UV = ROOT / ".venv-uv"  # uv itself, outside the environment that it makes


def main() -> int:
    """Runs one of the commands above; returns the exit code."""
    if sys.version_info < (3, 10):  # noqa: UP036  (this file must start anywhere to say so)
        print(f"需要 Python 3.10 或更新的版本，现在是 {sys.version.split()[0]}。请从 python.org 安装后重试。")
        return 2
    args = sys.argv[1:]
    try:
        if args[:1] == ["test"]:
            setup(dev=True)
            return run([str(PYTHON), str(ROOT / "tests" / "run_all.py"), *args[1:]])
        if args[:1] == ["setup"]:
            setup(dev="--dev" in args, ocr="--ocr" in args)
            return 0
        setup(dev=False)
        if args:
            return run([str(PYTHON), "-m", "assistant408", *args])
        return start()
    except KeyboardInterrupt:
        print("\n已停止，再次运行会接着做。")
        return 130
    except subprocess.CalledProcessError as e:
        print(f"这一步失败了（退出码 {e.returncode}）：{' '.join(map(str, e.cmd))}")
        print("请检查网络；在国内可先为 pip 设置镜像（pip config set global.index-url …），再重新运行。")
        return 1


def start() -> int:
    """Fetches the default model (the pages also work without it), then serves."""
    code = run([str(PYTHON), "-m", "assistant408", "model", "pull"])
    if code:
        print("模型没有下载成功，先以“只看资料”的方式启动；以后可在“设置”页里下载。")
    return run([str(PYTHON), "-m", "assistant408", "web"])


def setup(dev: bool, ocr: bool = False) -> None:
    """Makes or updates .venv so that it matches the lock file; returns at once if it already does.

    What was installed with `ocr` keeps it; a developer's environment always has it.
    """
    stamp = VENV / "installed"
    have = stamp.read_text().split() if stamp.is_file() else []
    kind = "dev" if dev else "ocr" if ocr or have[1:] == ["ocr"] else ""
    lock = ROOT / f"requirements{'-' if kind else ''}{kind}.lock"
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.is_file() and have[:1] == [wanted]:
        return
    if not dev and PYTHON.is_file() and have[1:] == ["dev"]:
        newer = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes())
        if have[0] == newer.hexdigest():
            return  # a developer's environment has everything
    began = time.time()
    print("正在准备运行环境（只在第一次或更新后需要）…", flush=True)
    uv = get_uv()
    environment = os.environ | uv_settings() | {"VIRTUAL_ENV": str(VENV)}
    if not PYTHON.is_file():
        subprocess.run([uv, "venv", "--quiet", "--seed", "--allow-existing", "--python", sys.executable, str(VENV)],
                       check=True, env=environment)  # fmt: skip
    subprocess.run([uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", str(lock)],
                   check=True, env=environment)  # fmt: skip
    subprocess.run([uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
                   check=True, env=environment)  # fmt: skip
    stamp.write_text(f"{wanted} {kind}")
    print(f"环境已就绪，用时 {time.time() - began:.0f} s。", flush=True)


def get_uv() -> str:
    """The path of uv: an installed one, or one fetched with pip."""
    name = "uv.exe" if os.name == "nt" else "uv"
    for folder in (UV / "bin", UV / "Scripts"):
        if (folder / name).is_file():
            return str(folder / name)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                    "--no-warn-script-location", "--target", str(UV), "uv==0.13.9"],
                   check=True, stderr=subprocess.DEVNULL)  # fmt: skip
    for folder in (UV / "bin", UV / "Scripts"):
        if (folder / name).is_file():
            return str(folder / name)
    raise SystemExit("pip 没有装好 uv，请运行 pip install uv 后重试。")


def uv_settings() -> dict[str, str]:
    """pip's index settings as uv's variables, unless uv has its own."""
    wanted = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True)
    out: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        variable = wanted.get(key.strip().rpartition(".")[2])
        if variable and variable not in os.environ:
            out[variable] = " ".join(value.strip().strip("'\"").replace("\\n", " ").split())
    for key, variable in wanted.items():
        value = os.environ.get("PIP_" + key.upper().replace("-", "_"))
        if value and variable not in os.environ:
            out[variable] = value
    # pip treats all indexes alike; with every file's hash locked, so can uv.
    out.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return out


def run(command: list[str]) -> int:
    """Runs a command in the foreground, leaving Ctrl-C to it."""
    process = subprocess.Popen(command, cwd=os.getcwd())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main())
