"""Cases and training: what happened between departments, told without names, and learned together.

`cases` are written and checked, `sessions` revisit them, `calendar` tells calendars of these.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and what training adds to those of others."""
    from forum.core import jobs, modules
    from forum.core.i18n import lazy
    from forum.files import uses
    from forum.training import policy
    from forum.training.cases import actions, breaches
    from forum.training.cases.views import bp as cases
    from forum.training.sessions import agenda, meeting_views, reminding
    from forum.training.sessions.views import bp as sessions

    for blueprint in (cases, sessions, meeting_views.bp):
        app.register_blueprint(blueprint)
    uses.SUBJECT_VISIBLE["training"] = lambda reader, _session_id: policy.may_see(reader)
    jobs.SWEEPS["training"] = reminding.sweep
    if agenda.join_coming not in actions.OPENED:
        actions.OPENED.append(agenda.join_coming)
    link = modules.Link(lazy("Training"), "/training", policy.may_see)
    modules.offer(app, "training", link)
    breaches.install()
