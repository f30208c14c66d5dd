"""Ideas that probably say the same: a nightly list for moderators, who merge them or do not."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the page, the way to it from the queue, what a merge offers, and the sweep."""
    from forum.core import jobs, slots
    from forum.search.likely import finding, queries
    from forum.search.likely.views import bp

    app.register_blueprint(bp)
    panel = "search/_likely_in_moderation.html"
    slots.fill("moderation", slots.Panel("likely", panel, queries.for_moderators))
    slots.fill("merge", slots.Panel("likely", "", queries.to_merge_with))
    jobs.SWEEPS["likely-duplicates"] = finding.sweep
