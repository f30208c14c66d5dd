"""What a page shows of a thread: a page of its comments, their replies, what happened between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import current_app, request
from markupsafe import Markup

from forum.accounts.models import Person
from forum.accounts.names import ANONYMOUS, shown_name
from forum.core.clock import now
from forum.core.i18n import ago, company_zone, locale_code, when
from forum.core.numbers import id_or_none
from forum.departments.scope import scope_of
from forum.discussion import policy, queries
from forum.discussion.above import NARROWED, head_shown, signs_of
from forum.discussion.forms import CommentForm
from forum.discussion.queries import CommentCard, Span
from forum.discussion.subjects import SUBJECTS
from forum.files.lines import lined

Entry = dict[str, Any]
NO_NOTE = Markup("")
NO_NOTES: Mapping[int, Markup] = MappingProxyType({})
"""Nothing to say at the heads of comments."""


class Role(NamedTuple):
    """What a reader is to a thread's subject, see `Subject`; `limited`: people have no links."""

    speaks: bool = False
    leads: bool = False
    may_reply: bool = True
    curates: bool = False
    limited: bool = False


class Scene(NamedTuple):
    """What is the same for all comments of a thread that one reader looks at, asked once."""

    reader: Person
    url: str
    role: Role
    locale: str
    zone: str
    editable_from: datetime


def _scene(reader: Person, url: str, role: Role) -> Scene:
    return Scene(reader, url, role, locale_code(), company_zone(), now() - policy.EDIT_WINDOW)


def thread_shown(
    reader: Person,
    kind: str,
    subject: Any,
    *,
    form: CommentForm | None = None,
    events: Sequence[tuple[datetime, Entry]] = (),
    notes: Mapping[int, Markup] = NO_NOTES,
    role: Role | None = None,
) -> dict[str, Any]:
    """A page of a subject's thread, as the address or a refused form asks for it.

    `events` are told between the comments, each on the page that shows its time; `notes` stand
    at the heads of comments. One query, one more where a certain comment is asked for, one where
    comments bring documents, and up to three where they are marked.
    """
    url, given = SUBJECTS[kind].url(subject), role or Role(reader.moderates, reader.moderates)
    role = _role(reader, kind, subject, given)
    asked = id_or_none(form.parent.data if form is not None else request.args.get("reply"))
    shown = _narrowed(request.args)
    if shown:
        span = queries.marked_span(subject.thread_id, shown)
    else:
        span = queries.span_of(reader, subject.thread_id, **_place(asked, request.args))
    scene = _scene(reader, url, role)
    said = _nested(scene, with_files(span), notes, apart=bool(shown))
    told = [] if shown else [event for event in events if _belongs(event[0], span)]
    head = head_shown(reader, subject.thread_id, url, shown=shown) if span.marked else None
    return {
        "shown": str(NARROWED[shown]) if shown else "",
        "head": head and {**head, "newest": _newest(scene, head["newest"])},
        "speaks": role.speaks,
        "takes_sides": SUBJECTS[kind].takes_sides,
        "url": url,
        "entries": [entry for _at, entry in sorted(said + told, key=lambda pair: pair[0])],
        "reply_to": asked if any(e["id"] == asked and e["may_reply"] for _at, e in said) else None,
        "may_comment": role.may_reply,
        "form": form,
        **_ways(url, span),
    }


def with_files(span: Span) -> Span:
    """The comments with their documents told by kind and size. A query if there are any."""
    htmls = lined("comment", {card.id: [card.html] for card in (*span.cards, *span.others)})
    cards, others = (
        [card._replace(html=htmls[card.id][0]) for card in cards]
        for cards in (span.cards, span.others)
    )
    return span._replace(cards=cards, others=others)


def _with_files(card: CommentCard) -> CommentCard:
    return card._replace(html=lined("comment", {card.id: [card.html]})[card.id][0])


def _narrowed(arguments: Mapping[str, str]) -> str:
    """What the thread is narrowed to; anything unknown to nothing."""
    wanted = arguments.get("show", "")
    return wanted if wanted in NARROWED else ""


def _newest(scene: Scene, card: CommentCard | None) -> Entry | None:
    """The newest official update as it stands above the thread, with the way to its place."""
    if card is None:
        return None
    card = _with_files(card)
    entry = _entry(scene, card)
    return {**entry, "html": Markup(card.html), **_when(card)}  # noqa: S704 - sanitised when it was written


def _place(reply_to: int | None, arguments: Mapping[str, str]) -> dict[str, int | None]:
    """Which page of a thread is wanted; an unknown place leads to the newest."""
    if reply_to is not None:
        return {"around": reply_to}
    wanted = {"around": "comment", "after": "after", "before": "before"}
    return {place: id_or_none(arguments.get(name)) for place, name in wanted.items()}


def _belongs(at: datetime, span: Span) -> bool:
    """Whether something happened between the last comment before a span and its own last one."""
    begun = span.before is None or at > span.before
    return begun and not (span.later and at > span.cards[-1].created_at)


def _ways(url: str, span: Span) -> dict[str, str]:
    """Addresses of the pages of a thread around this one, empty where there is none."""
    earlier, later = span.before is not None, span.later
    return {
        "first_url": f"{url}?after=0#comments" if earlier else "",
        "earlier_url": f"{url}?before={span.cards[0].id}#comments" if earlier else "",
        "later_url": f"{url}?after={span.cards[-1].id}#comments" if later else "",
        "newest_url": f"{url}#comments" if later else "",
    }


def _nested(
    scene: Scene, span: Span, notes: Mapping[int, Markup], *, apart: bool
) -> list[tuple[datetime, Entry]]:
    """The comments with their replies inside, each with its moment; `apart` from their places."""
    elsewhere, url = {card.id for card in span.others}, scene.url
    tops: dict[int, tuple[datetime, Entry]] = {}
    cards = [*span.others, *span.cards]
    for card in sorted(cards, key=lambda card: (card.parent_id is not None, card.created_at)):
        note, top = notes.get(card.id, NO_NOTE), None if apart else tops.get(card.parent_id or 0)
        entry = _entry(scene, card, note=note, reply=top is not None)
        if top is not None:
            top[1]["replies"].append(entry)
            continue
        away, replied = apart or card.id in elsewhere, span.replied.get(card.id)
        entry["place_url"] = place_url(url, card.id, far=True) if away else ""
        entry["replied_url"] = place_url(url, replied, far=True) if replied is not None else ""
        entry["replies"] = []
        tops[card.id] = (card.created_at, entry)
    return list(tops.values())


def history_of(comment_id: int) -> list[tuple[int, datetime, str]]:
    """Every version of a comment, its documents told. One query, two with documents."""
    versions = queries.history_of(comment_id)
    htmls = lined("comment", {comment_id: [html for _number, _at, html in versions]})[comment_id]
    return [(number, at, html) for (number, at, _), html in zip(versions, htmls, strict=True)]


def place_url(url: str, comment_id: int, *, far: bool) -> str:
    """The address of a comment; one that the newest page does not show asks for its own."""
    return f"{url}{f'?comment={comment_id}' if far else ''}#comment-{comment_id}"


def entry_of(reader: Person, kind: str, subject: Any, comment_id: int) -> Entry:
    """One comment of a subject's thread as its page shows it. One query, two with documents, and
    its subject's."""
    card, about = _with_files(queries.card_of(comment_id)), SUBJECTS[kind]
    role = _role(reader, kind, subject, Role(leads=about.leads(reader, subject)))
    scene = _scene(reader, about.url(subject), role)
    return _entry(scene, card, reply=card.parent_id is not None)


def _role(reader: Person, kind: str, subject: Any, role: Role) -> Role:
    """With what is the same whoever knows the subject."""
    known = SUBJECTS[kind]
    return role._replace(
        may_reply=known.may_comment(reader, subject),
        curates=known.curates(reader, subject),
        limited=scope_of(reader).limited,
    )


def _entry(
    scene: Scene, card: CommentCard, *, note: Markup = NO_NOTE, reply: bool = False
) -> Entry:
    """A comment, drawn up to where replies may stand in it; once for the same words."""
    reader, role = scene.reader, scene.role
    mine = card.author_id == reader.id
    deleted = card.deleted_at is not None
    may = {
        "may_edit": mine and not deleted and card.created_at > scene.editable_from,
        "may_delete": not deleted and (mine or role.curates),
        "may_reply": role.may_reply and not deleted and card.parent_id is None and not card.hidden,
        "may_restore": deleted
        and policy.may_bring_back(reader, card.deleted_by, card.author_id, curates=role.curates),
        "may_flag": not mine and not deleted and not card.hidden,
    }
    settles = bool(card.question) and (mine or role.leads)
    age = _when(card)["age"] if card.author == ANONYMOUS else ago(card.created_at)
    allowed = (*may.values(), settles)
    look = (scene.url, role.limited, reply, age, note, scene.locale, scene.zone)
    return {
        "comment": True,
        "id": card.id,
        "author": {"name": shown_name(card.author)},
        "drawn": _drawn(card, allowed, look),
        **may,
    }


def _when(card: CommentCard) -> dict[str, str]:
    """When it was said; without a name to the day."""
    return when(card.created_at, to_the_day=card.author == ANONYMOUS)


Look = tuple[str, bool, bool, str, Markup, str, str]
"""What a drawn comment follows from besides itself and what may be done with it."""


@lru_cache(1024)
def _drawn(card: CommentCard, rights: tuple[bool, ...], look: Look) -> Markup:
    component = current_app.jinja_env.get_template("components/comment.html").module
    url, limited, reply, _age, note, _locale, _zone = look
    shown = {
        "id": card.id,
        "url": url,
        "author": {
            "name": shown_name(card.author),
            "url": "" if card.erased or limited else f"/people/{card.author_id}",
            "note": note,
        },
        "html": Markup(card.html),  # noqa: S704 - sanitised when it was written
        "edited": card.edited_at is not None,
        "history_url": f"/comments/{card.id}/history",
        "deleted": card.deleted_at is not None,
        "hidden": card.hidden,
        "official": card.official,
        "signs": signs_of(card),
        "question": card.question,
        **_when(card),
    }
    return Markup(component.comment_begun(shown, reply, *rights))  # type: ignore[attr-defined]  # noqa: S704
