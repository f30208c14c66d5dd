"""Who may reach what: the whole table of routes, pinned in `routes.txt`.

After adding a route on purpose run `make routes`, and read the difference before committing it.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from flask import Flask

from forum.core.access import is_no_store, route_table

PINNED = Path(__file__).with_name("routes.txt")
TOKENS = ("secret", "token")


def table(app: Flask) -> list[str]:
    """A line a route: methods, address, level."""
    return [" ".join(row) for row in route_table(app)]


def test_every_route_is_the_one_that_was_agreed_on(app):
    lines = table(app)
    if os.environ.get("UPDATE"):
        PINNED.write_text("\n".join(lines) + "\n")

    pinned = PINNED.read_text().splitlines()

    difference = "\n".join(difflib.unified_diff(pinned, lines, "agreed", "found", lineterm="", n=0))
    assert not difference, f"routes changed; if on purpose, run `make routes`:\n{difference}"


def test_addresses_are_kebab_case_and_their_ids_are_numbers(app):
    for rule in app.url_map.iter_rules():
        for part in re.sub(r"<[^>]+>", "", rule.rule).split("/"):
            assert re.fullmatch(r"[a-z0-9.-]*", part), rule.rule
        for converter in re.findall(r"<([^>]+_id)>", rule.rule):
            assert converter.startswith("int:"), rule.rule


def test_administration_and_ways_in_are_stored_nowhere(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        ways_in = getattr(view, "access", "") == "public" and "POST" in (rule.methods or ())
        tokens = any(name in rule.arguments for name in TOKENS)
        if rule.rule.startswith(("/admin", "/settings/", "/people/")) or tokens or ways_in:
            gives_page = "GET" in (rule.methods or ())
            assert is_no_store(view) or not gives_page, rule.rule


def test_everything_under_admin_is_for_administrators(app):
    levels = {level for _m, address, level in route_table(app) if address.startswith("/admin")}

    assert levels == {"admins"}


def test_a_stranger_reaches_nothing_that_is_not_public(app, anonymous):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "access", "") == "public" or rule.endpoint == "static":
            continue
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = anonymous.client.open(address, method=method)
        assert answer.status_code == (303 if method == "GET" else 401) or (
            rule.endpoint == "accounts.sign_out"
        ), (method, address, answer.status_code)
