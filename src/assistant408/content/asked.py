"""How students ask for a leaf: ``asked/<subject>.toml``, one list of questions a leaf. They help retrieval."""

from __future__ import annotations

from pathlib import Path

from assistant408.core.errors import ContentError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["load_asked"]


def load_asked(content: Path) -> dict[str, tuple[str, ...]]:
    """The ways of asking, by leaf; empty where none are written.

    Raises:
        ContentError: a file isn't TOML, or an entry isn't a list of strings.
    """
    out: dict[str, tuple[str, ...]] = {}
    for path in sorted((content / "asked").glob("*.toml")):
        try:
            entries = parse(path.read_text(encoding="utf-8"))
        except TOMLDecodeError as e:
            raise ContentError(f"问法文件 {path.name!r} 不是合法的 TOML：{e}。") from None
        for leaf, ways in entries.items():
            if not isinstance(ways, list) or not all(isinstance(w, str) and w.strip() for w in ways):
                raise ContentError(f"问法文件 {path.name!r} 里的 {leaf!r} 应为一列问句。")
            out[leaf] = tuple(ways)
    return out
