"""What services go by: the general standard, until they have their own."""

from __future__ import annotations

from flask import Flask

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Service
from tests.standards import standards
from tests.support import make


def on_the_map(app: Flask) -> tuple[int, int, int]:
    """Two departments, one of which serves the other, with the map on; their ids, the service's."""
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
        service = Service(provider_id=it, customer_id=finance, name="Printing")
        db.session.add(service)
        db.session.flush()
        return it, finance, service.id


def gone_by(app: Flask, browser, department: int) -> str:
    """What a department's page says that its services go by."""
    with app.app_context():
        slug = db.session.get_one(Department, department).slug
    found = [
        " ".join(section.text.split())
        for section in browser.page(f"/departments/{slug}").all("section")
        if "What its services go by" in section.text
    ]
    return found[0] if found else ""


def test_every_service_goes_by_the_general_one_until_it_has_its_own(app: Flask, sign_in) -> None:
    it, finance, service = on_the_map(app)
    general = standards.in_force(app, title="How we serve each other")
    own = standards.in_force(app, title="Printing in a day")
    moderator, reader = sign_in(make.moderator(app)), sign_in()
    assert gone_by(app, reader, it) == ""

    moderator.post(f"/standards/{general}/services", {"everybody": "1"})
    assert f"{general} How we serve each other every service without" in gone_by(app, reader, it)

    moderator.post(f"/standards/{own}/services", {"services": [str(service)]})
    both = gone_by(app, reader, finance)
    assert f"{own} Printing in a day Printing" in both
    assert general in both
    beside = reader.get(f"/standards/{general}").text
    assert "Every service goes by it until it has a standard of its own." in beside


def test_a_standard_that_is_no_longer_in_force_governs_nothing(app: Flask, sign_in) -> None:
    it, _finance, service = on_the_map(app)
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    fields = {"everybody": "1", "services": [str(service)]}
    moderator.post(f"/standards/{number}/services", fields)

    standards.retire(app, number)

    assert gone_by(app, sign_in(), it) == ""
    assert moderator.post(f"/standards/{number}/services", fields).status_code == 409


def test_a_service_that_disappears_takes_its_standard_along(app: Flask, sign_in) -> None:
    it, finance, service = on_the_map(app)
    number = standards.in_force(app)
    moderator, admin = sign_in(make.moderator(app)), sign_in(make.admin(app))
    moderator.post(f"/standards/{number}/services", {"services": [str(service)]})

    answer = admin.post(f"/admin/departments/{it}/merge", {"into": str(finance)})

    assert answer.status_code == 303
    assert gone_by(app, sign_in(), finance) == ""


def test_only_moderators_say_it_and_only_with_the_map(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    assert moderator.get(f"/standards/{number}/services").status_code == 404

    on_the_map(app)

    assert moderator.get(f"/standards/{number}/services").status_code == 200
    assert sign_in().get(f"/standards/{number}/services").status_code == 404


def test_the_text_to_begin_with_says_how_fast_in_which_form_and_how_to_escalate(
    app: Flask, sign_in
) -> None:
    moderator = sign_in(make.moderator(app))
    page = moderator.page("/standards/new?begin=serving")
    body = page.one("textarea", id="body").text

    for clause in ("How fast we reply", "In which form", "How to escalate"):
        assert f"## {clause}" in body
    answer = moderator.post("/standards/new", {"title": "How we serve each other", "body": body})
    assert answer.status_code == 303
