"""What the page of a clause says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core import slots
from forum.core.i18n import _, day
from forum.core.textcheck import excerpt
from forum.ideas.together.queries import credited
from forum.standards import phrases, policy
from forum.standards.clauses.comparing import changes_between
from forum.standards.clauses.models import Clause
from forum.standards.document import Clause as Laid
from forum.standards.document import lay_out
from forum.standards.models import CLOSED, Standard, VersionState
from forum.standards.why import queries
from forum.standards.why.models import Source
from forum.standards.why.queries import CommentBehind, IdeaBehind, Standing, Wording

QUOTE = 280
"""Characters of a comment that are quoted."""


def clause_page(reader: Person, standard: Standard, key: int) -> dict[str, Any]:
    """Everything the page of a clause shows. Five queries."""
    clause, standings = queries.clause_or_404(reader, standard, key)
    relatives = queries.relatives_of(reader, clause)
    ids = [clause.id, *(each.id for each in relatives)]
    told = queries.wordings(standings)
    last = standings[-1]
    return {
        "standard": standard,
        "clause": clause,
        "last": last,
        "name": named(last),
        "stands": _stands(standings),
        "text": _laid(told[0]),
        "wordings": _wordings(standard, told),
        "relatives": [each for each in relatives if each.key != key],
        "ideas": [_idea(clause, each) for each in queries.ideas_behind(reader, ids)],
        "comments": [_comment(clause, each) for each in queries.comments_behind(reader, ids)],
        "panels": slots.load("clause", reader, [clause])[clause.id],
        "may_edit": policy.may_edit(reader, standard),
    }


def named(standing: Standing) -> str:
    """A clause by its number, or by where it stands if the author numbered."""
    return standing.number or f"§ {standing.place + 1}"


def _stands(standings: Sequence[Standing]) -> str:
    """Whether it is in force, and since or until when."""
    shown = [one for one in standings if one.published_at is not None]
    last = shown[-1] if shown else standings[-1]
    if last.state == VersionState.COMING:
        return _("This clause comes into force with version %(number)d.", number=last.version)
    if last.state in CLOSED:
        return _("This clause is in the draft of version %(number)d.", number=last.version)
    first = shown[0]
    if last.state == VersionState.IN_FORCE and first.published_at is not None:
        since = {"number": first.version, "day": day(first.published_at)}
        return _("In force since version %(number)d, %(day)s.", **since)
    gone = {"number": last.version, "day": day(last.superseded_at) if last.superseded_at else ""}
    return _("It went out of force with version %(number)d, on %(day)s.", **gone)


def _laid(wording: Wording) -> Laid | None:
    clauses = lay_out(wording.html).clauses
    place = wording.standing.place
    return clauses[place] if place < len(clauses) else None


def _wordings(standard: Standard, told: Sequence[Wording]) -> list[dict[str, Any]]:
    """Each wording but the first as what it changed in the one before."""
    older = [*told[1:], None]
    return [
        {
            "number": each.standing.version,
            "url": phrases.version_url(standard, each.standing.version),
            "since": day(each.standing.published_at) if each.standing.published_at else "",
            "change": each.standing.change,
            "paragraphs": changes_between(_laid(before), _laid(each)) if before else [],
        }
        for each, before in zip(told, older, strict=True)
    ]


def _idea(clause: Clause, each: IdeaBehind) -> dict[str, Any]:
    names = [each.author, *(name for _id, name in credited(each.others))]
    return {
        "kind": Source.IDEA,
        "id": each.id,
        "url": f"/ideas/{each.id}",
        "title": each.title,
        "lang": each.lang,
        "writers": ", ".join(map(shown_name, names)),
        "removable": each.key == clause.key,
    }


def _comment(clause: Clause, each: CommentBehind) -> dict[str, Any]:
    return {
        "kind": Source.COMMENT,
        "id": each.id,
        "url": f"/ideas/{each.idea_id}#comment-{each.id}",
        "title": each.title,
        "lang": each.lang,
        "who": shown_name(each.author),
        "quote": excerpt(each.plain, QUOTE),
        "removable": each.key == clause.key,
    }
