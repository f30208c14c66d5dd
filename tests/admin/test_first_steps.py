"""The administrator's first steps."""

from __future__ import annotations

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.admin.sent import GENERAL
from tests.files.sending import send
from tests.support import make


def test_the_first_steps_are_ticked_off_from_what_is_there(app, admin, queries):
    before = admin.page("/admin")
    make.department(app)
    make.moderator(app, password_hash="x")
    admin.post("/admin/settings", GENERAL)

    after = admin.page("/admin")
    with queries(3):  # the reader, the facts, the space that files take up
        admin.get("/admin")

    assert len(before.all("li", data_done=True)) == 0
    assert len(after.all("li", data_done=True)) == 4


def test_administrators_see_what_files_take_up_each_content_once(app, admin, sign_in):
    nothing = admin.page("/admin").text
    for name, raw in (("a.txt", b"x" * 1_500), ("b.txt", b"x" * 1_500), ("c.txt", b"y" * 700)):
        send(sign_in(), raw, name)

    page = admin.page("/admin").text

    assert "On the disk" not in nothing
    assert "On the disk: 2 pictures and documents, 2 kB." in page


def test_the_first_steps_go_once_all_are_done(app, admin):
    make.department(app)
    make.moderator(app, password_hash="x")
    with app.app_context(), transaction():
        save_settings({"name": "Ours", "mail_url": "smtp://localhost:1"})

    assert "First steps" not in admin.page("/admin").text
