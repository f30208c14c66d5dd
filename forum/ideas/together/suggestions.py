"""Suggesting another wording of an idea, and what its authors make of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.files.uses import claim
from forum.ideas import actions, asking, policy, queries, stages
from forum.ideas.actions import Wording
from forum.ideas.facts import EDITED
from forum.ideas.models import Idea, StageKind
from forum.ideas.together import facts, proposed
from forum.ideas.together.models import Suggestion, SuggestionState
from forum.ideas.together.policy import SHARED, may_settle, may_suggest
from forum.ideas.together.proposed import Words
from forum.ideas.together.queries import co_authors_of, is_shared

MOST_OF_ONE = 3
SAME = lazy("Change something first.")
TOO_MANY = lazy("So many suggestions wait already that the authors have to read those first.")
YOURS_WAIT = lazy("Your other suggestions wait. Withdraw one of them first.")
SETTLED = lazy("This suggestion is settled already.")
APPLIES_NO_MORE = lazy("The text has changed in the same places. It cannot be taken as it is.")
MOVED_ON = lazy("The text has changed since. Edit it by hand.")


def suggest(person: Person, idea: Idea, wording: Wording, *, seen: int) -> Suggestion:
    """Propose another wording than that of revision `seen`. Raises Invalid where nothing differs
    or too many wait."""
    require(may_suggest(person, idea, co_authors_of(person, idea), shared=is_shared(idea)))
    actions.check_says_something(wording)
    base = min(max(seen, 1), idea.revision)
    said = proposed.words_at(idea.id, base)
    if said == words_of(wording):
        raise Invalid(SAME, field="problem")
    with transaction():
        stages.hold(idea, allowed=[StageKind.OPEN])
        _check_room(person, idea)
        problem, proposal = (texts.store_if_any(t) for t in (wording.problem, wording.proposal))
        for shown in filter(None, (wording.problem, wording.proposal)):
            claim(shown.source, "idea", idea.id, person)
        new = Suggestion(
            idea_id=idea.id,
            by_id=person.id,
            base=base,
            title=wording.title,
            problem_id=problem.id if problem else None,
            proposal_id=proposal.id if proposal else None,
        )
        db.session.add(new)
        db.session.flush()
        record(facts.SUGGESTED, by=person, about=("idea", idea.id), suggestion=new.id)
    return new


def words_of(wording: Wording) -> Words:
    """What a wording says, as it was typed."""
    texts_ = (each.source if each else "" for each in (wording.problem, wording.proposal))
    return Words(wording.title, *texts_)


def _check_room(person: Person, idea: Idea) -> None:
    waiting = (Suggestion.idea_id == idea.id, Suggestion.state == SuggestionState.OPEN)
    query = select(func.count(), func.count().filter(Suggestion.by_id == person.id))
    everybodys, own = db.session.execute(query.where(*waiting)).one()
    if own >= MOST_OF_ONE:
        raise Invalid(YOURS_WAIT, field="problem")
    if everybodys >= limits.SUGGESTIONS.value:
        raise Invalid(TOO_MANY, field="problem")


def current_words(idea: Idea) -> Words:
    """What an idea says now. One query."""
    return Words(idea.title, *queries.sources_of(idea))


def suggestion_or_404(idea: Idea, suggestion_id: int) -> Suggestion:
    """A suggestion of this idea. One query."""
    found = db.session.get(Suggestion, suggestion_id)
    if found is None or found.idea_id != idea.id:
        raise NotFound
    return found


def take(person: Person, idea: Idea, target: Suggestion) -> None:
    """Make the idea say so: a new wording that names who suggested it.

    Conflict when it is settled already, or the text has changed in the same places.
    """
    require(policy.may_edit(person, idea, co_authors_of(person, idea)))
    waiting = proposed.one_open(target.id)
    if waiting is None:
        raise Conflict(SETTLED)
    wanted = waiting.over(current_words(idea))
    if wanted is None:
        raise Conflict(APPLIES_NO_MORE)
    wording = _as_wording(idea, wanted)
    number = idea.revision + 1
    with transaction():
        stages.hold(idea, allowed=[StageKind.OPEN])
        _settle(person, target, SuggestionState.TAKEN, revision=number)
        _write(person, idea, wording)
        _tell(facts.SUGGESTION_TAKEN, person, target)


def _as_wording(idea: Idea, words: Words) -> Wording:
    """These words beside the idea's own tags; departments and “I don’t know” are no text."""
    tags = [name for name, _slug in queries.tags_of(idea.id)]
    return actions.word(
        title=words.title, problem=words.problem, proposal=words.proposal,
        tags=tags, unsure=idea.unsure,
    )  # fmt: skip


def _write(person: Person, idea: Idea, wording: Wording) -> None:
    actions.rewrite(person, idea, wording, seen=idea.revision, keep_history=True)
    asking.author_spoke(idea, person)
    record(EDITED, by=person, about=("idea", idea.id), revision=idea.revision)


def _settle(person: Person, target: Suggestion, state: SuggestionState, **values: Any) -> None:
    """From open to settled, exactly once."""
    _turn(
        target, SuggestionState.OPEN,
        state=state, settled_at=now(), settled_by_id=person.id, **values,
    )  # fmt: skip


def _turn(target: Suggestion, was: SuggestionState, **values: Any) -> None:
    here = (Suggestion.id == target.id, Suggestion.state == was)
    if not db.session.execute(update(Suggestion).where(*here).values(**values)).rowcount:  # type: ignore[attr-defined]
        raise Conflict(SETTLED)


def _tell(fact: Any, person: Person, target: Suggestion) -> None:
    about = ("idea", target.idea_id)
    record(fact, by=person, about=about, suggestion=target.id, writer=target.by_id)


def leave(person: Person, idea: Idea, target: Suggestion, *, reason: str) -> None:
    """Say why not. Raises Invalid without a reason, Conflict when it is settled already."""
    require(may_settle(person, idea, co_authors_of(person, idea)))
    if not reason.strip():
        raise Invalid(_("Say why, so that nobody wonders."), field="reason")
    composed = richtext.compose(reason)
    with transaction():
        said = texts.store(composed)
        claim(composed.source, "idea", idea.id, person)
        _settle(person, target, SuggestionState.LEFT, reason_id=said.id)
        _tell(facts.SUGGESTION_LEFT, person, target)


def withdraw(person: Person, target: Suggestion) -> None:
    """Take an own suggestion back; twice is the same as once."""
    require(target.by_id == person.id)
    if target.state == SuggestionState.WITHDRAWN:
        return
    with transaction():
        _settle(person, target, SuggestionState.WITHDRAWN)
        _tell(facts.SUGGESTION_WITHDRAWN, person, target)


def undo(person: Person, idea: Idea, target: Suggestion) -> None:
    """Let a settled suggestion wait again; what was taken reads as before, in a new wording.

    Conflict when the text has changed since it was taken. Twice is the same as once.
    """
    own = target.state == SuggestionState.WITHDRAWN and target.by_id == person.id
    require(own or may_settle(person, idea, co_authors_of(person, idea)))
    if target.state == SuggestionState.OPEN:
        return
    before = _before(person, idea, target) if target.state == SuggestionState.TAKEN else None
    nothing = {"settled_at": None, "settled_by_id": None, "reason_id": None, "revision": None}
    with transaction():
        stages.hold(idea, allowed=SHARED if before is None else [StageKind.OPEN])
        _turn(target, SuggestionState(target.state), state=SuggestionState.OPEN, **nothing)
        if before is not None:
            _write(person, idea, before)
        _tell(facts.SUGGESTION_REOPENED, person, target)


def _before(person: Person, idea: Idea, target: Suggestion) -> Wording:
    require(policy.may_edit(person, idea, co_authors_of(person, idea)))
    said = proposed.words_at(idea.id, (target.revision or 1) - 1)
    if idea.revision != target.revision or said is None:
        raise Conflict(MOVED_ON)
    return _as_wording(idea, said)
