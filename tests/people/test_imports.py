"""Files of people, departments and services: repeatable, in any order, every line accounted for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.admin.imports_people import plan_people
from forum.core.db import db, transaction
from forum.departments.models import Department, Membership, Representative, Service
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.support.pages import Document
from tests.support.queries import listening

SignIn = Callable[..., Browser]

PEOPLE = """\
email,login,name,department,role,kind,locale,attached,active
anna@example.org,,Анна Петрова,Finance,employee,staff,ru,,1
boris@example.org,,Boris Ivanov,it,moderator,staff,en,,1
,4711,Сергей Сталь,Finance,,,,,
carl@example.org,,Carl Advisor,,employee,consultant,en,"Finance;it",1
"""
DEPARTMENTS = """\
name;slug;code;parent;head;representatives
Accounting;accounting;ACC;finance;;
Finance;finance;FIN;;anna@example.org;"anna@example.org;4711"
Information Technology;it;IT;;boris@example.org;
"""
SERVICES = """\
provider,customer,name,criticality
it,finance,Laptops,high
Finance,IT,Invoices,
"""


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Callable[..., Result]:
    """`load("people", text)`: run the command on a file with that text."""

    def run(kind: str, text: str | bytes, *options: str) -> Result:
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        arguments = ["import", kind, str(file), *options]
        return app.test_cli_runner().invoke(args=arguments)

    return run


def _company(app: Flask) -> dict[str, Any]:
    """Everything a file can say, without ids."""
    with app.app_context():
        people = {p.id: p for p in db.session.scalars(select(Person))}
        departments = {d.id: d for d in db.session.scalars(select(Department))}
        handle = {i: p.email or p.login for i, p in people.items()}
        slug = {i: d.slug for i, d in departments.items()}
        return {
            "people": sorted(
                (handle[p.id], p.name, slug.get(p.department_id), p.role, p.kind, p.locale)
                for p in people.values()
            ),
            "departments": sorted(
                (
                    d.slug,
                    d.name,
                    d.code,
                    slug.get(d.parent_id),
                    handle.get(d.head_id),
                    d.provisional,
                )
                for d in departments.values()
            ),
            "seats": sorted(
                (slug[r.department_id], handle[r.person_id])
                for r in db.session.scalars(select(Representative))
            ),
            "services": sorted(
                (slug[s.provider_id], slug[s.customer_id], s.name, s.criticality)
                for s in db.session.scalars(select(Service))
            ),
        }


FILES = {"people": PEOPLE, "departments": DEPARTMENTS, "services": SERVICES}


def test_files_may_come_in_any_order(
    app: Flask, prepared: Prepared, load: Callable[..., Result]
) -> None:
    seen = []
    for order in permutations(FILES):
        results = [load(kind, FILES[kind]) for kind in order]
        again = [load(kind, FILES[kind]) for kind in order]

        assert [r.exit_code for r in (*results, *again)] == [0] * 6, [r.output for r in results]
        for result in again:
            assert "created 0" in result.stdout
            assert "updated 0" in result.stdout
            assert "refused 0" in result.stdout
        seen.append(_company(app))
        prepared.reset()

    assert all(company == seen[0] for company in seen)
    assert seen[0]["people"][0] == ("4711", "Сергей Сталь", "finance", "employee", "staff", None)
    assert ("accounting", "Accounting", "ACC", "finance", None, False) in seen[0]["departments"]
    assert seen[0]["seats"] == [("finance", "4711"), ("finance", "anna@example.org")]


def test_a_dry_run_counts_and_changes_nothing(app: Flask, load: Callable[..., Result]) -> None:
    result = load("people", PEOPLE, "--dry-run")

    assert result.stdout.strip() == "created 4, unchanged 0, updated 0, refused 0"
    assert _company(app)["people"] == []


def test_refused_lines_are_named_and_the_rest_is_loaded(
    app: Flask, load: Callable[..., Result]
) -> None:
    text = (
        "email,name,role,active\n"
        "anna@example.org,Anna,employee,1\n"
        "not an address,Bad,employee,1\n"
        ",Nobody,employee,1\n"
        "carl@example.org,Carl,king,1\n"
        'dora@example.org,"Dora\nof two lines",employee,perhaps\n'
        "anna@example.org,Anna Again,employee,1\n"
        "eve@example.org,Eve,employee,1,too,many\n"
        'zoe@example.org,"Zoe" broken,employee,1\n'
        "fay@example.org,Fay,,\n"
    )

    result = load("people", text)

    assert result.exit_code == 1
    assert result.stdout.strip().endswith("created 2, unchanged 0, updated 0, refused 7")
    lines = [
        line.rpartition("people.csv:")[2].partition(":")[0]
        for line in result.stderr.splitlines()
        if "people.csv:" in line
    ]
    assert lines == ["3", "4", "5", "6", "8", "9", "10"]
    assert [p[0] for p in _company(app)["people"]] == ["anna@example.org", "fay@example.org"]


@pytest.mark.parametrize("raw", [
    b"\xef\xbb\xbfemail;name\r\nanna@example.org;Anna\r\n",
    b"email,name\nanna@example.org,Anna",
    b'"email";"name"\n"anna@example.org";"Anna"\n\n;\n',
    b"NAME , Email\nAnna, ANNA@example.org \n",
    b"sep=;\r\nemail;name\r\nanna@example.org;Anna\r\n",
    b"email\tname\nanna@example.org\tAnna\n",
    "email\tname\r\nanna@example.org\tAnna\r\n".encode("utf-16"),
    b"\xfe\xff" + "email;name\nanna@example.org;Anna\n".encode("utf-16-be"),
])  # fmt: skip
def test_the_ways_offices_write_csv_are_understood(
    app: Flask, load: Callable[..., Result], raw: bytes
) -> None:
    result = load("people", raw)

    assert result.exit_code == 0, result.output
    assert _company(app)["people"][0][:2] == ("anna@example.org", "Anna")


@pytest.mark.parametrize("raw", [
    b"", b"\n\n", b"\xff\xfe\x00", b"name\nAnna\n", b"email,email\na@b.example,c@d.example\n",
    b'email,name\nanna@example.org,"open', "имя;почта\nАнна;a@b.example\n".encode("cp1251"),
])  # fmt: skip
def test_files_that_are_none_are_refused_without_a_trace(
    app: Flask, load: Callable[..., Result], raw: bytes
) -> None:
    result = load("people", raw)

    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "created 0, unchanged 0, updated 0" in result.stdout
    assert _company(app)["people"] == []


def test_lines_are_counted_as_an_editor_counts_them(
    app: Flask, load: Callable[..., Result]
) -> None:
    text = (
        'sep=,\r\nemail,name\r\n"anna@example.org","Anna\r\nof two lines"\r\n'
        "\r\nnonsense,Bad\r\nboris@example.org,Boris\r\n"
    )

    result = load("people", text)

    assert "people.csv:6: " in result.stderr
    assert "created 2, unchanged 0, updated 0, refused 1" in result.stdout


def test_a_batch_of_people_asks_the_same_questions_however_many(
    app: Flask, prepared: Prepared
) -> None:
    def cost(people: int) -> int:
        prepared.reset()
        rows = "".join(f"p{i}@example.org,Person {i},Hall {i % 5}\n" for i in range(people))
        with app.app_context():
            plan = plan_people(b"email,name,department\n" + rows.encode())
            with listening(app) as seen, transaction():
                plan.prepare(None, plan.outcomes)
        assert len(_company(app)["people"]) == people
        return len([statement for statement in seen if not statement.startswith("INSERT")])

    assert cost(150) == cost(50)


def test_leaving_by_file_ends_sessions_at_once_and_missing_people_are_only_listed(
    app: Flask, load: Callable[..., Result], sign_in: SignIn
) -> None:
    anna = sign_in(make.person(app, email="anna@example.org", name="Anna"))
    boris = sign_in(make.person(app, email="boris@example.org", name="Boris"))

    result = load("people", "email,active\nanna@example.org,0\n")

    assert "updated 1" in result.stdout
    assert "boris@example.org" in result.stderr
    assert anna.get("/departments").status_code == 303
    assert boris.get("/departments").status_code == 200


def test_the_last_administrator_is_not_removed_by_a_file(
    app: Flask, load: Callable[..., Result]
) -> None:
    make.admin(app, email="admin@example.org", name="Admin")

    result = load("people", "email,role,active\nadmin@example.org,employee,1\n")

    assert result.exit_code == 1
    assert "last administrator" in result.stderr
    assert _company(app)["people"][0][3] == "admin"


def test_moving_by_file_keeps_the_time_before(app: Flask, load: Callable[..., Result]) -> None:
    load("people", "email,name,department\nanna@example.org,Anna,Finance\n")
    load("people", "email,department\nanna@example.org,Sales\n")

    with app.app_context():
        rows = list(db.session.scalars(select(Membership).order_by(Membership.id)))
        assert [row.until is None for row in rows] == [False, True]
        person = db.session.scalars(select(Person)).one()
        assert person.department_id == rows[1].department_id


def test_circles_are_refused_and_swaps_are_not(app: Flask, load: Callable[..., Result]) -> None:
    load("departments", "name,slug,parent\nTop,top,\nSub,sub,top\n")

    swap = load("departments", "name,slug,parent\nTop,top,sub\nSub,sub,\n")
    circle = load("departments", "name,slug,parent\nTop,top,sub\nSub,sub,top\n")

    assert (swap.exit_code, circle.exit_code) == (0, 1)
    tree = {d[0]: d[3] for d in _company(app)["departments"]}
    assert tree == {"top": "sub", "sub": None}


def test_two_departments_may_share_a_name_but_not_a_code(
    app: Flask, load: Callable[..., Result]
) -> None:
    result = load(
        "departments", "name,slug,code\nQuality,q-north,QN\nQuality,q-south,QS\nOther,other,QN\n"
    )
    vague = load("people", "email,name,department\na@example.org,A,Quality\n")

    assert "created 2, unchanged 0, updated 0, refused 1" in result.stdout
    assert "belongs to Quality" in result.stderr
    assert "Several departments" in vague.stderr


def test_an_administrator_previews_a_file_and_then_applies_it(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(make.admin(app))

    def send(**fields: Any) -> Any:
        return browser.post(
            "/admin/import", {"kind": "people", **fields}, content_type="multipart/form-data"
        )

    preview = send(file=(io.BytesIO((PEOPLE + "nonsense,,,,,,,,\n").encode()), "people.csv"))
    browser.post("/settings/language", {"locale": "ru"})
    text = preview.text

    assert preview.status_code == 200
    assert "To be added: 4, to be changed: 0, as they are: 0, to be left out: 1." in text
    assert "Created" not in text
    assert "Анна Петрова" in text
    assert "is not an e-mail address" in text
    assert len(_company(app)["people"]) == 1

    applied = send(apply="1", content=PEOPLE)

    assert applied.status_code == 303
    assert len(_company(app)["people"]) == 5


def _load_in_browser(browser: Browser, raw: bytes) -> Any:
    """Look at a file of people, then send what the page gives back to be applied."""
    sent = {"kind": "people", "file": (io.BytesIO(raw), "people.csv")}
    preview = browser.post("/admin/import", sent, content_type="multipart/form-data")
    assert preview.status_code == 200, preview.text[:2000]
    page = Document(preview.text)
    content = page.one("input", name_="content")["value"]
    applied = {"kind": "people", "apply": "1", "content": content}
    return browser.post("/admin/import", applied, content_type="multipart/form-data")


def test_a_large_file_in_the_manner_of_a_spreadsheet_is_looked_at_and_applied(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(make.admin(app))
    rows = "".join(f"p{i}@example.org\t{'Анна ' * 22}{i}\r\n" for i in range(6_000))
    raw = ("email\tname\r\n" + rows).encode("utf-16")
    assert len(raw) > 1_500_000

    kind = b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\npeople\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\n'
    preview = browser.client.post(
        "/admin/import",
        data=kind + file + raw + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRF-Token": browser.token},
    )

    assert "To be added: 6000" in preview.text
    small = _load_in_browser(browser, "email\tname\r\nanna@example.org\tАнна\r\n".encode("utf-16"))
    assert small.status_code == 303
    assert ("anna@example.org", "Анна", None, "employee", "staff", None) in _company(app)["people"]


def test_a_file_of_everybody_takes_nothing_from_whoever_loads_it(
    app: Flask, sign_in: SignIn
) -> None:
    make.admin(app, email="third@example.org")
    make.admin(app, email="other@example.org")
    browser = sign_in(make.admin(app, email="chief@example.org", name="Chief"))
    text = (
        "email,name,role,active\nchief@example.org,Chief,employee,0\n"
        "other@example.org,Other,employee,1\nzoe@example.org,Zoe,employee,1\n"
    )

    answer = _load_in_browser(browser, text.encode())

    assert "not by a file" in answer.text
    roles = {row[0]: row[3] for row in _company(app)["people"]}
    assert roles == {
        "chief@example.org": "admin",
        "other@example.org": "employee",
        "third@example.org": "admin",
        "zoe@example.org": "employee",
    }


def test_what_is_wrong_with_a_line_is_said_in_the_readers_language(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(make.admin(app, locale="ru"))
    raw = "email,role,active\nnonsense,,\na@example.org,king,\nb@example.org,,maybe\n,,\nx,\n"

    page = browser.post(
        "/admin/import",
        {"kind": "people", "file": (io.BytesIO(raw.encode()), "people.csv")},
        content_type="multipart/form-data",
    )

    reasons = page.text.partition("Что будет отклонено")[2].partition("</ul>")[0]
    assert reasons.count("<li>") == 4
    assert not re.search(r"\b(is|not|write|give|one of the)\b", Document(reasons).text.casefold())


def test_a_person_of_no_number_is_nobody(load) -> None:
    shown = load("services", "provider,customer,name\nit,person: ,Laptops\n", "--dry-run").output

    assert "Write a person by e-mail" in shown
    assert "only named" not in shown


def test_what_only_a_refused_line_names_is_not_said_to_be_added(load) -> None:
    refused = "provider,customer,name\nLegal,Legal,Advice\nit,Vault,Laptops\n"

    shown = load("services", refused, "--dry-run").output

    assert "Vault is only named by other lines" in shown
    assert "Legal is only named by other lines" not in shown
    people = "email,department,attached,role\nanna@example.org,Legal,Vault,chief\n"
    assert "only named" not in load("people", people, "--dry-run").output
