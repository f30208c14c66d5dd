"""Text as it comes in: cleaned of what cannot be seen, then titled, shortened and told by language.

Nothing here raises, whatever the string; lengths are code points; cleaning twice changes nothing.
"""

from __future__ import annotations

import re
import unicodedata

MARKS_IN_A_ROW = 4


def word_set(words: str) -> frozenset[str]:
    """The words of a string, to write a list of words as people read one."""
    return frozenset(words.split())


_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, lone surrogates, bidi overrides and isolates, invisible spaces and fillers,
# interlinear marks and noncharacters: they deceive readers, break search or are refused elsewhere.
_TRAPS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e001f]"
)
# A joiner means something between emoji and in joining scripts, not in Latin or Cyrillic.
_JOINABLE = "[\u0600-\u1fff\u20d0-\u2fff\u3040-\ud7ff\ufe00-\ufe0f\ufe70-\U000dffff]"
_STRAY_JOINERS = re.compile(f"(?<!{_JOINABLE})[\u200c\u200d]+|[\u200c\u200d]+(?!{_JOINABLE})")
# Tag characters spell the flags of England, Scotland and Wales, and hide messages anywhere else.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f")
_TAGS = re.compile("[\U000e0020-\U000e007f]+")
# Text of only these characters holds no trap, joiner, mark or tag, nor line ends but LF: nearly all
# text, so one scan is enough.
_PLAIN = re.compile(
    "[\n\t -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u048a-\u052f"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u23ff]*"
)
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Text of several lines: NFC, LF line ends, no invisible traps, at most four marks a letter."""
    bare = text if _PLAIN.fullmatch(text) else strip_traps(_LINE_ENDS.sub("\n", text))
    if bare.isascii():
        return bare
    # Marks are capped before normalising too, because sorting a long run of them is quadratic.
    return strip_traps(unicodedata.normalize("NFC", bare))


def clean_line(text: str) -> str:
    """Text of one line: as `clean_text`, and every run of white space is one space."""
    return _SPACES.sub(" ", clean_text(text)).strip()


def strip_traps(text: str) -> str:
    """Only the invisible and the stacked removed, nothing recomposed: safe on finished HTML."""
    if _PLAIN.fullmatch(text):
        return text
    kept = _TRAPS.sub("", text)
    if _PLAIN.fullmatch(kept):
        return kept
    return _cap_marks(_strip_tags(_STRAY_JOINERS.sub("", kept)))


def _strip_tags(text: str) -> str:
    if not _TAGS.search(text):
        return text
    flags = _FLAG.findall(text)
    parts = [_TAGS.sub("", part) for part in _FLAG.split(text)]
    return "".join(part + flag for part, flag in zip(parts, [*flags, ""], strict=True))


def _cap_marks(text: str) -> str:
    out, run = [], 0
    for char in text:
        run = run + 1 if char > "\u02ff" and unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= MARKS_IN_A_ROW:
            out.append(char)
    return "".join(out)


_ABBREVIATIONS = word_set(
    "т е д п к н э г гг в вв ул им см ср стр рис табл напр др пр тел доб обл руб коп тыс млн млрд "
    "мин макс кол отв зам нач гл ред изд т.е т.д т.п т.к т.н т.ч и.о к.т.н "
    "e g i e.g i.e etc vs cf mr mrs ms dr prof st no nos approx dept fig inc ltd co jr sr vol pp "
    "a.m p.m u.s"
)
_SENTENCE_END = re.compile(r"[.!?…]+[»”\"')\]]*(?=\s|$)")
_BLOCK_MARK = re.compile(
    r"^\s{0,12}(?:(?:>\s?)|(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s)?|#{1,6}\s+)+"
)
_NOT_PROSE = re.compile(
    r"^\s*(?:(?:[-*_=]\s*){3,}|`{3,}.*|~{3,}.*|\|?[\s:|-]+\|[\s:|-]*|\[[^\]]*\]:.*)$"
)
_MENTION = re.compile(r"@\[([^\[\]\n]{1,200})\]\((?:person|department):\d{1,18}\)")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s\"[^\"]{0,200}\")?\)")
_EMPHASIS = re.compile(r"(\*\*|__|~~|\*|`)(?=\S)(.{1,500}?)(?<=\S)\1")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_OPENING = 4_000


def derive_title(text: str, limit: int) -> str:
    """A title from the first sentence of Markdown, cut at a word; empty when there are no words."""
    paragraph = _first_paragraph(clean_text(text[:_OPENING]))
    sentence = paragraph
    for end in _SENTENCE_END.finditer(paragraph):
        if not _goes_on(paragraph, end):
            sentence = paragraph[: end.end()]
            break
    if not sentence.endswith(("...", "…")):
        sentence = sentence.rstrip(".")
    return excerpt(sentence.rstrip(" ,;:—–-"), limit)


def _first_paragraph(source: str) -> str:
    lines: list[str] = []
    for line in source.split("\n"):
        bare = "" if _NOT_PROSE.match(line) else _without_markup(line)
        if not any(char.isalnum() for char in bare):
            if lines:
                break
            continue
        lines.append(bare)
        if line.lstrip().startswith("#"):
            break
    return clean_line(" ".join(lines))


def _without_markup(line: str) -> str:
    bare = _LINK.sub(r"\1", _MENTION.sub(r"@\1", _BLOCK_MARK.sub("", line)))
    for _nested in range(3):
        bare = _EMPHASIS.sub(r"\2", bare)
    return _ESCAPE.sub(r"\1", bare).strip(" |")


def _goes_on(paragraph: str, end: re.Match[str]) -> bool:
    """A dot after an abbreviation or an initial, or before a small letter, ends nothing."""
    if end.group()[0] != "." or end.end() == len(paragraph):
        return False
    after = paragraph[end.end() :].lstrip()[:1]
    if after.islower():
        return True
    before = paragraph[: end.start()].rpartition(" ")[2].strip("«“\"'([").casefold()
    initial = len(before) == 1 and before.isalpha()
    return before in _ABBREVIATIONS or initial or (before.isdigit() and end.start() <= 3)


def excerpt(plain: str, limit: int) -> str:
    """The beginning of a plain text on one line, at most `limit` characters, cut at a word."""
    line = clean_line(plain[: limit * 4 + 200])
    if len(line) <= limit:
        return line
    if limit < 1:
        return ""
    room = line[:limit]
    head, space, _tail = room.rpartition(" ")
    # A single endless word is cut where it stands rather than leaving next to nothing.
    kept = head if space and len(head) >= limit // 2 else room[:-1]
    return kept.rstrip(" ,;:.—–-") + "…"


_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-zà-öø-ÿ]")
_LATIN_WORD = re.compile("[a-zà-öø-ÿ]+")
_ENGLISH = word_set(
    "the of and to in is that for it with as on are this by from at or be was not have but which "
    "we you they can should would will there their when what all if my our your has been i"
)
_SPANISH = word_set(
    "de la que el en y los se del las un por con una su para es al lo como más pero sus le ya o "
    "este sí porque esta entre cuando muy sin sobre también hay donde ser son desde todo nos"
)
_SPANISH_MARKS = frozenset("ñáíóúü¿¡")
_SAMPLE = 4_000


def detect_lang(text: str, default: str = "en") -> str:
    """`ru` where Cyrillic prevails, `es` where Spanish words do, else `en`; default: no letters."""
    sample = text[:_SAMPLE].lower()
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    if cyrillic + latin == 0:
        return default
    # Cyrillic weighs more: Russian texts are full of Latin product names, not the other way.
    if cyrillic * 3 > latin:
        return "ru"
    words = _LATIN_WORD.findall(sample)
    spanish = sum(word in _SPANISH for word in words)
    spanish += sum(not _SPANISH_MARKS.isdisjoint(word) for word in words)
    return "es" if spanish > sum(word in _ENGLISH for word in words) else "en"
