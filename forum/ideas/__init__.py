"""Ideas, affected departments and answers, votes, stages, decisions."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages and the reader of support, and hang comment threads on ideas."""
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.discussion.subjects import SUBJECTS, sees
    from forum.files.uses import SUBJECT_VISIBLE
    from forum.ideas import (
        again,
        anonymous,
        clock,
        following_departments,
        merges,
        panels,
        personal,
        stage_cards,
        support,
    )
    from forum.ideas import together as writing_together
    from forum.ideas.act_views import bp as acts
    from forum.ideas.asking_views import bp as asking
    from forum.ideas.board_views import bp as board
    from forum.ideas.decision_views import bp as deciding
    from forum.ideas.subject import IDEA_SUBJECT
    from forum.ideas.views import bp

    for pages in (bp, acts, deciding, asking, board):
        app.register_blueprint(pages)
    for feature in (stage_cards, merges, again, writing_together, anonymous):
        feature.install(app)
    SUBJECTS["idea"] = IDEA_SUBJECT
    SUBJECT_VISIBLE["idea"] = sees("idea")
    support.install()
    jobs.SWEEPS["clock"] = clock.sweep
    hold(personal.HOLDING)
    hooks.follow(following_departments.FOLLOWER)
    hooks.list_seats("ideas", following_departments.seats_of)
    panels.install()
