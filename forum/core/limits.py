"""Every limit on what people may send, in one table: code, forms and docs/limits.md all read it.

Characters are Unicode code points, counted after `forum.core.textcheck` has cleaned the text.
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Literal

Unit = Literal["characters", "bytes", "items"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound: its name, its value in its unit, and one sentence saying why it is there."""

    name: str
    value: int
    unit: Unit
    why: str

    def __int__(self) -> int:
        return self.value

    def allows(self, thing: Sized | int) -> bool:
        """Whether a size, or something that has one, keeps within the limit."""
        size = thing if isinstance(thing, int) else len(thing)
        return size <= self.value


TITLE = Limit("title", 200, "characters", "A title has to be read at a glance in a list.")
TEXT = Limit("text", 20_000, "characters", "Ten pages say any problem; more belongs in a file.")
STANDARD_TEXT = Limit("text of a standard", 200_000, "characters", "Fifty pages, 200 clauses.")
COMMENT = Limit("comment", 10_000, "characters", "A longer reply is an idea of its own.")
REASON = Limit("reason", 2_000, "characters", "A reason that takes a page is not yet clear.")
NOTE = Limit("note", 500, "characters", "A line about a change, an absence or a wish is enough.")
STAGE_NAME = Limit("stage name", 40, "characters", "It heads a column and stands in every row.")
STAGES = Limit("added stages", 30, "items", "A way with more steps is one nobody can follow.")
CAMPAIGN_FIELDS = Limit("fields of a campaign", 8, "items", "A form, not a survey.")
CHOICES = Limit("choices of a field", 20, "items", "More are found by searching, not by reading.")
LABEL = Limit("label of a field", 80, "characters", "It stands in one line above its field.")
TAGS = Limit("tags", 10, "items", "More tags no longer tell one idea from another.")
TAG = Limit("tag", 40, "characters", "A tag is a word or two and fits a chip on a phone.")
AFFECTED = Limit("affected departments", 50, "items", "Asking everyone is asking nobody.")
CO_AUTHORS = Limit("co-authors", 10, "items", "Beyond ten nobody feels that it is their text.")
SUMMARY = Limit("summary", 400, "characters", "Two sentences, so that somebody writes them.")
THANKED = Limit("thanked at once", 10, "items", "Thanks to everybody are to nobody.")
SUGGESTIONS = Limit("open suggestions", 30, "items", "An author can still read all of them.")
QUERY = Limit("query", 1_000, "characters", "Room for a pasted paragraph, cheap to parse.")
GLOSSARY = Limit("glossary entries", 5_000, "items", "Every worker keeps all of them in memory.")
SAME = Limit("words that mean the same", 12, "items", "Each of them is looked for in every search.")
PHRASE = Limit("word or phrase of the glossary", 80, "characters", "A name, not a definition.")
SEARCH_NAME = Limit("name of a saved search", 120, "characters", "It heads a list and a mail.")
SAVED = Limit("saved searches", 100, "items", "More than anybody reads; each is asked all day.")
RECENT = Limit("recent searches", 20, "items", "What one looked for lately, not a diary.")
PERSON_NAME = Limit("person name", 120, "characters", "The longest full names known fit in it.")
LOGIN = Limit("login", 64, "characters", "Staff numbers and log-ins are short everywhere.")
EMAIL = Limit("e-mail", 254, "characters", "Mail servers accept no longer address.")
PASSWORD = Limit("password", 256, "characters", "Long phrases are welcome, costly hashing is not.")
DEPARTMENT_NAME = Limit("department name", 120, "characters", "It has to fit a tree and a poster.")
DEPARTMENT_CODE = Limit("department code", 8, "characters", "The code stands in a narrow chip.")
SERVICE_NAME = Limit("service name", 120, "characters", "It has to fit a cell's page heading.")
SIDE_NAME = Limit("name of a team or role", 80, "characters", "It heads a row of the map.")
DELIVERED = Limit("what is delivered", 500, "characters", "What one gets, not how it is made.")
CHANNEL = Limit("channel of a service", 80, "characters", "Where to turn to, in a few words.")
CRITICALITY = Limit("criticality of a service", 40, "characters", "A word or two.")
SITE_NAME = Limit("site name", 60, "characters", "It stands in the top bar beside the search.")
FILE_NAME = Limit("file name", 150, "characters", "File systems stop at 255 bytes, two a letter.")
SLUG = Limit("slug", 80, "characters", "An address should survive being read out.")
MARKUP = Limit("imported HTML", 100_000, "characters", "Above it only the words are kept.")
WORD = Limit("word", 64, "characters", "No real word is longer; the rest is not searched.")
BODY = Limit("body", 1_000_000, "bytes", "Any form fits; a flood is refused before it is read.")
IMPORT = Limit("import", 5_000_000, "bytes", "Fifty thousand people; more come by the command.")
UPLOAD = Limit("upload", 10_000_000, "bytes", "A phone's photo fits, a film does not.")
FILES = Limit("documents in a text", 20, "items", "More are an archive, not an idea.")
FILES_A_DAY = Limit("files a day", 200, "items", "Nobody fills the disk of all.")

LIMITS: tuple[Limit, ...] = (
    TITLE,
    TEXT,
    STANDARD_TEXT,
    COMMENT,
    REASON,
    NOTE,
    STAGE_NAME,
    STAGES,
    CAMPAIGN_FIELDS,
    CHOICES,
    LABEL,
    TAGS,
    TAG,
    AFFECTED,
    CO_AUTHORS,
    SUMMARY,
    THANKED,
    SUGGESTIONS,
    QUERY,
    GLOSSARY,
    SAME,
    PHRASE,
    SEARCH_NAME,
    SAVED,
    RECENT,
    PERSON_NAME,
    LOGIN,
    EMAIL,
    PASSWORD,
    DEPARTMENT_NAME,
    DEPARTMENT_CODE,
    SERVICE_NAME,
    SIDE_NAME,
    DELIVERED,
    CHANNEL,
    CRITICALITY,
    SITE_NAME,
    FILE_NAME,
    SLUG,
    MARKUP,
    WORD,
    BODY,
    IMPORT,
    UPLOAD,
    FILES,
    FILES_A_DAY,
)


def as_markdown() -> str:
    """The table as the Markdown page docs/limits.md, which a test holds to it."""
    rows = [f"| {each.name} | {each.value:,} | {each.unit} | {each.why} |" for each in LIMITS]
    return "\n".join([_HEAD, *rows, ""])


_HEAD = """\
# Limits

Made from `forum/core/limits.py`; after a change there run
`python -m forum.core.limits > docs/limits.md`. Characters are Unicode code points.

| limit | value | unit | why |
|---|---:|---|---|"""

if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 -- this is what the command is for
