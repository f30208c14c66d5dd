"""Pages of results, of replies to them, and of what ideas changed."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.surveys.change.models import IdeaMeasure
from forum.surveys.loop.models import Reply
from forum.surveys.models import Purpose, SurveyText, Wave, WaveItem, WaveService, WaveState
from forum.surveys.relay.keys import key_of
from forum.surveys.relay.models import VoiceQuestion
from forum.surveys.results.models import WaveVoice
from tests.browser.stops import Stop

SECRET = "kept-by-its-author"
RULE = "/surveys/<int:wave_id>/results"
PART = f"{RULE}/<string:scope>/<int:one>"


def results() -> list[Stop]:
    """A survey that ended and one that runs, a department's part, its reply, and an idea's page."""
    regular = select(Wave.id).where(Wave.purpose == Purpose.REGULAR).order_by(Wave.id)
    ended = db.session.scalars(regular.where(Wave.state == WaveState.CLOSED)).first()
    runs = db.session.scalars(regular.where(Wave.state == WaveState.RUNNING)).first()
    owed = db.session.scalars(select(Reply).where(Reply.wave_id == ended)).first()
    measured = db.session.scalars(select(IdeaMeasure.idea_id)).first()
    accepted = db.session.scalars(select(Idea.id).where(Idea.stage_kind == "accepted")).first()
    assert owed is not None
    base, department = f"/surveys/{ended}/results", owed.department_id
    asking, own = asked_about(ended)
    return [
        Stop("/surveys/<int:wave_id>/ask/<string:text_key>", asking, "boris"),
        *(Stop("/surveys/relay/<string:text_secret>", own, who) for who in ("anna", "")),
        Stop(RULE, base, "anna"),
        Stop(RULE, f"/surveys/{runs}/results", "anna"),
        *(Stop(PART, f"{base}/{scope}/{department}", "anna") for scope in ("provider", "tree")),
        Stop(
            "/surveys/<int:wave_id>/replies/<int:department_id>",
            f"/surveys/{ended}/replies/{department}",
            "moderator",
        ),
        Stop("/surveys/changes", "/surveys/changes", "anna"),
        Stop("/ideas/<int:idea_id>", f"/ideas/{measured}", "boris"),
        Stop("/ideas/<int:idea_id>/promises", f"/ideas/{accepted}/promises", "moderator"),
    ]


def asked_about(wave: int) -> tuple[str, str]:
    """Where IT asks about a text of a survey that ended, and where another's author is asked."""
    it = select(Department.id).where(Department.slug == "it").scalar_subquery()
    of = select(WaveService.service_id, WaveService.provider_id).where(WaveService.wave_id == wave)
    service, provider = db.session.execute(of.where(WaveService.provider_id == it)).first() or ()
    version = db.session.scalars(select(WaveItem.version_id)).first()
    about = {"wave_id": wave, "service_id": service, "version_id": version, "lang": "en"}
    keys = [key_of(SECRET), key_of("another")]
    with transaction():
        for key in keys:
            db.session.add(SurveyText(key=key, body="Nobody answers at noon.", **about))
        db.session.flush()
        at = {"wave_id": wave, "scope": "service", "one": service, "other": 0, "people": 9}
        db.session.add_all([WaveVoice(key=key, **at) for key in keys])
        asked = {"wave_id": wave, "department_id": provider, "lang": "en"}
        db.session.add(VoiceQuestion(key=keys[0], body="At which desk?", **asked))
    return f"/surveys/{wave}/ask/{keys[1]}", f"/surveys/relay/{SECRET}"
