"""What was renamed is called so in drafts as well, after a preview."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.standards.confirming.audience import people_of
from forum.standards.curating.words import Renaming
from forum.standards.models import Version
from tests.standards import standards
from tests.standards.approvals import approving
from tests.standards.curating.test_curating import ADDRESS, id_of, listed
from tests.support import make


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("IT pays. IT!", "Systems pays. Systems!"),
        ("EXIT and ITS", "EXIT and ITS"),
        ("[IT](/departments/IT) and `IT`", "[Systems](/departments/IT) and `IT`"),
        ("https://it.example/IT now IT", "https://it.example/IT now Systems"),
        ("отдел IT-поддержки", "отдел Systems-поддержки"),
    ],
)
def test_whole_words_outside_of_addresses_and_code_are_changed(before: str, after: str) -> None:
    assert Renaming("IT", "Systems").apply(before) == after


def test_a_word_that_is_a_pattern_elsewhere_is_a_word_here() -> None:
    assert Renaming("R&D (old)", r"\1 R").apply("The R&D (old) says.") == r"The \1 R says."


@pytest.mark.parametrize(("old", "new"), [("", "x"), ("x", ""), ("x", "x"), ("x" * 121, "y")])
def test_a_renaming_of_nothing_is_refused(app: Flask, old: str, new: str) -> None:
    with app.app_context(), pytest.raises(Invalid):
        Renaming(old, new)


def test_a_renamed_department_leaves_whom_a_standard_is_for(app: Flask, sign_in) -> None:
    role = ("role", "moderator")
    number = standards.drafted(app, body="## Rule\n\nIT pays.", people=[role])
    standards.publish(app, number)
    moderator = sign_in(make.moderator(app))
    chosen = f"{id_of(app, number)}:{_lock(app, number)}"

    moderator.post(f"{ADDRESS}/words", {"old": "IT", "new": "Systems", "standards": chosen})

    with app.app_context():
        standard_id = standards.by_number(number).id
        draft = db.session.query(Version).filter_by(standard_id=standard_id, state="draft").one()
        assert people_of(draft.id) == [role]


def test_a_renamed_department_is_changed_in_drafts_after_a_preview(app: Flask, sign_in) -> None:
    force = standards.in_force(app, title="What IT does", body="## Purpose\n\nIT helps. IT knows.")
    draft = standards.drafted(app, body="IT writes.")
    other = standards.in_force(app, body="Nothing.")
    standards.in_force(app, body="EXIT.")
    moderator = sign_in(make.moderator(app))
    page = moderator.page(f"{ADDRESS}/words?old=IT&new=Systems")
    assert [e["data-standard"] for e in page.all("li", data_standard=True)] == [force, draft]
    assert [e.text for e in page.all("ins")][:2] == ["Systems", "Systems"]
    chosen = [
        e["value"] for e in page.all("input", type="checkbox") if e.get("name") == "standards"
    ]

    moderator.post(f"{ADDRESS}/words", {"old": "IT", "new": "Systems", "standards": chosen})

    still = standards.read(sign_in(), f"/standards/{force}")
    begun = standards.read(moderator, f"/standards/{force}/versions/2")
    assert "IT helps" in still.text
    assert "What Systems does" in begun.text
    assert "Systems helps. Systems knows." in begun.text
    assert "“IT” is called “Systems” now" in begun.text
    assert "Systems writes." in standards.read(moderator, f"/standards/{draft}").text
    assert moderator.get(f"/standards/{other}/versions/2").status_code == 404


def test_a_version_in_approval_is_left_unticked_and_says_what_changing_it_does(
    app: Flask, sign_in
) -> None:
    scene = approving.scene(app, in_force=True)
    scene.send()
    draft = standards.drafted(app, body="A better text of steps.")
    moderator = sign_in(make.moderator(app))

    page = moderator.page(f"{ADDRESS}/words?old=text&new=wording")

    boxes = [e for e in page.all("input", type="checkbox") if e.get("name") == "standards"]
    ids = [id_of(app, number) for number in (scene.number, draft)]
    assert [e["value"].partition(":")[0] for e in boxes] == ids
    assert ["checked" in e for e in boxes] == [False, True]
    row = page.one("li", data_standard=scene.number).text
    assert "in approval: everybody is asked anew" in row
    assert "in its draft" in page.one("li", data_standard=draft).text


def test_a_version_that_waits_for_its_day_is_not_offered(app: Flask, sign_in) -> None:
    scene = approving.scene(app, in_force=True)
    approving.publish(scene, scene.author, effective_on=today() + timedelta(days=3))

    moderator = sign_in(make.moderator(app))
    assert listed(moderator, "/words?old=text&new=wording") == []
    said = moderator.page(f"{ADDRESS}/words?old=text&new=wording").text
    assert "1 version that waits for its day has these words" in said
    assert "Found nowhere" not in said
    assert "No standard’s newest text has" in moderator.page(f"{ADDRESS}/words?old=pq&new=x").text


def test_versions_that_wait_are_told_beside_what_can_be_changed(app: Flask, sign_in) -> None:
    scene = approving.scene(app, in_force=True)
    approving.publish(scene, scene.author, effective_on=today() + timedelta(days=3))
    other = standards.drafted(app, body="A text.")

    page = sign_in(make.moderator(app)).page(f"{ADDRESS}/words?old=text&new=wording")

    assert [e["data-standard"] for e in page.all("li", data_standard=True)] == [other]
    assert "1 version that waits for its day" in page.text


def test_a_standard_that_changed_since_the_preview_is_left(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body="IT helps.")
    moderator = sign_in(make.moderator(app))
    seen = f"{id_of(app, number)}:{_lock(app, number)}"
    standards.rewrite(app, number, body="IT helps more.")

    moderator.post(f"{ADDRESS}/words", {"old": "IT", "new": "Systems", "standards": seen})

    assert f"{number}: Somebody else has changed" in moderator.page(f"{ADDRESS}/words").text
    assert moderator.get(f"/standards/{number}/versions/3").status_code == 404


def _lock(app: Flask, number: str) -> int:
    with app.app_context():
        return standards.by_number(number).lock


def test_the_owner_who_left_does_not_stop_a_renaming(app: Flask, sign_in) -> None:
    owner = make.person(app)
    number = standards.in_force(app, body="IT helps.", owner=owner)
    with app.app_context(), transaction():
        db.session.get_one(Person, owner).deactivated_at = now()
    moderator = sign_in(make.moderator(app))
    seen = f"{id_of(app, number)}:{_lock(app, number)}"

    moderator.post(f"{ADDRESS}/words", {"old": "IT", "new": "Systems", "standards": seen})

    assert "Systems helps" in standards.read(moderator, f"/standards/{number}/versions/2").text
