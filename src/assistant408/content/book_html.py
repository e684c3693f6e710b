"""A note's Markdown as HTML: formulas in MathML, parts in sections, links resolved, nothing that runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

__all__ = ["formula", "note_html"]

_PARTS = {"考点": "point", "讲解": "talk", "易错": "trap", "例题": "example"}
_TEXT = re.compile(r"\\(?:text|mbox|textrm|textbf|textit|texttt|textsf|textnormal|hbox|fbox)\s*\{[^{}]*\}")
_TAG = re.compile(r"<(/?)([^\s/>]*)([^>]*)>")
_DRAWS = re.compile(  # elements that draw formulas
    r"math|mo|mi|mn|mrow|msub|msup|mtext|mfrac|mspace|mstyle|mover|munder|msqrt|mroot|msubsup|munderover|mtable|mtr|mtd"
    r"|mpadded|mphantom|menclose|mmultiscripts|mprescripts"
)
_SHAPES = re.compile(  # attributes that shape them
    r"display|stretchy|width|height|depth|displaystyle|scriptlevel|fence|form|minsize|maxsize|columnalign|rowalign"
    r"|columnlines|rowlines|columnspacing|rowspacing|columnspan|rowspan|mathvariant|mathcolor|mathbackground|mathsize"
    r"|linethickness|linebreak|movablelimits|accent|accentunder|separator|lspace|rspace|notation|symmetric|xmlns"
)
_ATTRIBUTE = re.compile(r"\s*([^\s=\"'/>]+)=\"[^\"<]*\"")
_PAIRS = (("$$", "$$", True), ("\\[", "\\]", True), ("\\(", "\\)", False), ("$", "$", False))


def note_html(markdown: str, link: Callable[[str], str]) -> str:
    """HTML of a note without its title.

    Args:
        markdown: the note's text; ``## 标题 {#leaf}`` gives the heading that id.
        link: where an address leads to, ``note:…`` and ``leaf:…`` above all.

    Examples:
        >>> note_html("**死锁（deadlock）**是 [环](leaf:os.x)", lambda href: "#" + href[5:])
        '<p><strong>死锁（deadlock）</strong>是 <a href="#os.x">环</a></p>\\n'
    """
    return str(_md.render(markdown, {"link": link}))


def formula(tex: str, display: bool = False) -> str:
    r"""MathML of a LaTeX formula; one that can't be read stands as code of the class ``tex``.

    Examples:
        >>> formula("n<2")
        '<math display="inline"><mrow><mi>n</mi><mo>&#x0003C;</mo><mn>2</mn></mrow></math>'
        >>> formula(r"\left( x"), formula(r"\nope")
        ('<code class="tex">\\left( x</code>', '<code class="tex">\\nope</code>')
        >>> formula(r"\href{javascript:x()}{y}")
        '<code class="tex">\\href{javascript:x()}{y}</code>'
        >>> formula(r"\text{<script>}")
        '<math display="inline"><mrow><mtext>&lt;script></mtext></mrow></math>'
    """
    source = tex
    try:
        tex = _TEXT.sub(lambda m: m[0].replace("&", "&amp;").replace("<", "&lt;"), tex)  # which it copies as it is
        tex = re.sub(r"\\\\\[[\d.]+\w+\]", r"\\\\", tex)  # the extra room of \\[4pt] isn't known to it
        out = convert(tex, display="block" if display else "inline")
    except Exception:  # the converter raises whatever it trips over
        out = "\\"
    if "\\" in out or not _harmless(out):  # a command that it doesn't know, or that could run, stays as it was written
        return f'<code class="tex">{escape(source)}</code>'
    out = out.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")
    return out.replace('accent="true">&#x02015;', 'stretchy="true">&#x000AF;')  # a bar that grows with what it covers


def _harmless(mathml: str) -> bool:
    """Whether there is nothing in it but the elements and attributes that draw formulas: no link, script or style."""
    tags = _TAG.findall(mathml)
    for _, name, rest in tags:
        names = _ATTRIBUTE.findall(rest)
        if not _DRAWS.fullmatch(name) or not all(map(_SHAPES.fullmatch, names)) or _ATTRIBUTE.sub("", rest).strip(" /"):
            return False
    return mathml.count("<") == len(tags)


def _math(state: StateInline, silent: bool) -> bool:
    """``$…$``, ``$$…$$``, ``\\(…\\)``, ``\\[…\\]``, as the web pages read them."""
    src, pos = state.src, state.pos
    pair = next((p for p in _PAIRS if src.startswith(p[0], pos)), None) if src[pos] in "$\\" else None
    if pair is None:
        return False
    start = pos + len(pair[0])
    end = _close(src, start, pair[1])
    if end == -1 or end >= state.posMax:
        return False
    tex = src[start:end]
    if not tex.strip():
        return False
    after = src[end + 1 : end + 2]
    if pair[0] == "$" and (tex != tex.strip() or re.search(r"\n\s*\n", tex) or after.isdigit()):
        return False  # “$5 和 $6” is money
    if not silent:
        token = state.push("math", "math", 0)
        token.content, token.meta = tex.strip(), {"display": pair[2]}
    state.pos = end + len(pair[1])
    return True


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A display formula on lines of its own, which may look like lists or headings."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    pair = next((p for p in _PAIRS if p[2] and first.startswith(p[0])), None)
    if pair is None or state.is_code_block(start):
        return False
    line, text = start, first[len(pair[0]) :]
    while (close := _close(text, 0, pair[1])) == -1:
        line += 1
        if line >= end or state.sCount[line] < state.blkIndent:
            return False
        text += "\n" + state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    if text[close + len(pair[1]) :].strip() or not text[:close].strip():
        return False
    if not silent:
        state.line = line + 1
        token = state.push("math", "math", 0)
        token.block, token.content, token.meta = True, text[:close].strip(), {"display": True}
        token.map = [start, state.line]
    return True


def _close(src: str, start: int, mark: str) -> int:
    at = src.find(mark, start)
    while at > 0 and not mark.startswith("\\") and src[at - 1] == "\\":
        at = src.find(mark, at + 1)
    return at


def _emphasis(state: StateInline, silent: bool) -> bool:
    """``**…）**字``: CommonMark's rule needs blanks around punctuation that Chinese doesn't write."""
    if silent or state.src[state.pos] != "*":
        return False
    scanned = state.scanDelims(state.pos, True)
    before = state.src[state.pos - 1] if state.pos else " "
    after = (state.src + " ")[state.pos + scanned.length] if state.pos + scanned.length < state.posMax else " "
    opens = not after.isspace() and (not _mark(after) or not _word(before))
    closes = not before.isspace() and (not _mark(before) or not _word(after))
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = "*"
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord("*"), scanned.length, at, -1, opens, closes))
    state.pos += scanned.length
    return True


def _wide(c: str) -> bool:
    return unicodedata.east_asian_width(c) in "WFA"


def _mark(c: str) -> bool:
    """Punctuation that isn't Chinese."""
    return unicodedata.category(c)[0] in "PS" and not _wide(c)


def _word(c: str) -> bool:
    """A letter of a script that writes blanks between words."""
    return not (c.isspace() or _mark(c) or _wide(c))


def _sections(state: StateCore) -> None:
    """Headings get their ids, and each part (考点, 讲解, 易错, 例题) a section of its own."""
    out: list[Token] = []
    is_open = False
    for i, token in enumerate(state.tokens):
        if token.type == "heading_open" and token.level == 0:
            if is_open:
                out.append(Token("section_close", "section", -1, block=True))
            inline = state.tokens[i + 1]
            if anchor := re.search(r"\s*\{#([\w.-]+)\}\s*$", inline.content):
                token.attrSet("id", anchor[1])
                inline.content = inline.content[: anchor.start()]
            is_open = token.tag == "h3"
            if is_open:
                part = _PARTS.get(inline.content.strip(), "part")
                out.append(Token("section_open", "section", 1, attrs={"class": part}, block=True))
        out.append(token)
    if is_open:
        out.append(Token("section_close", "section", -1, block=True))
    state.tokens = out


class _Renderer(RendererHTML):
    """The few elements that differ from plain HTML."""

    def math(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
        html = formula(tokens[i].content, bool(tokens[i].meta.get("display")))
        if tokens[i].block:
            return f'<p class="formula">{html}</p>\n'
        return f'<span class="long">{html}</span>' if len(tokens[i].content) > 24 else html  # it scrolls on a phone

    def fence(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
        language = (tokens[i].info.split() or [""])[0]
        name = f' class="{escape(language)}"' if language else ""
        return f"<pre{name}><code>{escape(tokens[i].content, quote=False)}</code></pre>\n"

    def image(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
        return f"［图：{escape(tokens[i].content or '没有说明')}］"

    def link_open(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
        tokens[i].attrSet("href", env["link"](str(tokens[i].attrGet("href") or "")))
        return self.renderToken(tokens, i, options, env)

    def table_open(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="scroll"><table>\n'

    def table_close(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"


def _make() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    md.inline.ruler.before("escape", "math", _math)
    md.inline.ruler.before("emphasis", "emphasis_cjk", _emphasis)
    stops = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "math_block", _math_block, {"alt": stops})
    md.core.ruler.after("block", "sections", _sections)
    return md


_md = _make()
