"""A version as it stands on paper: the same for whoever prints it, but for the language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask import render_template
from markupsafe import Markup

from forum.accounts.names import shown_name
from forum.core.i18n import _, day
from forum.core.site import absolute, site
from forum.standards import phrases, queries
from forum.standards.clauses.known import clauses_of
from forum.standards.confirming.phrases import named
from forum.standards.document import Document, lay_out
from forum.standards.models import VersionState
from forum.standards.paper.approvers import approvers_of
from forum.standards.queries import Shown

MAKER = "2"
"""Raise it when the same sheet would now give another PDF."""
LONG = 40_000
"""Characters with their markup, about ten pages: two seconds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is laid out. `digest` tells it from any other."""

    standard_id: int
    html: str
    style: str

    @property
    def is_long(self) -> bool:
        """Whether it takes longer than anybody waits for a page."""
        return len(self.html) > LONG

    @property
    def digest(self) -> str:
        """What it is known by."""
        return sha256("\0".join((MAKER, self.style, self.html)).encode()).hexdigest()


def sheet_of(shown: Shown, *, today: date) -> Sheet:
    """What a version looks like on paper, printed on a day. Three queries beside the logo's."""
    page = facts_of(shown, today=today)
    html = render_template("standards/paper/sheet.html", **page)
    style = render_template("standards/paper/sheet.css", **page)
    return Sheet(shown.standard.id, html, style)


def facts_of(shown: Shown, *, today: date) -> dict[str, Any]:
    """All that is told of a version beside its text, and the text. Three queries."""
    standard, version = shown.standard, shown.version
    document = document_of(shown)
    audience = [card.name for card in queries.audience_of(version.id)]
    return {
        "standard": standard,
        "version": version,
        "document": document,
        "today": today,
        "state_name": phrases.state_name(version.state),
        "across": across(version.state),
        "in_force": _in_force(shown),
        "printed": _printed(shown, today),
        "owner": _owner(shown),
        "audience": audience,
        "for_whom": _for_whom(audience, named(shown.standing.people)),
        "review_on": standard.review_on if version.state == VersionState.IN_FORCE else None,
        "approvers": approvers_of(version),
        "classification": site().classification,
        "address": absolute(f"/standards/{standard.number}"),
        "base": absolute("/"),
        "page_of": _page_of(),
    }


def _comes_on(shown: Shown) -> date | None:
    """The day that a version waits for."""
    waits = shown.version.state == VersionState.COMING and shown.release is not None
    return shown.release.effective_on if waits and shown.release else None


def _in_force(shown: Shown) -> str:
    """Since when, from when or for how long; nothing for what has no day yet."""
    version, comes_on = shown.version, _comes_on(shown)
    if comes_on is not None:
        return _("from %(day)s", day=day(comes_on))
    if version.published_at is None:
        return ""
    if version.superseded_at is None:
        return _("since %(day)s", day=day(version.published_at))
    first, last = day(version.published_at), day(version.superseded_at)
    return _("from %(first)s to %(last)s", first=first, last=last)


def _printed(shown: Shown, today: date) -> str:
    """When it was printed, and whether it holds on that day: paper stays where it was put."""
    said = {"day": day(today), "site": site().name}
    if shown.current:
        return _("Printed on %(day)s from %(site)s; valid on that day.", **said)
    comes_on, ended = _comes_on(shown), shown.version.superseded_at
    if comes_on is not None:
        return _(
            "Printed on %(day)s from %(site)s; valid from %(first)s.", **said, first=day(comes_on)
        )
    if ended is not None:
        last = day(ended)
        return _(
            "Printed on %(day)s from %(site)s; it was valid until %(last)s.", **said, last=last
        )
    return _("Printed on %(day)s from %(site)s; not valid yet.", **said)


def _for_whom(departments: list[str], people: str) -> str:
    whole = ", ".join(departments) or _("the whole company")
    return f"{whole}. {_('Only: %(people)s', people=people)}" if people else whole


def _owner(shown: Shown) -> str:
    person = shown_name(shown.owner) if shown.version.owner_id is not None else ""
    department = shown.owner_department.name if shown.owner_department else ""
    return ", ".join(filter(None, (person, department)))


def document_of(shown: Shown) -> Document:
    """The text with the clauses' own addresses. One query."""
    return lay_out(shown.html).keyed([clause.key for clause in clauses_of(shown.version.id)])


def _page_of() -> Markup:
    """“Page 3 of 7” as the style has it: words, with figures that are counted between."""
    figures = {name: f'" counter({name}) "' for name in ("page", "pages")}
    return Markup(_("Page %(page)s of %(pages)s", **figures))  # noqa: S704 - our own words


def across(state: str) -> str:
    """What stands across every page of a text that nobody is to work by; nothing if it holds."""
    words = {
        VersionState.DRAFT: _("Draft"),
        VersionState.APPROVAL: _("In approval"),
        VersionState.COMING: _("Not in force yet"),
        VersionState.SUPERSEDED: _("Superseded"),
        VersionState.RETIRED: _("Retired"),
    }
    return words.get(VersionState(state), "")
