"""The inbox: a reader of the event log."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the reader, and the sweep that follows attachments running out."""
    from forum.core import jobs, readers
    from forum.core.personal import hold
    from forum.notifications import elsewhere, of_moderation, personal
    from forum.notifications.reader import READER, recheck_consultants
    from forum.notifications.views import bp

    app.register_blueprint(bp)
    readers.register(READER)
    elsewhere.name("matter", of_moderation.matters_called)
    elsewhere.name("suspension", of_moderation.suspensions_called)
    jobs.SWEEPS["notifications"] = recheck_consultants
    jobs.SWEEPS["retention"] = personal.sweep
    hold(personal.HOLDING)
