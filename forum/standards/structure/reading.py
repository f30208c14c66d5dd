"""Steps and promises as rows: who does what, with what, until when; who promises what to whom.

A clause is known by its heading, its columns by theirs, in either language. What is not recognised
stays text: a row keeps the words of each cell beside the departments that were found in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from forum.departments.queries import DepartmentCard
from forum.standards.document import Clause, Document
from forum.standards.structure.cells import Cells, Row, Table, cells_of, column
from forum.standards.structure.places import Places

MOST_STEPS = 200
"""Steps read of a clause."""
MOST_PROMISES = 200
STEPS = frozenset(("steps", "procedure", "шаги", "порядок"))
PROMISES = frozenset(("promises", "обещания"))
_WORD = re.compile(r"[^\W\d_]+")

Headings = Sequence[tuple[str, frozenset[str], tuple[str, ...]]]
"""For each column the words that name it, and how words that name it begin; the surest first."""
STEP_COLUMNS: Headings = (
    ("time", frozenset(("when", "until", "by", "до")), ("time", "срок", "время", "когда")),
    ("takes", frozenset(("in", "needs")), ("input", "вход")),
    ("gives", frozenset(("out",)), ("output", "result", "выход", "результат")),
    (
        "who",
        frozenset(("who", "кто")),
        ("responsib", "ответствен", "исполнител", "depart", "отдел", "подразделен"),
    ),
    ("what", frozenset(("what", "что")), ("step", "action", "шаг", "действи")),
)
PROMISE_COLUMNS: Headings = (
    ("owes", frozenset(("owes", "owe")), ("customer", "заказчик", "клиент", "должен", "обязан")),
    ("whom", frozenset(("whom", "кому")), ()),
    ("when", frozenset(("when", "until", "by", "до")), ("срок", "когда", "time", "время")),
    (
        "who",
        frozenset(("who", "кто")),
        ("provider", "depart", "отдел", "подразделен", "исполнител"),
    ),
    ("what", frozenset(("what", "что")), ("promise", "обеща")),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the work: which department does what, with what, for what, in which time.

    `who` is what the text says; `department` is the one it means, if it is known.
    """

    what: str
    who: str = ""
    takes: str = ""
    gives: str = ""
    time: str = ""
    department: DepartmentCard | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Who promises what until when, to whom, and what the customer owes for it."""

    who: str
    what: str
    when: str = ""
    whom: str = ""
    owes: str = ""
    departments: tuple[DepartmentCard, ...] = ()
    customers: tuple[DepartmentCard, ...] = ()


def first_word(title: str) -> str:
    """The word by which a heading is known: `2. Steps of a refund` is `steps`."""
    found = _WORD.search(title)
    return found.group().casefold() if found else ""


def step_clauses(document: Document) -> list[Clause]:
    """The clauses headed Steps."""
    return [clause for clause in document.clauses if first_word(clause.title) in STEPS]


def promise_clauses(document: Document) -> list[Clause]:
    """The clauses headed Promises, and those below them, as far as anything stands there."""
    found, within = [], False
    for clause in document.clauses:
        headed = first_word(clause.title) in PROMISES
        within = headed or (within and clause.depth == 2)
        if within and clause.html.strip():
            found.append(clause)
    return found


def steps_of(clause: Clause, places: Places) -> list[Step]:
    """The steps of a clause: the rows of its first table of steps, else its numbered list."""
    return [_step(row, places) for row in _step_rows(str(clause.html))[:MOST_STEPS]]


def are_in_table(clause: Clause) -> bool:
    """Whether its steps stand in a table already, rather than in a list."""
    return any(not row.said for row in _step_rows(str(clause.html)))


def has_steps(clause: Clause) -> bool:
    """Whether any are read out of it."""
    return bool(_step_rows(str(clause.html)))


def promises_of(clause: Clause, places: Places) -> list[Promise]:
    """The promises of a clause: the rows of its first table of them, else the items of a list."""
    return [_promise(row, places) for row in _promise_rows(str(clause.html))[:MOST_PROMISES]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A row by the names of its columns; `said` is an item of a list, in which all of them are."""

    cells: dict[str, str]
    said: str = ""


@lru_cache(64)
def _step_rows(html: str) -> tuple[_Read, ...]:
    found = cells_of(html)
    rows = _from_tables(found.tables, STEP_COLUMNS, ("who", "what"))
    return rows or _from_items(found.numbered)


@lru_cache(64)
def _promise_rows(html: str) -> tuple[_Read, ...]:
    found: Cells = cells_of(html)
    rows = _from_tables(found.tables, PROMISE_COLUMNS, ("what", "who"))
    return rows or _from_items([*found.numbered, *found.bulleted])


def _from_items(items: Sequence[str]) -> tuple[_Read, ...]:
    return tuple(_Read({}, item) for item in items)


def _from_tables(
    tables: Sequence[Table], headings: Headings, needed: Sequence[str]
) -> tuple[_Read, ...]:
    """The rows of the first table that has one of the columns needed; placeholders left out."""
    for table in tables:
        columns = _columns(table.head, headings)
        if any(name in columns for name in needed):
            read = [_read(row, columns) for row in table.rows]
            return tuple(each for each in read if any(map(_says, each.cells.values())))
    return ()


def _read(row: Row, columns: dict[str, int]) -> _Read:
    return _Read({name: column(row, place) for name, place in columns.items()})


def _says(cell: str) -> bool:
    """Whether a cell says anything: more than the dots that an outline leaves to be filled in."""
    return bool(cell.strip(" .…—–-"))


def _columns(head: Row, headings: Headings) -> dict[str, int]:
    """Which column is which; none twice, and each of two that claim a cell by the surer name."""
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        words = _WORD.findall(cell.casefold())
        for name, exact, stems in headings:
            if any(word in exact or (stems and word.startswith(stems)) for word in words):
                found.setdefault(name, place)
                break
    return found


def _step(read: _Read, places: Places) -> Step:
    if read.said:
        return Step(read.said, department=places.acting(read.said))
    cells = {name: read.cells.get(name, "") for name in ("what", "who", "takes", "gives", "time")}
    called = places.called(cells["who"])
    acting = called[0] if called else None
    if acting is None and not _says(cells["who"]):
        acting = places.acting(cells["what"])
    return Step(**cells, department=acting)


def _promise(read: _Read, places: Places) -> Promise:
    if read.said:
        acting = places.acting(read.said)
        return Promise("", read.said, departments=(acting,) if acting else ())
    cells = {name: read.cells.get(name, "") for name in ("who", "what", "when", "whom", "owes")}
    return Promise(
        **cells,
        departments=tuple(places.called(cells["who"])),
        customers=tuple(places.called(cells["whom"])),
    )
