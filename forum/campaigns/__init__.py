"""Campaigns: a question to everybody, with an owner, dates, fields and a board of its own."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and what campaigns add to those of ideas."""
    from forum.campaigns import panels, personal, posting, queries
    from forum.campaigns.views import bp
    from forum.core import modules
    from forum.core.i18n import lazy
    from forum.core.personal import hold
    from forum.ideas import extras, listing

    app.register_blueprint(bp)
    link = modules.Link(lazy("Campaigns"), "/campaigns", queries.open_to)
    modules.offer(app, "campaigns", link)
    extras.EXTRAS["campaigns"] = posting.EXTRA
    listing.ASKED["campaign"] = queries.within
    listing.FEATURED["campaign"] = queries.known
    panels.install()
    hold(personal.HOLDING)
