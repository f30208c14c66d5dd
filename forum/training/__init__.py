"""Cases and training: what happened between departments, told without names, and learned together.

`cases` are written and checked, `sessions` revisit them, `calendar` tells calendars of these.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and what training adds to those of others."""
    from forum.core import modules
    from forum.core.i18n import lazy
    from forum.training import policy
    from forum.training.cases import breaches
    from forum.training.cases.views import bp as cases

    app.register_blueprint(cases)
    link = modules.Link(lazy("Training"), "/training", policy.may_see)
    modules.offer(app, "training", link)
    breaches.install()
