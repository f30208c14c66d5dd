"""Thank-yous in the company that tests of leaks look at: for what everybody sees, and canaries."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.thanks.saying import thank


def in_the_open(app: Flask, company: Any, idea: int) -> None:
    """One for an idea that everybody sees."""
    people, subject = company.people, ("idea", idea)
    number = thank(app, people["author"], people=[people["dora"]], subject=subject)
    company.shows("thanks_id", number)


def hidden(app: Flask, company: Any, why: str, idea: int, by: str, to: str) -> None:
    """One for what only few see, and a private one, by somebody who sees it."""
    people, subject = company.people, ("idea", idea)
    for words, private in (("canarythanks invoice", False), ("canarywhisper invoice", True)):
        told = {"people": [people[to]], "why": words, "private": private}
        company.hides(why, "thanks_id", thank(app, people[by], subject=subject, **told))
