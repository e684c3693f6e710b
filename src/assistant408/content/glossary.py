"""The glossary: the field's terms with their English and other names. It feeds segmentation and evidence choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant408.content.syllabus import Syllabus
from assistant408.core.errors import ContentError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["Glossary", "Term", "check_glossary", "load_glossary"]


@dataclass(frozen=True)
class Term:
    """A term: Chinese name, English name (may be empty), true synonyms, the leaf that explains it."""

    zh: str
    en: str
    aliases: Sequence[str]
    leaf: str

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.zh, *([self.en] if self.en else []), *self.aliases)


@dataclass(frozen=True)
class Glossary:
    """All terms."""

    terms: Sequence[Term]

    def found(self, text: str) -> list[tuple[str, ...]]:
        """The names of each term that occurs in `text`, longest terms first taken.

        Examples:
            >>> Glossary([Term("快表", "", ("TLB",), "")]).found("快表命中")
            [('快表', 'TLB')]
        """
        return list(dict.fromkeys(term.names for term in self._find(_fold(text))))

    def other_names(self, text: str) -> list[str]:
        """Other names of the terms that occur in `text`.

        Examples:
            >>> Glossary([Term("快表", "", ("TLB",), "")]).other_names("tlb命中率")
            ['快表']
        """
        text = _fold(text)
        out: list[str] = []
        for term in self._find(text):
            out += [n for n in (term.zh, *term.aliases) if _fold(n) not in text]
        return list(dict.fromkeys(out))

    def _find(self, text: str) -> Iterator[Term]:
        names, pattern = self._index
        for found in pattern.findall(text):
            yield names[found]

    @cached_property
    def _index(self) -> tuple[dict[str, Term], re.Pattern[str]]:
        names = {_fold(n): t for t in self.terms for n in t.names if len(n) > 1}
        ordered = sorted(names, key=len, reverse=True)
        alternatives = [rf"(?<![a-z0-9]){re.escape(n)}(?![a-z0-9])" if n.isascii() else re.escape(n) for n in ordered]
        return names, re.compile("|".join(alternatives) or r"(?!)")


def load_glossary(content: Path) -> Glossary:
    """Reads ``glossary.toml``.

    Raises:
        ContentError: it is missing or malformed.
    """
    path = content / "glossary.toml"
    try:
        entries = parse(path.read_text(encoding="utf-8"))["term"]
        terms = [Term(e["zh"], e.get("en", ""), tuple(e.get("aliases", ())), e["leaf"]) for e in entries]
    except (OSError, TOMLDecodeError, KeyError, AttributeError, TypeError) as e:
        raise ContentError(f"术语表 {str(path)!r} 读不出来：{type(e).__name__} {e}。") from None
    return Glossary(terms)


def check_glossary(glossary: Glossary, syllabus: Syllabus) -> Iterator[str]:
    """One sentence a problem: names that stand twice, leaves that don't exist."""
    seen: dict[str, str] = {}
    for term in glossary.terms:
        if term.leaf not in syllabus.leaves:
            yield f"术语 {term.zh!r} 的考点 {term.leaf!r} 不存在"
        for name in dict.fromkeys(map(_fold, (term.zh, *term.aliases))):
            if name in seen:
                yield f"术语 {term.zh!r} 的名称 {name!r} 已属于 {seen[name]!r}"
            seen[name] = term.zh


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
