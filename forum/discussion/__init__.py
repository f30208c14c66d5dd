"""Threads and comments; ideas and standards each hold a thread."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.core.personal import hold
    from forum.discussion import personal, queries
    from forum.discussion.views import bp
    from forum.files.uses import SUBJECT_VISIBLE

    app.register_blueprint(bp)
    SUBJECT_VISIBLE["comment"] = queries.sees_comment
    hold(personal.HOLDING)
