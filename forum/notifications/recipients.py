"""Who hears of which event, and why. Votes are no news: support is secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from forum.core.events import Event
from forum.core.modules import is_on
from forum.discussion import facts as discussion
from forum.discussion.models import Question
from forum.ideas import facts as ideas
from forum.ideas.again import facts as again
from forum.ideas.merges import facts as merges
from forum.ideas.models import StageKind
from forum.ideas.together import facts as together
from forum.notifications import (
    of_confirming,
    of_held_surveys,
    of_moderation,
    of_replies,
    of_reviews,
    of_services,
    of_thanks,
    of_training,
)
from forum.notifications.kinds import STRENGTH, Kind, Thing
from forum.notifications.scene import CommentFacts, Scene
from forum.scorecards import facts as scorecards
from forum.standards import facts as standards
from forum.standards.approvals import facts as approvals
from forum.standards.kept import facts as promises
from forum.thanks import facts as thanks

Reason = tuple[int, Kind]


class News(NamedTuple):
    """One person who should hear of one event."""

    person_id: int
    kind: Kind
    thing: Thing
    comment_id: int | None


def news_of(event: Event, scene: Scene) -> list[News]:
    """Everybody who should hear of an event, each with the strongest reason; never its actor."""
    rule = RULES.get(event.type)
    thing, comment_id = thing_of(event, scene)
    if rule is None or thing is None:
        return []
    best: dict[int, Kind] = {}
    for person_id, kind in rule(event, scene):
        known = best.get(person_id)
        if known is None or STRENGTH[kind] < STRENGTH[known]:
            best[person_id] = kind
    best.pop(event.actor_id or 0, None)
    return [News(person_id, kind, thing, comment_id) for person_id, kind in best.items()]


def thing_of(event: Event, scene: Scene) -> tuple[Thing | None, int | None]:
    """What the event leads to; None when it is gone, as a deleted draft or comment is."""
    if event.object_kind == "comment":
        comment = scene.comments.get(event.object_id)
        return (comment.thing, comment.id) if comment is not None else (None, None)
    if event.type == thanks.GIVEN.name:
        told = scene.thanked.get(event.object_id)
        return (told.thing if told is not None else None), None
    if event.object_kind == "idea" and event.object_id not in scene.ideas:
        return None, None
    return (event.object_kind, event.object_id), None


def said_under(event: Event, scene: Scene) -> Thing | None:
    """What the event was about when it happened: who cared for that hears of it, wherever a comment
    has moved with its idea since."""
    origin = scene.threads.get(event.payload.get("thread") or 0)
    return ("idea", origin) if origin is not None else thing_of(event, scene)[0]


def _posted(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _asked(event, scene)
    yield from _called(event.payload.get("people"), event.payload.get("mentioned"), scene)


def _asked(event: Event, scene: Scene) -> Iterator[Reason]:
    """Only where the answer is still missing: what was answered since is no request."""
    departments = event.payload.get("departments") or ()
    waiting = [d for d in departments if (event.object_id, d) in scene.waiting]
    yield from _each(scene.answering(waiting), Kind.ANSWER_WANTED)


def _reminded(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _still_asked(event, scene, Kind.ANSWER_DUE)


def _goes_on(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _still_asked(event, scene, Kind.ANSWER_WANTED)


def _still_asked(event: Event, scene: Scene, kind: Kind) -> Iterator[Reason]:
    """Who answers for the event's department, while it has not answered."""
    department = event.payload.get("department") or 0
    if (event.object_id, department) in scene.waiting:
        yield from _each(scene.answering([department]), kind)


def _escalated(event: Event, scene: Scene) -> Iterator[Reason]:
    department = event.payload.get("department") or 0
    head = scene.heads.get(department)
    if head is not None and (event.object_id, department) in scene.waiting:
        yield head, Kind.ESCALATED


def _called(
    people: Iterable[int] | None, departments: Iterable[int] | None, scene: Scene
) -> Iterator[Reason]:
    yield from _each(people or (), Kind.MENTIONED)
    yield from _each(scene.answering(departments or ()), Kind.MENTIONED)


def _each(people: Iterable[int], kind: Kind) -> Iterator[Reason]:
    yield from ((person_id, kind) for person_id in people)


def _commented(event: Event, scene: Scene) -> Iterator[Reason]:
    comment = scene.comments[event.object_id]
    yield from _called(event.payload.get("people"), event.payload.get("departments"), scene)
    replied_to = comment.parent_author or scene.parents.get(event.payload.get("parent") or 0)
    if replied_to is not None:
        yield replied_to, Kind.REPLIED
    yield from _concerned(event, comment, scene)


def _made_official(event: Event, scene: Scene) -> Iterator[Reason]:
    """Those who follow hear of it even if they heard of the comment; not once it is plain again."""
    comment = scene.comments[event.object_id]
    if comment.official:
        yield from _concerned(event, comment, scene)


def _resolved(event: Event, scene: Scene) -> Iterator[Reason]:
    comment = scene.comments[event.object_id]
    if comment.question == Question.RESOLVED:
        yield comment.author, Kind.RESOLVED


def _concerned(event: Event, comment: CommentFacts, scene: Scene) -> Iterator[Reason]:
    if comment.subject == "standard":
        owner = scene.owners.get(comment.subject_id)
        told = Kind.OFFICIAL if comment.official else Kind.COMMENTED
        yield from _each([owner] if owner is not None else [], told)
        return
    _kind, number = said_under(event, scene) or comment.thing
    idea = scene.ideas.get(number)
    if idea is not None:
        # A question's own row goes with the slot it was asked for; older events do not say.
        asks = event.payload.get("asks") or comment.asks
        if asks and idea.id in scene.unsigned:
            yield scene.unsigned[idea.id], Kind.ASKED_UNSIGNED
        plain = Kind.ASKED_AUTHOR if asks else Kind.COMMENTED
        yield from _authors(event, idea.id, scene, Kind.OFFICIAL if comment.official else plain)
        told = Kind.OFFICIAL if comment.official else Kind.COMMENTED_FOLLOWED
        yield from _each(scene.followers_at(idea.id, event.at), told)


def _invited(event: Event, scene: Scene) -> Iterator[Reason]:
    """Whom the payload names, unless it is they who think again."""
    yield from _each([event.payload.get("writer") or 0], Kind.INVITED)


def _joined(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _authors(event, event.object_id, scene, Kind.JOINED)


def _suggested(event: Event, scene: Scene) -> Iterator[Reason]:
    """Not once it was withdrawn or settled: nothing waits then."""
    if event.payload.get("suggestion") in scene.open_suggestions:
        yield from _authors(event, event.object_id, scene, Kind.SUGGESTED)


def _taken(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _each([event.payload.get("writer") or 0], Kind.SUGGESTION_TAKEN)


def _left(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _each([event.payload.get("writer") or 0], Kind.SUGGESTION_LEFT)


def _adopted(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _authors(event, event.object_id, scene, Kind.ADOPTED)


def _authors(event: Event, idea_id: int, scene: Scene, kind: Kind) -> Iterator[Reason]:
    """The author and who wrote with them at the time."""
    yield from _each(scene.authors_at(idea_id, event.at), kind)


def _answered(event: Event, scene: Scene) -> Iterator[Reason]:
    """Only where the department still says so, and has not merely gone back to saying it."""
    slot = (event.object_id, event.payload.get("department") or 0)
    said = event.payload.get("answer")
    stands = scene.answers.get(slot) == said and not event.payload.get("restored")
    if said != "waiting" and stands:
        yield from _authors(event, event.object_id, scene, Kind.ANSWERED)


def _settled(event: Event, scene: Scene) -> Iterator[Reason]:
    if event.payload.get("decision") not in scene.decisions:  # taken back meanwhile
        return
    if event.payload.get("outcome") == "accept":
        yield from _each(scene.answering(_owner_then(event, scene)), Kind.OWNERS_TURN)
    yield from _everybody(event, scene, Kind.DECIDED)


def _everybody(event: Event, scene: Scene, kind: Kind) -> Iterator[Reason]:
    """Its authors and whoever follows."""
    yield from _authors(event, event.object_id, scene, kind)
    yield from _each(scene.followers_at(event.object_id, event.at), kind)


def _done(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _everybody(event, scene, Kind.DONE)


def _moved(event: Event, scene: Scene) -> Iterator[Reason]:
    if event.payload.get("after") == StageKind.STANDARDISED:
        yield from _everybody(event, scene, Kind.STANDARDISED)


def _merged(event: Event, scene: Scene) -> Iterator[Reason]:
    """One piece of news, however many ideas came in at once and whichever of them one follows."""
    came = [scene.came.get(merge, ()) for merge in event.payload.get("merges") or ()]
    for people in came:
        yield from _each(people, Kind.MERGED)
    if any(came):
        yield from _authors(event, event.object_id, scene, Kind.TOOK_IN)


def _unmerged(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _everybody(event, scene, Kind.UNMERGED)


def _returned(event: Event, scene: Scene) -> Iterator[Reason]:
    """Unless the decision it belonged to was taken back meanwhile."""
    if cared := scene.cared.get(event.payload.get("condition") or 0):
        yield from _each(cared, Kind.RETURNED)
        yield from _everybody(event, scene, Kind.RETURNED)


def _date_asked(event: Event, scene: Scene) -> Iterator[Reason]:
    decider = scene.deciders.get(event.object_id)
    yield from _each([decider] if decider is not None else [], Kind.DATE_ASKED)


def _handed_over(event: Event, scene: Scene) -> Iterator[Reason]:
    owner = scene.ideas[event.object_id].owner_department
    if owner is not None and owner == event.payload.get("department"):
        yield from _each(scene.answering([owner]), Kind.OWNERS_TURN)


def _date_moved(event: Event, scene: Scene) -> Iterator[Reason]:
    yield from _each(scene.answering(_owner_then(event, scene)), Kind.OWNERS_TURN)


def _owner_then(event: Event, scene: Scene) -> list[int]:
    """The department that an event was about, if it still carries the idea out: its heir was told
    by an event of its own. Old events do not say; theirs is who does now."""
    owner = scene.ideas[event.object_id].owner_department
    return [owner] if owner is not None and owner == event.payload.get("department", owner) else []


def _score_wanted(event: Event, _scene: Scene) -> Iterator[Reason]:
    if is_on("scorecards"):
        yield from _each(event.payload.get("people") or (), Kind.SCORE_WANTED)


def _published(event: Event, scene: Scene) -> Iterator[Reason]:
    dropped = event.payload.get("dropped") or ()
    yield from _each({p for c in dropped for p in scene.origins.get(c, ())}, Kind.CLAUSE_DROPPED)
    yield from _each(scene.audiences.get(event.object_id, ()), Kind.PUBLISHED)


def _approval_wanted(event: Event, scene: Scene) -> Iterator[Reason]:
    """Whose approval of a version is still missing, of those who were asked then."""
    if asked := scene.approvals.get(event.object_id):
        version = event.payload.get("version")
        for side, name in (("department", "departments"), ("head", "heads")):
            open_ones = asked.open_for(version, side, event.payload.get(name) or ())
            yield from _each(scene.speaking(side, open_ones), Kind.APPROVAL_WANTED)


def _approval_due(event: Event, scene: Scene) -> Iterator[Reason]:
    if asked := scene.approvals.get(event.object_id):
        side, department = event.payload.get("side") or "", event.payload.get("department")
        open_ones = asked.open_for(event.payload.get("version"), side, [department or 0])
        yield from _each(scene.speaking(side, open_ones), Kind.APPROVAL_DUE)


def _approval_answered(event: Event, scene: Scene) -> Iterator[Reason]:
    """Its owner, deputy and who sent it: of a change that is still asked, and of the last yes."""
    asked = scene.approvals.get(event.object_id)
    if asked is None or event.payload.get("version") != asked.version:
        return
    if event.payload.get("approval") in asked.changes:
        yield from _each(asked.editors, Kind.CHANGE_WANTED)
    elif event.payload.get("left") == 0 and asked.is_ready:
        yield from _each(asked.editors, Kind.APPROVED)


def _approval_taken_back(event: Event, _scene: Scene) -> Iterator[Reason]:
    yield from _each(event.payload.get("people") or (), Kind.TAKEN_BACK)


def _broken(event: Event, scene: Scene) -> Iterator[Reason]:
    """While something of that day still stands as broken."""
    if (event.object_id, event.payload["day"]) in scene.broken:
        yield from _each(scene.in_charge.get(event.object_id, ()), Kind.PROMISE_BROKEN)


def _trashed(event: Event, scene: Scene) -> Iterator[Reason]:
    """Its authors; where a matter led to it, they hear of that."""
    if not event.payload.get("matter"):
        yield from _each(scene.authors_at(event.object_id, event.at), Kind.MODERATED)


RULES: dict[str, Callable[[Event, Scene], Iterator[Reason]]] = {
    ideas.POSTED.name: _posted,
    ideas.DEPARTMENTS_CHANGED.name: _asked,
    ideas.ASKED_AGAIN.name: _asked,
    ideas.NUDGED.name: _reminded,
    ideas.ESCALATED.name: _escalated,
    ideas.AUTHOR_ANSWERED.name: _goes_on,
    ideas.ANSWERED.name: _answered,
    ideas.SETTLED.name: _settled,
    ideas.DONE.name: _done,
    ideas.STAGE_CHANGED.name: _moved,
    merges.MERGED.name: _merged,
    merges.UNMERGED.name: _unmerged,
    again.RETURNED.name: _returned,
    ideas.OWNER_ASKED.name: _date_asked,
    ideas.OWNER_CHANGED.name: _handed_over,
    ideas.DATE_MOVED.name: _date_moved,
    together.AUTHOR_INVITED.name: _invited,
    together.AUTHOR_JOINED.name: _joined,
    together.SUGGESTED.name: _suggested,
    together.SUGGESTION_TAKEN.name: _taken,
    together.SUGGESTION_LEFT.name: _left,
    together.ADOPTED.name: _adopted,
    discussion.COMMENTED.name: _commented,
    discussion.MADE_OFFICIAL.name: _made_official,
    discussion.RESOLVED.name: _resolved,
    ideas.TRASHED.name: _trashed,
    **of_moderation.RULES,
    **of_confirming.RULES,
    **of_training.RULES,
    **of_services.RULES,
    **of_thanks.RULES,
    **of_replies.RULES,
    **of_held_surveys.RULES,
    **of_reviews.RULES,
    scorecards.ASKED.name: _score_wanted,
    standards.STANDARD_PUBLISHED.name: _published,
    approvals.SENT.name: _approval_wanted,
    approvals.NUDGED.name: _approval_due,
    approvals.ANSWERED.name: _approval_answered,
    approvals.TAKEN_BACK.name: _approval_taken_back,
    promises.BROKEN.name: _broken,
}
"""By event type. What is not here, imports and votes above all, notifies nobody."""
