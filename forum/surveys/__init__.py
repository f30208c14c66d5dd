"""Surveys: waves that ask customers how well they are served, so that nobody is recognised.

`wordings` is what can be asked; `planning` makes waves, `asking` opens them and asks people within
the `burden`, `reminding` reminds, `answering` takes what is said, `closing` puts it in random
order. `results` tells what closed waves say, `loop` what departments answer to it, `change` whether
ideas moved what they promised; `figures` is the mathematics of it.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the sweeps, what waits on Home, and what is known of people."""
    from forum.core import jobs, modules
    from forum.core.i18n import lazy
    from forum.core.personal import hold
    from forum.surveys import (
        answering_views,
        asking,
        closing,
        panels,
        personal,
        queries,
        reminding,
        views,
        wordings_views,
    )
    from forum.surveys.results.install import install as install_results

    app.register_blueprint(views.bp)
    app.register_blueprint(wordings_views.bp)
    app.register_blueprint(answering_views.bp)
    modules.offer(app, "surveys", modules.Link(lazy("Surveys"), "/surveys", queries.open_to))
    jobs.LOOKS["surveys"] = asking.sweep
    jobs.SWEEPS["survey-reminders"] = reminding.sweep
    jobs.SWEEPS["survey-ends"] = closing.sweep
    panels.install()
    hold(personal.HOLDING)
    install_results(app)
