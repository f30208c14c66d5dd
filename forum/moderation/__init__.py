"""The moderators' queue, over the actions of the features below."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the kinds of work, the reader of the log and what is due by the clock."""
    from forum.core import jobs, readers
    from forum.core.personal import hold
    from forum.moderation import (
        late_reviews,
        matters,
        panels,
        personal,
        queries,
        standards_work,
        sweeps,
        trash,
        work,
    )
    from forum.moderation.audit_views import bp as audit
    from forum.moderation.flag_views import bp as flags
    from forum.moderation.idea_views import bp as of_ideas
    from forum.moderation.matter_views import bp as of_matters
    from forum.moderation.people_views import bp as of_people
    from forum.moderation.reader import READER
    from forum.moderation.views import bp

    for blueprint in (bp, flags, of_ideas, of_matters, of_people, audit):
        app.register_blueprint(blueprint)
    kinds = [*matters.works(), *queries.works_of_ideas(), *standards_work.works()]
    kinds.append(late_reviews.WORK)
    for kind in kinds:
        work.register(kind)
    readers.register(READER)
    jobs.SWEEPS["trash"] = trash.empty
    jobs.SWEEPS["reminders"] = sweeps.remind
    jobs.SWEEPS["given-back"] = sweeps.give_back
    panels.install()
    hold(personal.HOLDING)
