"""What the index knows of a thing."""

from __future__ import annotations

from typing import NamedTuple

KINDS = ("idea", "comment", "standard", "person", "department", "service")
OLDER = "version"
"""A text of a standard that is not in force any more; shown as a standard, and only when asked."""
INDEXED = (*KINDS, OLDER)
Ref = tuple[str, int]
"""A thing by kind and id."""


class Document(NamedTuple):
    """One thing as the index keeps it; a tuple, since very many are made and sent to others.

    `departments` are those it is about; `scope` are the tokens of those who may see it: `d` with a
    department's id, `p` with a person's. `author` wrote it, `home` is the department it comes from;
    0 is none. `standards` are the numbers of what an idea became, or of what a document is or
    hangs on; `waiting` the departments that still have to answer; `writers` wrote it with
    the author. `files` are the words of the documents that come with its text; `campaign` is the
    one it was posted in; `clauses` are those of a standard by number and heading, as compared;
    `version` is its number.
    """

    kind: str
    id: int
    title: str
    body: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    stage: str = ""
    departments: tuple[int, ...] = ()
    scope: tuple[str, ...] = ()
    at: int = 0
    author: int = 0
    home: int = 0
    standards: tuple[str, ...] = ()
    waiting: tuple[int, ...] = ()
    files: str = ""
    writers: tuple[int, ...] = ()
    campaign: int = 0
    clauses: tuple[str, ...] = ()
    version: int = 0

    @property
    def docid(self) -> str:
        """Its key in the index."""
        return f"{self.kind}:{self.id}"
