"""Ideas, affected departments and answers, votes, stages, decisions."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages and the reader of support, and hang comment threads on ideas."""
    from forum.core import jobs, readers
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.discussion.subjects import SUBJECTS, sees
    from forum.files.uses import SUBJECT_VISIBLE
    from forum.ideas import following_departments, panels, personal, stage_cards, support
    from forum.ideas.act_views import bp as acts
    from forum.ideas.board_views import bp as board
    from forum.ideas.decision_views import bp as deciding
    from forum.ideas.subject import IDEA_SUBJECT
    from forum.ideas.views import bp

    for part in (bp, acts, deciding, board):
        app.register_blueprint(part)
    app.extensions.setdefault("forum.forget", []).append(stage_cards.memory_of(app))
    SUBJECTS["idea"] = IDEA_SUBJECT
    SUBJECT_VISIBLE["idea"] = sees("idea")
    readers.register(support.SUPPORT)
    jobs.LOOKS["support"] = support.refresh
    jobs.SWEEPS["support"] = support.follow_the_clock
    hold(personal.HOLDING)
    hooks.follow(following_departments.FOLLOWER)
    hooks.list_seats("ideas", following_departments.seats_of)
    panels.install()
