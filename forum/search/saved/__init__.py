"""Searches that people keep, with alerts and feeds."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the alerts, and how the inbox calls them."""
    from forum.core import jobs
    from forum.notifications import elsewhere
    from forum.search.saved import actions, alerts, delivery, queries
    from forum.search.saved.views import bp

    app.register_blueprint(bp)
    elsewhere.name(delivery.INBOX, queries.in_inbox)
    jobs.SWEEPS["saved-searches-new"] = alerts.follow
    jobs.SWEEPS["saved-searches-due"] = delivery.tell_due
    jobs.SWEEPS["deleted-searches"] = actions.purge
