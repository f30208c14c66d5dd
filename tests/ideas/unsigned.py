"""Ideas without a name, as their authors post them in a browser."""

from __future__ import annotations

from typing import Any

from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.support.browser import Browser

TEXT = "Nobody dares to say that the shift plan comes too late."


def switch(app: Flask, *modules: str) -> None:
    """Exactly these modules are on."""
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def post(browser: Browser, level: str = "nobody", **fields: Any) -> tuple[int, str]:
    """The number of a new idea, and the address that its author was shown."""
    sent = {"problem": TEXT, "action": "post", "anonymous": level, **fields}
    answer = browser.post("/ideas/new", sent)
    assert answer.status_code == 303, answer.text
    shown = browser.page(answer.location).one("input", id="secret")["value"]
    return int(answer.location.rsplit("/", 1)[1]), "/relay/" + shown.rsplit("/", 1)[1]
