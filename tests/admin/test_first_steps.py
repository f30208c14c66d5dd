"""The administrator's first steps."""

from __future__ import annotations

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.admin.sent import GENERAL
from tests.support import make


def test_the_first_steps_are_ticked_off_from_what_is_there(app, admin, queries):
    before = admin.page("/admin")
    make.department(app)
    make.moderator(app, password_hash="x")
    admin.post("/admin/settings", GENERAL)

    after = admin.page("/admin")
    with queries(2):  # the reader, the facts
        admin.get("/admin")

    assert len(before.all("li", data_done=True)) == 0
    assert len(after.all("li", data_done=True)) == 4


def test_the_first_steps_go_once_all_are_done(app, admin):
    make.department(app)
    make.moderator(app, password_hash="x")
    with app.app_context(), transaction():
        save_settings({"name": "Ours", "mail_url": "smtp://localhost:1"})

    assert "First steps" not in admin.page("/admin").text
