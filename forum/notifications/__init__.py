"""The inbox, mails and weekly mails: what people hear of, and how."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the reader, the mails, and the sweep that follows attachments running
    out."""
    from forum.core import jobs, mail, readers
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.notifications import (
        choice_views,
        digest,
        elsewhere,
        following_departments,
        mailing,
        of_confirming,
        of_held_surveys,
        of_moderation,
        of_modules,
        of_replies,
        of_services,
        of_surveys,
        of_thanks,
        of_training,
        panels,
        personal,
    )
    from forum.notifications.reader import READER, recheck_consultants
    from forum.notifications.views import bp

    app.register_blueprint(bp)
    app.register_blueprint(choice_views.bp)
    readers.register(READER)
    for kind, called, module in (
        ("matter", of_moderation.matters_called, ""),
        ("suspension", of_moderation.suspensions_called, ""),
        ("confirmations", of_confirming.called, ""),
        ("service", of_services.called, "map"),
        ("case", of_training.cases_called, "training"),
        ("training", of_training.sessions_called, "training"),
        ("training-day", of_training.days_called, "training"),
        ("wave", of_held_surveys.called, "surveys"),
        ("survey-replies", of_replies.called, "surveys"),
    ):
        elsewhere.name(kind, called, module=module)
    of_surveys.install()
    of_thanks.install()
    panels.install()
    jobs.LOOKS["news-mail"] = mailing.send_due
    jobs.SWEEPS["weekly-mail"] = digest.send_due
    jobs.SWEEPS["notifications"] = recheck_consultants
    jobs.SWEEPS["news-of-modules"] = of_modules.recheck
    jobs.LEADING["news-of-modules"] = of_modules.forget
    jobs.SWEEPS["retention"] = personal.sweep
    if mailing.is_wanted_still not in mail.STILL_WANTED:
        mail.STILL_WANTED.append(mailing.is_wanted_still)
    hooks.follow(following_departments.FOLLOWER)
    hold(personal.HOLDING)
