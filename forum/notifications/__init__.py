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
        of_moderation,
        of_replies,
        of_surveys,
        panels,
        personal,
    )
    from forum.notifications.reader import READER, recheck_consultants
    from forum.notifications.views import bp

    app.register_blueprint(bp)
    app.register_blueprint(choice_views.bp)
    readers.register(READER)
    elsewhere.name("matter", of_moderation.matters_called)
    elsewhere.name("confirmations", of_confirming.called)
    of_surveys.install()
    elsewhere.name("survey-replies", of_replies.called)
    elsewhere.name("suspension", of_moderation.suspensions_called)
    panels.install()
    jobs.LOOKS["news-mail"] = mailing.send_due
    jobs.SWEEPS["weekly-mail"] = digest.send_due
    jobs.SWEEPS["notifications"] = recheck_consultants
    jobs.SWEEPS["retention"] = personal.sweep
    if mailing.is_wanted_still not in mail.STILL_WANTED:
        mail.STILL_WANTED.append(mailing.is_wanted_still)
    hooks.follow(following_departments.FOLLOWER)
    hold(personal.HOLDING)
