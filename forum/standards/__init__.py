"""Process standards: pages, versions, acknowledgements."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, hang comment threads on standards, and show them on other pages."""
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.discussion.subjects import SUBJECTS, sees
    from forum.files.uses import SUBJECT_VISIBLE
    from forum.ideas.decisions import FOLLOWED
    from forum.standards import (
        approvals,
        confirming,
        following_departments,
        kept,
        origins,
        panels,
        paper,
        personal,
        tongues,
    )
    from forum.standards.clauses import old
    from forum.standards.pictures.views import bp as pictures
    from forum.standards.review import install as reviews
    from forum.standards.subject import STANDARD_SUBJECT
    from forum.standards.views import bp
    from forum.standards.why.views import bp as clauses
    from forum.standards.writing import bp as writing

    for blueprint in (bp, writing, clauses, pictures):
        app.register_blueprint(blueprint)
    SUBJECTS["standard"] = STANDARD_SUBJECT
    SUBJECT_VISIBLE["standard"] = sees("standard")
    FOLLOWED["standards"] = origins.is_fed_by
    for part in (approvals, confirming, reviews, kept, paper, tongues):
        part.install(app)
    panels.install()
    jobs.SWEEPS["clauses"] = old.sweep
    hold(personal.HOLDING)
    hooks.follow(following_departments.FOLLOWER)
    hooks.list_seats("standards", following_departments.seats_of)
