"""The form that says thank you: whom it offers, whom a name found, and what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from forum.accounts.models import Person
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.thanks import choosing, subjects
from forum.thanks.choosing import EVERYONE, Choice, Chosen
from forum.thanks.subjects import SUBJECTS, Key, Offer


class Box(NamedTuple):
    """A box of the form: whom it stands for, and whether it is ticked."""

    value: str
    label: str
    chosen: bool


def subject_of(reader: Person, sent: str) -> Key | None:
    """What an address or a form names, as far as the reader sees it. One query."""
    key = subjects.read_key(sent)
    return key if key is not None and subjects.named(reader, key) is not None else None


def begun(reader: Person, subject: Key | None, sent: Sequence[str]) -> Chosen:
    """Whom the form begins with: who is named in its address, else whom the subject chooses."""
    chosen = choosing.read(sent)
    offer = _offer(reader, subject)
    if chosen == Chosen() and offer.chosen:
        people = tuple(number for number in offer.people if number != reader.id)
        return Chosen(people, tuple(offer.departments), offer.everyone)
    return chosen._replace(everyone=chosen.everyone and offer.everyone)


def _offer(reader: Person, subject: Key | None) -> Offer:
    return SUBJECTS[subject[0]].offers(reader, subject[1]) if subject is not None else Offer()


def boxes(
    reader: Person, subject: Key | None, chosen: Chosen, found: Sequence[Choice]
) -> list[Box]:
    """Everyone who worked on it, who is chosen, whom the subject suggests, whom a name found. Four
    queries at most."""
    offer = _offer(reader, subject)
    ticked = choosing.choices(reader, chosen)
    suggested = choosing.choices(reader, Chosen(tuple(offer.people), tuple(offer.departments)))
    known = {choice.value for choice in ticked}
    more = [c for c in (*suggested, *found) if c.value not in known]
    shown = [Box(*choice, True) for choice in ticked]
    shown += [Box(*choice, False) for choice in dict.fromkeys(more)]
    if offer.everyone:
        shown.insert(0, Box(EVERYONE, _("Everyone who worked on it"), chosen.everyone))
    return shown


class Found(NamedTuple):
    """What a typed name led to: whom is chosen now, and whom to choose among."""

    chosen: Chosen
    among: Sequence[Choice] = ()


def with_typed(reader: Person, chosen: Chosen, typed: str) -> Found:
    """Add whom a name means; several are to choose among. Raises Invalid where it means nobody."""
    if not typed:
        return Found(chosen)
    choices = choosing.find(reader, typed)
    if not choices:
        raise Invalid(_nobody(reader, typed), field="who")
    if len(choices) > 1:
        return Found(chosen, choices)
    one = choosing.read([choices[0].value])
    people = tuple(dict.fromkeys((*chosen.people, *one.people)))
    departments = tuple(dict.fromkeys((*chosen.departments, *one.departments)))
    return Found(Chosen(people, departments, chosen.everyone))


def _nobody(reader: Person, typed: str) -> str:
    if choosing.is_oneself(reader, typed):
        return _("One does not thank oneself here. Choose somebody else.")
    return _("Nobody you see is called “%(who)s”. Try a part of the name.", who=typed)


def shown(reader: Person, form: Any, subject: Key | None, found: Found) -> dict[str, Any]:
    """What the form's template needs."""
    return {
        "form": form,
        "subject": subjects.named(reader, subject) if subject is not None else None,
        "for_value": subjects.written(subject),
        "boxes": boxes(reader, subject, found.chosen, found.among),
    }
