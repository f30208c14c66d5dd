"""What was typed is still there when it was refused."""

from __future__ import annotations

import html

from flask import Flask

from tests.hostile.forum import Forum
from tests.hostile.places import Place, send

LONG = "too long " * 4_000
FORGOTTEN = {
    "username": "tells password keepers whose password it is",
    "host": "is part of the mail server's address, read back from it",
}
"""Texts that are not what somebody typed."""
TYPED_AGAIN = {"/admin/people/<int:person_id>/erase"}
"""Where a name is typed to show that it is meant."""
DRAWN_ANEW = {"/map/services/new/sides"}
"""Where a form comes back otherwise, with all that was typed; nothing is refused."""


def refusals(forum: Forum, place: Place) -> list[tuple[str, object, dict[str, str]]]:
    """The answers when one text is too long and the others say something, each text in turn."""
    found = []
    texts = sorted(place.texts - FORGOTTEN.keys())
    for text in texts:
        typed = {name: f"typed in {name}" for name in texts} | {text: LONG}
        sent = {**place.fields, **typed}
        answer = send(forum.browsers[place.who], "POST", place.address(forum), sent)
        found.append((text, answer, typed))
    return found


def test_what_was_typed_is_kept_when_a_text_is_too_long(app: Flask, fresh, places) -> None:
    refused, forum = 0, fresh()

    for place in places:
        if place.method != "POST" or place.rule in TYPED_AGAIN:
            continue
        for text, answer, typed in refusals(forum, place):
            expected = (200,) if place.rule in DRAWN_ANEW else (303, 409, 422)
            assert answer.status_code in expected, (place, text, answer.status_code)
            if answer.status_code == 303:
                forum = fresh()
                continue
            refused += 1
            page = html.unescape(answer.text)
            lost = [name for name, value in typed.items() if value.strip()[:5_000] not in page]
            assert not lost, (str(place), text, lost)

    assert refused > 30


def test_a_form_without_its_token_comes_back_filled(app: Flask, fresh, places) -> None:
    forum = fresh()

    for place in places:
        if place.method == "POST" and place.texts and place.who != "nobody":
            typed = {name: f"typed in {name}" for name in place.texts}
            answer = forum.browsers[place.who].client.post(place.address(forum), data=typed)
            assert answer.status_code == 400, place
            page = html.unescape(answer.text)
            assert all(value in page for value in typed.values()), place


def test_a_lost_session_keeps_what_was_typed(app: Flask, fresh, places) -> None:
    forum = fresh()

    for place in places:
        if place.method == "POST" and place.texts and place.who != "nobody":
            typed = {name: f"typed in {name}" for name in place.texts}
            answer = forum.browsers["nobody"].client.post(place.address(forum), data=typed)
            if answer.status_code == 400 and _public(app, place):
                continue
            assert answer.status_code == 401, place
            page = html.unescape(answer.text)
            assert all(value in page for value in typed.values()), place


def _public(app: Flask, place: Place) -> bool:
    rule = next(r for r in app.url_map.iter_rules() if r.rule == place.rule)
    return getattr(app.view_functions[rule.endpoint], "access", "") == "public"
