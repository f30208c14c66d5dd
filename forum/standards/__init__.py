"""Process standards: pages, versions, acknowledgements."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, hang comment threads on standards, and show them on other pages."""
    from forum.discussion.subjects import SUBJECTS, sees
    from forum.files.uses import SUBJECT_VISIBLE
    from forum.standards import panels
    from forum.standards.subject import STANDARD_SUBJECT
    from forum.standards.views import bp
    from forum.standards.writing import bp as writing

    app.register_blueprint(bp)
    app.register_blueprint(writing)
    SUBJECTS["standard"] = STANDARD_SUBJECT
    SUBJECT_VISIBLE["standard"] = sees("standard")
    panels.install()
