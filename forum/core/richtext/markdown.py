"""Markdown into HTML: CommonMark, tables, strikethrough, bare links and mentions; no raw HTML."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

from markdown_it import MarkdownIt, rules_core, rules_inline
from markdown_it.common.normalize_url import normalizeLink, normalizeLinkText
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from forum.core.richtext.mentions import MENTION, Mentions, mention_link
from forum.core.richtext.sanitizer import TooComplex, safe_address

MAX_NESTING = 40
MAX_TOKENS = 12_000
MAX_HTML = 150_000
# Time grows with the square of these, so they are counted first: brackets in all, brackets
# never closed, and where links are looked for: the lengths of unbroken runs, and schemes.
_MAX_BRACKETS = 3_000
_MAX_UNCLOSED = 100
_MAX_RUNS = 4_000_000
_MAX_SCHEMES = 500
_MAX_BLOCK_STEPS = 40_000
_MAX_INLINE_STEPS = 150_000
_TERMINATING = ["paragraph", "reference", "blockquote", "list"]
_MAX_CELLS = 12_000
_BRACKET = re.compile(r"[\[\]]")
_TABLE_RULE = re.compile(r"^[ \t>|:-]+$", re.MULTILINE)
_ALIGN = {"text-align:right": "align-right", "text-align:center": "align-center"}
_local = threading.local()

# What reads addresses keeps tables that whoever comes first fills, and whoever comes meanwhile
# would read half filled. Nobody comes while a module is loaded.
normalizeLink("/")
normalizeLinkText("/")


def markdown_html(source: str) -> tuple[str, Mentions]:
    """HTML that still has to be sanitised, and the mentions in it; raises TooComplex."""
    return _rendered(_parser("markdown"), source)


def text_html(source: str) -> tuple[str, Mentions]:
    """Plain text as paragraphs with its links made to work; raises TooComplex."""
    return _rendered(_parser("text"), source)


def markdown_mentions(source: str) -> Mentions:
    """The mentions that would become links, so none from code; raises TooComplex."""
    env: EnvType = {}
    _check_cost(source)
    _parser("markdown").parse(source, env)
    return _called(env)


def _rendered(parser: MarkdownIt, source: str) -> tuple[str, Mentions]:
    _check_cost(source)
    env: EnvType = {"find_links": _may_find_links(source)}
    html = parser.render(source, env)
    if len(html) > MAX_HTML:
        raise TooComplex("html")
    return html, _called(env)


def _called(env: EnvType) -> Mentions:
    called: set[tuple[str, int]] = env.get("mentions", set())
    return Mentions(
        frozenset(number for kind, number in called if kind == "person"),
        frozenset(number for kind, number in called if kind == "department"),
    )


def _check_cost(source: str) -> None:
    brackets = _BRACKET.findall(source)
    if len(brackets) > _MAX_BRACKETS or _unclosed(brackets) > _MAX_UNCLOSED:
        raise TooComplex("brackets")
    # Short rows are filled up to the width of their table, so few characters make many cells.
    widest = max((rule.count("|") for rule in _TABLE_RULE.findall(source)), default=0)
    if widest * source.count("\n") > _MAX_CELLS:
        raise TooComplex("table")


def _may_find_links(source: str) -> bool:
    runs = sum(len(run) ** 2 for run in source.split())
    return runs < _MAX_RUNS and source.count("://") < _MAX_SCHEMES


def _unclosed(brackets: list[str]) -> int:
    standing = 0
    for bracket in brackets:
        standing = standing + 1 if bracket == "[" else max(0, standing - 1)
    return standing


def _parser(kind: str) -> MarkdownIt:
    """One parser a thread: the link finder inside keeps the text it is looking at."""
    if not hasattr(_local, "parsers"):
        _local.parsers = {"markdown": _markdown_parser(), "text": _text_parser()}
    parser: MarkdownIt = _local.parsers[kind]
    return parser


def _markdown_parser() -> MarkdownIt:
    # The parser's own bound drops what lies deeper; ours is lower and gives up before that.
    options = {"html": False, "linkify": True, "breaks": True, "maxNesting": MAX_NESTING + 20}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "linkify"])
    parser.block.ruler.before("table", "budget", _spend_block, {"alt": _TERMINATING})
    parser.inline.ruler.before("text", "budget", _spend_inline)
    parser.inline.ruler.before("link", "mention", _mention)
    parser.core.ruler.after("block", "bounds", _check_blocks)
    parser.core.ruler.after("inline", "links", _check_inline)
    parser.core.ruler.push("alignment", _class_alignment)
    return _with_safe_links(parser)


def _text_parser() -> MarkdownIt:
    options = {"html": False, "linkify": True, "breaks": True}
    parser = MarkdownIt("zero", options).enable(["linkify", "newline"])
    return _with_safe_links(parser)


def _with_safe_links(parser: MarkdownIt) -> MarkdownIt:
    # An address that is not let through leaves its Markdown standing as text: nothing is hidden.
    parser.core.ruler.at("linkify", _find_links)
    if "linkify" in parser.get_active_rules()["inline"]:
        parser.inline.ruler.at("linkify", _find_link)
    parser.validateLink = safe_address  # type: ignore[method-assign, assignment]
    parser.add_render_rule("mention", _render_mention)
    return parser


def _spend_block(state: StateBlock, _first: int, _last: int, _silent: bool) -> bool:
    """A rule that matches nothing but is asked first everywhere, and so sees endless searching."""
    return _spend(state.env, "block", _MAX_BLOCK_STEPS)


def _spend_inline(state: StateInline, _silent: bool) -> bool:
    return _spend(state.env, "inline", _MAX_INLINE_STEPS)


def _spend(env: EnvType, kind: str, most: int) -> bool:
    env[kind] = env.get(kind, 0) + 1
    if env[kind] > most:
        raise TooComplex(kind)
    return False


def _check_blocks(state: StateCore) -> None:
    if len(state.tokens) > MAX_TOKENS or any(token.level > MAX_NESTING for token in state.tokens):
        raise TooComplex("blocks")


def _check_inline(state: StateCore) -> None:
    total = 0
    for token in state.tokens:
        total += len(token.children or ())
        if any(child.level > MAX_NESTING for child in token.children or ()):
            raise TooComplex("nesting")
    if total > 2 * MAX_TOKENS:
        raise TooComplex("inline")


def _find_links(state: StateCore) -> None:
    if state.env.get("find_links"):
        rules_core.linkify(state)


def _find_link(state: StateInline, silent: bool) -> bool:
    return bool(state.env.get("find_links")) and rules_inline.linkify(state, silent)


def _class_alignment(state: StateCore) -> None:
    """Alignment by class, because the content policy lets no style attribute through."""
    for token in state.tokens:
        style = token.attrs.pop("style", None)
        if isinstance(style, str) and style in _ALIGN:
            token.attrSet("class", _ALIGN[style])


def _mention(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "@" or state.linkLevel:
        return False
    found = MENTION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        name, kind, number = found.groups()
        token = state.push("mention", "a", 0)
        token.content, token.meta = name, {"kind": kind, "id": int(number)}
        state.env.setdefault("mentions", set()).add((kind, int(number)))
    state.pos = found.end()
    return True


def _render_mention(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    return mention_link(token.meta["kind"], token.meta["id"], token.content)
