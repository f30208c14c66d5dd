"""Who may do what to campaigns: pure functions."""

from __future__ import annotations

from datetime import date

from forum.accounts.models import Person
from forum.campaigns.models import Campaign


def may_see(person: Person) -> bool:
    """Everybody but consultants, who see what touches their departments and nothing else."""
    return not person.is_consultant


def may_start(person: Person) -> bool:
    """Moderators."""
    return person.moderates


def may_change(person: Person, campaign: Campaign) -> bool:
    """Its owner, and moderators."""
    return person.moderates or (campaign.owner_id == person.id and may_see(person))


def is_open(campaign: Campaign, today: date) -> bool:
    """Whether ideas may be posted in it today."""
    return campaign.starts_on <= today <= campaign.ends_on
