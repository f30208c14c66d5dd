"""Privileged actions in the reader's words. A test holds the table to the types there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forum.core.i18n import lazy
from forum.core.modules import is_on
from forum.moderation import policy
from forum.moderation.audit_log import Act

PHRASES = {
    "attachment.changed": lazy("What a consultant sees was changed"),
    "comment.hidden": lazy("A comment was hidden or shown again"),
    "comment.removed": lazy("A comment was deleted by a moderator"),
    "department.archived": lazy("A department was archived"),
    "department.changed": lazy("A department’s details were changed"),
    "department.created": lazy("A department was added"),
    "department.head-set": lazy("A department got another head"),
    "department.merged": lazy("Two departments were merged"),
    "department.moved": lazy("A department was moved in the tree"),
    "department.renamed": lazy("A department was renamed"),
    "department.representatives-set": lazy("Who answers for a department was changed"),
    "department.restored": lazy("A department was opened again"),
    "glossary.added": lazy("Words were added to the glossary"),
    "glossary.changed": lazy("Words of the glossary were changed"),
    "glossary.deleted": lazy("Words were taken out of the glossary"),
    "glossary.restored": lazy("Words were put back into the glossary"),
    "idea.author-read": lazy("It was looked up who posted an idea without a name"),
    "idea.date-moved": lazy("The owner’s date was moved"),
    "idea.decision-undone": lazy("A decision was taken back"),
    "idea.hidden": lazy("An idea was hidden or shown again"),
    "idea.left-declined": lazy("An idea that came back was left declined"),
    "idea.locked": lazy("Comments on an idea were closed or opened"),
    "idea.merged": lazy("Ideas were merged into another one"),
    "idea.owner-changed": lazy("An idea was given to another department"),
    "idea.pinned": lazy("An idea was pinned or unpinned"),
    "idea.purged": lazy("An idea in the trash lost its contents"),
    "idea.reopened": lazy("An idea that came back was taken up"),
    "idea.restored": lazy("An idea came back from the trash"),
    "idea.settled": lazy("An idea was decided"),
    "idea.trashed": lazy("An idea was put in the trash"),
    "idea.unmerged": lazy("A merged idea was separated"),
    "likely-duplicate.dismissed": lazy("It was said, or taken back, that two ideas differ"),
    "matter.decided": lazy("A matter was decided"),
    "matter.undone": lazy("A decision on a matter was taken back"),
    "membership.changed": lazy("Somebody was put in another department"),
    "missed-search.dismissed": lazy("A search in vain was put aside or taken back"),
    "person.changed": lazy("A person’s details were changed"),
    "person.code-made": lazy("A sign-in code was made"),
    "person.created": lazy("A person was added"),
    "person.deactivated": lazy("A person was deactivated"),
    "person.email-changed": lazy("An e-mail address was changed"),
    "person.erased": lazy("A person was erased"),
    "person.invited": lazy("A person was invited"),
    "person.password-changed": lazy("A password was set"),
    "person.reach-changed": lazy("Where a moderator acts was changed"),
    "person.reactivated": lazy("A person was let in again"),
    "person.readmitted": lazy("A suspension was lifted"),
    "person.reset-link-made": lazy("A link for a new password was made"),
    "person.role-changed": lazy("A role was given"),
    "person.suspended": lazy("A person was suspended"),
    "person.trusted": lazy("A newcomer was trusted, or no longer"),
    "scorecard.weighed": lazy("The weights of scorecards were changed"),
    "site.settings-changed": lazy("Site settings were changed"),
    "stage.added": lazy("A stage was added"),
    "stage.changed": lazy("A stage was changed"),
    "stage.removed": lazy("A stage was removed"),
    "stage.restored": lazy("A stage was put back"),
    "standard.deputy-set": lazy("An owner’s deputy was named"),
    "standard.emergency": lazy("A version of a standard was published in an emergency"),
    "standard.emergency-reviewed": lazy("An emergency publication was looked at"),
    "standard.given": lazy("A standard was given to another owner"),
    "standard.paper-confirmed": lazy("Confirmations on paper were entered"),
    "standard.training-confirmed": lazy("Confirmations by training were entered"),
    "standard.training-taken-back": lazy("Confirmations by training were taken back"),
    "standard.paper-taken-back": lazy("A confirmation on paper was taken back"),
    "standard.renewal-changed": lazy("It was set how often a standard is confirmed"),
    "standard.published": lazy("A version of a standard came into force"),
    "standard.imported": lazy("A version of a standard was imported"),
    "standard.published-over": lazy("A version of a standard was published over approvals"),
    "standard.retired": lazy("A standard was retired"),
    "standard.scheduled": lazy("A version of a standard was published for a day"),
    "standard.unscheduled": lazy("A version of a standard that waited for its day was taken back"),
    "thanks.hidden": lazy("A thank-you was hidden or shown again"),
    "survey.settings": lazy("How much surveys may ask of people was changed"),
}
OF_MODULES = {
    "idea.author-read": "anonymous",
    "scorecard.weighed": "scorecards",
    "thanks.hidden": "thanks",
    "standard.training-confirmed": "training",
    "standard.training-taken-back": "training",
    "survey.settings": "surveys",
}
"""Actions of modules: while one is off, nobody is offered to look for them."""
THINGS = {
    "idea": lazy("Idea"),
    "comment": lazy("Comment"),
    "person": lazy("Person"),
    "department": lazy("Department"),
    "standard": lazy("Standard"),
    "matter": lazy("Matter"),
    "suspension": lazy("Suspension"),
    "site": lazy("Site"),
    "glossary": lazy("Glossary"),
    "likely-duplicate": lazy("Likely duplicate"),
    "missed-search": lazy("Search in vain"),
    "stage": lazy("Stage"),
    "thanks": lazy("Thank-you"),
}

LONGEST, SHOWN = 40, 12
"""Characters of a small word, and what is shown of a longer one."""


def to_choose(types: Iterable[str]) -> list[tuple[str, Any]]:
    """Actions that may be looked for, with their words."""
    known = (name for name in types if name not in OF_MODULES or is_on(OF_MODULES[name]))
    return [(name, PHRASES.get(name, name)) for name in known]


def kinds_to_choose() -> list[tuple[str, Any]]:
    """Kinds of things that may be looked for, with their words."""
    gone = policy.gone()
    return [(kind, words) for kind, words in THINGS.items() if kind not in gone]


def sentence(act: Act) -> str:
    """What happened."""
    return str(PHRASES.get(act.event.type, act.event.type))


def thing(act: Act) -> str:
    """What it was about: its name, or its kind and number."""
    kind = str(THINGS.get(act.event.object_kind, act.event.object_kind))
    return act.label or (f"{kind} {act.event.object_id}" if act.event.object_id else kind)


def details(act: Act) -> str:
    """The small words that came with it, besides before, after and the digest of a text."""
    told = ("before", "after", "change", "told", "text", "serial", "hidden", "locked", "pinned")
    pairs = {name: _plain(value) for name, value in act.event.payload.items() if name not in told}
    return ", ".join(f"{name}: {words}" for name, words in pairs.items() if words)


def _plain(value: object) -> str:
    """Numbers and words as they are, digests by their beginning."""
    if isinstance(value, list):
        return " ".join(map(_plain, value))
    words = "" if value is None else str(value)
    return words if len(words) <= LONGEST else words[:SHOWN] + "…"
