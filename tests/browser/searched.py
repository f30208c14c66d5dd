"""Pages of searches, and of the words that they know."""

from __future__ import annotations

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.ideas.models import Idea
from forum.search.glossary.models import GlossaryEntry
from forum.search.missed.models import MissedSearch
from forum.search.recent.actions import remember
from forum.search.saved import actions
from forum.search.saved.models import Alert
from forum.standards.models import Standard
from tests.browser.stops import Stop


def words() -> list[Stop]:
    """What means the same, what is related, and why something was found."""
    entry = db.session.scalars(select(func.min(GlossaryEntry.id))).one()
    idea = db.session.scalars(select(func.min(Idea.id)).where(Idea.stage_kind == "open")).one()
    standard = db.session.scalar(
        select(func.min(Standard.number)).where(Standard.state == "in_force")
    )
    return [
        Stop("/moderation/glossary", "/moderation/glossary?q=zzzz", "moderator"),
        Stop("/moderation/glossary/<int:entry_id>", f"/moderation/glossary/{entry}", "moderator"),
        Stop("/search/related/idea/<int:idea_id>", f"/search/related/idea/{idea}", "anna"),
        Stop(
            "/search/related/standard/<string:number>",
            f"/search/related/standard/{standard}",
            "boris",
        ),
        Stop("/search", "/search?q=invoice+inventory&why=1"),
        Stop("/search", "/search?q=%22late+invoices%22+OR+deliver*&why=1"),
    ]


def searches() -> list[Stop]:
    """Searches that somebody keeps, made lately, or made in vain; and where there are none."""
    anna = db.session.scalars(select(Person).where(Person.email == "anna@demo.example")).one()
    saved = actions.save(anna, "q=invoice&kind=idea", name="Invoices", alert=Alert.DAILY)
    remember(anna, "q=invoice")
    with transaction():
        vain = {"words": "bicycle shed", "salt": b"", "askers": [], "times": 3, "shown": True}
        db.session.add(MissedSearch(last_on=today(), **vain))
        db.session.flush()
    return [
        Stop("/search/saved", "/search/saved", "anna"),
        Stop("/search/saved", "/search/saved", "boris"),
        Stop("/search/saved/new", "/search/saved/new?q=invoice", "anna"),
        Stop("/search/saved/new", "/search/saved/new", "anna"),
        Stop("/search/saved/<int:saved_id>", f"/search/saved/{saved.id}", "anna"),
        Stop("/search", "/search", "anna"),
        Stop("/settings/searches", "/settings/searches", "anna"),
        Stop("/settings/searches", "/settings/searches", "boris"),
        Stop("/moderation/searches", "/moderation/searches", "moderator"),
    ]
