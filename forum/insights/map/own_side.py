"""The side of a service that somebody draws for, and what they may choose there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.i18n import _
from forum.departments.models import SideKind
from forum.departments.queries import DepartmentCard, answers_for
from forum.departments.scope import scope_of
from forum.departments.services.ends import CUSTOMER, OTHER, PROVIDER
from forum.departments.visibility import choices_for

ME = "me"
"""Stands for whoever draws, where a department is chosen."""
PARTS = ("", "_kind", "_name", "_person")
"""What a form says of an end, by how its fields end."""
NOBODYS = "-"
"""Stands for no department in an address, as in those of cells."""


class OwnSide(NamedTuple):
    """The departments there are to choose from, those that somebody speaks for, and on which side;
    on none where they may draw any."""

    cards: Sequence[DepartmentCard]
    mine: Sequence[DepartmentCard]
    side: str = ""

    def options(self, side: str, person: Person, chosen: str = "") -> list[tuple[str, str]]:
        """What may stand at a side; what was chosen already is not taken from anybody."""
        if side != self.side:
            return [card.option for card in self.cards]
        mine = {card.id for card in self.mine}
        own = [card.option for card in self.cards if card.id in mine or card.option[0] == chosen]
        return [*own, (ME, _("I myself (%(name)s)", name=shown_name(person.name)))]


def turned(sent: Mapping[str, str]) -> MultiDict[str, str]:
    """What was sent, with both ends exchanged where the button of the other side was pressed."""
    side, found = sent.get("turn", ""), MultiDict(sent)
    if side not in OTHER or side == sent.get("own"):
        return found
    for part in PARTS:
        first, second = (f"{end}{part}" for end in (PROVIDER, CUSTOMER))
        found[first], found[second] = sent.get(second, ""), sent.get(first, "")
    found["own"] = side
    return found


def own_side(person: Person, asked: Mapping[str, str]) -> OwnSide:
    """Which side is theirs: the one they name, else the one whose department they speak for, else
    that of their own department. At most two queries."""
    cards = choices_for(person)
    if person.moderates:
        return OwnSide(cards, cards)
    limited = scope_of(person).limited
    speaks = frozenset[int]() if limited else answers_for(person.id)
    found = OwnSide(cards, [card for card in cards if card.id in speaks])
    return found._replace(side=_side(person, found, asked))


def _side(person: Person, found: OwnSide, asked: Mapping[str, str]) -> str:
    if asked.get("own") in OTHER:
        return asked["own"]
    home = [card for card in found.cards if card.id == person.department_id]
    for cards in (found.mine, home):
        known = {each for card in cards for each in (card.slug, str(card.id))}
        for side in (PROVIDER, CUSTOMER):
            if asked.get(side) in known:
                return side
    return CUSTOMER if asked.get(PROVIDER) and not asked.get(CUSTOMER) else PROVIDER


def prefilled(person: Person, own: OwnSide, asked: Mapping[str, str]) -> dict[str, str]:
    """What the form begins with: the sides that a link names by the address of their departments,
    and on their own side what the person speaks for."""
    by_slug = {card.slug: card for card in own.cards}
    found: dict[str, str] = {}
    for side in (own.side or PROVIDER, OTHER[own.side or PROVIDER]):
        card = by_slug.get(asked.get(side, ""))
        if side == own.side:
            found[side] = _of_mine(person, own.mine, card)
        elif card is not None and str(card.id) not in found.values():
            found[side] = str(card.id)
        elif asked.get(side) == NOBODYS:
            found[f"{side}_kind"] = SideKind.PERSON.value
    return found


def _of_mine(person: Person, mine: Sequence[DepartmentCard], asked: DepartmentCard | None) -> str:
    if asked in mine and asked is not None:
        return str(asked.id)
    home = [card for card in mine if card.id == person.department_id]
    return str((home or mine)[0].id) if mine else ME
