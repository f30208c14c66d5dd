"""Support is secret, idempotent and exact."""

from flask import Flask

from tests.support import make


def test_supporting_twice_counts_once(app: Flask, sign_in) -> None:
    idea = make.idea(app)
    browser = sign_in()

    browser.post(f"/ideas/{idea}/vote")
    browser.post(f"/ideas/{idea}/vote")

    shown = browser.page(f"/ideas/{idea}").one("article", data_idea=idea)
    assert (shown["data-votes"], shown["data-voted"]) == ("1", "1")
