"""Cases and training: what happened between departments, told without names, and learned together.

`cases` are written and checked, `sessions` revisit them, `calendar` tells calendars of these.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and what training adds to those of others."""
    from forum.core import modules
    from forum.core.i18n import lazy
    from forum.training import policy, record_views
    from forum.training.cases.views import bp as cases
    from forum.training.sessions import meeting_views
    from forum.training.sessions.views import bp as sessions

    for blueprint in (cases, sessions, meeting_views.bp, record_views.bp):
        app.register_blueprint(blueprint)
    link = modules.Link(lazy("Training"), "/training", policy.may_see)
    modules.offer(app, "training", link)
    _join_others()


def _join_others() -> None:
    """What other features ask training for."""
    from forum.accounts.standing import LEFT
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.files import uses
    from forum.ideas.extras import EXTRAS
    from forum.training import evidence, following_departments, panels, personal, policy, praising
    from forum.training.cases import actions, breaches, disputes, ideas, thanks
    from forum.training.sessions import agenda, reminding, seats

    uses.SUBJECT_VISIBLE["training"] = lambda reader, _session_id: policy.may_see(reader)
    jobs.SWEEPS["training"] = reminding.sweep
    EXTRAS["case"] = ideas.EXTRA
    hooks.follow(following_departments.FOLLOWER)
    hold(personal.HOLDING)
    evidence.install()
    for each in (breaches, disputes, thanks, praising):
        each.install()
    panels.install()
    if seats.free_of not in LEFT:
        LEFT.append(seats.free_of)
    if agenda.join_coming not in actions.OPENED:
        actions.OPENED.append(agenda.join_coming)
