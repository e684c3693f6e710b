"""The command line; one module a command group. Nothing heavy is imported until a command needs it."""

from __future__ import annotations

import re
import sys

__all__ = ["main"]


def main() -> None:
    """Entry point of ``a408``: errors of the user are one line and exit code 2."""
    from assistant408.core.errors import A408Error

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        from assistant408.cli.app import app

        code = app(prog_name="a408", standalone_mode=False)
    except A408Error as e:
        print(e, file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as e:
        if not hasattr(e, "format_message"):  # a bug keeps its traceback
            raise
        if said := _usage(e):
            print(said, file=sys.stderr)
        code = 2
    if code == 130:
        print("\n已停止。", file=sys.stderr)
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: Exception) -> str:
    """What is wrong with the command line, in one sentence; empty where the help has been shown instead."""
    said = str(getattr(error, "message", error)).strip().rstrip(".")
    param = getattr(error, "param", None)
    names = "/".join(n for n in getattr(param, "opts", ()) if n.startswith("-")) or getattr(param, "name", "")
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return ""
    if kind == "NoSuchOption":
        text = f"没有选项 {getattr(error, 'option_name', '')!r}"
    elif kind == "MissingParameter":
        text = f"缺少 {names}"
    elif kind == "BadParameter":
        text = f"{names} 的值不合要求（{said}）"
    elif unknown := re.match(r"No such command ('[^']*')", said):
        text = f"没有命令 {unknown[1]}"
    else:
        text = f"命令写得不对（{said}）"
    return f"{text}，请看 {context.command_path if context else 'a408'} --help。"
