"""Searches that found nothing: what several people miss, for moderators, without names."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the page, the way to it from the queue, and when the rows go."""
    from forum.core import jobs, slots
    from forum.search.missed import actions, queries
    from forum.search.missed.views import bp

    app.register_blueprint(bp)
    slots.fill(
        "moderation", slots.Panel("missed", "search/_in_moderation.html", queries.for_moderators)
    )
    jobs.SWEEPS["missed-searches"] = actions.forget_old
