"""Forms of services: shape only."""

from __future__ import annotations

from wtforms import StringField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.limits import EMAIL

LEVELS = {
    "high": lazy("High: work stops without it"),
    "medium": lazy("Medium"),
    "low": lazy("Low"),
}


class SaidForm(BaseForm):
    """What a service is."""

    name = line(lazy("Name of the service"), limits.SERVICE_NAME, required=True)
    delivered = area(lazy("What is delivered"), limits.DELIVERED)
    channel = line(lazy("Where one turns to"), limits.CHANNEL)
    criticality = line(lazy("How much hangs on it"), limits.CRITICALITY)


class EditForm(SaidForm):
    """The same of a service there is, with the number of what was read."""

    revision = StringField()


class DrawForm(SaidForm):
    """A new service: both sides besides."""

    provider = StringField(lazy("Who provides it"))
    provider_kind = StringField(lazy("Who exactly"))
    provider_name = line(lazy("Name of the team or role"), limits.SIDE_NAME)
    provider_person = line(lazy("Person"), EMAIL)
    customer = StringField(lazy("Who gets it"))
    customer_kind = StringField(lazy("Who exactly"))
    customer_name = line(lazy("Name of the team or role"), limits.SIDE_NAME)
    customer_person = line(lazy("Person"), EMAIL)


class WhyForm(BaseForm):
    """Why somebody denies or ends a service."""

    why = area(lazy("Why"), limits.NOTE, required=True)


class OwnerForm(BaseForm):
    """Who looks after it on a side."""

    owner = line(lazy("Owner"), EMAIL)
