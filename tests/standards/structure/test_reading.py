"""Steps and promises are read out of a text as it was typed, and nothing makes that costly."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.richtext import render, sanitize
from forum.departments.queries import DepartmentCard
from forum.standards import outline
from forum.standards.document import lay_out
from forum.standards.structure.cells import LONGEST, MOST_ROWS, cells_of
from forum.standards.structure.places import Places
from forum.standards.structure.reading import (
    MOST_STEPS,
    Promise,
    Step,
    promise_clauses,
    promises_of,
    step_clauses,
    steps_of,
)

FINANCE = DepartmentCard(1, "Finance", "finance", "FIN", 1)
BUYING = DepartmentCard(2, "Отдел закупок", "buying", "ЗАК", 2)
IT = DepartmentCard(3, "Systems", "it", "IT", 3)
PLACES = Places.of([FINANCE, BUYING, IT])


def steps(source: str) -> list[Step]:
    document = lay_out(render(source))
    return [step for clause in step_clauses(document) for step in steps_of(clause, PLACES)]


def promises(source: str) -> list[Promise]:
    document = lay_out(render(source))
    return [each for c in promise_clauses(document) for each in promises_of(c, PLACES)]


def test_a_table_of_steps_is_read_by_the_names_of_its_columns() -> None:
    [step, other] = steps(
        "## 4. Steps\n\n| Time | Step | Responsible department | Output | Input |\n"
        "|---|---|---|---|---|\n| a day | Check | **finance** | a mail | the form |\n"
        "| | Ask | Courier |"
    )

    assert step == Step("Check", "finance", "the form", "a mail", "a day", FINANCE)
    assert other == Step("Ask", "Courier")


def test_the_same_in_russian_with_a_code() -> None:
    [step] = steps(
        "## Шаги\n\n| Шаг | Ответственный отдел | Вход | Выход | Срок |\n|---|---|---|---|---|\n"
        "| Заказать | зак | заявка | счёт | 2 дня |"
    )

    assert step == Step("Заказать", "зак", "заявка", "счёт", "2 дня", BUYING)


def test_a_numbered_list_is_steps_of_the_departments_that_its_items_begin_with() -> None:
    found = steps(
        "## Steps\n\n1. IT checks the form.\n2. It rains.\n3. **Отдел закупок** заказывает.\n"
        "4. Send it (FIN).\n"
    )

    assert [step.department for step in found] == [IT, None, BUYING, FINANCE]
    assert found[1].what == "It rains."


def test_promises_name_who_what_when_to_whom_and_what_the_customer_owes() -> None:
    [promise] = promises(
        "## Promises\n\n| Who | Promises | By when | To whom | What the customer owes |\n"
        "|---|---|---|---|---|\n| Finance and IT | A reply | a day | Отдел закупок | A form |"
    )

    assert promise.departments == (FINANCE, IT)
    assert promise.customers == (BUYING,)
    assert (promise.what, promise.when, promise.owes) == ("A reply", "a day", "A form")


def test_promises_may_be_a_list_or_clauses_below_the_heading() -> None:
    found = promises(
        "# Обещания\n\n- Finance pays on Fridays.\n\n## Закупки\n\n- Отдел закупок отвечает.\n\n"
        "# Exceptions\n\n- IT does nothing.\n"
    )

    assert [promise.departments for promise in found] == [(FINANCE,), (BUYING,)]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_new_outline_has_both_tables_and_says_nothing_yet(app: Flask, lang: str) -> None:
    with app.test_request_context():
        blank = outline.blank(lang)
    document = lay_out(render(blank))

    [head, other] = [
        cells_of(str(clause.html)).tables[0].head
        for clause in [*step_clauses(document), *promise_clauses(document)]
    ]
    assert (len(head), len(other)) == (5, 4)
    assert steps(blank) == []
    assert promises(blank) == []


def test_a_filled_outline_is_understood_in_both_languages(app: Flask) -> None:
    for lang in ("en", "ru"):
        with app.test_request_context():
            blank = outline.blank(lang)
        filled = blank.replace("| … |", "| Finance |", 1).replace("…", "words")

        [step], [promise] = steps(filled), promises(filled)

        assert all((step.what, step.who, step.takes, step.gives, step.time))
        assert all((promise.who, promise.what, promise.when, promise.owes))


def test_what_is_not_recognised_stays_text() -> None:
    assert steps("## Steps\n\n| Colour | Shape |\n|---|---|\n| red | round |") == []
    assert steps("## Steps\n\nFinance pays.") == []
    assert steps("## Purpose\n\n1. Finance pays.") == []


def test_a_text_of_too_many_rows_is_read_to_a_limit_and_fast() -> None:
    rows = "<tr><td>Finance</td><td>pays</td></tr>" * 2_000
    html = f"<h4>Steps</h4><table><tr><th>Who</th><th>Step</th></tr>{rows}</table>"

    began = time.process_time()
    [clause] = step_clauses(lay_out(html))
    found = steps_of(clause, PLACES)

    assert len(found) == MOST_STEPS
    assert time.process_time() - began < 1, "some ten milliseconds, by a wide margin"


MARKS = (
    "<table> </table> <tr> </tr> <td> </td> <th> </th> <ol> </ol> <ul> </ul> <li> </li> <p> <br>"
)
WORDS = ["Finance", "IT", "&lt;", "Who", "Шаг", ", ", "<h5>x</h5>", "\u202e", "<td colspan=9>"]
PIECES = st.sampled_from([*MARKS.split(), *WORDS])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.booleans())
def test_no_markup_breaks_the_reading_or_its_limits(html: str, cleaned: bool) -> None:
    text = sanitize(html) if cleaned else html

    found = cells_of(text)
    rows = [row for table in found.tables for row in (table.head, *table.rows)]

    assert len(rows) <= MOST_ROWS + len(found.tables)
    assert all(len(cell) <= LONGEST for row in rows for cell in row)
    document = lay_out(f"<h4>Steps</h4>{text}<h4>Promises</h4>{text}")
    for clause in [*step_clauses(document), *promise_clauses(document)]:
        steps_of(clause, PLACES)
        promises_of(clause, PLACES)
